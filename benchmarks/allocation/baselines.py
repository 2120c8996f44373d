"""Three plain ways to hand out work, on the planner's own books."""

from orders.domain.allocation import Problem
from orders.domain.allocation.book import Book
from orders.domain.allocation.columns import columns
from orders.domain.allocation.plain import lot_by_lot
from orders.domain.allocation.planning import opened


def _start(problem: Problem) -> tuple[Book, list[int]]:
    book = opened(columns(problem), problem)
    jobs = book.jobs
    order = sorted(
        range(len(jobs)),
        key=lambda at: (
            jobs[at].deadline,
            -jobs[at].pieces * jobs[at].rate,
            jobs[at].id,
        ),
    )
    return book, order


def lowest_first(problem: Problem) -> Book:
    """Lot by lot to the lowest level: one heap per craft and grade, no floor."""
    book, order = _start(problem)
    lot_by_lot(book, order)
    return book


def nearest_base(problem: Problem) -> Book:
    """The base with the lowest number first, in it the first who is certified."""
    book, order = _start(problem)
    for job in order:
        for maker in book.columns.pool(book.jobs[job]).rows.tolist():
            _fill(book, job, maker, book.open[job])
            if not book.open[job]:
                break
    return book


def equal_split(problem: Problem) -> Book:
    """Everybody certified in turn gets one lot, round after round."""
    book, order = _start(problem)
    turn: dict[tuple[str, int], int] = {}
    for job in order:
        line = book.jobs[job]
        rows = book.columns.pool(line).rows.tolist()
        key = (line.craft, line.grade)
        at = turn.get(key, 0)
        idle = 0
        while book.open[job] and idle < len(rows):
            given = _fill(book, job, rows[at % len(rows)], book.lot[job])
            idle = 0 if given else idle + 1
            at += 1
        turn[key] = at
    return book


def _fill(book: Book, job: int, maker: int, wanted: int) -> int:
    """Up to `wanted` pieces, in lawful lots; returns how many were given."""
    left = book.open[job]
    lot = book.lot[job]
    if not book.may(job, maker):
        return 0
    pieces = min(wanted, left, book.fits(job, maker))
    if 0 < left - pieces < lot:
        pieces = left if book.fits(job, maker) >= left else left - lot
    if pieces < lot and maker not in book.new[job]:
        return 0
    if pieces > 0:
        book.give(job, maker, pieces)
    return max(0, pieces)
