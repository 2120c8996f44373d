"""Who else could make a lot of a job, as seen in a book that stays as it is."""

from dataclasses import dataclass, field

import numpy as np

from .book import Book
from .columns import Pool, PoolKey, pool_key
from .intake import Ints, Truths

FEW = 64
"""Among so many with the lowest levels there is mostly one with room."""
NOBODY = 1 << 200
"""The lowest level among no makers at all."""


@dataclass(slots=True)
class Sight:
    """A book while reasons are given, and what was seen of its pools."""

    book: Book
    ranked: dict[PoolKey, tuple[Ints, Ints]] = field(default_factory=dict)
    room: dict[tuple[PoolKey, int], Ints] = field(default_factory=dict)

    def able(self, job: int) -> "Able":
        """Who could make a lot of the job, apart from those who make it."""
        book, line = self.book, self.book.jobs[job]
        key, pool, at = pool_key(line), book.pool(job), line.deadline
        if key not in self.ranked:
            levels = book.levels(pool)
            self.ranked[key] = levels, levels.argsort(kind="stable")
        if (key, at) not in self.room:
            room = np.minimum(
                book.room[:, at][pool.rows], book.base_room[:, at][pool.home]
            )
            self.room[key, at] = room
        able = self.room[key, at] >= max(1, book.lot[job]) * line.minutes
        able[pool.rows.searchsorted(list(book.new[job]))] = False
        for barred in (*book.barred[job], *book.fixed[job]):
            able &= pool.rows != barred
        return Able(book, pool, *self.ranked[key], able)


@dataclass(slots=True)
class Able:
    """Who of a pool is able; `order` has its places from the lowest level up."""

    book: Book
    pool: Pool
    levels: Ints
    order: Ints
    able: Truths

    def count(self) -> int:
        """How many they are."""
        return int(np.count_nonzero(self.able))

    def lowest(self) -> int:
        """The lowest level of them, exactly."""
        near = self.order[:FEW]
        found = near[self.able[near]]
        if len(found) and self.levels[found[0]] < self.levels[near[-1]]:
            return self._least(found)
        return self._least(self.able.nonzero()[0])

    def lowest_in(self, bases: list[int]) -> int:
        """The lowest level of those in one of these bases."""
        places = self.pool.rows.searchsorted(self.pool.inside(bases))
        return self._least(places[self.able[places]])

    def _least(self, places: Ints) -> int:
        if not len(places):
            return NOBODY
        levels = self.levels[places]
        near = self.pool.rows[places[levels == levels.min()]]
        return min(self.book.level(maker) for maker in near.tolist())
