"""What a change left late: shorter pieces oust longer ones; few lines start anew."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from .book import Book
from .compose import pour_out
from .measures import fairness
from .oust import in_pieces, oust
from .place import place_all
from .repair import repair
from .terms import Job
from .tidy import tidy
from .untangle import untangle
from .worth import LATE

Held = dict[int, dict[int, int]]
Way = Callable[[Book, list[int], int], None]
Ways = tuple[Way | None, ...]
WAYS: Ways = (None, pour_out)
"""Short pieces first; what is open after all has been poured, short pieces first."""
FEW = 600
"""Up to so many shares of touched lines are given out anew; more takes too long."""
VERY_FEW = 300
"""Up to so many are poured too."""
MANY = 1_000
"""Up to so many are poured, and only poured, where people or hours are gone ..."""
HELPED = 10
"""... unless short pieces found room for one in so many of those that were late."""
LITTLE = 40 * 60
"""For so many minutes of late work others make room once more."""
DEAR = (1, 100)
"""Fewer pieces late may not cost more than this part of b20w."""


@dataclass(frozen=True, slots=True)
class State:
    """Pieces late, and fen late of so much pay; b20w."""

    late: int
    late_fen: int
    pay: int
    fair: int

    def is_dear(self, first: "State") -> bool:
        """Pay and fairness have lost too much since the first state.

        A thousandth of all pay weighs as much as `LATE` thousandths of b20w. Where that
        is nothing it cannot be a measure: more of it makes up for no pay.
        """
        fair = abs(first.fair) or 1
        gained = self.fair - first.fair if first.fair else min(0, self.fair)
        lost = (self.late_fen - first.late_fen) * LATE * fair - gained * self.pay
        return lost * DEAR[1] > fair * self.pay * DEAR[0]


def retry(
    book: Book, jobs: list[int], floor: int, late_before: int, *, lost: bool
) -> None:
    """Fewer pieces of these jobs stay late, if that is not too dear.

    If they have few shares, all are given out anew; if they have very few, and more is
    late than before the change, they are poured too. Where work was `lost`, with people
    or hours that are gone, others make room for however much is late, and many shares
    are poured at once.
    """
    if not still_open(book, jobs):
        return
    first = _state(book, jobs)
    _short_first(book, jobs, floor, first, lost=lost)
    if late := still_open(book, jobs):
        shares = sum(len(book.new[job]) for job in jobs)
        helped = (first.late - late) * HELPED >= first.late
        ways = _ways(shares, late > late_before, lost, helped)
        if ways:
            _start_anew(book, jobs, floor, ways, first)


def _ways(shares: int, more: bool, lost: bool, helped: bool) -> Ways:
    """How so many shares are given out anew, where `more` is late than was before.

    Where short pieces `helped` nothing better is to be found among many.
    """
    if more and lost and VERY_FEW < shares <= MANY:
        return () if helped else WAYS[1:]
    if shares > FEW:
        return ()
    return WAYS if more and shares <= VERY_FEW else WAYS[:1]


def _short_first(
    book: Book, jobs: list[int], floor: int, first: State, *, lost: bool
) -> None:
    """Longer pieces make way for more short ones, and find room where any is."""
    held = _held(book, jobs)
    if not oust(book, jobs, in_pieces, lambda: not _state(book, jobs).is_dear(first)):
        return
    late = [job for job in jobs if book.open[job]]
    place_all(book, late, floor)
    minutes = sum(book.open[job] * book.jobs[job].minutes for job in late)
    if lost or minutes <= LITTLE:
        repair(book, jobs, floor)
    if _state(book, jobs).is_dear(first):
        _take_up(book, jobs)
        _give_back(book, held)


def _start_anew(
    book: Book, jobs: list[int], floor: int, ways: Ways, first: State
) -> None:
    """What is late finds room if all of these jobs are given out anew."""
    held, late = _held(book, jobs), {job: book.open[job] for job in jobs}
    most = sum(late.values())
    _take_up(book, jobs)
    for way in ways if _hope(book, late) else ():
        _anew(book, jobs, floor, most, way)
        now = _state(book, jobs)
        if now.late < most and not now.is_dear(first):
            return
        _take_up(book, jobs)
    _give_back(book, held)


def _anew(book: Book, jobs: list[int], floor: int, most: int, way: Way | None) -> None:
    """All are given out, and evened out if fewer than `most` are late."""
    if way is not None:
        way(book, jobs, floor)
    in_turn = sorted(jobs, key=lambda at: (book.jobs[at].minutes, at))
    place_all(book, in_turn, floor)
    repair(book, jobs, floor)
    if still_open(book, jobs) < most:
        untangle(book, jobs)
        tidy(book, jobs, 1)


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
        still_open(book, jobs),
        sum(book.open[job] * book.jobs[job].rate for job in jobs),
        sum(job.pieces * job.rate for job in book.jobs if not job.held),
        fairness(book.columns, book.income),
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
