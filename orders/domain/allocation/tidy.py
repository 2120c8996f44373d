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


class Heights:
    """The level of every maker, kept up to date while pieces change hands."""

    def __init__(self, book: Book) -> None:
        self.book = book
        self.of: Ints = (book.income << book.bits) // book.columns.need

    def below(self, makers: Ints, top: int) -> Ints:
        """Those of these makers whose level is lower than `top`."""
        return makers[(self.of[makers] < top).nonzero()[0]]

    def hand_on(self, job: int, giver: int, heir: int, pieces: int) -> None:
        """Pieces of the job pass from one maker to another."""
        book = self.book
        book.take(job, giver, pieces)
        book.give(job, heir, pieces)
        for maker in (giver, heir):
            self.of[maker] = (book.income_of[maker] << book.bits) // book.need[maker]


@dataclass(slots=True)
class Near:
    """Makers who could take a share over, with their room in minutes."""

    rows: Ints
    home: Ints
    need: Ints
    room: Ints
    base_room: Ints


@dataclass(slots=True)
class Heirs:
    """Those near whose level is below `top`, with the lowest and the largest need."""

    near: Near
    top: int
    least: int
    most: int

    def lowest(self, book: Book, pay: int) -> int:
        """With so much pay none of them lifts income² ÷ need by less for each fen."""
        return self.least + (pay << book.bits - 1) // self.most


def tidy(book: Book, jobs: list[int], passes: int) -> int:
    """Shares of these jobs rest with people to whom they matter most.

    Returns how many steps the last pass still made; 0 means that none is left.
    """
    heights = Heights(book)
    moved = 0
    for _ in range(passes):
        moved = 0
        for job in jobs:
            if book.new[job]:
                holding = sorted(book.new[job], key=book.turn)
                passed = _pass_on(heights, job, holding)
                if passed:
                    holding = sorted(book.new[job], key=book.turn)
                moved += passed + _even_out(heights, job, holding)
        if not moved:
            break
    return moved


def _pass_on(heights: Heights, job: int, holding: list[int]) -> int:
    """Whole shares of the job go on, the highest level's first; how many did."""
    book, moved = heights.book, 0
    sends = book.sends(job)
    found: dict[bool, Heirs] = {}
    for maker in reversed(holding):
        alone = sends[book.home[maker]] == 1
        heirs, top = found.get(alone), int(heights.of[maker])
        if heirs is None or heirs.top < top:
            heirs = found[alone] = _heirs(heights, job, None if alone else sends, top)
        heir = _heir(book, job, maker, heirs)
        if heir is not None:
            sends[book.home[maker]] -= 1
            sends[book.home[heir]] += heir not in book.new[job]
            heights.hand_on(job, maker, heir, book.new[job][maker])
            found.clear()
            moved += 1
    return moved


def _heirs(heights: Heights, job: int, sends: Counter[int] | None, top: int) -> Heirs:
    """Who stands lower, in the bases that send a parcel (None: anywhere)."""
    book = heights.book
    makers = book.pool(job).rows if sends is None else senders(book, job, sends)
    near = candidates(book, job, heights.below(makers, top))
    if not len(near.rows):
        return Heirs(near, top, NOBODY, 1)
    least = heights.of[near.rows]
    return Heirs(near, top, int(least[least.argmin()]), int(near.need.max()))


def senders(book: Book, job: int, sends: Counter[int]) -> Ints:
    """Who may make the job in the bases that send a parcel."""
    bases = sorted(base for base, count in sends.items() if count > 0)
    return book.pool(job).inside(bases)


def candidates(book: Book, job: int, makers: Ints) -> Near:
    """Those of these makers, who are certified, who may have it and have the hours."""
    line = book.jobs[job]
    room = book.room[:, line.deadline][makers]
    able = room >= line.minutes
    for barred in (*book.barred[job], *book.fixed[job]):
        able &= makers != barred
    some = able.nonzero()[0]
    rows = makers[some]
    home = book.columns.home[rows]
    base_room = book.base_room[:, line.deadline][home]
    return Near(rows, home, book.columns.need[rows], room[some], base_room)


def _heir(book: Book, job: int, maker: int, heirs: Heirs) -> int | None:
    """Whom her whole share lifts most, if that is fairer than leaving it with her."""
    line, near = book.jobs[job], heirs.near
    pieces = book.new[job][maker]
    pay, minutes = pieces * line.rate, pieces * line.minutes
    bits = book.bits - 1
    limit = ((2 * book.income_of[maker] - pay) << bits) // book.need[maker]
    if heirs.lowest(book, pay) >= limit:
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


def _even_out(heights: Heights, job: int, holding: list[int]) -> int:
    """Pieces shift from the highest to the lowest level within the job."""
    moved = 0
    last = len(holding) - 1
    for low in holding:
        while last > 0 and holding[last] != low:
            if _shift(heights, job, holding[last], low):
                moved += 1
                break
            last -= 1
        else:
            break
    return moved


def _shift(heights: Heights, job: int, high: int, low: int) -> bool:
    """As many pieces go from `high` to `low` as bring their levels together."""
    book = heights.book
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
    heights.hand_on(job, high, low, pieces)
    return True
