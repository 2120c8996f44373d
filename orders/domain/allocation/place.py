"""Places what is open: in parcels that go anyway, then the lowest level first."""

import numpy as np

from .book import Book

ASIDE_MINUTES = 40 * 60
"""Nobody gets more than a full week of one leftover while others have hours."""


def place(book: Book, job: int, floor: int) -> int:
    """As many open pieces as possible are given; returns how many stay open.

    Bases that already send a parcel for the job come first, in them and elsewhere the
    lowest level; ties go to the longest without work, then to the lower id.
    """
    _pass(book, job, max(floor, ASIDE_MINUTES))
    if book.open[job]:
        _pass(book, job, None)
    if book.open[job]:
        mend(book, job)
    return book.open[job]


def place_all(book: Book, jobs: list[int], floor: int) -> None:
    """What is open of these jobs is placed, one job after the other."""
    for job in jobs:
        if book.open[job]:
            place(book, job, floor)


def still_open(book: Book, jobs: list[int]) -> int:
    """How many pieces of these jobs nobody has."""
    return sum(book.open[job] for job in jobs)


def _pass(book: Book, job: int, most_minutes: int | None) -> None:
    line = book.jobs[job]
    lot = book.lot[job]
    most = book.open[job]
    if most_minutes is not None:
        most = max(lot, -(-most_minutes // line.minutes))
    for maker in candidates(book, job, min(lot, book.open[job])):
        left = book.open[job]
        if not left:
            return
        held = book.new[job].get(maker, 0)
        pieces = whole(min(book.fits(job, maker), most, left), left, lot, held)
        if pieces:
            book.give(job, maker, pieces)


def candidates(book: Book, job: int, least: int) -> list[int]:
    """Makers who could take at least `least` pieces, parcel bases and low levels first.

    Who holds a part already is asked before all others: she costs no hand-off.
    """
    columns = book.columns
    pool = book.pool(job)
    able = np.flatnonzero(book.pieces_free(job, pool) >= least)
    found: list[int] = []
    if len(able):
        rows = pool.rows[able]
        away = book.away(job, pool.home[able])
        order = np.lexsort((columns.rank[rows], book.levels(pool)[able], away))
        found = rows[order].tolist()
    holding = book.new[job]
    if not holding:
        return found
    return sorted(holding, key=book.turn) + [m for m in found if m not in holding]


def whole(fit: int, left: int, lot: int, held: int) -> int:
    """The most of `fit` pieces that makes a lot and leaves none or another lot."""
    least = 1 if held else lot
    if fit >= left:
        return left if held + left >= lot else 0
    if left - fit < lot:
        fit = left - lot
    return fit if fit >= least else 0


def mend(book: Book, job: int) -> None:
    """An open rest smaller than a lot is taken on by hands that hold a part."""
    lot = book.lot[job]
    holding = sorted(book.new[job], key=book.turn)
    for maker in holding:
        fit = min(book.fits(job, maker), book.open[job])
        if fit:
            book.give(job, maker, fit)
        if not book.open[job]:
            return
    if book.open[job] < lot:
        _borrow(book, job, holding)


def _borrow(book: Book, job: int, holding: list[int]) -> None:
    """Somebody new takes the rest with what makes it a lot, or with a whole share."""
    line = book.jobs[job]
    rest, lot = book.open[job], book.lot[job]
    pool = book.pool(job)
    room = book.room[pool.rows, line.deadline] // line.minutes
    able = np.flatnonzero(room >= lot)
    order = np.lexsort((book.columns.rank[pool.rows[able]], book.levels(pool)[able]))
    givers = sorted(holding, key=book.turn, reverse=True)
    for place_of in able[order].tolist():
        maker = int(pool.rows[place_of])
        if maker in book.new[job] or not book.may(job, maker):
            continue
        home = book.home[maker]
        base = book.base_room_of[home * book.days + line.deadline] // line.minutes
        if base < rest:
            continue
        for giver in givers:
            share = book.new[job][giver]
            near = book.home[giver] == home
            for moved in (lot - rest, share):
                if moved < share < lot + moved or rest + moved < lot:
                    continue
                needed = rest if near else rest + moved
                if rest + moved <= room[place_of] and needed <= base:
                    book.take(job, giver, moved)
                    book.give(job, maker, rest + moved)
                    return
