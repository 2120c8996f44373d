"""One problem as many: each county plans its own part, then the parts are joined."""

from collections import defaultdict
from dataclasses import replace

from .collector import uncollected
from .replanning import joined
from .terms import FLOOR_MINUTES, Job, Levels, Maker, Plan, Problem, Share
from .vessel import named

Wanted = dict[str, int]


@uncollected
def split_by_county(problem: Problem, levels: Levels) -> tuple[Problem, ...]:
    """One problem per county, by name: its bases, makers and part of every job.

    A job goes to counties by what their makers should get of its kind of work, whole
    where one county should get so much; no part is smaller than a good lot, and the
    parts add up to the job.
    """
    county = {base.id: base.county for base in problem.bases}
    home = {maker.id: county[maker.base] for maker in problem.makers}
    names = sorted(set(county.values()))
    kept: dict[str, list[Share]] = defaultdict(list)
    held: dict[int, Wanted] = defaultdict(lambda: defaultdict(int))
    for share in problem.kept:
        kept[home[share.maker]].append(share)
        held[share.job][home[share.maker]] += share.pieces
    wanted: dict[object, Wanted] = defaultdict(lambda: dict.fromkeys(names, 0))
    for (name, *key), fen in levels.work.items():
        wanted[tuple(key)][name] = fen
    jobs: dict[str, list[Job]] = defaultdict(list)
    for job in sorted(problem.jobs, key=lambda job: (-job.pieces * job.rate, job.id)):
        kind = (job.craft, job.grade, job.deadline, named(job.bases))
        for name, pieces in _parts(job, wanted[kind], held[job.id]).items():
            jobs[name].append(replace(job, pieces=pieces))
    makers: dict[str, list[Maker]] = defaultdict(list)
    for maker in problem.makers:
        makers[home[maker.id]].append(maker)
    return tuple(
        Problem(
            problem.deadlines,
            tuple(makers[name]),
            tuple(base for base in problem.bases if base.county == name),
            tuple(jobs[name]),
            frozenset(pair for pair in problem.declined if home.get(pair[1]) == name),
            tuple(kept[name]),
        )
        for name in names
    )


def _parts(job: Job, wanted: Wanted, held: Wanted) -> Wanted:
    """Pieces of the job by county; what it gets is no longer wanted there."""
    parts = dict(held)
    rest = job.pieces - sum(parts.values())
    good = max(job.min_lot, -(-FLOOR_MINUTES // job.minutes))
    order = sorted(wanted, key=lambda name: (-wanted[name], name))
    fits = [name for name in order if wanted[name] >= rest * job.rate]
    for name in fits[-1:] or order:
        part = min(rest, -(-wanted[name] // job.rate))
        if 0 < rest - part < good:
            part = rest
        if part >= min(good, rest) > 0:
            parts[name] = parts.get(name, 0) + part
            wanted[name] -= part * job.rate
            rest -= part
    if rest and order:
        first = order[0]
        parts[first] = parts.get(first, 0) + rest
        wanted[first] -= rest * job.rate
    return parts


@uncollected
def join(problem: Problem, plans: tuple[Plan, ...]) -> Plan:
    """The county plans as one plan; what they left open is poured over all makers."""
    shares = tuple(share for plan in plans for share in plan.shares)
    floor = min((plan.measures["floor_used"] for plan in plans), default=FLOOR_MINUTES)
    return joined(problem, shares, floor)
