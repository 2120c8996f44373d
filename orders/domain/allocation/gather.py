"""Fewer parcels: where too many are sent, lone shares join bases that send anyway.

Only who stays above the poorest fifth gives her share up for it.
"""

import numpy as np

from .book import Book
from .measures import fifth_at
from .tidy import candidates

MOST_PARCELS = (195, 100)
"""Parcels for each job, from which on they are spared."""
MOST_ROUNDS = 4


def gather(book: Book, jobs: list[int]) -> int:
    """Lone shares move until there are few enough parcels; returns how many did."""
    most = len(jobs) * MOST_PARCELS[0] // MOST_PARCELS[1]
    spare = sum(len(book.parcels(job)) for job in jobs) - most
    moved = 0
    for _ in range(MOST_ROUNDS):
        found = _gather(book, jobs, spare - moved) if spare > moved else 0
        if not found:
            break
        moved += found
    return moved


def _gather(book: Book, jobs: list[int], spare: int) -> int:
    """One round over all jobs, the moves that cost evenness least first."""
    poor = level_of_fifth(book)
    found: list[tuple[int, int, int]] = []
    for job in jobs:
        sends = book.sends(job)
        if len(sends) > 1:
            for maker in book.new[job]:
                if sends[book.home[maker]] == 1:
                    move = _cheapest(book, job, maker, poor)
                    if move is not None:
                        found.append((move[0], job, maker))
    done = 0
    for cost, job, maker in sorted(found):
        if done == spare:
            break
        sends = book.sends(job)
        if len(sends) < 2 or sends[book.home[maker]] != 1:
            continue
        move = _cheapest(book, job, maker, poor)
        if move is not None and move[0] <= max(2 * cost, cost // 2):
            pieces = book.new[job][maker]
            book.take(job, maker, pieces)
            book.give(job, move[1], pieces)
            done += 1
    return done


def level_of_fifth(book: Book) -> int:
    """The level below which the poorest fifth of need stands."""
    return fifth_at(book.columns, book.income, book.bits)


def _cheapest(book: Book, job: int, maker: int, poor: int) -> tuple[int, int] | None:
    """By how much income² ÷ need grows at least if another base makes her share."""
    line = book.jobs[job]
    pieces = book.new[job][maker]
    pay, minutes = pieces * line.rate, pieces * line.minutes
    left = book.income_of[maker] - pay
    if (left << book.bits) // book.need[maker] < poor:
        return None
    others = book.sends(job)
    del others[book.home[maker]]
    near = candidates(book, job, others)
    able = np.flatnonzero((near.room >= minutes) & (near.base_room >= minutes))
    if not len(able):
        return None
    bits = book.bits - 1
    lifted = ((2 * book.income[near.rows[able]] + pay) << bits) // near.need[able]
    ties = near.rows[able[lifted == lifted.min()]]
    heir = int(ties[int(book.columns.rank[ties].argmin())])
    less = pay * (book.income_of[maker] + left) // book.need[maker]
    return pay * (2 * book.income_of[heir] + pay) // book.need[heir] - less, heir
