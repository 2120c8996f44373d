"""Fewer hand-offs at the same incomes: two makers who share two jobs trade parts."""

from .book import Book
from .holdings import jobs_by_maker

NEAR = 4
"""Each of the makers who share two jobs trades with this many next ones at most."""

Four = tuple[int, int, int, int]
Work = tuple[int, int]
"""A deadline and minutes."""


def untangle(book: Book, jobs: list[int]) -> int:
    """Circles of two makers and two jobs are opened; returns the hand-offs saved.

    One gives all of her part of one job for pieces of equal pay of the other, so the
    incomes change by less than one piece and a hand-off is gone.
    """
    allowed = [job for job in jobs if len(book.new[job]) > 1]
    hers = jobs_by_maker(book, allowed)
    pairs: dict[tuple[int, int], list[int]] = {}
    for maker in sorted(hers):
        mine = sorted(hers[maker])
        for at, one in enumerate(mine):
            for other in mine[at + 1 :]:
                pairs.setdefault((one, other), []).append(maker)
    return sum(_open(book, *pair, who) for pair, who in pairs.items() if len(who) > 1)


def _open(book: Book, one: int, other: int, makers: list[int]) -> int:
    """All circles through these two jobs."""
    saved = 0
    for at, left in enumerate(makers):
        for right in makers[at + 1 : at + 1 + NEAR]:
            if not _both(book, one, other, left):
                break
            if _both(book, one, other, right):
                saved += any(
                    _trade(book, four)
                    for four in (
                        (one, other, left, right),
                        (one, other, right, left),
                        (other, one, left, right),
                        (other, one, right, left),
                    )
                )
    return saved


def _both(book: Book, one: int, other: int, maker: int) -> bool:
    return maker in book.new[one] and maker in book.new[other]


def _trade(book: Book, four: Four) -> bool:
    """The giver hands all of job `one` on and gets pieces of `other` for it."""
    one, other, giver, getter = four
    pieces = book.new[one][giver]
    rate = book.jobs[other].rate
    back = (pieces * book.jobs[one].rate + rate // 2) // rate
    rest = book.new[other][getter] - back
    if back < 1 or rest < 0 or 0 < rest < book.lot[other]:
        return False
    if not _may_fit(book, four, pieces, back):
        return False
    return book.exchange((one, giver, pieces), (other, getter, back))


def _may_fit(book: Book, four: Four, pieces: int, back: int) -> bool:
    """A look at the hours of both and of their bases: who fails here can't trade."""
    one, other, giver, getter = four
    first, second = book.jobs[one], book.jobs[other]
    taken = first.deadline, pieces * first.minutes
    returned = second.deadline, back * second.minutes
    hours = book.slack_of, book.room_of, book.days
    if not _swaps(*hours, getter, taken, returned):
        return False
    if not _swaps(*hours, giver, returned, taken):
        return False
    here, there = book.home[giver], book.home[getter]
    hours = book.base_slack_of, book.base_room_of, book.days
    return here == there or (
        _swaps(*hours, there, taken, returned) and _swaps(*hours, here, returned, taken)
    )


def _swaps(
    slack: memoryview, room: memoryview, days: int, row: int, more: Work, less: Work
) -> bool:
    """Whether the one work fits in this row of the tables once the other has left it.

    Until the other is due, it makes no room.
    """
    (at, minutes), (until, freed) = more, less
    first = row * days
    if room[first + max(at, until)] + freed < minutes:
        return False
    return all(slack[first + day] >= minutes for day in range(at, until))
