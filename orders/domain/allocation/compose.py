"""The method from end to end: levels, lots, the rest, repair, untangle, tidy."""

from collections.abc import Callable
from dataclasses import dataclass

from .book import Book
from .lots import concentrate, hand_out, wishes
from .measures import poorest_fifth
from .place import place
from .repair import repair
from .terms import Job
from .tidy import tidy
from .untangle import untangle
from .water import MOST_SWEEPS, pour

SMALL = 120
FEW_MAKERS = 400
"""Up to so many jobs and makers the method is tried in several ways, the best kept."""
TINY = 12
"""Up to so many jobs the poorest fifth is one or two women: fewer hand-offs decide."""
LAST_SWEEPS = 5
FAIR_ENOUGH = (985, 1000)
"""Of the liquid b20w; a small plan that reaches it needs no further way."""


@dataclass(frozen=True, slots=True)
class Way:
    """One way through the method: size of first lots in floors, and who goes first."""

    first: tuple[int, int]
    halved: bool = False
    liquid: bool = True
    whole: bool = False
    turn: Callable[[Book, int], tuple[int, ...]] | None = None


def _scarce(book: Book, job: int) -> tuple[int, ...]:
    return (len(book.columns.pool(book.jobs[job]).rows), book.jobs[job].id)


def _heavy(book: Book, job: int) -> tuple[int, ...]:
    line: Job = book.jobs[job]
    return (-book.lot[job] * line.minutes, -line.pieces * line.minutes, line.id)


def _late_last(book: Book, job: int) -> tuple[int, ...]:
    return (-book.jobs[job].deadline, book.jobs[job].id)


USUAL = Way((5, 2))
"""First lots of two and a half floors: fewer hands, and hardly less fairness."""
FULL = (Way((5, 2), whole=True),)
"""Tried for any size where something is late: bases are full."""
FEWER = (Way((4, 1)), Way((8, 1)))
FAIRER = (Way((1, 1)), Way((1, 1), halved=True))
ON_TIME = (
    *(Way((1, 1), turn=turn) for turn in (_scarce, _heavy, _late_last)),
    *(Way((1, 1), liquid=False, turn=turn) for turn in (_scarce, _heavy, _late_last)),
    *(Way((5, 2), halved=True, turn=turn) for turn in (_scarce, _heavy)),
    Way((1, 1), liquid=False),
    Way((1, 1), halved=True, liquid=False),
)


def composed(
    fresh: Callable[[], Book], jobs: list[int], floor: int, *, once: bool = False
) -> tuple[Book, int]:
    """A book with these jobs given out, and the floor that was used.

    `fresh` opens the same book again, so that small problems can be tried in several
    ways; fewest late pieces win, then fairness up to what is enough, then fewest
    hand-offs and parcels. `once` is the usual way alone.
    """
    book = fresh()
    liquid = _compose(book, jobs, floor, USUAL)
    if once:
        return book, floor
    few = len(jobs) <= SMALL and len(book.need) <= FEW_MAKERS
    target = liquid * FAIR_ENOUGH[0] // FAIR_ENOUGH[1] if len(jobs) > TINY else 0
    best, used, score = book, floor, _score(book, jobs, target)
    for way in (*FEWER, *FAIRER, *ON_TIME) if few else FULL:
        done = score[1] == 0 if way in FAIRER else way not in FEWER
        if score[0] == 0 and done:
            break
        half = max(1, floor // 2) if way.halved else floor
        book = fresh()
        _compose(book, jobs, half, way)
        found = _score(book, jobs, target)
        if found < score:
            best, used, score = book, half, found
    return best, used


def _score(book: Book, jobs: list[int], target: int) -> tuple[int, int, int]:
    late = sum(book.open[job] for job in jobs)
    b20w = poorest_fifth(book.columns, book.income) if target else 0
    journeys = sum(len(book.new[job]) + len(book.parcels(job)) for job in jobs)
    return late, max(0, target - b20w), journeys


def _compose(book: Book, jobs: list[int], floor: int, way: Way) -> int:
    """All that these jobs leave open is given out; returns the liquid b20w."""
    liquid = 0
    if way.turn is not None:
        turn = way.turn
        jobs = sorted(jobs, key=lambda job: turn(book, job))
    if way.liquid:
        large = floor * way.first[0] // way.first[1]
        for first, sweeps in ((large, MOST_SWEEPS), (floor, LAST_SWEEPS)):
            water = pour(book, jobs, way.whole, sweeps)
            if not liquid and len(jobs) <= SMALL:
                liquid = poorest_fifth(book.columns, water.income)
            asked = wishes(water)
            concentrate(book, asked.quota)
            hand_out(book, jobs, asked, first)
    _settle(book, jobs, floor)
    untangle(book, jobs)
    tidy(book, jobs, 1)
    _settle(book, jobs, floor)
    untangle(book, jobs)
    tidy(book, jobs, 2)
    return liquid


def _settle(book: Book, jobs: list[int], floor: int) -> None:
    """What is open finds room where any is, else where room can be made."""
    for job in jobs:
        if book.open[job]:
            place(book, job, floor)
    repair(book, jobs, floor)
