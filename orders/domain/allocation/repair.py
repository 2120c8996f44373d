"""Late pieces find room: another share makes way to somebody who can do all of it."""

import numpy as np

from .book import Book
from .place import place

MOST_TRIES = 400
MOST_ROUNDS = 3


def repair(book: Book, jobs: list[int], floor: int) -> None:
    """Fewer pieces of these jobs stay open; nothing placed becomes late."""
    allowed = set(jobs)
    shares: dict[int, set[int]] = {}
    for job in jobs:
        for maker in book.new[job]:
            shares.setdefault(maker, set()).add(job)
    for _ in range(MOST_ROUNDS):
        late = [job for job in jobs if book.open[job]]
        before = sum(book.open[job] for job in late)
        for job in late:
            _make_room(book, job, allowed, floor)
        if not before or sum(book.open[job] for job in late) == before:
            return


def _make_room(book: Book, job: int, allowed: set[int], floor: int) -> None:
    line = book.jobs[job]
    pool = book.columns.pool(line)
    if not len(pool.rows):
        return
    others = _by_base(book, allowed, job)
    order = np.lexsort((book.columns.rank[pool.rows], book.levels(pool)))
    tries = 0
    for maker in pool.rows[order].tolist():
        if not book.may(job, maker):
            continue
        least = 1 if maker in book.new[job] else min(book.lot[job], book.open[job])
        own = book.room_of[maker * book.days + line.deadline] >= least * line.minutes
        for other, giver in _blocking(book, others, maker, own):
            tries += 1
            if tries > MOST_TRIES:
                return
            if _eject(book, job, maker, other, giver, least, own):
                place(book, job, floor)
                if not book.open[job]:
                    return
                others = _by_base(book, allowed, job)
                break


def _by_base(
    book: Book, allowed: set[int], job: int
) -> dict[int, list[tuple[int, int]]]:
    """The (job, maker) shares of each base that could make way."""
    found: dict[int, list[tuple[int, int]]] = {}
    for other in sorted(allowed):
        if other != job:
            for maker in book.new[other]:
                found.setdefault(book.home[maker], []).append((other, maker))
    return found


def _blocking(
    book: Book,
    others: dict[int, list[tuple[int, int]]],
    maker: int,
    own: bool,
) -> list[tuple[int, int]]:
    """Her own shares, or her whole base's where only the base is full."""
    mine = others.get(book.home[maker], [])
    found = mine if own else [pair for pair in mine if pair[1] == maker]
    return sorted(found, key=lambda pair: (-book.new[pair[0]].get(pair[1], 0), pair))


def _eject(
    book: Book, job: int, maker: int, other: int, giver: int, least: int, own: bool
) -> bool:
    """The giver's share of `other` moves away so that `maker` has room for `job`."""
    pieces = book.new[other].get(giver, 0)
    if not pieces:
        return False
    book.take(other, giver, pieces)
    if book.fits(job, maker) >= least:
        pool = book.columns.pool(book.jobs[other])
        fit = book.pieces_free(other, pool)
        able = fit >= pieces
        able &= pool.home != book.home[maker] if own else pool.rows != maker
        found = np.flatnonzero(able)
        if len(found):
            rows = pool.rows[found]
            away = ~np.isin(pool.home[found], list(book.parcels(other)))
            levels = book.levels(pool)[found]
            best = int(np.lexsort((book.columns.rank[rows], levels, away))[0])
            book.give(other, int(rows[best]), pieces)
            return _use(book, job, maker, least)
    book.give(other, giver, pieces)
    return False


def _use(book: Book, job: int, maker: int, least: int) -> bool:
    """The room won is used at once, in a lawful lot."""
    left = book.open[job]
    pieces = min(left, book.fits(job, maker))
    if 0 < left - pieces < book.lot[job] and left - book.lot[job] >= least:
        pieces = left - book.lot[job]
    if pieces >= least:
        book.give(job, maker, pieces)
    return True
