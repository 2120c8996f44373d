"""How much is late in every lawful plan: a bound that is quick to find.

All work of one craft from a grade on and due by a deadline has only so many hours: of
each base no more than it has room for, of its makers only those who have a lot's time,
and of these only what whole pieces fill.
"""

from collections.abc import Iterable
from dataclasses import replace
from math import gcd

import numpy as np

from .book import Book
from .holdings import holdings
from .intake import Ints
from .slack import closed

Kind = tuple[str, frozenset[int] | None]


def must_be_late(book: Book, jobs: list[int]) -> int:
    """So many pieces of these jobs at least stay late while all others keep theirs.

    All that these jobs have given out is theirs to hand out anew, kept shares aside.
    Each craft is looked at by itself, work for the same bases together.
    """
    free = _without(book, jobs)
    asked = {job: book.open[job] + sum(book.new[job].values()) for job in jobs}
    kinds: dict[Kind, list[int]] = {}
    for job in jobs:
        if asked[job]:
            line = book.jobs[job]
            kinds.setdefault((line.craft, line.bases), []).append(job)
    return sum(_of_kind(book, alike, asked, free) for alike in kinds.values())


def _without(book: Book, jobs: list[int]) -> tuple[Ints, Ints]:
    """The room of makers and of bases if nobody had any of these jobs."""
    sizes, who, pieces = holdings(book, jobs)
    lines = [(book.jobs[job].minutes, book.jobs[job].deadline) for job in jobs]
    each, due = np.array(lines, dtype=np.int64).reshape(-1, 2).repeat(sizes, axis=0).T
    minutes = pieces * each
    rooms = []
    for slack, rows in (
        (book.slack, who),
        (book.base_slack, book.columns.home[who]),
    ):
        work = np.zeros_like(slack)
        np.add.at(work, (rows, due), minutes)
        room = closed(slack + np.cumsum(work, axis=1))
        rooms.append(np.maximum(room, 0))
    return rooms[0], rooms[1]


def _of_kind(
    book: Book, jobs: list[int], asked: dict[int, int], free: tuple[Ints, Ints]
) -> int:
    """The most that must be late of those from any grade on and by any deadline."""
    lines = [book.jobs[job] for job in jobs]
    most = 0
    for grade in {line.grade for line in lines}:
        for by in {line.deadline for line in lines}:
            some = [
                job
                for job, line in zip(jobs, lines, strict=True)
                if line.grade >= grade and line.deadline <= by
            ]
            if some:
                over = _minutes_over(book, some, (grade, by), asked, free)
                sizes = ((book.jobs[job].minutes, asked[job]) for job in some)
                most = max(most, _fewest(over, sizes))
    return most


def _minutes_over(
    book: Book,
    jobs: list[int],
    within: tuple[int, int],
    asked: dict[int, int],
    free: tuple[Ints, Ints],
) -> int:
    """Minutes of these jobs, from one grade on and by one deadline, without room."""
    grade, by = within
    lines = [book.jobs[job] for job in jobs]
    pool = book.columns.pool(replace(lines[0], grade=grade))
    step = gcd(*(line.minutes for line in lines))
    lot = min(
        min(book.lot[job], asked[job]) * line.minutes
        for job, line in zip(jobs, lines, strict=True)
    )
    wanted = sum(
        asked[job] * line.minutes for job, line in zip(jobs, lines, strict=True)
    )
    if not len(pool.rows):
        return wanted
    makers, bases = free
    own = makers[pool.rows, by]
    own = np.where(own >= lot, own // step * step, 0)
    inside = np.add.reduceat(own, pool.starts)
    room = np.minimum(inside, bases[pool.base, by] // step * step)
    return wanted - int(room.sum())


def _fewest(minutes: int, sizes: Iterable[tuple[int, int]]) -> int:
    """How few pieces have these minutes; of each size in minutes there are so many."""
    count = 0
    for each, most in sorted(sizes, reverse=True):
        if minutes <= 0:
            break
        pieces = min(most, -(-minutes // each))
        count += pieces
        minutes -= pieces * each
    return count
