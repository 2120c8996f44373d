"""Fewer parcels: where too many are sent, bases with few shares hand them on.

Only who stays above the poorest fifth gives her share up for it.
"""

import numpy as np

from .book import Book
from .measures import fifth_at
from .sharing import could, makers_of, share_out
from .tidy import Near, candidates, senders

MOST_PARCELS = (195, 100)
"""Parcels for each job, from which on they are spared."""
FAR_TOO_MANY = (2, 1)
"""In the end no more than so many, even if it costs the poorest fifth something."""
YIELDS = (100, 90, 80, 70, 60, 50)
"""Who gives a share up for that keeps so many hundredths of the fifth's level."""
FEW_SHARES = 12
"""A base with so many shares of a job may hand all of them on ..."""
VERY_FEW = 3
"""... and with so many when the plan is tidied: with more it seldom succeeds."""
BEYOND = 1 << 62
"""A level above all others."""


Seen = dict[int, Near]
"""Who could take over a share of each job, as long as no share has moved."""


def gather(book: Book, jobs: list[int], few: int = FEW_SHARES) -> int:
    """Shares move until parcels are few enough; returns how many fewer are sent.

    Bases with up to `few` shares of a job may hand all of them on.
    """
    spare = _spare(book, jobs, MOST_PARCELS)
    if spare <= 0:
        return 0
    poor = level_of_fifth(book)
    moved = _join(book, jobs, spare, poor)
    return moved + _close(book, jobs, spare - moved, few, poor)


def bundle(book: Book, jobs: list[int]) -> int:
    """In the end bases hand shares on while there are far too many parcels.

    The poorest fifth then gives shares up too, but no more than is needed. Returns how
    many fewer parcels are sent.
    """
    moved = 0
    for part in YIELDS:
        spare = _spare(book, jobs, FAR_TOO_MANY)
        if spare <= 0:
            break
        poor = yielding(book, part)
        done = _join(book, jobs, spare, poor)
        moved += done + _close(book, jobs, spare - done, FEW_SHARES, poor)
    return moved


def _spare(book: Book, jobs: list[int], most: tuple[int, int]) -> int:
    """How many parcels more than `most` for each job are sent."""
    sent = sum(len(book.parcels(job)) for job in jobs)
    return sent - len(jobs) * most[0] // most[1]


def _join(book: Book, jobs: list[int], spare: int, poor: int) -> int:
    """Lone shares of a base join another, those that cost evenness least first."""
    seen: Seen = {}
    found: list[tuple[int, int, int]] = []
    for job in jobs:
        sends = book.sends(job)
        if len(sends) > 1:
            for maker in book.new[job]:
                if sends[book.home[maker]] == 1:
                    move = _cheapest(book, job, maker, poor, seen)
                    if move is not None:
                        found.append((move[0], job, maker))
    done = 0
    for cost, job, maker in sorted(found):
        if done == spare:
            break
        sends = book.sends(job)
        if len(sends) < 2 or sends[book.home[maker]] != 1:
            continue
        move = _cheapest(book, job, maker, poor, seen)
        if move is not None and move[0] <= max(2 * cost, cost // 2):
            pieces = book.new[job][maker]
            book.take(job, maker, pieces)
            book.give(job, move[1], pieces)
            seen.clear()
            done += 1
    return done


def _close(book: Book, jobs: list[int], spare: int, most: int, poor: int) -> int:
    """Bases with few shares of a job hand all of them on; returns how many bases."""
    if spare <= 0:
        return 0
    few: list[tuple[int, int, int]] = []
    for job in jobs:
        sends = book.sends(job)
        if len(sends) > 1:
            few += [(n, job, base) for base, n in sends.items() if n <= most]
    done = 0
    seen: Seen = {}
    for _, job, base in sorted(few):
        if done == spare:
            break
        done += _closed(book, job, base, poor, seen)
    return done


def _closed(book: Book, job: int, base: int, poor: int, seen: Seen) -> bool:
    """All shares of the base go to other bases that send a parcel, or none does."""
    there = sorted(maker for maker in book.new[job] if book.home[maker] == base)
    if any(level_without(book, job, maker) < poor for maker in there):
        return False
    fixed = book.fixed[job].values()
    alone = not fixed and len(there) == len(book.new[job])
    if alone or any(at == base for _, at in fixed):
        return False
    moves: list[tuple[int, int, int]] = []
    for maker in there:
        pieces = book.new[job][maker]
        move = _cheapest(book, job, maker, poor, seen)
        if move is not None:
            book.take(job, maker, pieces)
            book.give(job, move[1], pieces)
            seen.clear()
            moves.append((maker, move[1], pieces))
            continue
        parts = _shared_out(book, job, maker)
        if parts is None:
            for giver, heir, part in reversed(moves):
                book.take(job, heir, part)
                book.give(job, giver, part)
            if moves:
                seen.clear()
            return False
        seen.clear()
        moves += [(maker, heir, part) for heir, part in parts]
    return True


def _shared_out(book: Book, job: int, maker: int) -> list[tuple[int, int]] | None:
    """As `share_out`, with all others who make some in another base."""
    makers = makers_of(book, job)
    away = makers[book.columns.home[makers] != book.home[maker]]
    if could(book, job, maker, away) < book.new[job][maker]:
        return None
    return share_out(book, job, maker, away.tolist())


def level_of_fifth(book: Book) -> int:
    """The level below which the poorest fifth of need stands."""
    return fifth_at(book.columns, book.income, book.bits)


def yielding(book: Book, part: int) -> int:
    """So many hundredths of the level of the poorest fifth."""
    fifth = level_of_fifth(book)
    return fifth - abs(fifth) * (100 - part) // 100


def level_without(book: Book, job: int, maker: int) -> int:
    """The level at which she would stand without her share of the job."""
    income = book.income_of[maker] - book.new[job][maker] * book.jobs[job].rate
    return (income << book.bits) // book.need[maker]


def _cheapest(
    book: Book, job: int, maker: int, poor: int, seen: Seen
) -> tuple[int, int] | None:
    """By how much income² ÷ need grows at least if another base makes her share."""
    line = book.jobs[job]
    pieces = book.new[job][maker]
    pay, minutes = pieces * line.rate, pieces * line.minutes
    left = book.income_of[maker] - pay
    if level_without(book, job, maker) < poor:
        return None
    if job not in seen:
        makers = senders(book, job, book.sends(job))
        seen[job] = candidates(book, job, makers)
    near = seen[job]
    room = np.minimum(near.room, near.base_room)
    able = np.flatnonzero((room >= minutes) & (near.home != book.home[maker]))
    if not len(able):
        return None
    bits = book.bits - 1
    lifted = ((2 * book.income[near.rows[able]] + pay) << bits) // near.need[able]
    ties = near.rows[able[lifted == lifted.min()]]
    heir = int(ties[int(book.columns.rank[ties].argmin())])
    less = pay * (book.income_of[maker] + left) // book.need[maker]
    return pay * (2 * book.income_of[heir] + pay) // book.need[heir] - less, heir
