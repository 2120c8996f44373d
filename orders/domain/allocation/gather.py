"""Fewer parcels: where too many are sent, bases with few shares hand them on.

Only who stays above the poorest fifth gives her share up for it.
"""

import numpy as np

from .book import Book
from .measures import fifth_at
from .tidy import candidates

MOST_PARCELS = (195, 100)
"""Parcels for each job, from which on they are spared."""
FEW_SHARES = 12
"""A base with so many shares of a job may hand all of them on."""


def gather(book: Book, jobs: list[int]) -> int:
    """Shares move until parcels are few enough; returns how many fewer are sent."""
    most = len(jobs) * MOST_PARCELS[0] // MOST_PARCELS[1]
    spare = sum(len(book.parcels(job)) for job in jobs) - most
    if spare <= 0:
        return 0
    moved = _join(book, jobs, spare)
    return moved + _close(book, jobs, spare - moved)


def _join(book: Book, jobs: list[int], spare: int) -> int:
    """Lone shares of a base join another, those that cost evenness least first."""
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


def _close(book: Book, jobs: list[int], spare: int) -> int:
    """Bases with few shares of a job hand all of them on; returns how many bases."""
    if spare <= 0:
        return 0
    poor = level_of_fifth(book)
    few: list[tuple[int, int, int]] = []
    for job in jobs:
        sends = book.sends(job)
        if len(sends) > 1:
            few += [(n, job, base) for base, n in sends.items() if n <= FEW_SHARES]
    done = 0
    for _, job, base in sorted(few):
        if done == spare:
            break
        done += _closed(book, job, base, poor)
    return done


def _closed(book: Book, job: int, base: int, poor: int) -> bool:
    """All shares of the base go to other bases that send a parcel, or none does."""
    there = sorted(maker for maker in book.new[job] if book.home[maker] == base)
    sends = book.sends(job)
    if len(sends) < 2 or sends[base] > len(there):
        return False
    moves: list[tuple[int, int, int]] = []
    for maker in there:
        pieces = book.new[job][maker]
        move = _cheapest(book, job, maker, poor)
        if move is not None:
            book.take(job, maker, pieces)
            book.give(job, move[1], pieces)
            moves.append((maker, move[1], pieces))
            continue
        others = [one for one in book.new[job] if book.home[one] != base]
        fair = level_without(book, job, maker) >= poor
        parts = share_out(book, job, maker, others) if fair else None
        if parts is None:
            for giver, heir, part in reversed(moves):
                book.take(job, heir, part)
                book.give(job, giver, part)
            return False
        moves += [(maker, heir, part) for heir, part in parts]
    return True


def share_out(
    book: Book, job: int, maker: int, others: list[int]
) -> list[tuple[int, int]] | None:
    """Her pieces are with these others, who make some already, the lowest level first.

    Returns who got how many; None, and nothing has moved, if they have no room for all.
    """
    pieces = book.new[job][maker]
    book.take(job, maker, pieces)
    parts: list[tuple[int, int]] = []
    rest = pieces
    for heir in sorted(others, key=lambda one: (book.level(one), one)):
        part = min(rest, book.fits(job, heir))
        if part > 0:
            book.give(job, heir, part)
            parts.append((heir, part))
            rest -= part
    if not rest:
        return parts
    for heir, part in parts:
        book.take(job, heir, part)
    book.give(job, maker, pieces)
    return None


def level_of_fifth(book: Book) -> int:
    """The level below which the poorest fifth of need stands."""
    return fifth_at(book.columns, book.income, book.bits)


def level_without(book: Book, job: int, maker: int) -> int:
    """The level at which she would stand without her share of the job."""
    income = book.income_of[maker] - book.new[job][maker] * book.jobs[job].rate
    return (income << book.bits) // book.need[maker]


def _cheapest(book: Book, job: int, maker: int, poor: int) -> tuple[int, int] | None:
    """By how much income² ÷ need grows at least if another base makes her share."""
    line = book.jobs[job]
    pieces = book.new[job][maker]
    pay, minutes = pieces * line.rate, pieces * line.minutes
    left = book.income_of[maker] - pay
    if level_without(book, job, maker) < poor:
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
