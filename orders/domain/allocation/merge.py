"""Fewer hand-offs in full months: two parts of a job become one, for other work.

Of two makers of a job one gives her part up to the other and takes over a whole share
of hers of another job, as far as hours allow. No parcel is added.
"""

from dataclasses import dataclass

import numpy as np

from .book import Book
from .intake import Ints
from .measures import FULL, fullness
from .swaps import Parcels, parcels_of, room_without
from .terms import LIMIT

Merger = tuple[int, int, int, int, int]
"""By how much the pay differs; the job and who gives her part up; the other job and
who gives that up for it."""

ROUNDS = 2
"""Hours shift with every merger, so in full months it is looked for further ones."""


@dataclass(slots=True)
class _Shares:
    """All shares of these jobs by column, in the order of makers; `first` of each."""

    job: Ints
    maker: Ints
    pay: Ints
    minutes: Ints
    due: Ints
    craft: Ints
    grade: Ints
    first: Ints
    held: Ints
    sends: Parcels


def merge(book: Book, jobs: list[int], most: int, fifth: int) -> int:
    """Up to so many parts join others; returns how many. The most alike go first.

    Nobody falls below the level of the poorest `fifth` for it, or further.
    """
    done = 0
    for _ in range(ROUNDS if fullness(book.columns) >= FULL else 1):
        if done >= most:
            break
        joined = _round(book, jobs, most - done, fifth)
        done += joined
        if not joined:
            break
    return done


def _round(book: Book, jobs: list[int], most: int, fifth: int) -> int:
    if not any(book.new[job] for job in jobs):
        return 0
    shares = _shares(book, jobs)
    found: list[Merger] = []
    for job in jobs:
        if len(book.new[job]) > 1:
            found += _mergers(book, job, shares)
    done = 0
    for _, job, giver, other, heir in sorted(found):
        if done == most:
            break
        done += _merged(book, (job, giver), (other, heir), fifth)
    return done


def _shares(book: Book, jobs: list[int]) -> _Shares:
    columns = book.columns
    rows = sorted((maker, job) for job in jobs for maker in book.new[job])
    maker, job = np.array(rows, dtype=np.int64).T
    pieces = np.array([book.new[at][who] for who, at in rows])
    lines = [book.jobs[at] for _, at in rows]
    crafts = {craft: at for at, craft in enumerate(sorted(columns.crafts))}
    held = np.full((len(book.need), len(crafts)), -LIMIT - 1)
    for craft, at in crafts.items():
        who, grades = columns.crafts[craft]
        held[who, at] = grades
    return _Shares(
        job,
        maker,
        pieces * np.array([line.rate for line in lines]),
        pieces * np.array([line.minutes for line in lines]),
        np.array([line.deadline for line in lines]),
        np.array([crafts[line.craft] for line in lines]),
        np.array([line.grade for line in lines]),
        np.searchsorted(maker, np.arange(len(book.need) + 1)),
        held,
        parcels_of(book, jobs),
    )


def _mergers(book: Book, job: int, shares: _Shares) -> list[Merger]:
    """Who may give up her part of the job for which other share, as far as hours go."""
    ends, line = shares.first, book.jobs[job]
    work = np.concatenate([np.arange(ends[m], ends[m + 1]) for m in book.new[job]])
    mine, theirs = work[shares.job[work] == job], work[shares.job[work] != job]
    home, at = book.columns.home, line.deadline
    giver, heir = shares.maker[mine], shares.maker[theirs]
    due, part, whole = shares.due[theirs], shares.minutes[mine], shares.minutes[theirs]
    able = giver[:, None] != heir
    able &= shares.held[giver[:, None], shares.craft[theirs]] >= shares.grade[theirs]
    near = home[giver][:, None] == home[heir]
    roomy = np.ones_like(near)
    for slack, here, there, fit in (
        (book.slack, giver, heir, able),
        (book.base_slack, home[giver], home[heir], roomy),
    ):
        fit &= room_without(slack[there], due, whole)[:, at] >= part[:, None]
        fit &= room_without(slack[here], at, part)[:, due] >= whole
    one, two = np.nonzero(able & (near | roomy))
    here, there, other = home[giver[one]], home[heir[two]], shares.job[theirs[two]]
    sent = shares.sends
    more = (sent.of(other, here) == 0) - 1 * (sent.of(other, there) == 1)
    more -= sent.of(job, here) == 1
    good = (here == there) | (more <= 0)
    one, two = one[good], two[good]
    pay = abs(shares.pay[mine[one]] - shares.pay[theirs[two]])
    pairs = (pay, giver[one], shares.job[theirs[two]], heir[two])
    columns = (column.tolist() for column in pairs)
    return [(gap, job, a, b, c) for gap, a, b, c in zip(*columns, strict=True)]


def _merged(
    book: Book, hers: tuple[int, int], theirs: tuple[int, int], fifth: int
) -> bool:
    """The giver's part of the one job joins the heir's, for the heir's other share."""
    (job, giver), (other, heir) = hers, theirs
    held, further = book.new[job], book.new[other]
    if giver not in held or heir not in held or heir not in further:
        return False
    if giver in further or not book.could_make(other, giver):
        return False
    pieces, others = held[giver], further[heir]
    less = pieces * book.jobs[job].rate - others * book.jobs[other].rate
    poorer, lost = (giver, less) if less > 0 else (heir, -less)
    level = ((book.income_of[poorer] - lost) << book.bits) // book.need[poorer]
    if lost and level < fifth:
        return False
    if _parcels(book, hers, theirs) > 0:
        return False
    return book.exchange((job, giver, pieces), (other, heir, others))


def _parcels(book: Book, hers: tuple[int, int], theirs: tuple[int, int]) -> int:
    """How many parcels more are sent then."""
    (job, giver), (other, heir) = hers, theirs
    here, there = book.home[giver], book.home[heir]
    if here == there:
        return 0
    one, two = book.sends(job), book.sends(other)
    return (two[here] == 0) - (two[there] == 1) - (one[here] == 1)
