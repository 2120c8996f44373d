"""From water to lots: every job goes to few hands whose quotas it fills."""

from dataclasses import dataclass

import numpy as np

from .book import Book
from .columns import Pool
from .intake import EMPTY, Ints
from .place import whole
from .terms import Job
from .vessel import Water
from .water import allowances, quotas

SMALL_PAY = 150_00
"""A job that pays no more than this (fen) is not worth two pairs of hands."""

Quotas = dict[str, Ints]


@dataclass(slots=True)
class Wishes:
    """What the water says, by craft, less what is handed out already.

    `quota` is in fen per maker, `share` in minutes per base and deadline.
    """

    quota: Quotas
    share: dict[str, Ints]


@dataclass(slots=True)
class Turn:
    """One job while it is handed out; `good` is a worthwhile lot in pieces."""

    book: Book
    job: int
    line: Job
    pool: Pool
    quota: Ints
    share: Ints
    good: int

    def give(self, maker: int, pieces: int) -> None:
        """She has the pieces, and the water knows it."""
        line = self.line
        self.book.give(self.job, maker, pieces)
        self.quota[maker] = max(0, int(self.quota[maker]) - pieces * line.rate)
        self.share[self.book.home[maker], line.deadline :] -= pieces * line.minutes


def wishes(water: Water) -> Wishes:
    """The quotas and base shares of water at rest."""
    return Wishes(quotas(water), allowances(water))


def concentrate(book: Book, quotas: Quotas) -> None:
    """Makers with a quota in two crafts get it in one, totals per maker and craft kept.

    Of those who hold both crafts at the same grades the first bases take only the one
    and the rest only the other, so that each works on fewer lines.
    """
    columns = book.columns
    names = sorted(quotas)
    grades: dict[str, Ints] = {}
    for name in names:
        rows, held = columns.crafts[name]
        grades[name] = np.zeros(len(columns.makers), dtype=np.int64)
        grades[name][rows] = held
    for at, one in enumerate(names):
        for other in names[at + 1 :]:
            both = np.flatnonzero((quotas[one] > 0) & (quotas[other] > 0))
            if len(both) < 2:
                continue
            kinds = grades[one][both] * 1_000 + grades[other][both]
            for kind in np.unique(kinds).tolist():
                _swap(quotas[one], quotas[other], both[kinds == kind])


def _swap(one: Ints, other: Ints, rows: Ints) -> None:
    """The first of `rows` take all of the one craft, the last all of the other."""
    total = one[rows] + other[rows]
    reach = np.cumsum(total)
    wanted = int(one[rows].sum())
    mine = np.clip(wanted - (reach - total), 0, total)
    one[rows] = mine
    other[rows] = total - mine


def hand_out(book: Book, jobs: list[int], wishes: Wishes, floor: int) -> None:
    """Each job in turn fills open quotas: one person, one base, or few of either."""
    for job in _turns(book, jobs):
        line = book.jobs[job]
        pool = book.columns.pool(line)
        if book.open[job] and len(pool.rows) and line.craft in wishes.quota:
            good = max(book.lot[job], -(-floor // line.minutes))
            quota, share = wishes.quota[line.craft], wishes.share[line.craft]
            _one_job(Turn(book, job, line, pool, quota, share, good))


def _turns(book: Book, jobs: list[int]) -> list[int]:
    """Scarcest craft first; in it hardest grade, earliest due, then largest."""
    asked: dict[str, int] = {}
    for job in jobs:
        line = book.jobs[job]
        asked[line.craft] = asked.get(line.craft, 0) + book.open[job] * line.minutes
    scarce = {craft: _scarcity(book, craft, asked[craft]) for craft in asked}

    def turn(job: int) -> tuple[int, str, int, int, int, int]:
        line = book.jobs[job]
        work = -book.open[job] * line.minutes
        first = -scarce[line.craft]
        return first, line.craft, -line.grade, line.deadline, work, line.id

    return sorted(jobs, key=turn)


def _scarcity(book: Book, craft: str, asked: int) -> int:
    """Minutes asked for per thousand that makers of the craft and their bases have."""
    columns = book.columns
    rows, _ = columns.crafts.get(craft, (EMPTY, EMPTY))
    if not len(rows):
        return 0
    home = columns.home[rows]
    starts = np.flatnonzero(np.diff(home, prepend=-1))
    own = np.add.reduceat(np.maximum(book.room[rows, -1], 0), starts)
    free = np.minimum(own, np.maximum(book.base_room[home[starts], -1], 0))
    return asked * 1_000 // (int(free.sum()) + 1)


def _one_job(turn: Turn) -> None:
    book, line, pool = turn.book, turn.line, turn.pool
    most = turn.share[pool.base, line.deadline :].min(axis=1) // line.minutes
    most += book.lot[turn.job]
    sizes = np.diff(np.append(pool.starts, len(pool.rows)))
    fit = np.minimum(book.pieces_free(turn.job, pool), np.repeat(most, sizes))
    mine = turn.quota[pool.rows]
    left = book.open[turn.job]
    if left <= turn.good or left * line.rate <= SMALL_PAY:
        _to_one(turn, fit, mine)
        return
    part = np.minimum((mine + line.rate // 2) // line.rate, fit)
    part[(part < turn.good) & (part * 2 >= turn.good)] = turn.good
    part[(part < turn.good) | (part > fit)] = 0
    sums = np.minimum(np.add.reduceat(part, pool.starts), most)
    while book.open[turn.job] and sums.max() > 0:
        enough = sums >= book.open[turn.job]
        if enough.any():
            best = int(np.where(enough, sums, 1 << 62).argmin())
        else:
            best = int(sums.argmax())
        people = slice(int(pool.starts[best]), int(pool.starts[best] + sizes[best]))
        _to_base(turn, pool.rows[people], part[people], int(most[best]))
        sums[best] = 0


def _to_one(turn: Turn, fit: Ints, mine: Ints) -> None:
    """A small job goes whole to the one whose open quota is nearest to its pay."""
    left = turn.book.open[turn.job]
    pay = left * turn.line.rate
    able = np.flatnonzero((fit >= left) & (mine * 2 >= pay))
    if len(able):
        gap = abs(mine[able] - pay)
        nearest = turn.pool.rows[able[gap == gap.min()]]
        rank = turn.book.columns.rank[nearest]
        turn.give(int(nearest[int(rank.argmin())]), left)


def _to_base(turn: Turn, rows: Ints, part: Ints, most: int) -> None:
    """People of one base by quota, the last one she whose quota is nearest the rest."""
    book, job, good = turn.book, turn.job, turn.good
    whole_quota = part * turn.line.rate * 20 >= turn.quota[rows] * 19
    order = np.lexsort((book.columns.rank[rows], -part, ~whole_quota))
    queue = [(int(part[at]), int(rows[at])) for at in order.tolist() if part[at] > 0]
    while queue and book.open[job] and most > 0:
        left = book.open[job]
        at = 0
        while at + 1 < len(queue) and queue[at + 1][0] >= left:
            at += 1
        wanted, maker = queue.pop(at)
        fit = book.fits(job, maker)
        if 0 < left - wanted < good // 2 and fit >= left:
            wanted = left
        wanted = min(wanted, fit)
        pieces = whole(wanted, left, good, 0)
        if not pieces:
            pieces = whole(wanted, left, book.lot[job], 0)
        if pieces:
            turn.give(maker, pieces)
            most -= pieces
