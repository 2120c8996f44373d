"""Plans again only what a change touched: every share that still holds stays."""

from dataclasses import dataclass, replace

import numpy as np

from .book import Book
from .columns import columns
from .compose import FEW_MAKERS, SMALL, composed, finish
from .intake import Ints, check_floor
from .outcome import Pair, explain, kept_shares, late_pieces, publish
from .place import place
from .planning import by_turn, opened
from .repair import repair
from .restoring import restore
from .terms import FLOOR_MINUTES, Plan, Problem, Share

HOPE = 4
"""Large plans are not tried anew for less than one in so many of the late minutes."""


@dataclass(frozen=True, slots=True)
class Before:
    """What was open and free when all that still holds had been given again."""

    open: list[int]
    room: Ints
    base_room: Ints


def replan(
    problem: Problem,
    plan: Plan,
    *,
    declined: frozenset[Pair] = frozenset(),
    floor_minutes: int = FLOOR_MINUTES,
) -> Plan:
    """The plan for the new state `problem`; what is still valid of `plan` stays.

    A share of `plan` that breaks a hard rule now is dropped whole. Kept shares of the
    problem win over those of the plan, and both sets of declined pairs count.
    """
    check_floor(floor_minutes)
    problem = replace(problem, declined=problem.declined | declined)
    cols = columns(problem)
    book = opened(cols, problem)
    old = _not_kept(problem, plan.shares)
    known: dict[Pair, Share] = {}
    paid, held = by_turn(book)
    waiting = restore(book, old, known, held=False)
    touched = [job for job in paid if book.open[job]]
    before = Before(book.open[:], book.room.copy(), book.base_room.copy())
    _fill(book, touched, floor_minutes)
    used = floor_minutes
    late_now = sum(book.open[job] for job in touched)
    if late_now:
        once = len(paid) > SMALL or len(cols.makers) > FEW_MAKERS

        def again() -> Book:
            fresh = opened(cols, problem)
            restore(fresh, old, {}, held=False)
            return fresh

        minutes = _minutes(book, book.open, touched)
        if not once or _hope(before, book, touched) * HOPE >= minutes:
            other, floor = composed(again, touched, floor_minutes, once=once)
            if sum(other.open[job] for job in touched) < late_now:
                book, used = other, floor
    shares = kept_shares(problem.kept) + explain(book, paid, known)
    late = late_pieces(book, paid)
    restore(book, waiting, known, held=True)
    _fill(book, [job for job in held if book.open[job]], floor_minutes)
    shares += explain(book, held, known)
    late += late_pieces(book, held)
    return publish(book, shares, late, floor_minutes, used)


def _hope(before: Before, book: Book, jobs: list[int]) -> int:
    """At most so many late minutes could be made if these jobs were planned anew.

    Work of one craft that is as hard and as early shares the hours of the same makers.
    """
    late: dict[tuple[str, int, int, frozenset[int] | None], list[int]] = {}
    for job in jobs:
        if book.open[job]:
            line = book.jobs[job]
            key = (line.craft, line.grade, line.deadline, line.bases)
            late.setdefault(key, []).append(job)
    gain = 0
    for (craft, grade, deadline, bases), members in late.items():
        rivals = [
            job
            for job in jobs
            if book.jobs[job].craft == craft
            and book.jobs[job].grade >= grade
            and book.jobs[job].deadline <= deadline
            and book.jobs[job].bases == bases
        ]
        short = _minutes(book, before.open, rivals)
        short -= _room(before, book, members[0], rivals)
        most = _minutes(book, book.open, rivals) - max(0, short)
        gain += max(0, min(_minutes(book, book.open, members), most))
    return gain


def _minutes(book: Book, pieces: list[int], jobs: list[int]) -> int:
    """The work in so many pieces of each of these jobs."""
    return sum(pieces[job] * book.jobs[job].minutes for job in jobs)


def _room(before: Before, book: Book, job: int, rivals: list[int]) -> int:
    """Minutes for these jobs that all who can do this one have; of whole pieces."""
    pool, at = book.columns.pool(book.jobs[job]), book.jobs[job].deadline
    if not len(pool.rows):
        return 0
    sizes = {book.jobs[rival].minutes for rival in rivals}
    piece = sizes.pop() if len(sizes) == 1 else 1
    hers = np.maximum(before.room[pool.rows, at], 0) // piece
    theirs = np.maximum(before.base_room[pool.base, at], 0) // piece
    return int(np.minimum(np.add.reduceat(hers, pool.starts), theirs).sum()) * piece


def joined(problem: Problem, given: tuple[Share, ...], floor: int) -> Plan:
    """The plan around shares that parts of the network gave; any of them may move."""
    cols = columns(problem)
    book = opened(cols, problem)
    paid, held = by_turn(book)
    waiting = restore(book, _not_kept(problem, given), {}, held=False)
    finish(book, paid, floor)
    shares = kept_shares(problem.kept) + explain(book, paid, {})
    late = late_pieces(book, paid)
    restore(book, waiting, {}, held=True)
    _fill(book, [job for job in held if book.open[job]], floor)
    shares += explain(book, held, {})
    late += late_pieces(book, held)
    return publish(book, shares, late, floor, floor)


def _not_kept(problem: Problem, given: tuple[Share, ...]) -> list[Share]:
    pinned = {(share.job, share.maker) for share in problem.kept}
    return [share for share in given if (share.job, share.maker) not in pinned]


def _fill(book: Book, jobs: list[int], floor: int) -> None:
    """What is open of these jobs is placed; shares of these jobs may move for it."""
    for job in jobs:
        place(book, job, floor)
    repair(book, jobs, floor)
