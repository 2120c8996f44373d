"""The method from end to end: levels, lots, the rest, repair, untangle, tidy."""

from .book import Book
from .lots import concentrate, hand_out, wishes
from .place import place
from .repair import repair
from .tidy import tidy
from .untangle import untangle
from .water import pour

WORTHWHILE = (5, 2)
"""The first lots are this many floors large: fewer hands, and fairness hardly less."""


def compose(book: Book, jobs: list[int], floor: int) -> None:
    """All that these jobs leave open is given out, as fairly as lots allow."""
    for first in (floor * WORTHWHILE[0] // WORTHWHILE[1], floor):
        asked = wishes(pour(book, jobs))
        concentrate(book, asked.quota)
        hand_out(book, jobs, asked, first)
    settle(book, jobs, floor)
    untangle(book, jobs)
    tidy(book, jobs, 1)
    settle(book, jobs, floor)
    untangle(book, jobs)
    tidy(book, jobs, 2)


def settle(book: Book, jobs: list[int], floor: int) -> None:
    """What is open finds room where any is, else where room can be made."""
    for job in jobs:
        if book.open[job]:
            place(book, job, floor)
    repair(book, jobs, floor)
