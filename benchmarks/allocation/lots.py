"""What whole lots allow, by a mixed-integer program (HiGHS); other work is liquid.

Jobs of the crafts that are counted go in whole pieces and lawful lots; work of all
others is parted as minutes are. Leaving lots out lets through every lawful plan, so
what the solver has proven holds for all of them.
"""

from collections.abc import Set
from typing import NamedTuple

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import coo_matrix, csr_matrix, vstack

from benchmarks.allocation.bounds import alike
from orders.domain.allocation import Job, Problem
from orders.domain.allocation.columns import Columns, columns
from orders.domain.allocation.slack import closed

SECONDS = 120
"""So long it may take to find how much can be on time in one network ..."""
CLOSE = 1e-4
"""... or until no more than this part of it can be missing."""


class Work(NamedTuple):
    """Pieces of one job in lots, or minutes of like jobs, which have no lot.

    `rate` is in fen per piece or minute.
    """

    line: Job
    minutes: int
    pieces: int
    rate: float
    lot: int


class Shares(NamedTuple):
    """Every lawful share, those in lots first: which work, whose, how much at most."""

    work: np.ndarray
    maker: np.ndarray
    most: np.ndarray
    in_lots: int


def whole_lots(problem: Problem, crafts: Set[str]) -> float:
    """No plan has more than this share of all pay on time; nothing may be kept yet.

    Looser than need be: other work is parted and paid by the best of its kind, and
    declined pairs count as if they were not. Where the time runs out it is what is
    proven by then.
    """
    cols = columns(problem)
    works = _in_lots(cols, crafts) + _liquid(cols, crafts)
    shares = _shares(cols, works)
    if not len(shares.work):
        return 0.0
    count, lots = len(shares.work), shares.in_lots
    rows, rooms = _rows(cols, works, shares)
    # In fen: of parts of all pay the solver would not see a minute's.
    rate = np.array([one.rate for one in works])
    value = sum(job.pieces * job.rate for job in cols.jobs)
    integral = np.ones(count + lots)
    integral[lots:count] = 0
    found = milp(
        np.concatenate([-rate[shares.work], np.zeros(lots)]),
        constraints=LinearConstraint(rows, -np.inf, rooms),
        bounds=Bounds(0, np.concatenate([shares.most, np.ones(lots)])),
        integrality=integral,
        options={"time_limit": SECONDS, "mip_rel_gap": CLOSE},
    )
    if lots:
        return min(1.0, -float(found.mip_dual_bound) / value)
    return min(1.0, -float(found.fun) / value) if found.status == 0 else 1.0


def _in_lots(cols: Columns, crafts: Set[str]) -> list[Work]:
    return [
        Work(job, job.minutes, job.pieces, job.rate, min(job.min_lot, job.pieces))
        for job in cols.jobs
        if job.craft in crafts
    ]


def _liquid(cols: Columns, crafts: Set[str]) -> list[Work]:
    """Minutes for the same makers by the same deadline, at the best of their rates."""
    groups = [[cols.jobs[row] for row in rows] for rows in alike(cols)]
    return [
        Work(
            like[0],
            1,
            sum(job.pieces * job.minutes for job in like),
            max(job.rate / job.minutes for job in like),
            0,
        )
        for like in groups
        if like[0].craft not in crafts
    ]


def _shares(cols: Columns, works: list[Work]) -> Shares:
    free, capacity = closed(cols.free), closed(cols.capacity)
    found: list[tuple[np.ndarray, ...]] = []
    in_lots = 0
    for at, (line, minutes, pieces, _, lot) in enumerate(works):
        rows, by = cols.pool(line).rows, line.deadline
        room = np.minimum(free[rows, by], capacity[cols.home[rows], by])
        most = np.minimum(room // minutes, pieces)
        able = np.flatnonzero(most >= max(1, lot))
        found.append((np.full(len(able), at), rows[able], most[able]))
        in_lots += len(able) if lot else 0
    none = np.zeros(0, dtype=np.int64)
    columns_of = zip((none, none, none), *found, strict=True)
    work, maker, most = (np.concatenate(one) for one in columns_of)
    return Shares(work, maker, most, in_lots)


def _rows(
    cols: Columns, works: list[Work], shares: Shares
) -> tuple[csr_matrix, np.ndarray]:
    """What is ordered, the hours of makers and bases by each day, and the lots."""
    work, maker, most, lots = shares
    count = len(work)
    every, ones = np.arange(count), np.ones(count)
    width = count + lots
    parts = [coo_matrix((ones, (work, every)), (len(works), width))]
    rooms = [np.array([one.pieces for one in works])]
    minutes = np.array([one.minutes for one in works])[work]
    due = np.array([one.line.deadline for one in works])[work]
    for by in range(cols.days):
        early = every[due <= by]
        for who, free in ((maker, cols.free), (cols.home[maker], cols.capacity)):
            shape = (len(free), width)
            parts.append(coo_matrix((minutes[early], (who[early], early)), shape))
            rooms.append(free[:, by])
    # A share in lots is nothing, or from its lot up to what her hours allow.
    first, least = every[:lots], np.array([one.lot for one in works])[work[:lots]]
    both = (np.concatenate([first, first]), np.concatenate([first, count + first]))
    parts += [
        coo_matrix((np.concatenate([ones[:lots], -most[:lots]]), both), (lots, width)),
        coo_matrix((np.concatenate([-ones[:lots], least]), both), (lots, width)),
    ]
    rooms += [np.zeros(lots), np.zeros(lots)]
    return vstack(parts).tocsr(), np.concatenate(rooms)
