"""Where room for a share could be made: in full bases, then by busy makers."""

from typing import NamedTuple

import numpy as np

from .book import Book
from .intake import Ints
from .reach import Reach

HEIRS = 64
"""So many full bases and so many busy people are asked to make room for one share."""


class Spot(NamedTuple):
    """Where room is wanted: a base, a maker in it, or both where work goes `away`."""

    base: int
    maker: int | None = None
    away: bool = True


class Site(NamedTuple):
    """A spot where she could have so many pieces after so many moves."""

    spot: Spot
    heir: int
    pieces: int
    moves: int


class Sites:
    """Spots as long as one reach holds; those that could not be freed are dead.

    `ranks` says how high those stand in each base whose work leaves first.
    """

    def __init__(self, book: Book, reach: Reach, ranks: Ints) -> None:
        self.book, self.reach, self.ranks = book, reach, ranks
        self._bases = np.zeros((len(book.columns.bases), book.days), dtype=bool)
        self._makers = np.zeros((2, len(book.need), book.days), dtype=bool)

    def is_dead(self, spot: Spot, by: int) -> bool:
        """Whether it could not be freed by this deadline."""
        if spot.maker is None:
            return bool(self._bases[spot.base, by])
        return bool(self._makers[int(spot.away), spot.maker, by])

    def bury(self, spot: Spot, by: int) -> None:
        """It could not be freed by this deadline."""
        if spot.maker is None:
            self._bases[spot.base, by] = True
        else:
            self._makers[int(spot.away), spot.maker, by] = True

    def near(self, job: int, giver: int, spot: Spot, need: int) -> list[Site]:
        """For so much of the giver's share, none further than it or at the spot."""
        book, by = self.book, self.book.jobs[job].deadline
        pool = book.pool(job)
        at_base = self.reach.bases[:, by][pool.home]
        busy = self.reach.makers[:, by][pool.rows]
        moves = np.maximum(at_base, busy)
        near = (moves > 0) & (moves <= self.reach.of(job)) & (pool.rows != giver)
        if spot.away:
            near &= pool.home != spot.base
        some = near.nonzero()[0]
        where = pool.rows[some], pool.home[some], moves[some]
        full = at_base[some] > 0
        return self._in_bases(job, need, where, busy[some] == 0) + self._of_makers(
            job, need, where, busy[some] > 0, full
        )

    def _in_bases(
        self, job: int, need: int, where: tuple[Ints, Ints, Ints], idle: Ints
    ) -> list[Site]:
        """The maker of each full base who has most time for it."""
        (rows, home, moves), line = where, self.book.jobs[job]
        own = self.book.room[:, line.deadline][rows] // line.minutes
        free = (idle & (own >= min(self.book.lot[job], need))).nonzero()[0]
        if not len(free):
            return []
        most = np.minimum(own, need)
        free = free[np.lexsort((-most[free], -self.ranks[home[free]], moves[free]))]
        first = np.sort(np.unique(home[free], return_index=True)[1])[:HEIRS]
        best = free[first]
        best = best[~self._bases[home[best], line.deadline]]
        columns = (one[best].tolist() for one in (home, rows, most, moves))
        return [
            Site(Spot(base), heir, pieces, far)
            for base, heir, pieces, far in zip(*columns, strict=True)
        ]

    def _of_makers(
        self,
        job: int,
        need: int,
        where: tuple[Ints, Ints, Ints],
        busy: Ints,
        full: Ints,
    ) -> list[Site]:
        """Busy makers, the lowest level first."""
        (rows, home, moves), book, line = where, self.book, self.book.jobs[job]
        by = line.deadline
        roomy = book.base_room[:, by][home] // line.minutes >= need
        able = (busy & (roomy | full)).nonzero()[0]
        level = (book.income[rows[able]] << book.bits) // book.columns.need[rows[able]]
        able = able[np.lexsort((level, moves[able]))][:HEIRS]
        away = ~roomy[able]
        able = able[~self._makers[away.astype(np.int64), rows[able], by]]
        columns = (one[able].tolist() for one in (home, rows, ~roomy, moves))
        return [
            Site(Spot(base, heir, gone), heir, need, far)
            for base, heir, gone, far in zip(*columns, strict=True)
        ]
