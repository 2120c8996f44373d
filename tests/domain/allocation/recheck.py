"""Re-checks every reason from problem and plan alone, sharing no code with the rule."""

from collections import Counter, defaultdict

from orders.domain.allocation import Maker, Plan, Problem, Reason

PER_NEED = 10**6


class Afterwards:
    """Incomes, free minutes and homes once the paid work of a plan is given out."""

    def __init__(self, problem: Problem, plan: Plan) -> None:
        self.problem, self.plan = problem, plan
        self.jobs = {job.id: job for job in problem.jobs}
        self.makers = {maker.id: maker for maker in problem.makers}
        self.bases = {base.id: base for base in problem.bases}
        self.kept = {(share.job, share.maker) for share in problem.kept}
        self.income = {maker.id: maker.earned for maker in problem.makers}
        self.load = defaultdict(lambda: [0] * len(problem.deadlines))
        self.base_load = defaultdict(lambda: [0] * len(problem.deadlines))
        self.holders: dict[int, dict[int, int]] = defaultdict(dict)
        self.homes: dict[int, Counter] = defaultdict(Counter)
        for share in plan.shares:
            job = self.jobs[share.job]
            if job.held:
                continue
            base = share.base
            if base is None:
                base = self.makers[share.maker].base
            self.income[share.maker] += share.pieces * job.rate
            self.holders[share.job][share.maker] = share.pieces
            self.homes[share.job][base] += 1
            for at in range(job.deadline, len(problem.deadlines)):
                self.load[share.maker][at] += share.pieces * job.minutes
                self.base_load[base][at] += share.pieces * job.minutes
        self.by_craft: dict[str, list[Maker]] = defaultdict(list)
        for maker in problem.makers:
            for craft in maker.grades:
                self.by_craft[craft].append(maker)

    def free(self, maker: int, at: int) -> int:
        """Her minutes that are free by the deadline and by every later one."""
        row = zip(self.makers[maker].free, self.load[maker], strict=True)
        return max(0, min(free - load for free, load in list(row)[at:]))

    def base_free(self, base: int, at: int) -> int:
        row = zip(self.bases[base].capacity, self.base_load[base], strict=True)
        return max(0, min(free - load for free, load in list(row)[at:]))

    def lot(self, job: int) -> int:
        line = self.jobs[job]
        kept = sum(s.pieces for s in self.problem.kept if s.job == job)
        return min(line.min_lot, line.pieces - kept)

    def level(self, maker: int, extra: int = 0) -> int:
        return (self.income[maker] + extra) * PER_NEED // self.makers[maker].need

    def new(self, job: int) -> dict[int, int]:
        held = self.holders[job]
        return {who: n for who, n in held.items() if (job, who) not in self.kept}

    def may(self, job: int, maker: Maker) -> bool:
        line = self.jobs[job]
        return (
            maker.grades.get(line.craft, -1) >= line.grade
            and (line.bases is None or maker.base in line.bases)
            and (job, maker.id) not in self.problem.declined
        )

    def able(self, job: int) -> list[int]:
        """Makers without a share who could lawfully take one more lot."""
        line = self.jobs[job]
        lot = self.lot(job)
        return [
            maker.id
            for maker in self.by_craft[line.craft]
            if self.may(job, maker)
            and maker.id not in self.holders[job]
            and lot * line.minutes
            <= min(
                self.free(maker.id, line.deadline),
                self.base_free(maker.base, line.deadline),
            )
        ]

    def lower(self, one: int, extra: int, other: int) -> bool:
        """`one` with `extra` fen more stands lower than `other`."""
        left = (self.income[one] + extra) * self.makers[other].need
        return left < self.income[other] * self.makers[one].need

    def fairer_move(self, job: int, maker: int) -> bool:
        """A whole new share could lawfully pass to her and lower Σ income² ÷ need."""
        line, her = self.jobs[job], self.makers[maker]
        for who, pieces in self.new(job).items():
            giver, pay = self.makers[who], pieces * line.rate
            minutes = pieces * line.minutes
            same = giver.base == her.base
            parcels = self.homes[job]
            if (
                self.free(maker, line.deadline) >= minutes
                and (same or self.base_free(her.base, line.deadline) >= minutes)
                and (same or her.base in parcels or parcels[giver.base] == 1)
                and (2 * self.income[maker] + pay) * giver.need
                < (2 * self.income[who] - pay) * her.need
            ):
                return True
        return False


def false_reason(after: Afterwards, job: int, maker: int, reason: Reason) -> bool:
    """The reason why a maker has no share does not hold."""
    line, her, facts = after.jobs[job], after.makers[maker], reason.facts
    lot = max(1, after.lot(job)) * line.minutes
    chosen = after.new(job) or after.holders[job]
    tops = [after.level(who) for who in chosen]
    match reason.code:
        case "NOT_CERTIFIED":
            holds = her.grades.get(line.craft, 0)
            return not holds < line.grade or facts["holds"] != holds
        case "BASE_NOT_ALLOWED":
            return line.bases is None or her.base in line.bases
        case "DECLINED":
            return (job, maker) not in after.problem.declined
        case "HOURS":
            free = after.free(maker, line.deadline)
            return not free == facts["free"] < facts["lot"] == lot
        case "BASE_FULL":
            free = after.base_free(her.base, line.deadline)
            wrong = facts["base"] != her.base
            return wrong or not free == facts["free"] < facts["lot"] == lot
        case "LEVEL":
            lower = any(after.lower(maker, 0, who) for who in chosen)
            shown = (after.level(maker), max(tops))
            return lower or (facts["level"], facts["highest"]) != shown
        case "LEVEL_AFTER":
            pay = max(1, after.lot(job)) * line.rate
            above = all(
                (after.income[maker] + pay) * after.makers[who].need
                > after.income[who] * her.need
                for who in chosen
            )
            shown = (after.level(maker, pay), max(tops))
            return not above or (facts["after"], facts["highest"]) != shown
        case "PARCEL":
            homes = after.homes[job]
            alone = any(homes[after.makers[w].base] == 1 for w in after.new(job))
            return not homes or her.base in homes or alone
        case "BUDGET":
            makers = len(after.holders[job])
            work = line.pieces * line.minutes
            return facts["makers"] != makers or makers * facts["floor"] < work
        case "LOT":
            shown = (len(after.holders[job]), max(1, after.lot(job)))
            return (facts["makers"], facts["pieces"]) != shown
    return True


def false_choice(after: Afterwards, job: int, maker: int, reason: Reason) -> bool:
    """The reason why a maker has her new share does not hold."""
    line, facts = after.jobs[job], reason.facts
    pieces = after.holders[job][maker]
    pay = pieces * line.rate
    if reason.code == "KEPT":
        return (job, maker) not in after.kept
    if (facts["pieces"], facts["before"], facts["after"]) != (
        pieces,
        after.level(maker, -pay),
        after.level(maker),
    ):
        return True
    able = after.able(job)
    stood = after.income[maker] - pay
    lower = [
        who
        for who in able
        if after.income[who] * after.makers[maker].need < stood * after.makers[who].need
    ]
    homes = after.homes[job]
    if reason.code == "CHOSEN":
        return bool(lower) or facts["able"] != len(able) + len(after.new(job))
    near = [who for who in lower if after.makers[who].base in homes]
    base = after.makers[maker].base
    if reason.code == "SAME_PARCEL":
        return bool(near) or homes[base] < 2 or facts["base"] != base
    return reason.code != "FIT"


def pairs(after: Afterwards, jobs: list[int]) -> list[tuple[int, int]]:
    """(job, maker) pairs of certified makers without a share of these jobs."""
    return [
        (job, maker.id)
        for job in jobs
        for maker in after.by_craft[after.jobs[job].craft]
        if maker.grades[after.jobs[job].craft] >= after.jobs[job].grade
        and maker.id not in after.holders[job]
    ]
