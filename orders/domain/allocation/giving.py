"""Hands out what was taken up: where a journey and what the rich get cost least."""

import numpy as np

from .book import Book
from .columns import Pool
from .dice import Dice
from .intake import Ints
from .place import mend
from .worth import Worth

OTHERS = 6
"""So many other late jobs have a turn too."""
STEEP = 64
"""Pay above eight times her goal costs no more than there."""


def give_out(worth: Worth, dice: Dice, taken: set[int]) -> set[int]:
    """The open pieces of the `taken` jobs and of some others go out as far as they fit.

    The jobs' turn is drawn; returns those that had one.
    """
    book = worth.book
    todo = [job for job in worth.jobs if book.open[job]]
    others = [job for job in todo if job not in taken]
    todo = [job for job in todo if job in taken] + dice.some(others, OTHERS)
    for job in _in_turn(book, todo, dice):
        while book.open[job] and _give_best(worth, dice, job):
            pass
        if book.open[job] and book.new[job]:
            mend(book, job)
    return set(todo)


def _in_turn(book: Book, todo: list[int], dice: Dice) -> list[int]:
    """Shuffled, the scarcest, the largest or the best paid first, or as they stand."""
    turn = dice.below(5)
    jobs = book.jobs
    if turn == 0:
        return dice.some(todo, len(todo))
    if turn == 1:
        return sorted(todo, key=lambda at: len(book.pool(at).rows))
    if turn == 2:
        return sorted(todo, key=lambda at: -book.open[at] * jobs[at].rate)
    if turn == 3:
        return sorted(todo, key=lambda at: -jobs[at].rate * 1000 // jobs[at].minutes)
    return todo


def _give_best(worth: Worth, dice: Dice, job: int) -> bool:
    """Somebody gets as much as fits or what brings her to her goal, at the least cost.

    The cost for each fen is drawn up to twice as high, so that others come first, too.
    """
    book = worth.book
    line, left, lot = book.jobs[job], book.open[job], book.lot[job]
    pool = book.pool(job)
    fit = np.minimum(book.pieces_free(job, pool), left)
    _leave_a_lot(fit, left, lot)
    least, journey = _least_and_journey(worth, job, pool)
    able = (fit >= least).nonzero()[0]
    if not len(able):
        return False
    rows = pool.rows[able]
    income, goal = book.income[rows], worth.goal[rows]
    gap = np.maximum(goal - income, 0)
    pieces = np.empty((2, len(able)), dtype=np.int64)
    whole, fill = pieces[0], pieces[1]
    whole[:] = fit[able]
    np.minimum(np.maximum(-(-gap // line.rate), lot), whole, out=fill)
    _leave_a_lot(fill, left, lot)
    np.copyto(fill, whole, where=fill < least[able])
    pay = pieces * line.rate
    waste = np.maximum(pay - gap, 0)
    waste += waste * np.minimum((income + pay) * 8 // goal, STEEP) // 16
    each = (journey[able] + waste) * 1024 // pay + 32
    each *= dice.factors(2 * len(able)).reshape(2, -1)
    option, at = divmod(int(each.argmin()), len(able))
    book.give(job, int(rows[at]), int(pieces[option, at]))
    return True


def _leave_a_lot(pieces: Ints, left: int, lot: int) -> None:
    """Less where a rest smaller than a lot would stay."""
    rest = left - lot
    pieces[(pieces < left) & (pieces > rest)] = max(0, rest)


def _least_and_journey(worth: Worth, job: int, pool: Pool) -> tuple[Ints, Ints]:
    """Pieces that each of the pool must get at least, and what her journeys cost."""
    book, price = worth.book, worth.toll
    least = np.full(len(pool.rows), book.lot[job])
    journey = np.full(len(pool.rows), 2 * price)
    if book.new[job]:
        held = np.searchsorted(pool.rows, list(book.new[job]))
        least[held] = 1
        journey[held] -= price
    sends = book.parcels(job)
    if sends:
        spared = np.zeros(len(book.columns.bases) + 1, dtype=np.int64)
        spared[list(sends)] = price
        journey -= spared[pool.home]
    return least, journey
