"""What whole pieces and lots allow at any size: a bound by prices (Lagrange).

Whatever a piece of each job and an hour of each base costs: no plan has more pay on
time than all pieces and hours are worth at these prices, and what makers keep if each
fills her own hours as pays her best. She does so in whole pieces and lawful lots, which
liquid work ignores. The prices are those of liquid work.
"""

from math import gcd

import numpy as np

from orders.domain.allocation import Problem
from orders.domain.allocation.columns import columns
from orders.domain.allocation.slack import closed

from .bounds import prices

NOTHING = 1e-9
NEVER = -1e18


def whole_pieces(problem: Problem) -> float:
    """No plan has more than this share of all pay on time; nothing may be kept yet."""
    cols = columns(problem)
    value = sum(job.pieces * job.rate for job in cols.jobs) / 100
    price = prices(cols)
    pieces = np.array([job.pieces for job in cols.jobs])
    total = float(pieces @ price.pieces + (price.hours * cols.capacity).sum() / 60)
    # An hour that is used by a day is used by all later ones, too.
    hour = np.cumsum(price.hours[:, ::-1], axis=1)[:, ::-1]
    can: list[list[int]] = [[] for _ in cols.makers]
    for job in sorted(range(len(cols.jobs)), key=lambda at: cols.jobs[at].deadline):
        for maker in cols.pool(cols.jobs[job]).rows.tolist():
            can[maker].append(job)
    free = closed(cols.free)
    unit = gcd(*(job.minutes for job in cols.jobs))
    for maker, jobs in enumerate(can):
        home = cols.home[maker]
        best = []
        for job in jobs:
            line = cols.jobs[job]
            costs = price.pieces[job] + hour[home, line.deadline] * line.minutes / 60
            if line.rate / 100 - costs > NOTHING:
                best.append((line, line.rate / 100 - costs))
        if best:
            total += _filled(best, free[maker] // unit, unit)
    return total / value


def _filled(work: list, room: np.ndarray, unit: int) -> float:
    """The most that hours filled with this work keep; it is in the order of deadlines.

    `kept` is by how much of her time is used, in units. She may make more pieces of a
    job than are ordered: the bound is only looser for it.
    """
    kept = np.full(int(room.max(initial=0)) + 1, NEVER)
    kept[0] = 0
    for line, each in work:
        size, fits = line.minutes // unit, int(room[line.deadline]) + 1
        lot = min(line.min_lot, line.pieces)
        if lot * size >= fits:
            continue
        with_it = np.full(-(-fits // size) * size, NEVER)
        with_it[lot * size : fits] = kept[: fits - lot * size] + lot * each
        if line.pieces > lot:
            by_piece = with_it.reshape(-1, size)
            gained = np.arange(len(by_piece))[:, None] * each
            best = np.maximum.accumulate(by_piece - gained, axis=0) + gained
            with_it = best.reshape(-1)
        kept[:fits] = np.maximum(kept[:fits], with_it[:fits])
    return float(kept.max())
