"""Fewer hand-offs: where there are too many, a share joins others of the same job.

Only who has other work, and stays above the poorest fifth, gives her share up for it,
or has a share of other work for it (`merge.py`).
"""

from collections import Counter
from collections.abc import Iterable, Iterator

import numpy as np

from .book import Book
from .gather import BEYOND, YIELDS, level_of_fifth, level_without, yielding
from .intake import Ints
from .measures import FULL, fullness
from .merge import merge
from .sharing import could, makers_of, share_out

HANDS = (113, 133)
"""So many hand-offs for each hundred jobs and makers with work are few enough: until a
month is full, and in a very full one."""
MOST_HANDS = (115, 135)
"""In the end no more than so many, even if it costs the poorest fifth something."""
VERY_FULL = 50
"""From so many hundredths of all hours on a month is as full as may be."""
ASKED = 40
"""So many of the others who make the job are asked, the lowest level first."""

_Levels = tuple[int, int]
"""Who keeps at least the one level and less than the other is asked for her share."""
_Other = tuple[int, int, int, int]
"""Who makes a job too, her base, pieces she has hours for, and so has her base."""


def spare(book: Book, jobs: list[int]) -> int:
    """Shares join others until hand-offs are few enough; returns how many did."""
    excess = _excess(book, jobs, HANDS)
    if excess <= 0:
        return 0
    poor = level_of_fifth(book)
    joined = _join(book, jobs, excess, (poor, BEYOND))
    joined += merge(book, jobs, excess - joined, poor)
    return joined + _part(book, jobs, excess - joined, (poor, BEYOND))


def limit(book: Book, jobs: list[int]) -> int:
    """In the end more shares join others while there are far too many hand-offs.

    The poorest fifth then gives shares up too, but no more than is needed. Returns how
    many joined.
    """
    joined, excess = 0, _excess(book, jobs, MOST_HANDS)
    if excess > 0:
        joined = merge(book, jobs, excess, level_of_fifth(book))
    asked = BEYOND
    for part in YIELDS:
        excess = _excess(book, jobs, MOST_HANDS)
        if excess <= 0:
            break
        poor = yielding(book, part)
        # Who keeps more was asked the last time; asking all again takes too long.
        done = _join(book, jobs, excess, (poor, asked))
        joined += done + _part(book, jobs, excess - done, (poor, asked))
        asked = poor
    return joined


def _excess(book: Book, jobs: list[int], hands: tuple[int, int]) -> int:
    """By how much hand-offs are more than so many for a hundred jobs and makers."""
    work = _work(book, jobs)
    return work.total() - (len(jobs) + len(work)) * _hands(book, hands) // 100


def _work(book: Book, jobs: list[int]) -> Counter[int]:
    """How many shares each maker has."""
    return Counter(maker for job in jobs for maker in book.new[job])


def _join(book: Book, jobs: list[int], excess: int, keeps: _Levels) -> int:
    """Whole shares go to one other of the job, those that cost evenness least first."""
    work = _work(book, jobs)
    found: list[tuple[int, int, int]] = []
    for job in jobs:
        others = list(_others(book, job))
        for maker in book.new[job]:
            if work[maker] > 1:
                move = _cheapest(book, job, maker, keeps, others)
                if move is not None:
                    found.append((move[0], job, maker))
    done = 0
    for cost, job, maker in sorted(found):
        if done == excess:
            break
        if work[maker] < 2:
            continue
        move = _cheapest(book, job, maker, keeps, _others(book, job))
        if move is not None and move[0] <= max(2 * cost, cost // 2):
            pieces = book.new[job][maker]
            book.take(job, maker, pieces)
            book.give(job, move[1], pieces)
            work[maker] -= 1
            done += 1
    return done


def _part(book: Book, jobs: list[int], excess: int, keeps: _Levels) -> int:
    """The smallest shares are parted among several others of the same job."""
    if excess <= 0:
        return 0
    work = _work(book, jobs)
    makers = {job: makers_of(book, job) for job in jobs}
    room = {job: _room(book, job, makers[job]) for job in jobs}
    found = sorted(
        (pieces * book.jobs[job].rate, job, maker)
        for job in jobs
        for maker, pieces in book.new[job].items()
        if pieces <= room[job]
    )
    done = 0
    for _, job, maker in found:
        if done == excess:
            break
        if (
            maker in book.new[job]
            and book.new[job][maker] <= room[job]
            and work[maker] > 1
            and keeps[0] <= level_without(book, job, maker) < keeps[1]
        ):
            others = makers[job][makers[job] != maker]
            if could(book, job, maker, others) < book.new[job][maker]:
                continue
            if share_out(book, job, maker, others.tolist()):
                makers[job] = makers_of(book, job)
                room[job] = _room(book, job, makers[job])
                work[maker] -= 1
                done += 1
    return done


def _hands(book: Book, hands: tuple[int, int]) -> int:
    """Hand-offs for each hundred jobs and makers: more where hours are short."""
    full = min(max(fullness(book.columns), FULL), VERY_FULL) - FULL
    return hands[0] + (hands[1] - hands[0]) * full // (VERY_FULL - FULL)


def _room(book: Book, job: int, makers: Ints) -> int:
    """How many more pieces those who make the job have hours for themselves.

    Their base may be full: it has room again for what a colleague hands over.
    """
    line = book.jobs[job]
    minutes = np.maximum(book.room[makers, line.deadline], 0)
    return int((minutes // line.minutes).sum())


def _others(book: Book, job: int) -> Iterator[_Other]:
    """Who makes the job and has hours for more, the lowest levels, as many as asked."""
    line = book.jobs[job]
    by, minutes, days = line.deadline, line.minutes, book.days
    free = [who for who in book.new[job] if book.room_of[who * days + by] >= minutes]
    for maker in sorted(free, key=book.turn)[: ASKED + 1]:
        home = book.home[maker]
        own = book.room_of[maker * days + by]
        both = min(own, book.base_room_of[home * days + by])
        yield maker, home, own // minutes, both // minutes


def _cheapest(
    book: Book, job: int, maker: int, keeps: _Levels, others: Iterable[_Other]
) -> tuple[int, int] | None:
    """What income² ÷ need gains if the first of the others with room takes it all."""
    if not keeps[0] <= level_without(book, job, maker) < keeps[1]:
        return None
    pieces, mine = book.new[job][maker], book.home[maker]
    for heir, home, own, both in others:
        # A base keeps its own hours when a share stays in it.
        if heir != maker and (own if home == mine else both) >= pieces:
            pay = pieces * book.jobs[job].rate
            less = pay * (2 * book.income_of[maker] - pay) // book.need[maker]
            more = pay * (2 * book.income_of[heir] + pay) // book.need[heir]
            return more - less, heir
    return None
