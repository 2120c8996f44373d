"""What must be late in every lawful plan: a bound that is quick to find.

Only those who may make one of the jobs in question have hours for them: by the last
deadline of what she may make, as far as whole pieces in lots fill them, and all of a
base no more than it has room for. What finds no hours there is late, if there were no
other work at all. Each craft is looked at by itself.
"""

from collections.abc import Iterable, Sequence
from math import gcd

import numpy as np

from .book import Book
from .holdings import holdings
from .intake import Ints
from .place import still_open
from .slack import closed

UNITS = 20_000
"""Where somebody has more units of time than that, whole pieces hardly matter."""
KINDS = 60
"""So many sets of makers are told apart."""
NEVER = -(1 << 60)

Size = tuple[int, int]
"""Minutes of a piece; the fewest pieces, or how many there are."""
Key = tuple[str, int, frozenset[int] | None, frozenset[int]]


def must_be_late(book: Book, jobs: list[int]) -> int:
    """So many pieces of these jobs at least stay late while all others keep theirs.

    All that these jobs have given out is theirs to hand out anew, kept shares aside.
    """
    return sum(least for _, least in _by_craft(book, jobs))


def could_be_fewer(book: Book, jobs: list[int]) -> bool:
    """Whether perhaps not all that is open of these jobs must be late."""
    return any(late > least for late, least in _by_craft(book, jobs))


def _by_craft(book: Book, jobs: list[int]) -> Iterable[tuple[int, int]]:
    """Pieces open, and how many must be late, of each craft of which any are."""
    crafts: dict[str, list[int]] = {}
    for job in jobs:
        crafts.setdefault(book.jobs[job].craft, []).append(job)
    bound = None
    for alike in crafts.values():
        if late := still_open(book, alike):
            bound = bound or _Bound(book, jobs)
            yield late, bound.least(alike)


class _Bound:
    """The room of makers and bases if nobody had any of these jobs."""

    def __init__(self, book: Book, jobs: list[int]) -> None:
        self.book = book
        self.asked = {job: book.open[job] + sum(book.new[job].values()) for job in jobs}
        self.makers, self.bases = _without(book, jobs)
        self.able: dict[Key, Ints] = {}

    def least(self, jobs: list[int]) -> int:
        """How much of one craft must be late, as far as groups of its jobs show.

        Long pieces late are the fewest, and short ones where long ones are late anyhow.
        """
        book = self.book
        late = [job for job in jobs if book.open[job]]
        shortest = min(book.jobs[job].minutes for job in late)
        most = 0
        for some in self._groups(jobs, late):
            longest = max(book.jobs[job].minutes for job in some)
            for worth in {longest, shortest}:
                most = max(most, self._late(some, worth))
        return most

    def _groups(self, jobs: list[int], late: list[int]) -> Iterable[tuple[int, ...]]:
        """The late ones; and all of a grade or better due by a day, as one that is."""
        lines = [self.book.jobs[job] for job in late]
        found = {tuple(late): None}
        for grade in {line.grade for line in lines}:
            for by in {line.deadline for line in lines}:
                some = (
                    job
                    for job in jobs
                    if self.asked[job]
                    and self.book.jobs[job].grade >= grade
                    and self.book.jobs[job].deadline <= by
                )
                found[tuple(some)] = None
        return filter(None, found)

    def _late(self, jobs: Sequence[int], worth: int) -> int:
        """So many have no room, if a piece is worth its minutes, at most so many."""
        each = [min(worth, self.book.jobs[job].minutes) for job in jobs]
        sizes = [(one, self.asked[job]) for one, job in zip(each, jobs, strict=True)]
        asked = sum(one * pieces for one, pieces in sizes)
        return _fewest(asked - self._room(jobs, worth), sizes)

    def _room(self, jobs: Sequence[int], worth: int) -> int:
        """The worth of what is on time at most."""
        book = self.book
        kind = np.zeros(len(book.need), dtype=np.int64)
        due = np.zeros_like(kind)
        lots: list[set[Size]] = []
        for key, alike in self._alike(jobs).items():
            if len(lots) < KINDS:
                lots.append(set())
            kind[self.able[key]] |= 1 << len(lots) - 1
            lots[-1].update(map(self._lot, alike))
            last = max(book.jobs[job].deadline for job in alike)
            due[self.able[key]] = np.maximum(due[self.able[key]], last)
        who = np.flatnonzero(kind)
        kind, due, home = kind[who], due[who], book.columns.home[who]
        own = self.makers[who, due]
        fill = _Fill(lots, worth)
        for each in np.unique(kind).tolist():
            own[kind == each] = fill.most(own[kind == each], each)
        bases, home = np.unique(home, return_inverse=True)
        most = fill.most(self.bases[bases], -1)
        room = np.zeros(len(bases), dtype=np.int64)
        for day in np.unique(due).tolist():
            np.add.at(room, home[due == day], own[due == day])
            room = np.minimum(room, most[:, day])
        return int(room.sum())

    def _alike(self, jobs: Sequence[int]) -> dict[Key, list[int]]:
        """Jobs that the same makers may make; `able` says who."""
        book = self.book
        found: dict[Key, list[int]] = {}
        for job in jobs:
            line = book.jobs[job]
            barred = frozenset((*book.barred[job], *book.fixed[job]))
            key = (line.craft, line.grade, line.bases, barred)
            if key not in self.able:
                rows = book.pool(job).rows
                self.able[key] = rows[~np.isin(rows, list(barred))]
            found.setdefault(key, []).append(job)
        return found

    def _lot(self, job: int) -> Size:
        return self.book.jobs[job].minutes, min(self.book.lot[job], self.asked[job])


class _Fill:
    """What whole pieces in lots are worth that fit into somebody's minutes."""

    def __init__(self, lots: list[set[Size]], worth: int) -> None:
        self.lots, self.worth = lots, worth
        self.step = gcd(*(minutes for some in lots for minutes, _ in some))

    def most(self, minutes: Ints, kind: int) -> Ints:
        """For each of them, of the sizes whose places the kind has as bits."""
        some = [one for at, one in enumerate(self.lots) if kind >> at & 1]
        # Of one length the least lot is what stays.
        sizes = dict(sorted(set[Size]().union(*some), reverse=True))
        least = min(each * lot for each, lot in sizes.items())
        units: Ints = np.where(minutes >= least, minutes // self.step, 0)
        worth: Ints = units * self.step
        few = units <= UNITS
        top = int(units[few].max(initial=0))
        worth[few] = self._table(sizes, top + 1)[units[few]]
        return worth

    def _table(self, sizes: dict[int, int], count: int) -> Ints:
        """The most worth in so many units of time, each number of them below `count`.

        Each size in turn: a lot of it beside what was there, then piece after piece.
        """
        best = np.full(count, NEVER)
        best[0] = 0
        for minutes, lot in sizes.items():
            each, worth = minutes // self.step, min(minutes, self.worth)
            if each * lot >= count:
                continue
            rows = -(-count // each)
            more = np.full(rows * each, NEVER)
            more[each * lot : count] = best[: count - each * lot] + worth * lot
            rise = np.arange(rows)[:, None] * worth
            more = np.maximum.accumulate(more.reshape(rows, each) - rise) + rise
            best = np.maximum(best, more.reshape(-1)[:count])
        found: Ints = np.maximum.accumulate(best)
        return found


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


def _fewest(over: int, sizes: Iterable[Size]) -> int:
    """How few pieces are worth that; of each worth there are so many."""
    count = 0
    for each, most in sorted(sizes, reverse=True):
        if over <= 0:
            break
        pieces = min(most, -(-over // each))
        count += pieces
        over -= pieces * each
    return count
