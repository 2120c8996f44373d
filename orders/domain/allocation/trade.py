"""Finer levels: one of the poorest fifth and somebody above trade whole shares.

Both are of the same craft, and she gets the larger one. No hand-off and no parcel is
added, and nothing gets late.
"""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from .book import Book
from .gather import level_of_fifth
from .holdings import holdings
from .intake import Ints, Truths
from .swaps import Parcels, parcels_of, room_without

BLOCK = 600
"""Shares of a craft, neighbours by base, among which partners are looked for."""
LEAST_BITS = 30
"""Squares of incomes need more bits than are left only beyond all wages."""

Share = tuple[int, int, int]
"""Job, maker and pieces."""
Trade = tuple[int, Share, Share]
"""By how much income² ÷ need falls (less than nothing), her share and theirs."""


@dataclass(slots=True)
class _Block:
    """Shares of one craft by column; `held` is the grade of who has each of them.

    `room` is what its maker has free by each deadline without it, `base_room` her base.
    """

    book: Book
    sends: Parcels
    job: Ints
    maker: Ints
    pieces: Ints
    pay: Ints
    minutes: Ints
    due: Ints
    grade: Ints
    home: Ints
    room: Ints
    base_room: Ints
    held: Ints

    def shares(self, rows: Ints) -> list[Share]:
        """These rows as shares."""
        columns = (self.job[rows], self.maker[rows], self.pieces[rows])
        return list(zip(*(one.tolist() for one in columns), strict=True))


def trade(book: Book, jobs: list[int]) -> int:
    """Whole shares change hands where that evens incomes out; returns how many pairs.

    The pairs that even out most go first; whoever traded once waits for the next time.
    """
    if book.bits < LEAST_BITS:
        return 0
    fifth = level_of_fifth(book)
    found: list[Trade] = []
    for block in _blocks(book, jobs):
        found += _trades(block, fifth)
    traded: set[int] = set()
    for _, hers, theirs in sorted(found):
        both = {hers[1], theirs[1]}
        if not both & traded and _swap(book, hers, theirs):
            traded |= both
    return len(traded) // 2


def _blocks(book: Book, jobs: list[int]) -> list[_Block]:
    """Craft after craft, and in it base after base."""
    sizes, maker, pieces = holdings(book, jobs)
    if not len(maker):
        return []
    lines = [book.jobs[job] for job in jobs]
    names = sorted({book.jobs[job].craft for job in jobs if book.new[job]})
    number = {craft: at for at, craft in enumerate(names)}
    craft = np.repeat([number.get(line.craft, -1) for line in lines], sizes)
    job = np.repeat(jobs, sizes)
    order = np.lexsort((maker, job, book.columns.home[maker], craft))
    craft, job, maker, pieces = (one[order] for one in (craft, job, maker, pieces))
    row = np.repeat(np.arange(len(jobs)), sizes)[order]
    rate, minutes, due, grade = (
        np.array([getattr(line, name) for line in lines])[row]
        for name in ("rate", "minutes", "deadline", "grade")
    )
    work, home = pieces * minutes, book.columns.home[maker]
    ends = craft.searchsorted(np.arange(len(names) + 1)).tolist()
    held = [
        book.columns.grade(name, maker[first:last])
        for name, (first, last) in zip(names, pairwise(ends), strict=True)
    ]
    columns = (
        *(job, maker, pieces, pieces * rate, work, due, grade, home),
        room_without(book.slack[maker], due, work),
        room_without(book.base_slack[home], due, work),
        np.concatenate(held),
    )
    parcels = parcels_of(book, jobs)
    found: list[_Block] = []
    for start, end in pairwise(ends):
        parts = -(-(end - start) // BLOCK)
        edges = [(end - start) * part // parts for part in range(parts + 1)]
        for first, last in pairwise(edges):
            some = slice(start + first, start + last)
            found.append(_Block(book, parcels, *(column[some] for column in columns)))
    return found


def _trades(block: _Block, fifth: int) -> list[Trade]:
    """Trades within the block that even incomes out."""
    book, pay = block.book, block.pay
    need, income = book.columns.need, book.income
    low = (income[block.maker] << book.bits) // need[block.maker] <= fifth
    poor, rich = np.flatnonzero(low), np.flatnonzero(~low)
    able = (pay[rich] > pay[poor, None]) & (block.held[poor, None] >= block.grade[rich])
    able &= block.held[rich] >= block.grade[poor, None]
    at, to = np.nonzero(able)
    one, other = poor[at], rich[to]
    more = pay[other] - pay[one]
    hers, theirs = block.maker[one], block.maker[other]
    falls = more * (2 * income[theirs] - more) // need[theirs]
    falls -= more * (2 * income[hers] + more) // need[hers]
    good = (falls > 0) & _fits(block, one, other) & _fits(block, other, one)
    good[good] = _further(block, one[good], other[good]) <= 0
    shares = block.shares(one[good]), block.shares(other[good])
    return list(zip((-falls[good]).tolist(), *shares, strict=True))


def _fits(block: _Block, one: Ints, other: Ints) -> Truths:
    """Whether the owners of the one shares may have time for the others instead."""
    due, minutes = block.due[other], block.minutes[other]
    found: Truths = block.base_room[one, due] >= minutes
    found |= block.home[one] == block.home[other]
    found &= block.room[one, due] >= minutes
    return found


def _further(block: _Block, one: Ints, other: Ints) -> Ints:
    """How many parcels more are sent if the one and the other shares change places."""
    home = block.home
    more = np.zeros_like(one)
    for mine, theirs in ((one, other), (other, one)):
        job = block.job[mine]
        more += block.sends.of(job, home[theirs]) == 0
        more -= block.sends.of(job, home[mine]) == 1
    more[home[one] == home[other]] = 0
    return more


def _swap(book: Book, hers: Share, theirs: Share) -> bool:
    """Both shares change hands, if that is lawful and adds no parcel."""
    (one, left, _), (other, right, _) = hers, theirs
    if left in book.new[other] or right in book.new[one]:
        return False
    if not (book.could_make(other, left) and book.could_make(one, right)):
        return False
    if _more(book, one, left, right) + _more(book, other, right, left) > 0:
        return False
    return book.exchange(hers, theirs)


def _more(book: Book, job: int, giver: int, heir: int) -> int:
    """How many parcels more the job sends if the heir has the giver's share."""
    here, there = book.home[giver], book.home[heir]
    if here == there:
        return 0
    sends = book.sends(job)
    return (sends[there] == 0) - (sends[here] == 1)
