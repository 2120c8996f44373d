"""Fewer hand-offs: where there are too many, a share joins another of the same job.

Only who has other work, and stays above the poorest fifth, gives her share up for it.
"""

from collections import Counter

import numpy as np

from .book import Book
from .gather import level_of_fifth, level_without

HANDS = (112, 132)
"""So many hand-offs for each hundred jobs and makers with work are few enough: in a
month with room, and in a full one."""
FULL = (38, 50)
"""So many in a hundred of all hours are asked for in such months."""
ASKED = 40
"""So many of the others who make the job are asked, the lowest level first."""


def spare(book: Book, jobs: list[int]) -> int:
    """Shares join others until hand-offs are few enough; returns how many did."""
    work = Counter(maker for job in jobs for maker in book.new[job])
    excess = work.total() - (len(jobs) + len(work)) * _hands(book, jobs) // 100
    if excess <= 0:
        return 0
    poor = level_of_fifth(book)
    found = [
        (move[0], job, maker)
        for job in jobs
        if len(book.new[job]) > 1
        for maker in book.new[job]
        if work[maker] > 1 and (move := _cheapest(book, job, maker, poor)) is not None
    ]
    done = 0
    for cost, job, maker in sorted(found):
        if done == excess:
            break
        move = _cheapest(book, job, maker, poor) if work[maker] > 1 else None
        if move is not None and move[0] <= max(2 * cost, cost // 2):
            pieces = book.new[job][maker]
            book.take(job, maker, pieces)
            book.give(job, move[1], pieces)
            work[maker] -= 1
            done += 1
    return done


def _hands(book: Book, jobs: list[int]) -> int:
    """Hand-offs for each hundred jobs and makers: more where hours are short."""
    columns = book.columns
    own = np.zeros(len(columns.bases), dtype=np.int64)
    np.add.at(own, columns.home, columns.free[:, -1])
    room = int(np.minimum(own, columns.capacity[:, -1]).sum())
    asked = sum(book.jobs[job].pieces * book.jobs[job].minutes for job in jobs)
    full = min(max(asked * 100 // max(room, 1), FULL[0]), FULL[1]) - FULL[0]
    return HANDS[0] + (HANDS[1] - HANDS[0]) * full // (FULL[1] - FULL[0])


def _cheapest(book: Book, job: int, maker: int, poor: int) -> tuple[int, int] | None:
    """By how much income² ÷ need grows at least if one of the others takes it all."""
    pieces = book.new[job][maker]
    pay, mine = pieces * book.jobs[job].rate, book.income_of[maker]
    if level_without(book, job, maker) < poor:
        return None
    less = pay * (2 * mine - pay) // book.need[maker]
    best: tuple[int, int] | None = None
    others = sorted((book.level(one), one) for one in book.new[job] if one != maker)
    for _, heir in others[:ASKED]:
        if book.fits_from(job, heir, maker) >= pieces:
            more = pay * (2 * book.income_of[heir] + pay) // book.need[heir]
            if best is None or more - less < best[0]:
                best = more - less, heir
    return best
