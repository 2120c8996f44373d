"""One problem as many: each county plans its own part, then the parts are joined."""

from collections import defaultdict
from dataclasses import replace

from .replanning import resumed
from .terms import FLOOR_MINUTES, Job, Levels, Plan, Problem, Share


def split_by_county(problem: Problem, levels: Levels) -> tuple[Problem, ...]:
    """One problem per county, by name: its bases, makers and part of every job.

    A job goes to counties by what their makers should get of its craft; no part is
    smaller than its minimum lot, and the parts add up to the job.
    """
    county = {base.id: base.county for base in problem.bases}
    home = {maker.id: county[maker.base] for maker in problem.makers}
    names = sorted(set(county.values()))
    kept: dict[str, list[Share]] = defaultdict(list)
    held: dict[tuple[int, str], int] = defaultdict(int)
    for share in problem.kept:
        kept[home[share.maker]].append(share)
        held[share.job, home[share.maker]] += share.pieces
    quota = _quotas(problem, levels, home)
    jobs: dict[str, list[Job]] = defaultdict(list)
    for job in sorted(problem.jobs, key=lambda job: (-job.grade, job.deadline, job.id)):
        parts = {name: held[job.id, name] for name in names}
        rest = job.pieces - sum(parts.values())
        wanted = {name: _eligible(quota[job.craft, name], job.grade) for name in names}
        order = sorted(names, key=lambda name: (-wanted[name], name))
        fits = [name for name in order if wanted[name] >= rest * job.rate]
        for name in fits[-1:] or order:
            part = min(rest, -(-wanted[name] // job.rate))
            if 0 < rest - part < job.min_lot:
                part = rest
            if part >= min(job.min_lot, rest):
                parts[name] += part
                rest -= part
                _spend(quota[job.craft, name], job.grade, part * job.rate)
        if rest:
            parts[order[0]] += rest
        for name in names:
            if parts[name]:
                jobs[name].append(replace(job, pieces=parts[name]))
    return tuple(
        Problem(
            problem.deadlines,
            tuple(maker for maker in problem.makers if home[maker.id] == name),
            tuple(base for base in problem.bases if base.county == name),
            tuple(jobs[name]),
            frozenset(pair for pair in problem.declined if home.get(pair[1]) == name),
            tuple(kept[name]),
        )
        for name in names
    )


Grades = dict[int, int]


def _quotas(
    problem: Problem, levels: Levels, home: dict[int, str]
) -> dict[tuple[str, str], Grades]:
    """Per craft and county the fen that makers of each grade should get."""
    grades = {maker.id: maker.grades for maker in problem.makers}
    found: dict[tuple[str, str], Grades] = defaultdict(lambda: defaultdict(int))
    for (maker, craft), fen in levels.quota.items():
        found[craft, home[maker]][grades[maker][craft]] += fen
    return found


def _eligible(quota: Grades, grade: int) -> int:
    return sum(fen for held, fen in quota.items() if held >= grade)


def _spend(quota: Grades, grade: int, fen: int) -> None:
    """Takes the fen from the lowest grades that may do it."""
    for held in sorted(quota):
        if held >= grade and fen > 0:
            taken = min(fen, quota[held])
            quota[held] -= taken
            fen -= taken


def join(problem: Problem, plans: tuple[Plan, ...]) -> Plan:
    """The county plans as one plan; what they left open is poured over all makers."""
    shares = tuple(share for plan in plans for share in plan.shares)
    floor = min((plan.measures["floor_used"] for plan in plans), default=FLOOR_MINUTES)
    return resumed(problem, shares, frozenset(), floor, liquid=True)
