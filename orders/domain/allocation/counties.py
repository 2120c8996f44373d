"""One problem as many: each county plans its own part, then the parts are joined."""

from collections import defaultdict
from dataclasses import replace

from .replanning import replan
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
    quota: dict[tuple[str, str], int] = defaultdict(int)
    for (maker, craft), fen in levels.quota.items():
        quota[craft, home[maker]] += fen
    jobs: dict[str, list[Job]] = defaultdict(list)
    for job in sorted(problem.jobs, key=lambda job: (-job.pieces * job.rate, job.id)):
        rest = job.pieces - sum(held[job.id, name] for name in names)
        parts = {name: held[job.id, name] for name in names}
        wanted = sorted(names, key=lambda name: (-quota[job.craft, name], name))
        for name in wanted:
            part = min(rest, quota[job.craft, name] // job.rate)
            if part >= min(job.min_lot, job.pieces) and rest - part not in range(
                1, job.min_lot
            ):
                parts[name] += part
                rest -= part
                quota[job.craft, name] -= part * job.rate
        if rest and wanted:
            parts[wanted[0]] += rest
            quota[job.craft, wanted[0]] -= rest * job.rate
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


def join(problem: Problem, plans: tuple[Plan, ...]) -> Plan:
    """The county plans as one plan; what they left open is placed anywhere."""
    shares = tuple(share for plan in plans for share in plan.shares)
    floor = min((plan.measures["floor_used"] for plan in plans), default=FLOOR_MINUTES)
    return replan(problem, Plan(shares, (), {}, ""), floor_minutes=floor)
