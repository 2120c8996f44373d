"""The measures of a plan: what is late, how many hands and parcels, how fair."""

import numpy as np

from .book import Book
from .columns import Columns
from .intake import Ints
from .slack import closed

PER_NEED = 10**6
FULL = 38
"""A month is full from so many hundredths of all hours on."""


def measures(book: Book, floor_used: int) -> dict[str, int]:
    """All measures of DESIGN's table, in whole numbers."""
    hand_offs = parcels = 0
    makers: set[int] = set()
    for job, held in enumerate(book.new):
        fixed = book.fixed[job]
        hand_offs += len(held) + len(fixed)
        bases = {book.home[maker] for maker in held}
        bases.update(base for _, base in fixed.values())
        parcels += len(bases)
        makers.update(held, fixed)
    return {
        "pieces": sum(job.pieces for job in book.jobs),
        "late_pieces": sum(book.open),
        "hand_offs": hand_offs,
        "parcels": parcels,
        "makers": len(makers),
        "floor_used": floor_used,
        "b20w": poorest_fifth(book.columns, book.income),
    }


def fullness(columns: Columns) -> int:
    """Hundredths that paid jobs ask for of all hours that bases and makers have."""
    own = np.zeros(len(columns.bases), dtype=np.int64)
    np.add.at(own, columns.home, columns.free[:, -1])
    room = int(np.minimum(own, columns.capacity[:, -1]).sum())
    asked = sum(job.pieces * job.minutes for job in columns.jobs if not job.held)
    return asked * 100 // max(room, 1)


def within_reach(columns: Columns) -> Ints:
    """Makers certified for some job and free in time for its shortest piece."""
    if columns.reach is None:
        columns.reach = _within_reach(columns)
    return columns.reach


def _within_reach(columns: Columns) -> Ints:
    shortest: dict[tuple[str, int, frozenset[int] | None, int], int] = {}
    for at, job in enumerate(columns.jobs):
        key = (job.craft, job.grade, job.bases, job.deadline)
        best = shortest.get(key)
        if best is None or job.minutes < columns.jobs[best].minutes:
            shortest[key] = at
    free = closed(columns.free)
    reached = np.zeros(len(columns.makers), dtype=bool)
    for at in shortest.values():
        job = columns.jobs[at]
        rows = columns.pool(job).rows
        reached[rows[free[rows, job.deadline] >= job.minutes]] = True
    return np.flatnonzero(reached)


def fifth_at(columns: Columns, income: Ints, bits: int) -> int:
    """The level, shifted left by `bits`, below which the poorest fifth of need is."""
    rows = within_reach(columns)
    if not len(rows):
        return 0
    need = columns.need[rows]
    levels = (income[rows] << bits) // need
    order = np.argsort(levels, kind="stable")
    reach = np.cumsum(need[order])
    return int(levels[order[int(np.searchsorted(reach * 5, reach[-1]))]])


def poorest_fifth(columns: Columns, income: Ints) -> int:
    """b20w: mean level of the poorest 20 % of need, fen × 10⁶ ÷ need."""
    return fairness(columns, income) // columns.common


def fairness(columns: Columns, income: Ints) -> int:
    """b20w for needs without a common factor, so that none rounds it differently."""
    rows = within_reach(columns)
    if not len(rows):
        return 0
    need = columns.need[rows]
    mine = income[rows]
    bits = max(0, 61 - int(abs(mine).max() + 1).bit_length())
    order = np.lexsort((rows, (mine << bits) // need))
    need, mine = need[order], mine[order]
    total = int(need.sum())
    reach = np.cumsum(need)
    whole = int(np.searchsorted(reach * 5, total, side="right"))
    if whole == len(rows):
        whole -= 1
    before = int(reach[whole - 1]) if whole else 0
    money, edge, part = int(mine[:whole].sum()), int(mine[whole]), int(need[whole])
    above = 5 * money * part + edge * (total - 5 * before)
    return above * PER_NEED // (total * part)
