"""Fewer extremes: a large share is split with a colleague who stands far lower.

Every split adds a hand-off but no parcel, so there is a budget for them.
"""

from collections import Counter

import numpy as np

from .book import Book
from .tidy import candidates

MOST_HANDS = (108, 100)
"""Hand-offs may grow to so many for each job and each maker with work."""

Split = tuple[int, int, int]
"""By how much income² ÷ need falls, who gets a part, how many pieces."""


def halve(book: Book, jobs: list[int], floor: int) -> int:
    """Parts of at least half a floor go to colleagues; returns how many did."""
    hand_offs = sum(len(book.new[job]) + len(book.fixed[job]) for job in jobs)
    makers = {maker for job in jobs for maker in (*book.new[job], *book.fixed[job])}
    left = (len(jobs) + len(makers)) * MOST_HANDS[0] // MOST_HANDS[1] - hand_offs
    levels = sorted(map(book.level, makers))
    if left <= 0 or not levels:
        return 0
    quarter = levels[len(levels) // 4]
    found: list[tuple[int, int, int]] = []
    for job in jobs:
        for maker in book.new[job]:
            if book.level(maker) > quarter:
                best = _best(book, job, maker, floor)
                if best is not None:
                    found.append((-best[0], job, maker))
    done = 0
    for _, job, maker in sorted(found):
        if done == left:
            break
        best = _best(book, job, maker, floor)
        if best is not None:
            book.take(job, maker, best[2])
            book.give(job, best[1], best[2])
            done += 1
    return done


def _best(book: Book, job: int, maker: int, floor: int) -> Split | None:
    """The split with her lowest colleague that brings their levels together."""
    line = book.jobs[job]
    good = max(book.lot[job], -(-floor // (2 * line.minutes)))
    spare = book.new[job].get(maker, 0) - good
    if spare < good:
        return None
    near = candidates(book, job, Counter((book.home[maker],)))
    able = np.flatnonzero(near.room >= good * line.minutes)
    levels = (book.income[near.rows[able]] << book.bits) // near.need[able]
    order = able[np.argsort(levels, kind="stable")].tolist()
    at = next((at for at in order if int(near.rows[at]) not in book.new[job]), None)
    if at is None:
        return None
    heir = int(near.rows[at])
    mine, hers = book.need[maker], book.need[heir]
    gap = book.income_of[maker] * hers - book.income_of[heir] * mine
    even = gap // (line.rate * (mine + hers))
    pieces = min(spare, int(near.room[at]) // line.minutes, even)
    if pieces < good:
        return None
    pay = pieces * line.rate
    less = pay * (2 * book.income_of[maker] - pay) // mine
    return less - pay * (2 * book.income_of[heir] + pay) // hers, heir, pieces
