"""Fewer extremes: parts of large shares go to people who stand far lower.

A share is split with a colleague of the same base, which adds a hand-off but no parcel,
or with one of the poorest fifth wherever she is. Both have budgets.
"""

from collections.abc import Callable

import numpy as np

from .book import Book
from .columns import PoolKey, pool_key
from .gather import BEYOND, MOST_PARCELS, level_of_fifth
from .holdings import holdings
from .intake import Ints
from .tidy import candidates

MOST_HANDS = (108, 100)
"""Hand-offs may grow to so many for each job and each maker with work."""

Split = tuple[int, int, int]
"""By how much income² ÷ need falls, who gets a part, how many pieces."""
_Poor = tuple[Ints, Ints, Ints]
"""Rows, bases and needs of the poor who are certified for some work."""
Find = Callable[[int, int], Split | None]
Seen = dict[tuple[int, int], tuple[int, int] | None]
"""By job and base who gets parts given up there, if anybody may, and her minutes."""


def halve(book: Book, jobs: list[int], floor: int) -> int:
    """Parts of at least half a floor go to colleagues; returns how many did."""
    makers = np.unique(holdings(book, jobs)[1])
    if not len(makers):
        return 0
    quarter = int(np.sort(_levels(book, makers))[len(makers) // 4])
    seen: Seen = {}

    def find(job: int, maker: int) -> Split | None:
        if not _large(book, job, maker, quarter, floor):
            return None
        base = book.home[maker]
        if (job, base) not in seen:
            near = candidates(book, job, book.pool(job).inside([base]))
            seen[job, base] = _lowest(
                book, job, (near.rows, near.need), near.room, floor
            )
        return _best(book, job, maker, seen[job, base], floor)

    large = _all_large(book, jobs, quarter, floor)
    return _split(book, jobs, large, find, len(jobs) * 10**6, seen)


def lift(book: Book, jobs: list[int], floor: int) -> int:
    """Parts go to the poorest fifth, with a further parcel while there are few."""
    fifth = level_of_fifth(book)
    poor = _levels(book, np.arange(len(book.need))) <= fifth
    pools: dict[PoolKey, _Poor] = {}
    seen: Seen = {}

    def find(job: int, maker: int) -> Split | None:
        if not _large(book, job, maker, fifth, floor):
            return None
        base = book.home[maker]
        if (job, base) not in seen:
            line = book.jobs[job]
            pool, key = book.pool(job), pool_key(line)
            if key not in pools:
                some = poor[pool.rows].nonzero()[0]
                pools[key] = pool.rows[some], pool.home[some], pool.need[some]
            seen[job, base] = _poorest(book, job, pools[key], base, floor)
        return _best(book, job, maker, seen[job, base], floor)

    parcels = sum(len(book.parcels(job)) for job in jobs)
    most = len(jobs) * MOST_PARCELS[0] // MOST_PARCELS[1]
    large = _all_large(book, jobs, fifth, floor)
    return _split(book, jobs, large, find, most - parcels, seen)


def _split(
    book: Book,
    jobs: list[int],
    large: list[tuple[int, int]],
    find: Find,
    parcels: int,
    seen: Seen,
) -> int:
    """The splits that even out most are made while both budgets last.

    What was `seen` of the book holds until one is made.
    """
    hand_offs = sum(len(book.new[job]) + len(book.fixed[job]) for job in jobs)
    makers = {maker for job in jobs for maker in (*book.new[job], *book.fixed[job])}
    left = (len(jobs) + len(makers)) * MOST_HANDS[0] // MOST_HANDS[1] - hand_offs
    if left <= 0:
        return 0
    found: list[tuple[int, int, int]] = []
    for job, maker in large:
        best = find(job, maker)
        if best is not None:
            found.append((-best[0], job, maker))
    done = 0
    for _, job, maker in sorted(found):
        if done == left:
            break
        best = find(job, maker)
        if best is not None:
            further = book.home[best[1]] not in book.parcels(job)
            if further and parcels < 1:
                continue
            parcels -= further
            book.take(job, maker, best[2])
            book.give(job, best[1], best[2])
            seen.clear()
            done += 1
    return done


def _levels(book: Book, makers: Ints) -> Ints:
    return (book.income[makers] << book.bits) // book.columns.need[makers]


def _large(book: Book, job: int, maker: int, level: int, floor: int) -> bool:
    """She stands above this level, and her share makes two good parts."""
    above = (book.income_of[maker] << book.bits) // book.need[maker] > level
    return above and _spare(book, job, maker, floor) > 0


def _all_large(
    book: Book, jobs: list[int], level: int, floor: int
) -> list[tuple[int, int]]:
    """All (job, maker) of which that is true."""
    sizes, makers, pieces = holdings(book, jobs)
    good = np.repeat([_good(book, job, floor) for job in jobs], sizes)
    some = (pieces >= 2 * good) & (_levels(book, makers) > level)
    job = np.repeat(jobs, sizes)[some]
    return list(zip(job.tolist(), makers[some].tolist(), strict=True))


def _good(book: Book, job: int, floor: int) -> int:
    """Pieces that are worth a hand-off of their own."""
    return max(book.lot[job], -(-floor // (2 * book.jobs[job].minutes)))


def _spare(book: Book, job: int, maker: int, floor: int) -> int:
    """Pieces that she could give up, 0 where both parts would not be good."""
    good = _good(book, job, floor)
    spare = book.new[job].get(maker, 0) - good
    return spare if spare >= good else 0


def _poorest(
    book: Book, job: int, poor: _Poor, base: int, floor: int
) -> tuple[int, int] | None:
    """The lowest of the poor who may make a part that somebody of the base gives up."""
    (rows, home, need), at = poor, book.jobs[job].deadline
    room, base_room = book.room[:, at][rows], book.base_room[:, at][home]
    room = np.where(home == base, room, np.minimum(room, base_room))
    return _lowest(book, job, (rows, need), room, floor)


def _lowest(
    book: Book, job: int, near: tuple[Ints, Ints], room: Ints, floor: int
) -> tuple[int, int] | None:
    """The lowest of these (rows, needs) who may make a good part, and her minutes."""
    able = (room >= _good(book, job, floor) * book.jobs[job].minutes).nonzero()[0]
    rows = near[0][able]
    levels = (book.income[rows] << book.bits) // near[1][able]
    for _ in range(len(able)):
        at = int(levels.argmin())
        heir = int(rows[at])
        if heir not in book.new[job] and book.may(job, heir):
            return heir, int(room[able[at]])
        levels[at] = BEYOND
    return None


def _best(
    book: Book, job: int, maker: int, lowest: tuple[int, int] | None, floor: int
) -> Split | None:
    """A split with her, of good parts, that brings their levels near to one another."""
    if lowest is None:
        return None
    line, (heir, room) = book.jobs[job], lowest
    mine, hers = book.need[maker], book.need[heir]
    gap = book.income_of[maker] * hers - book.income_of[heir] * mine
    even, good = gap // (line.rate * (mine + hers)), _good(book, job, floor)
    most = min(_spare(book, job, maker, floor), room // line.minutes)
    if most < good:
        return None
    pieces = min(most, max(even, good))
    pay = pieces * line.rate
    less = pay * (2 * book.income_of[maker] - pay) // mine
    fall = less - pay * (2 * book.income_of[heir] + pay) // hers
    return (fall, heir, pieces) if fall > 0 else None
