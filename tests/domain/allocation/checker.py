"""An independent reading of the hard rules: shares nothing with the code that plans."""

from collections import defaultdict

from orders.domain.allocation import Plan, Problem


def broken_rules(problem: Problem, plan: Plan, old=frozenset()) -> list[str]:
    """Every hard rule that the plan breaks, as sentences; empty means lawful.

    `old` holds the (job, maker) pairs that an earlier plan gave: like kept shares they
    may stand below the lot of what was open when they were given.
    """
    makers = {maker.id: maker for maker in problem.makers}
    bases = {base.id: base for base in problem.bases}
    jobs = {job.id: job for job in problem.jobs}
    kept = {(share.job, share.maker): share for share in problem.kept}
    wrong: list[str] = []
    given: dict[int, int] = defaultdict(int)
    hers: dict[int, list[int]] = defaultdict(lambda: [0] * len(problem.deadlines))
    theirs: dict[int, list[int]] = defaultdict(lambda: [0] * len(problem.deadlines))
    fresh_makers: dict[int, int] = {}
    fresh_bases: dict[int, int] = {}
    seen = set()
    before = {job.id: job.pieces for job in problem.jobs}
    for share in plan.shares:
        if (share.job, share.maker) in kept or (share.job, share.maker) in old:
            before[share.job] -= share.pieces
    for share in plan.shares:
        pair = (share.job, share.maker)
        job, maker = jobs[share.job], makers[share.maker]
        if pair in seen:
            wrong.append(f"{pair} twice")
        seen.add(pair)
        given[share.job] += share.pieces
        base = maker.base if share.base is None else share.base
        for at in range(job.deadline, len(problem.deadlines)):
            hers[share.maker][at] += share.pieces * job.minutes
            theirs[base][at] += share.pieces * job.minutes
        if pair in kept:
            same = (kept[pair].pieces, kept[pair].base) == (share.pieces, share.base)
            if not same or share.reason.code != "KEPT":
                wrong.append(f"kept share {pair} was touched")
            continue
        first = fresh_makers.get(share.maker, job.deadline)
        fresh_makers[share.maker] = min(first, job.deadline)
        fresh_bases[base] = min(fresh_bases.get(base, job.deadline), job.deadline)
        if maker.grades.get(job.craft, -(10**10)) < job.grade:
            wrong.append(f"{pair} without the certificate")
        if base != maker.base:
            wrong.append(f"{pair} at a base that is not hers")
        if job.bases is not None and base not in job.bases:
            wrong.append(f"{pair} at a base that may not make it")
        if pair in problem.declined:
            wrong.append(f"{pair} was declined")
        if pair not in old and share.pieces < min(job.min_lot, before[share.job]):
            wrong.append(f"{pair} below the minimum lot")
        if share.pieces < 1:
            wrong.append(f"{pair} has no pieces")
    for pair in kept.keys() - seen:
        wrong.append(f"kept share {pair} is gone")
    for name, first in fresh_makers.items():
        wrong += over("maker", name, hers[name], makers[name].free, first)
    for name, first in fresh_bases.items():
        wrong += over("base", name, theirs[name], bases[name].capacity, first)
    late = {rest.job: rest.pieces for rest in plan.late}
    if len(late) != len(plan.late) or any(pieces < 1 for pieces in late.values()):
        wrong.append("late rows are doubled or empty")
    for job in problem.jobs:
        if given[job.id] + late.get(job.id, 0) != job.pieces:
            wrong.append(f"job {job.id}: made and late do not add up to ordered")
    return wrong


def over(kind, name, load, free, first):
    """Deadlines from the first new work on by which more is asked than is free.

    Kept work alone may overdraw, so earlier deadlines are nobody's fault.
    """
    return [
        f"{kind} {name} has {load[at]} minutes of {free[at]} by deadline {at}"
        for at in range(first, len(free))
        if load[at] > free[at]
    ]
