"""Hands out what was taken up: where a journey and what the rich get cost least."""

import numpy as np

from .book import Book
from .dice import Dice
from .intake import Ints
from .place import mend
from .worth import Worth

OTHERS = 6
"""So many other late jobs have a turn too."""


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
        return sorted(todo, key=lambda at: len(book.columns.pool(jobs[at]).rows))
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
    line = book.jobs[job]
    pool = book.columns.pool(line)
    left, lot = book.open[job], book.lot[job]
    fit = _lawful(np.minimum(book.pieces_free(job, pool), left), left, lot)
    hand = np.ones(len(book.need), dtype=np.int64)
    hand[list(book.new[job])] = 0
    hand = hand[pool.rows]
    able = np.flatnonzero(fit >= np.where(hand, lot, 1))
    if not len(able):
        return False
    rows, fit, hand = pool.rows[able], fit[able], hand[able]
    parcel = np.ones(len(book.columns.bases) + 1, dtype=np.int64)
    parcel[list(book.parcels(job))] = 0
    journey = (hand + parcel[pool.home[able]]) * worth.price
    income, goal = book.income[rows], worth.goal[rows]
    gap = np.maximum(goal - income, 0)
    fill = np.minimum(np.maximum(-(-gap // line.rate), lot), fit)
    fill = _lawful(fill, left, lot)
    fill[fill < np.where(hand, lot, 1)] = 1 << 40
    pieces = np.concatenate((fit, np.minimum(fill, fit)))
    each = _each(np.tile(journey, 2), np.tile(gap, 2), pieces * line.rate, income, goal)
    at = int((each * dice.factors(len(each))).argmin())
    book.give(job, int(rows[at % len(rows)]), int(pieces[at]))
    return True


def _lawful(pieces: Ints, left: int, lot: int) -> Ints:
    """Less where a rest smaller than a lot would stay."""
    rest = left - lot
    return np.where((pieces < left) & (pieces > rest), max(0, rest), pieces)


def _each(journey: Ints, gap: Ints, pay: Ints, income: Ints, goal: Ints) -> Ints:
    """Cost of each fen: journeys, and pay above her goal, the more the higher it is."""
    waste = np.maximum(pay - gap, 0)
    level = (np.tile(income, 2) + pay) * 8 // np.tile(goal, 2)
    waste += waste * np.minimum(level, 64) // 16
    cost: Ints = (journey + waste) * 1024 // pay + 32
    return cost
