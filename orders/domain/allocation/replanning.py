"""Plans again only the lines that a change touched; all others keep their shares."""

from dataclasses import replace

import numpy as np

from .book import Book
from .collector import uncollected
from .columns import columns
from .compose import composed, finish, is_large, settle
from .intake import check_floor
from .oust import oust
from .outcome import Pair, explain, kept_shares, late_pieces, publish
from .place import place
from .planning import by_turn, opened
from .repair import repair
from .restoring import restore
from .terms import FLOOR_MINUTES, Job, Plan, Problem, Share
from .tidy import tidy
from .untangle import untangle


@uncollected
def replan(
    problem: Problem,
    plan: Plan,
    *,
    declined: frozenset[Pair] = frozenset(),
    floor_minutes: int = FLOOR_MINUTES,
) -> Plan:
    """The plan for the new state `problem`, in which lines nothing touched stay.

    On lines with open pieces shares that still hold may move, if less is late then. A
    share of `plan` that breaks a hard rule now is dropped whole. Kept shares of the
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
    lines = {book.jobs[job].id for job in touched}
    settle(book, touched, floor_minutes)
    used = floor_minutes
    late_now = _open(book, touched)
    if is_large(book, paid):
        _anew(book, touched, floor_minutes)
    elif late_now:
        stays = [share for share in old if share.job not in lines]

        def again() -> Book:
            fresh = opened(cols, problem)
            restore(fresh, stays, {}, held=False)
            return fresh

        other, floor = composed(again, touched, floor_minutes)
        if _open(other, touched) < late_now:
            book, used = other, floor
    shares = kept_shares(problem.kept) + explain(book, paid, known)
    late = late_pieces(book, paid)
    restore(book, waiting, known, held=True)
    settle(book, [job for job in held if book.open[job]], floor_minutes)
    shares += explain(book, held, known)
    late += late_pieces(book, held)
    return publish(book, shares, late, floor_minutes, used)


def _anew(book: Book, jobs: list[int], floor: int) -> None:
    """These jobs are placed anew, short pieces first, where that leaves less late."""
    late, before = {job: book.open[job] for job in jobs}, _held(book, jobs)
    left = sum(late.values())
    if not left:
        return
    _take_up(book, jobs)
    if _hope(book, late):
        for job in sorted(jobs, key=lambda at: (book.jobs[at].minutes, at)):
            place(book, job, floor)
        repair(book, jobs, floor)
    if _open(book, jobs) < left:
        untangle(book, jobs)
        tidy(book, jobs, 1)
    else:
        _take_up(book, jobs)
        _give_back(book, before)
    _oust(book, jobs, floor)


def _oust(book: Book, jobs: list[int], floor: int) -> None:
    """What pays more goes first, as in a full plan, if fewer pieces are late then."""
    late, before = _open(book, jobs), _held(book, jobs)
    if not oust(book, jobs):
        return
    if _open(book, jobs) < late:
        settle(book, jobs, floor)
    else:
        _take_up(book, jobs)
        _give_back(book, before)


def _open(book: Book, jobs: list[int]) -> int:
    return sum(book.open[job] for job in jobs)


def _hope(book: Book, late: dict[int, int]) -> int:
    """At most so many of the late pieces could be made, now that nobody has any.

    What was made of the job, and of all that only the same people can make as early,
    has to find room beside them; but longer pieces may give way to more short ones.
    """
    gain = 0
    for job, pieces in late.items():
        line, pool = book.jobs[job], book.columns.pool(book.jobs[job])
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


def _held(book: Book, jobs: list[int]) -> list[tuple[int, dict[int, int]]]:
    return [(job, dict(book.new[job])) for job in jobs]


def _give_back(book: Book, before: list[tuple[int, dict[int, int]]]) -> None:
    for job, held in before:
        for maker, pieces in held.items():
            book.give(job, maker, pieces)


def _take_up(book: Book, jobs: list[int]) -> None:
    for job in jobs:
        for maker, pieces in list(book.new[job].items()):
            book.take(job, maker, pieces)


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
    settle(book, [job for job in held if book.open[job]], floor)
    shares += explain(book, held, {})
    late += late_pieces(book, held)
    return publish(book, shares, late, floor, floor)


def _not_kept(problem: Problem, given: tuple[Share, ...]) -> list[Share]:
    pinned = {(share.job, share.maker) for share in problem.kept}
    return [share for share in given if (share.job, share.maker) not in pinned]
