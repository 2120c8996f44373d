"""The ways through the method: large plans go the usual one, small ones try others."""

from collections.abc import Callable
from dataclasses import dataclass

from .book import Book
from .terms import Job


@dataclass(frozen=True, slots=True)
class Way:
    """One way through the method: size of first lots in floors, and who goes first."""

    first: tuple[int, int]
    halved: bool = False
    liquid: bool = True
    turn: Callable[[Book, int], tuple[int, ...]] | None = None


def _scarce(book: Book, job: int) -> tuple[int, ...]:
    return (len(book.pool(job).rows), book.jobs[job].id)


def _heavy(book: Book, job: int) -> tuple[int, ...]:
    line: Job = book.jobs[job]
    return (-book.lot[job] * line.minutes, -line.pieces * line.minutes, line.id)


def _late_last(book: Book, job: int) -> tuple[int, ...]:
    return (-book.jobs[job].deadline, book.jobs[job].id)


USUAL = Way((3, 2))
"""First lots of one and a half floors: fewer hands, and hardly less fairness."""
DRY = Way((1, 1), liquid=False)
FEWER = (Way((4, 1)), Way((8, 1)), Way((24, 1)))
FAIRER = (Way((1, 1)), Way((1, 1), halved=True))
ON_TIME = (
    *(Way((1, 1), turn=turn) for turn in (_scarce, _heavy, _late_last)),
    *(Way((1, 1), liquid=False, turn=turn) for turn in (_scarce, _heavy, _late_last)),
    *(Way((5, 2), halved=True, turn=turn) for turn in (_scarce, _heavy)),
    DRY,
    Way((1, 1), halved=True, liquid=False),
)
