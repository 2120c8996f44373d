"""Evens out: shares pass from higher to lower levels while that makes incomes fairer.

The measure is the sum of income² ÷ need. Every step lowers it, so tidying ends; no
step adds a hand-off or a parcel, breaks a hard rule or makes a piece late.
"""

from collections import Counter
from dataclasses import dataclass

from .book import Book
from .intake import Ints

NOBODY = 1 << 62
"""The lowest level among no makers at all."""


@dataclass(slots=True)
class Near:
    """Makers who could take a share over, with their room in minutes.

    `least` is the lowest level among them, `most` the largest need, once asked for.
    """

    rows: Ints
    home: Ints
    need: Ints
    room: Ints
    base_room: Ints
    least: int | None = None
    most: int = 1

    def lowest(self, book: Book, pay: int) -> int:
        """With so much pay none of them lifts income² ÷ need by less for each fen."""
        if self.least is None:
            self.least = NOBODY
            if len(self.rows):
                levels = (book.income[self.rows] << book.bits) // self.need
                self.least = int(levels[levels.argmin()])
                self.most = int(self.need[self.need.argmax()])
        return self.least + (pay << book.bits - 1) // self.most


def tidy(book: Book, jobs: list[int], passes: int) -> int:
    """Shares of these jobs rest with people to whom they matter most.

    Returns how many steps the last pass still made; 0 means that none is left.
    """
    moved = 0
    for _ in range(passes):
        moved = 0
        for job in jobs:
            if book.new[job]:
                holding = sorted(book.new[job], key=book.turn)
                passed = _pass_on(book, job, holding)
                if passed:
                    holding = sorted(book.new[job], key=book.turn)
                moved += passed + _even_out(book, job, holding)
        if not moved:
            break
    return moved


def _pass_on(book: Book, job: int, holding: list[int]) -> int:
    """Whole shares of the job go on, the highest level's first; how many did."""
    moved = 0
    sends = book.sends(job)
    near: Near | None = None
    far: Near | None = None
    for maker in reversed(holding):
        if sends[book.home[maker]] == 1:
            far = far or candidates(book, job, None)
            heir = _heir(book, job, maker, far)
        else:
            near = near or candidates(book, job, sends)
            heir = _heir(book, job, maker, near)
        if heir is not None:
            pieces = book.new[job][maker]
            sends[book.home[maker]] -= 1
            sends[book.home[heir]] += heir not in book.new[job]
            book.take(job, maker, pieces)
            book.give(job, heir, pieces)
            near = far = None
            moved += 1
    return moved


def candidates(book: Book, job: int, sends: Counter[int] | None) -> Near:
    """Makers with room for a lot, in the bases that send a parcel (None: anywhere)."""
    columns, line = book.columns, book.jobs[job]
    pool = book.pool(job)
    rows = pool.rows
    if sends is not None:
        rows = pool.inside(sorted(base for base, count in sends.items() if count > 0))
    room = book.room[:, line.deadline][rows]
    able = room >= line.minutes
    for barred in (*book.barred[job], *book.fixed[job]):
        able &= rows != barred
    some = able.nonzero()[0]
    rows = rows[some]
    home = columns.home[rows]
    base_room = book.base_room[:, line.deadline][home]
    return Near(rows, home, columns.need[rows], room[some], base_room)


def _heir(book: Book, job: int, maker: int, near: Near) -> int | None:
    """Whom her whole share lifts most, if that is fairer than leaving it with her."""
    line = book.jobs[job]
    pieces = book.new[job][maker]
    pay, minutes = pieces * line.rate, pieces * line.minutes
    bits = book.bits - 1
    limit = ((2 * book.income_of[maker] - pay) << bits) // book.need[maker]
    if near.lowest(book, pay) >= limit:
        return None
    able = near.base_room >= minutes
    able |= near.home == book.home[maker]
    able &= near.room >= minutes
    found = able.nonzero()[0]
    if not len(found):
        return None
    rows = near.rows[found]
    lifted = ((2 * book.income[rows] + pay) << bits) // near.need[found]
    best = int(lifted[lifted.argmin()])
    if best >= limit:
        return None
    ties = rows[lifted == best]
    return int(ties[int(book.columns.rank[ties].argmin())])


def _even_out(book: Book, job: int, holding: list[int]) -> int:
    """Pieces shift from the highest to the lowest level within the job."""
    moved = 0
    last = len(holding) - 1
    for low in holding:
        while last > 0 and holding[last] != low:
            if _shift(book, job, holding[last], low):
                moved += 1
                break
            last -= 1
        else:
            break
    return moved


def _shift(book: Book, job: int, high: int, low: int) -> bool:
    """As many pieces go from `high` to `low` as bring their levels together."""
    line = book.jobs[job]
    spare = book.new[job][high] - book.lot[job]
    if spare <= 0:
        return False
    need_low, need_high = book.need[low], book.need[high]
    gap = book.income_of[high] * need_low - book.income_of[low] * need_high
    even = gap // (line.rate * (need_low + need_high))
    if even <= 0:
        return False
    pieces = min(spare, even, book.fits_from(job, low, high))
    if pieces <= 0:
        return False
    book.take(job, high, pieces)
    book.give(job, low, pieces)
    return True
