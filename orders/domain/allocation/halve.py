"""Fewer extremes: parts of large shares go to people who stand far lower.

A share is split with a colleague of the same base, which adds a hand-off but no parcel,
or with one of the poorest fifth wherever she is. Both have budgets.
"""

from collections import Counter
from collections.abc import Callable

import numpy as np

from .book import Book
from .gather import MOST_PARCELS, level_of_fifth
from .intake import Ints
from .tidy import Near, candidates

MOST_HANDS = (108, 100)
"""Hand-offs may grow to so many for each job and each maker with work."""

Split = tuple[int, int, int]
"""By how much income² ÷ need falls, who gets a part, how many pieces."""
Find = Callable[[int, int], Split | None]


def halve(book: Book, jobs: list[int], floor: int) -> int:
    """Parts of at least half a floor go to colleagues; returns how many did."""
    makers = {maker for job in jobs for maker in book.new[job]}
    levels = sorted(map(book.level, makers))
    if not levels:
        return 0
    quarter = levels[len(levels) // 4]

    def find(job: int, maker: int) -> Split | None:
        if book.level(maker) <= quarter or _spare(book, job, maker, floor) <= 0:
            return None
        near = candidates(book, job, Counter((book.home[maker],)))
        return _best(book, job, maker, near, floor)

    return _split(book, jobs, find, len(jobs) * 10**6)


def lift(book: Book, jobs: list[int], floor: int) -> int:
    """Parts go to the poorest fifth, with a further parcel while there are few."""
    fifth = level_of_fifth(book)
    need = np.array(book.need, dtype=np.int64)
    poor = (book.income << book.bits) // need <= fifth
    pools: dict[int, Ints] = {}

    def find(job: int, maker: int) -> Split | None:
        pool = book.columns.pool(book.jobs[job])
        if id(pool) not in pools:
            pools[id(pool)] = np.flatnonzero(poor[pool.rows])
        found = pools[id(pool)]
        above = (book.income_of[maker] << book.bits) // book.need[maker] > fifth
        if not len(found) or not above or _spare(book, job, maker, floor) <= 0:
            return None
        rows, home, at = pool.rows[found], pool.home[found], book.jobs[job].deadline
        room, base_room = book.room[rows, at], book.base_room[home, at]
        near = Near(rows, home, pool.need[found], room, base_room)
        return _best(book, job, maker, near, floor)

    parcels = sum(len(book.parcels(job)) for job in jobs)
    most = len(jobs) * MOST_PARCELS[0] // MOST_PARCELS[1]
    return _split(book, jobs, find, most - parcels)


def _split(book: Book, jobs: list[int], find: Find, parcels: int) -> int:
    """The splits that even out most are made while both budgets last."""
    hand_offs = sum(len(book.new[job]) + len(book.fixed[job]) for job in jobs)
    makers = {maker for job in jobs for maker in (*book.new[job], *book.fixed[job])}
    left = (len(jobs) + len(makers)) * MOST_HANDS[0] // MOST_HANDS[1] - hand_offs
    if left <= 0:
        return 0
    found: list[tuple[int, int, int]] = []
    for job in jobs:
        for maker in book.new[job]:
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
            if further > parcels:
                continue
            parcels -= further
            book.take(job, maker, best[2])
            book.give(job, best[1], best[2])
            done += 1
    return done


def _good(book: Book, job: int, floor: int) -> int:
    """Pieces that are worth a hand-off of their own."""
    return max(book.lot[job], -(-floor // (2 * book.jobs[job].minutes)))


def _spare(book: Book, job: int, maker: int, floor: int) -> int:
    """Pieces that she could give up, 0 where both parts would not be good."""
    good = _good(book, job, floor)
    spare = book.new[job].get(maker, 0) - good
    return spare if spare >= good else 0


def _best(book: Book, job: int, maker: int, near: Near, floor: int) -> Split | None:
    """The split with the lowest of these people that brings their levels together."""
    line = book.jobs[job]
    good = _good(book, job, floor)
    same = near.home == book.home[maker]
    room = np.where(same, near.room, np.minimum(near.room, near.base_room))
    able = np.flatnonzero(room >= good * line.minutes)
    levels = (book.income[near.rows[able]] << book.bits) // near.need[able]
    order = able[np.argsort(levels, kind="stable")].tolist()
    at = next((at for at in order if _may(book, job, int(near.rows[at]))), None)
    if at is None:
        return None
    heir = int(near.rows[at])
    mine, hers = book.need[maker], book.need[heir]
    gap = book.income_of[maker] * hers - book.income_of[heir] * mine
    even = gap // (line.rate * (mine + hers))
    pieces = min(_spare(book, job, maker, floor), int(room[at]) // line.minutes, even)
    if pieces < good:
        return None
    pay = pieces * line.rate
    less = pay * (2 * book.income_of[maker] - pay) // mine
    return less - pay * (2 * book.income_of[heir] + pay) // hers, heir, pieces


def _may(book: Book, job: int, heir: int) -> bool:
    """She has no part of the job yet and may have one."""
    return heir not in book.new[job] and book.may(job, heir)
