"""Fewer extremes: a part of a large share goes to one of the poorest fifth.

Wherever she is: hand-offs and parcels have budgets.
"""

import numpy as np

from .book import Book
from .columns import PoolKey, pool_key
from .gather import BEYOND, MOST_PARCELS, level_of_fifth
from .holdings import holdings
from .intake import Ints

MOST_HANDS = (108, 100)
"""Hand-offs may grow to so many for each job and each maker with work."""

_Split = tuple[int, int, int]
"""By how much income² ÷ need falls, who gets a part, how many pieces."""
_Poor = tuple[Ints, Ints]
"""Rows and bases of the poor who are certified for some work."""
_Heir = tuple[int, int]
"""Who gets a part, and her minutes."""


def lift(book: Book, jobs: list[int], floor: int) -> int:
    """The splits that even out most are made while both budgets last; how many were.

    Both parts have at least half a floor.
    """
    hand_offs = sum(len(book.new[job]) + len(book.fixed[job]) for job in jobs)
    makers = {maker for job in jobs for maker in (*book.new[job], *book.fixed[job])}
    left = (len(jobs) + len(makers)) * MOST_HANDS[0] // MOST_HANDS[1] - hand_offs
    if left <= 0:
        return 0
    parcels = len(jobs) * MOST_PARCELS[0] // MOST_PARCELS[1]
    parcels -= sum(len(book.parcels(job)) for job in jobs)
    splits = _Splits(book, floor)
    done = 0
    for _, job, maker in sorted(splits.found(jobs)):
        if done == left:
            break
        best = splits.find(job, maker)
        if best is not None:
            further = book.home[best[1]] not in book.parcels(job)
            if further and parcels < 1:
                continue
            parcels -= further
            book.take(job, maker, best[2])
            book.give(job, best[1], best[2])
            splits.heirs.clear()
            done += 1
    return done


class _Splits:
    """Who could get a part of whose share.

    `heirs` holds by job and base who gets a part given up there, if anybody may, until
    one is made; the poor are those of the start.
    """

    def __init__(self, book: Book, floor: int) -> None:
        self.book, self.floor = book, floor
        self.fifth = level_of_fifth(book)
        self.poor = self._levels(np.arange(len(book.need))) <= self.fifth
        self.pools: dict[PoolKey, _Poor] = {}
        self.heirs: dict[tuple[int, int], _Heir | None] = {}

    def found(self, jobs: list[int]) -> list[tuple[int, int, int]]:
        """Job and maker, after the change of income² ÷ need: large falls come first."""
        sizes, makers, pieces = holdings(self.book, jobs)
        good = np.repeat([self._good(job) for job in jobs], sizes)
        some = (pieces >= 2 * good) & (self._levels(makers) > self.fifth)
        job = np.repeat(jobs, sizes)[some]
        found = []
        for pair in zip(job.tolist(), makers[some].tolist(), strict=True):
            best = self.find(*pair)
            if best is not None:
                found.append((-best[0], *pair))
        return found

    def find(self, job: int, maker: int) -> _Split | None:
        """With the lowest who may have a part of her share, if that is fairer."""
        book, base = self.book, self.book.home[maker]
        above = (book.income_of[maker] << book.bits) // book.need[maker] > self.fifth
        if not above or not self._spare(job, maker):
            return None
        if (job, base) not in self.heirs:
            self.heirs[job, base] = self._heir(job, base)
        heir = self.heirs[job, base]
        return None if heir is None else self._split(job, maker, *heir)

    def _levels(self, makers: Ints) -> Ints:
        book = self.book
        found: Ints = (book.income[makers] << book.bits) // book.columns.need[makers]
        return found

    def _good(self, job: int) -> int:
        """Pieces that are worth a hand-off of their own."""
        book = self.book
        return max(book.lot[job], -(-self.floor // (2 * book.jobs[job].minutes)))

    def _spare(self, job: int, maker: int) -> int:
        """Pieces that she could give up, 0 where both parts would not be good."""
        good = self._good(job)
        spare = self.book.new[job].get(maker, 0) - good
        return spare if spare >= good else 0

    def _of_pool(self, job: int) -> _Poor:
        """The poor who are certified for the job."""
        pool, key = self.book.pool(job), pool_key(self.book.jobs[job])
        if key not in self.pools:
            some = self.poor[pool.rows].nonzero()[0]
            self.pools[key] = pool.rows[some], pool.home[some]
        return self.pools[key]

    def _heir(self, job: int, base: int) -> _Heir | None:
        """The lowest of the poor who may make a part that somebody here gives up."""
        book, line = self.book, self.book.jobs[job]
        rows, home = self._of_pool(job)
        room = book.room[:, line.deadline][rows]
        base_room = book.base_room[:, line.deadline][home]
        room = np.where(home == base, room, np.minimum(room, base_room))
        able = (room >= self._good(job) * line.minutes).nonzero()[0]
        rows, room = rows[able], room[able]
        levels = self._levels(rows)
        for _ in range(len(able)):
            at = int(levels.argmin())
            heir = int(rows[at])
            if heir not in book.new[job] and book.may(job, heir):
                return heir, int(room[at])
            levels[at] = BEYOND
        return None

    def _split(self, job: int, maker: int, heir: int, room: int) -> _Split | None:
        """Good parts that bring their levels near to one another."""
        book, line, good = self.book, self.book.jobs[job], self._good(job)
        mine, hers = book.need[maker], book.need[heir]
        gap = book.income_of[maker] * hers - book.income_of[heir] * mine
        even = gap // (line.rate * (mine + hers))
        most = min(self._spare(job, maker), room // line.minutes)
        pieces = min(most, max(even, good))
        pay = pieces * line.rate
        less = pay * (2 * book.income_of[maker] - pay) // mine
        fall = less - pay * (2 * book.income_of[heir] + pay) // hers
        return (fall, heir, pieces) if fall > 0 else None
