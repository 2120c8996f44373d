"""Full bases make way for their poorest: work of the better off goes to other bases.

So `lift` finds room for them. Nobody falls below the poorest fifth for it, but for less
than a fen, and nothing that was placed gets late. There may be more hand-offs: while
there are many, `lift` makes none.
"""

import numpy as np

from .book import Book
from .chains import Chains
from .gather import level_of_fifth, yielding
from .intake import Ints
from .measures import within_reach
from .reach import FAR, kinds, reach
from .sites import Spot

TRIES = 2_000
"""So often at most an heir is looked for."""
SCALE = 4 * 60
"""Only what frees so many minutes counts as a way to room."""
NEARLY = 95
"""Who has so many hundredths of the level of the poorest fifth needs no more room."""
LEAST = 60
"""So few minutes are not worth a move."""
NO_JOB = -1


def clear(book: Book, jobs: list[int]) -> int:
    """Full bases get room for what their poor lack; returns in how many places.

    The last deadline comes first, for by then most work may leave; in it the base where
    most is wanted.
    """
    chains = Chains(book, jobs)
    chains.left = TRIES
    chains.keep(level_of_fifth(book), 1)
    near = reach(book, jobs, kinds(book, jobs), SCALE, chains.failed, chains.least)
    chains.follow(near)
    wanted = _wanted(book, jobs)
    cleared = 0
    for by in range(book.days - 1, -1, -1):
        for base in np.argsort(-wanted[:, by], kind="stable").tolist():
            minutes, moves = int(wanted[base, by]), int(near.bases[base, by])
            if minutes < LEAST or chains.left <= 0:
                break
            room = book.base_room_of[base * book.days + by]
            if room < minutes and 0 < moves < FAR:
                cleared += chains.free(Spot(base), by, minutes, moves, NO_JOB)
    return cleared


def _wanted(book: Book, jobs: list[int]) -> Ints:
    """By base and deadline the minutes that its poor lack and are free for.

    They lack so much of all work, at what it pays on average. What they get in the
    meantime is left out of account: they get it only by `lift`.
    """
    rows, need = within_reach(book.columns), book.columns.need
    levels = (book.income[rows] << book.bits) // need[rows]
    goal = yielding(book, NEARLY)
    lines = [book.jobs[job] for job in jobs]
    pay = sum(line.pieces * line.rate for line in lines)
    work = sum(line.pieces * line.minutes for line in lines)
    wanted = np.zeros_like(book.base_room)
    for row in rows[levels < goal].tolist():
        lacks = (goal * book.need[row] >> book.bits) - book.income_of[row]
        free = book.room[row]
        most = min(lacks * work // pay, int(free.max()))
        wanted[book.home[row]] += np.clip(free, 0, max(most, 0))
    return wanted
