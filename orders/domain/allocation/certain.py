"""What must be late in every lawful plan: a bound that is quick to find.

Only those who may make one of the jobs in question have hours for them: by the last
deadline of what she may make, as far as whole pieces in lots fill them, and all of a
base no more than it has room for. What finds no hours there is late even if there were
no other work. Each craft is looked at by itself.
"""

from collections.abc import Iterable, Sequence
from itertools import chain
from math import gcd

import numpy as np

from .book import Book
from .columns import PoolKey, pool_key
from .holdings import holdings
from .intake import Ints
from .place import still_open
from .slack import closed

TABLE = 100_000
"""So many entries, units of time for each length of pieces, are worth a table."""
BITS = 60
KINDS = 16
"""So many kinds of makers are told apart by what they may make; more are as one."""
NEVER = -(1 << 60)
"""Worth of what can't be; far from the end of 64 bits."""

Lot = tuple[int, int]
"""Minutes of a piece; the fewest pieces."""
Key = tuple[PoolKey, frozenset[int]]


def must_be_late(book: Book, jobs: list[int]) -> int:
    """So many pieces of these jobs at least stay late while all others keep theirs.

    All that these jobs have given out is theirs to hand out anew, kept shares aside;
    what is open now only says of which crafts and groups of jobs to ask.
    """
    return sum(least for _, least in _by_craft(book, jobs))


def unpaid(book: Book, jobs: list[int]) -> int:
    """So many fen at least are late: as many pieces as must be, what pays least."""
    fen = 0
    for alike, left in _by_craft(book, jobs):
        for job in sorted(alike, key=lambda job: book.jobs[job].rate):
            pieces = min(left, book.open[job] + sum(book.new[job].values()))
            fen += pieces * book.jobs[job].rate
            left -= pieces
    return fen


def could_be_fewer(book: Book, jobs: list[int]) -> bool:
    """Whether perhaps not all that is open of these jobs must be late."""
    found = _by_craft(book, jobs)
    return any(still_open(book, alike) > least for alike, least in found)


def _by_craft(book: Book, jobs: list[int]) -> Iterable[tuple[list[int], int]]:
    """Each craft of which any are open: its jobs, and how many pieces must be late."""
    crafts: dict[str, list[int]] = {}
    for job in jobs:
        crafts.setdefault(book.jobs[job].craft, []).append(job)
    bound = None
    for alike in crafts.values():
        if still_open(book, alike):
            bound = bound or _Bound(book, jobs)
            yield alike, bound.least(alike)


class _Bound:
    """The room of makers and bases if nobody had any of these jobs."""

    def __init__(self, book: Book, jobs: list[int]) -> None:
        self.book = book
        self.asked = {job: book.open[job] + sum(book.new[job].values()) for job in jobs}
        self.makers, self.bases = _without(book, jobs)
        self.able: dict[Key, Ints] = {}

    def least(self, jobs: list[int]) -> int:
        """How much of one craft must be late, the bases it is for together or apart."""
        apart: dict[frozenset[int] | None, list[int]] = {}
        for job in jobs:
            apart.setdefault(self.book.jobs[job].bases, []).append(job)
        most = self._most(jobs)
        if len(apart) > 1:
            most = max(most, sum(map(self._most, apart.values())))
        return most

    def _most(self, jobs: list[int]) -> int:
        """What must be late of these jobs, as far as groups of them show.

        Long pieces late are the fewest, and short ones where long ones are late anyhow.
        """
        book = self.book
        late = [job for job in jobs if book.open[job]]
        if not late:
            return 0
        shortest = min(book.jobs[job].minutes for job in late)
        open_now, most = still_open(book, late), 0
        for some in self._groups(jobs, late):
            longest = max(book.jobs[job].minutes for job in some)
            for worth in {longest, shortest}:
                most = max(most, self._late(some, worth))
            if most >= open_now:
                break
        return most

    def _groups(self, jobs: list[int], late: list[int]) -> Iterable[tuple[int, ...]]:
        """The late ones; and all that are of some grade or better and due by a day."""
        book = self.book
        asked = [job for job in jobs if self.asked[job]]
        found = {tuple(late): None}
        for grade in {book.jobs[job].grade for job in asked}:
            for by in {book.jobs[job].deadline for job in asked}:
                some = (
                    job
                    for job in asked
                    if book.jobs[job].grade >= grade and book.jobs[job].deadline <= by
                )
                found[tuple(some)] = None
        return filter(None, found)

    def _late(self, jobs: Sequence[int], worth: int) -> int:
        """So many have no room, if a piece is worth its minutes, at most so many."""
        worths = [min(worth, self.book.jobs[job].minutes) for job in jobs]
        pieces = [self.asked[job] for job in jobs]
        asked = sum(one * count for one, count in zip(worths, pieces, strict=True))
        return _fewest(asked - self._room(jobs, worth), worths, pieces)

    def _room(self, jobs: Sequence[int], worth: int) -> int:
        """The worth of what is on time at most."""
        book = self.book
        kind = np.zeros(len(book.need), dtype=np.int64)
        due = np.zeros_like(kind)
        lots: list[list[Lot]] = []
        for key, alike in self._alike(jobs).items():
            able = self.able[key]
            kind[able] |= 1 << len(lots) % BITS
            lots.append([self._lot(job) for job in alike])
            last = max(book.jobs[job].deadline for job in alike)
            due[able] = np.maximum(due[able], last)
        who = np.flatnonzero(kind)
        kind, due, home = kind[who], due[who], book.columns.home[who]
        own = self.makers[who, due]
        fill = _Fill(lots, worth)
        if len(np.unique(kind)) > KINDS:
            kind[:] = -1
        for one in np.unique(kind).tolist():
            own[kind == one] = fill.most(own[kind == one], one)
        bases, home = np.unique(home, return_inverse=True)
        limit = fill.most(self.bases[bases], -1)
        room = np.zeros(len(bases), dtype=np.int64)
        for day in np.unique(due).tolist():
            np.add.at(room, home[due == day], own[due == day])
            room = np.minimum(room, limit[:, day])
        return int(room.sum())

    def _alike(self, jobs: Sequence[int]) -> dict[Key, list[int]]:
        """Jobs that the same makers may make; `able` says who."""
        book = self.book
        found: dict[Key, list[int]] = {}
        for job in jobs:
            barred = frozenset((*book.barred[job], *book.fixed[job]))
            key = pool_key(book.jobs[job]), barred
            if key not in self.able:
                rows = book.pool(job).rows
                self.able[key] = rows[~np.isin(rows, list(barred))]
            found.setdefault(key, []).append(job)
        return found

    def _lot(self, job: int) -> Lot:
        """Its length and least share: one from before may be less than a lot now."""
        book = self.book
        shares = book.new[job].values()
        return book.jobs[job].minutes, min(book.lot[job], self.asked[job], *shares)


class _Fill:
    """What whole pieces in lots are worth that fit into somebody's minutes."""

    def __init__(self, lots: list[list[Lot]], worth: int) -> None:
        self.lots, self.worth = lots, worth
        self.step = gcd(*(minutes for some in lots for minutes, _ in some))

    def most(self, minutes: Ints, kind: int) -> Ints:
        """For each of them, of the jobs whose places the kind has as bits."""
        some = [one for at, one in enumerate(self.lots) if kind >> at % BITS & 1]
        # Of pieces of one length those in the least lots come last, and stay.
        lots = dict(sorted(chain.from_iterable(some), reverse=True))
        least = min(each * lot for each, lot in lots.items())
        units: Ints = np.where(minutes >= least, minutes // self.step, 0)
        worth: Ints = units * self.step
        few = units * len(lots) <= TABLE
        top = int(units[few].max(initial=0))
        worth[few] = self._table(lots, top + 1)[units[few]]
        return worth

    def _table(self, lots: dict[int, int], count: int) -> Ints:
        """The most worth in so many units of time, each number of them below `count`.

        Each length in turn: a lot of it beside what was there, then piece after piece.
        """
        best = np.full(count, NEVER)
        best[0] = 0
        for minutes, lot in lots.items():
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


def _fewest(over: int, worths: list[int], pieces: list[int]) -> int:
    """How few pieces are worth that; of each worth there are so many."""
    count = 0
    for each, most in sorted(zip(worths, pieces, strict=True), reverse=True):
        if over <= 0:
            break
        late = min(most, -(-over // each))
        count += late
        over -= late * each
    return count
