"""The book of work given out: the only place that knows the hard rules."""

from collections import Counter
from collections.abc import Callable

import numpy as np

from .columns import Columns, Pool
from .intake import Ints, Truths
from .slack import closed, flat, spend
from .terms import Job, Share


class Book:
    """Free minutes of makers and bases, income and open pieces, kept up to date.

    `slack` is what is free by each deadline, `room` the least of it from there on:
    work due by a deadline fits where its minutes are at most the room of its maker
    and of her base. Rows are those of `Columns`; `new` holds what may still be moved.
    """

    def __init__(self, columns: Columns) -> None:
        self.columns = columns
        self.days = columns.days
        self.jobs: list[Job] = list(columns.jobs)
        self.home: list[int] = columns.home.tolist()
        self.need: list[int] = columns.need.tolist()
        self.rank: list[int] = columns.rank.tolist()
        self.slack = columns.free.copy()
        self.base_slack = columns.capacity.copy()
        self.room = closed(self.slack)
        self.base_room = closed(self.base_slack)
        self.income: Ints = columns.earned.copy()
        self.open: list[int] = [job.pieces for job in columns.jobs]
        self.new: list[dict[int, int]] = [{} for _ in columns.jobs]
        self.fixed: list[dict[int, tuple[int, int]]] = [{} for _ in columns.jobs]
        self.barred: list[set[int]] = [set() for _ in columns.jobs]
        self.lot: list[int] = [min(job.min_lot, job.pieces) for job in columns.jobs]
        self.slack_of = flat(self.slack)
        self.room_of = flat(self.room)
        self.base_slack_of = flat(self.base_slack)
        self.base_room_of = flat(self.base_room)
        self.income_of = flat(self.income)
        self.kept_pay: dict[int, int] = {}
        self._pools: list[Pool | None] = [None] * len(self.jobs)
        self.most = self._most_income()
        self.bits = _bits(self.most)

    def _most_income(self) -> int:
        """No income is further from nothing than this, kept shares aside."""
        most = int(abs(self.columns.earned).max(initial=1))
        per_minute = max((-(-job.rate // job.minutes) for job in self.jobs), default=1)
        work = int(self.columns.free.max(initial=0)) * per_minute
        kept = sum(job.rate * job.pieces for job in self.jobs)
        return most + min(work, kept)

    def pool(self, job: int) -> Pool:
        """The makers certified for the job in a base that may make it."""
        found = self._pools[job]
        if found is None:
            found = self._pools[job] = self.columns.pool(self.jobs[job])
        return found

    def bar(self, job: int, maker: int) -> None:
        """This pair is never offered again."""
        self.barred[job].add(maker)

    def keep(self, share: Share) -> None:
        """The share stands and is charged, whatever is left of her hours."""
        job = self.columns.job_row[share.job]
        maker = self.columns.maker_row[share.maker]
        home = self.home[maker]
        base = home if share.base is None else self.columns.base_row.get(share.base, -1)
        self.fixed[job][maker] = (share.pieces, base)
        self._charge(job, maker, base, share.pieces)
        pay = self.kept_pay.get(maker, 0) + share.pieces * self.jobs[job].rate
        self.kept_pay[maker] = pay
        self.bits = min(self.bits, _bits(self.most + pay))
        self.lot[job] = min(self.jobs[job].min_lot, self.open[job])

    def give(self, job: int, maker: int, pieces: int) -> None:
        """Her share of the job is larger by these pieces."""
        held = self.new[job]
        held[maker] = held.get(maker, 0) + pieces
        self._charge(job, maker, self.home[maker], pieces)

    def give_all(self, rows: Ints) -> None:
        """Every (job, maker, pieces) row is given at once; nobody has any yet."""
        if not len(rows):
            return
        lines = [self.jobs[job] for job in rows[:, 0].tolist()]
        maker, pieces = rows[:, 1], rows[:, 2]
        minutes = pieces * np.array([line.minutes for line in lines])
        np.add.at(self.income, maker, pieces * np.array([one.rate for one in lines]))
        due = np.array([line.deadline for line in lines])
        for slack, room, who in (
            (self.slack, self.room, maker),
            (self.base_slack, self.base_room, self.columns.home[maker]),
        ):
            work = np.zeros_like(slack)
            np.add.at(work, (who, due), minutes)
            slack -= np.cumsum(work, axis=1)
            room[:] = closed(slack)
        for job, who_has, count in rows.tolist():
            self.new[job][who_has] = count
            self.open[job] -= count

    def take(self, job: int, maker: int, pieces: int) -> None:
        """Her share of the job is smaller by these pieces."""
        held = self.new[job]
        if held[maker] == pieces:
            del held[maker]
        else:
            held[maker] -= pieces
        self._charge(job, maker, self.home[maker], -pieces)

    def exchange(self, one: tuple[int, int, int], other: tuple[int, int, int]) -> bool:
        """Pieces of two (job, maker, pieces) change hands, if hours allow it."""
        (job, left, pieces), (second, right, others) = one, other
        self.take(job, left, pieces)
        self.take(second, right, others)
        if self.fits(job, right) >= pieces:
            self.give(job, right, pieces)
            if self.fits(second, left) >= others:
                self.give(second, left, others)
                return True
            self.take(job, right, pieces)
        self.give(job, left, pieces)
        self.give(second, right, others)
        return False

    def _charge(self, job: int, maker: int, base: int, pieces: int) -> None:
        line = self.jobs[job]
        days = self.days
        minutes = pieces * line.minutes
        self.open[job] -= pieces
        self.income_of[maker] += pieces * line.rate
        spend(self.slack_of, self.room_of, maker * days, line.deadline, days, minutes)
        if base >= 0:
            first = base * days
            spend(
                self.base_slack_of,
                self.base_room_of,
                first,
                line.deadline,
                days,
                minutes,
            )

    def fits(self, job: int, maker: int) -> int:
        """How many more pieces of the job her hours and her base's still allow."""
        line = self.jobs[job]
        at = line.deadline
        room = min(
            self.room_of[maker * self.days + at],
            self.base_room_of[self.home[maker] * self.days + at],
        )
        return room // line.minutes if room > 0 else 0

    def fits_from(self, job: int, maker: int, giver: int) -> int:
        """How many pieces she could take over from another; a base keeps its own."""
        if self.home[maker] != self.home[giver]:
            return self.fits(job, maker)
        line = self.jobs[job]
        room = self.room_of[maker * self.days + line.deadline]
        return room // line.minutes if room > 0 else 0

    def may(self, job: int, maker: int) -> bool:
        """She neither declined this job nor holds a kept share of it."""
        return maker not in self.barred[job] and maker not in self.fixed[job]

    def could_make(self, job: int, maker: int) -> bool:
        """She is certified for it and, like her base, free to have a new share."""
        rows = self.pool(job).rows
        at = int(np.searchsorted(rows, maker))
        return at < len(rows) and rows[at] == maker and self.may(job, maker)

    def pieces_free(self, job: int, pool: Pool, places: Ints | None = None) -> Ints:
        """Per maker of the pool how many pieces fit her and her base, 0 if barred.

        Only for these `places` of the pool, which ascend, if they are given.
        """
        rows, home, line = pool.rows, pool.home, self.jobs[job]
        if places is not None:
            rows, home = rows[places], home[places]
        at = line.deadline
        room = np.minimum(self.room[:, at][rows], self.base_room[:, at][home])
        fit: Ints = np.maximum(room // line.minutes, 0)
        for maker in (*self.barred[job], *self.fixed[job]):
            place = int(np.searchsorted(rows, maker))
            if place < len(rows) and rows[place] == maker:
                fit[place] = 0
        return fit

    def sends(self, job: int) -> Counter[int]:
        """How many shares of the job each base makes."""
        homes = [self.home[maker] for maker in self.new[job]]
        return Counter(homes + [base for _, base in self.fixed[job].values()])

    def parcels(self, job: int) -> set[int]:
        """Bases that already send a parcel for the job."""
        found = {base for _, base in self.fixed[job].values()}
        found.update(map(self.home.__getitem__, self.new[job]))
        return found

    def away(self, job: int, homes: Ints) -> Truths:
        """Which of these bases send no parcel for the job yet."""
        sends = np.zeros(len(self.columns.bases) + 1, dtype=bool)
        sends[list(self.parcels(job))] = True
        found: Truths = ~sends[homes]
        return found

    def level(self, maker: int) -> int:
        """Her income over her need; orders exactly as cross-multiplication does."""
        return (self.income_of[maker] << 60) // self.need[maker]

    def turn(self, maker: int) -> tuple[int, int]:
        """The lowest level first, then the longest without work, the lower number."""
        return self.level(maker), self.rank[maker]

    def levels(self, pool: Pool) -> Ints:
        """Levels of a pool at once, as fine as 63 bits allow."""
        return (self.income[pool.rows] << self.bits) // pool.need

    def try_out(
        self, line: Job, place: Callable[["Book", int, int], int], floor: int
    ) -> bool:
        """Whether all pieces of one more job can be placed; nothing stays given."""
        job = len(self.jobs)
        self.jobs.append(line)
        self.open.append(line.pieces)
        self.lot.append(min(line.min_lot, line.pieces))
        self.new.append({})
        self.fixed.append({})
        self.barred.append(set())
        self._pools.append(None)
        try:
            return place(self, job, floor) == 0
        finally:
            for maker, pieces in list(self.new[job].items()):
                self.take(job, maker, pieces)
            rows = self.jobs, self.open, self.lot, self.new, self.fixed
            for one in (*rows, self.barred, self._pools):
                one.pop()


def _bits(most: int) -> int:
    """How far an income up to this may be shifted left and still fit 63 bits."""
    return max(1, 61 - (most + 1).bit_length())
