"""Evens out: shares pass from higher to lower levels while that makes incomes fairer.

The measure is the sum of income² ÷ need. Every step lowers it, so tidying ends; no
step adds a hand-off or a parcel, breaks a hard rule or makes a piece late.
"""

import numpy as np

from .book import Book
from .columns import Pool
from .intake import Ints

MOST_PASSES = 6


def tidy(book: Book, jobs: list[int], passes: int = MOST_PASSES) -> None:
    """Shares of these jobs rest with people to whom they matter most."""
    hers: dict[int, set[int]] = {}
    for job in jobs:
        for maker in book.new[job]:
            hers.setdefault(maker, set()).add(job)
    awake = set(hers)
    for _ in range(passes):
        moved: set[int] = set()
        for maker in sorted(awake, key=lambda one: (-book.level(one), one)):
            for job in sorted(hers[maker]):
                heir = _pass_on(book, job, maker)
                if heir is not None:
                    hers[maker].discard(job)
                    hers.setdefault(heir, set()).add(job)
                    moved.update((maker, heir))
        for job in jobs:
            if len(book.new[job]) > 1:
                moved.update(_even_out(book, job))
        if not moved:
            return
        awake = set(hers)


def _pass_on(book: Book, job: int, maker: int) -> int | None:
    """Her whole share goes to whom it lifts most, if that is fairer; returns who."""
    line = book.jobs[job]
    pieces = book.new[job][maker]
    pay, minutes = pieces * line.rate, pieces * line.minutes
    pool = book.columns.pool(line)
    rows, home, need = _near(book, job, maker, pool)
    bits = book.bits - 1
    limit = ((2 * book.income_of[maker] - pay) << bits) // book.need[maker]
    lifted = ((2 * book.income[rows] + pay) << bits) // need
    lower = np.flatnonzero(lifted < limit)
    if not len(lower):
        return None
    rows, home, lifted = rows[lower], home[lower], lifted[lower]
    at = line.deadline
    able = (book.base_room[home, at] >= minutes) | (home == book.home[maker])
    able &= book.room[rows, at] >= minutes
    for barred in (*book.barred[job], *book.fixed[job]):
        able &= rows != barred
    found = np.flatnonzero(able)
    if not len(found):
        return None
    best = lifted[found]
    ties = found[best == best.min()]
    heir = int(rows[ties[int(book.columns.rank[rows[ties]].argmin())]])
    book.take(job, maker, pieces)
    book.give(job, heir, pieces)
    return heir


def _near(book: Book, job: int, maker: int, pool: Pool) -> tuple[Ints, Ints, Ints]:
    """Makers to whom her share could go without one more parcel."""
    mine = book.home[maker]
    homes = {book.home[other] for other in book.new[job] if other != maker}
    homes.update(base for _, base in book.fixed[job].values() if base >= 0)
    if mine not in homes:
        return pool.rows, pool.home, pool.need
    places = np.searchsorted(pool.base, sorted(homes))
    parts = []
    for place, base in zip(places.tolist(), sorted(homes), strict=True):
        if place < len(pool.base) and pool.base[place] == base:
            last = place + 1 == len(pool.starts)
            end = len(pool.rows) if last else int(pool.starts[place + 1])
            parts.append(slice(int(pool.starts[place]), end))
    if len(parts) == 1:
        part = parts[0]
        return pool.rows[part], pool.home[part], pool.need[part]
    return (
        np.concatenate([pool.rows[part] for part in parts]),
        np.concatenate([pool.home[part] for part in parts]),
        np.concatenate([pool.need[part] for part in parts]),
    )


def _even_out(book: Book, job: int) -> tuple[int, ...]:
    """Pieces shift from the highest to the lowest level within one job."""
    line = book.jobs[job]
    holding = sorted(book.new[job], key=book.level)
    low = next((one for one in holding if book.fits(job, one) > 0), None)
    if low is None:
        return ()
    for high in reversed(holding):
        if high == low:
            return ()
        spare = book.new[job][high] - min(book.lot[job], book.new[job][high])
        room = book.room_of[low * book.days + line.deadline] // line.minutes
        if book.home[low] != book.home[high]:
            room = book.fits(job, low)
        need_low, need_high = book.need[low], book.need[high]
        gap = book.income_of[high] * need_low - book.income_of[low] * need_high
        even = gap // (line.rate * (need_low + need_high))
        pieces = min(spare, room, even)
        if pieces > 0:
            book.take(job, high, pieces)
            book.give(job, low, pieces)
            return (low, high)
    return ()
