"""The exact answer to tiny problems, found by CP-SAT for tests alone.

First the fewest late pieces, then the fewest hand-offs and parcels; apart from these
the fairest incomes (least sum of income² ÷ need) for given late pieces and hand-offs.
"""

from dataclasses import dataclass

from ortools.sat.python import cp_model

from orders.domain.allocation import Plan, Problem

SECONDS = 4.0
SCALE = 10**9


@dataclass(frozen=True, slots=True)
class Answer:
    """A proven optimum, or None where time ran out."""

    late: int | None
    journeys: int | None


class Model:
    """All lawful plans of one problem."""

    def __init__(self, problem: Problem) -> None:
        self.cp = cp_model.CpModel()
        self.problem = problem
        makers = {maker.id: maker for maker in problem.makers}
        kept = {(s.job, s.maker): s for s in problem.kept}
        held = {job.id: 0 for job in problem.jobs}
        for share in problem.kept:
            held[share.job] += share.pieces
        self.pieces, used, parcels = {}, [], {}
        for job in problem.jobs:
            left = job.pieces - held[job.id]
            for maker in problem.makers:
                pair = (job.id, maker.id)
                if not left or pair in kept or not lawful(problem, job, maker):
                    continue
                lot = min(job.min_lot, left)
                domain = cp_model.Domain.from_intervals([[0, 0], [lot, left]])
                number = self.cp.new_int_var_from_domain(domain, "")
                has = self.cp.new_bool_var("")
                self.cp.add(number >= 1).only_enforce_if(has)
                self.cp.add(number == 0).only_enforce_if(~has)
                self.pieces[pair] = number
                used.append(has)
                parcel = parcels.setdefault(
                    (job.id, maker.base), self.cp.new_bool_var("")
                )
                self.cp.add_implication(has, parcel)
        for share in problem.kept:
            base = makers[share.maker].base if share.base is None else share.base
            parcel = parcels.setdefault((share.job, base), self.cp.new_bool_var(""))
            self.cp.add(parcel == 1)
        open_pieces = sum(held.values())
        for job in problem.jobs:
            mine = [n for (j, _), n in self.pieces.items() if j == job.id]
            self.cp.add(sum(mine) <= job.pieces - held[job.id])
        self._hours()
        ordered = sum(job.pieces for job in problem.jobs)
        self.late = ordered - open_pieces - sum(self.pieces.values())
        self.journeys = len(kept) + sum(used) + sum(parcels.values())

    def _hours(self) -> None:
        """New work fits her hours and her base's wherever it adds to them."""
        days = len(self.problem.deadlines)
        for at in range(days):
            for maker in self.problem.makers:
                self._room(maker.free, at, lambda who, m=maker: who == m.id, None)
            for base in self.problem.bases:
                inside = {m.id for m in self.problem.makers if m.base == base.id}
                self._room(base.capacity, at, lambda who, i=inside: who in i, base.id)

    def _room(self, free, at: int, mine, base: int | None) -> None:
        jobs = {job.id: job for job in self.problem.jobs}
        homes = {maker.id: maker.base for maker in self.problem.makers}
        kept = 0
        for share in self.problem.kept:
            where = homes[share.maker] if share.base is None else share.base
            counts = mine(share.maker) if base is None else where == base
            if counts and jobs[share.job].deadline <= at:
                kept += share.pieces * jobs[share.job].minutes
        load = [
            number * jobs[job].minutes
            for (job, who), number in self.pieces.items()
            if mine(who) and jobs[job].deadline <= at
        ]
        if load:
            self.cp.add(sum(load) <= max(0, free[at] - kept))

    def solve(self, goal) -> int | None:
        """The least value of the goal, or None if it was not proven in time."""
        self.cp.minimize(goal)
        solver = cp_model.CpSolver()
        solver.parameters.num_workers = 1
        solver.parameters.max_time_in_seconds = SECONDS
        if solver.solve(self.cp) != cp_model.OPTIMAL:
            return None
        return round(solver.objective_value)


def lawful(problem: Problem, job, maker) -> bool:
    """Certified, in a base that may make it, and not declined."""
    return (
        maker.grades.get(job.craft, -1) >= job.grade
        and (job.bases is None or maker.base in job.bases)
        and (job.id, maker.id) not in problem.declined
    )


def best(problem: Problem) -> Answer:
    """The fewest late pieces, and with these the fewest hand-offs and parcels."""
    model = Model(problem)
    late = model.solve(model.late) if model.pieces else late_without(problem)
    if late is None or not model.pieces:
        return Answer(late, None)
    model.cp.add(model.late == late)
    return Answer(late, model.solve(model.journeys))


def late_without(problem: Problem) -> int:
    """Nobody can do anything: all that is not kept is late."""
    kept = sum(share.pieces for share in problem.kept)
    return sum(job.pieces for job in problem.jobs) - kept


def fairest(problem: Problem, plan: Plan) -> float | None:
    """The least sum of income² ÷ need with the plan's own late pieces and journeys."""
    model = Model(problem)
    if not model.pieces:
        return None
    model.cp.add(model.late == plan.measures["late_pieces"])
    model.cp.add(
        model.journeys <= plan.measures["hand_offs"] + plan.measures["parcels"]
    )
    jobs = {job.id: job for job in problem.jobs}
    terms = []
    for maker in problem.makers:
        fixed = maker.earned + sum(
            share.pieces * jobs[share.job].rate
            for share in problem.kept
            if share.maker == maker.id
        )
        offered = [
            number * jobs[job].rate
            for (job, who), number in model.pieces.items()
            if who == maker.id
        ]
        most = fixed + sum(
            jobs[job].pieces * jobs[job].rate
            for (job, who) in model.pieces
            if who == maker.id
        )
        income = model.cp.new_int_var(0, most, "")
        model.cp.add(income == fixed + sum(offered))
        square = model.cp.new_int_var(0, most * most, "")
        model.cp.add_multiplication_equality(square, [income, income])
        terms.append(square * (SCALE // maker.need))
    least = model.solve(sum(terms))
    return None if least is None else least / SCALE


def unfairness(problem: Problem, plan: Plan) -> float:
    """Sum of income² ÷ need of a plan, income earned and offered."""
    jobs = {job.id: job for job in problem.jobs}
    income = {maker.id: maker.earned for maker in problem.makers}
    for share in plan.shares:
        income[share.maker] += share.pieces * jobs[share.job].rate
    return sum(income[m.id] ** 2 * (SCALE // m.need) for m in problem.makers) / SCALE
