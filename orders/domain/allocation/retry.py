"""What a change left late: shorter pieces oust longer ones; few lines start anew."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from .book import Book
from .compose import pour_out
from .measures import poorest_fifth
from .oust import count, oust
from .place import place
from .repair import AT_ONCE, repair
from .terms import Job
from .tidy import tidy
from .untangle import untangle
from .worth import LATE

Held = dict[int, dict[int, int]]
Way = Callable[[Book, list[int], int], None]
WAYS: tuple[Way | None, ...] = (None, pour_out)
"""Short pieces first; what is open after all has been poured, short pieces first."""
FEW = 10
"""So many touched lines are given out anew; more would cost as much as a full plan."""
DEAR = (1, 100)
"""Fewer pieces late may not cost more than this part of b20w."""


@dataclass(frozen=True, slots=True)
class State:
    """Open pieces and shares by job; pieces and fen late, of so much pay; b20w."""

    open: dict[int, int]
    held: Held
    late: int
    late_fen: int
    pay: int
    fair: int

    def is_better(self, other: "State") -> bool:
        """Fewer pieces are late, and neither pay nor fairness loses too much for it.

        A thousandth of all pay weighs as much as `LATE` thousandths of b20w.
        """
        fair = abs(other.fair)
        lost = (other.fair - self.fair) * self.pay
        lost += (self.late_fen - other.late_fen) * LATE * fair
        dear = lost * DEAR[1] > fair * self.pay * DEAR[0]
        return self.late < other.late and not dear


def retry(book: Book, jobs: list[int], floor: int, late_before: int) -> None:
    """Fewer pieces of these jobs stay late, if that is not too dear.

    A few jobs are given out anew, in more ways where more is late than before.
    """
    if still_open(book, jobs):
        _short_first(book, jobs, floor)
    if len(jobs) <= FEW and still_open(book, jobs):
        _start_anew(book, jobs, floor, late_before)


def _short_first(book: Book, jobs: list[int], floor: int) -> None:
    """Longer pieces make way for more short ones, and find room where any is."""
    before = _state(book, jobs)
    if not oust(book, jobs, count):
        return
    late = [job for job in jobs if book.open[job]]
    for job in late:
        place(book, job, floor)
    if sum(book.open[job] * book.jobs[job].minutes for job in late) <= AT_ONCE:
        repair(book, jobs, floor)
    if not _state(book, jobs).is_better(before):
        _take_up(book, jobs)
        _give_back(book, before.held)


def _start_anew(book: Book, jobs: list[int], floor: int, late_before: int) -> None:
    """What is late finds room if all of these jobs are given out anew."""
    before = _state(book, jobs)
    _take_up(book, jobs)
    ways = WAYS if before.late > late_before else WAYS[:1]
    if not (
        _hope(book, before.open)
        and any(_anew(book, jobs, floor, before, way) for way in ways)
    ):
        _give_back(book, before.held)


def _anew(
    book: Book, jobs: list[int], floor: int, before: State, way: Way | None
) -> bool:
    """Whether this way is better; if it isn't, nobody has any."""
    if way is not None:
        way(book, jobs, floor)
    for job in sorted(jobs, key=lambda at: (book.jobs[at].minutes, at)):
        place(book, job, floor)
    repair(book, jobs, floor)
    if still_open(book, jobs) < before.late:
        untangle(book, jobs)
        tidy(book, jobs, 1)
    if _state(book, jobs).is_better(before):
        return True
    _take_up(book, jobs)
    return False


def still_open(book: Book, jobs: list[int]) -> int:
    """How many pieces of these jobs nobody has."""
    return sum(book.open[job] for job in jobs)


def _hope(book: Book, late: dict[int, int]) -> int:
    """At most so many of the late pieces could be made, now that nobody has any.

    What was made of the job, and of all that only the same people can make as early,
    has to find room beside them; but longer pieces may give way to more short ones.
    """
    gain = 0
    for job, pieces in late.items():
        line, pool = book.jobs[job], book.pool(job)
        if not pieces or not len(pool.rows):
            continue
        beside = [one for one in late if _in_pool(book.jobs[one], line)]
        least = min(book.lot[one] * book.jobs[one].minutes for one in beside)
        hers = np.maximum(book.room[pool.rows, line.deadline], 0)
        hers[hers < least] = 0
        theirs = np.maximum(book.base_room[pool.base, line.deadline], 0)
        room = int(np.minimum(np.add.reduceat(hers, pool.starts), theirs).sum())
        made = sum((book.open[at] - late[at]) * book.jobs[at].minutes for at in beside)
        gain += min(max(0, room - made) // line.minutes, pieces)
    return gain


def _in_pool(one: Job, line: Job) -> bool:
    """Whoever can make the one can make the line, which is as long and due as late."""
    kind = one.craft == line.craft and one.grade >= line.grade
    near = line.bases is None or (one.bases is not None and one.bases <= line.bases)
    short = one.minutes <= line.minutes
    return kind and near and short and one.deadline <= line.deadline


def _state(book: Book, jobs: list[int]) -> State:
    return State(
        {job: book.open[job] for job in jobs},
        _held(book, jobs),
        still_open(book, jobs),
        sum(book.open[job] * book.jobs[job].rate for job in jobs),
        sum(job.pieces * job.rate for job in book.jobs if not job.held),
        poorest_fifth(book.columns, book.income),
    )


def _held(book: Book, jobs: list[int]) -> Held:
    return {job: dict(book.new[job]) for job in jobs}


def _take_up(book: Book, jobs: list[int]) -> None:
    for job in jobs:
        for maker, pieces in list(book.new[job].items()):
            book.take(job, maker, pieces)


def _give_back(book: Book, before: Held) -> None:
    for job, held in before.items():
        for maker, pieces in held.items():
            book.give(job, maker, pieces)
