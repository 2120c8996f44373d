"""What water at rest says: how much of each kind of work each maker should get."""

from dataclasses import dataclass, field

import numpy as np

from .columns import Pool
from .intake import Ints, Truths
from .slack import flat
from .terms import Job
from .vessel import BIG, Bucket, Kind, Water, named

LOOSE = 8
"""A base without a price is loose if one hour in so many is free by each deadline."""


@dataclass(slots=True, eq=False)
class Wish:
    """What water says about one kind of work, less what is handed out already.

    `quota` is in fen for each maker of `pool`, who is certified for any of the work;
    `share` in minutes for each base of the pool and deadline, of all that is due by
    then. `parts` has by grade and deadline the minutes of each base for that alone.
    """

    pool: Pool
    quota: Ints
    share: Ints
    parts: dict[tuple[int, int], Ints] = field(default_factory=dict)
    quota_of: memoryview = field(init=False)

    def __post_init__(self) -> None:
        self.quota_of = flat(self.quota)


class Wishes:
    """The wishes by kind; jobs of one kind draw on the same quotas.

    A kind is a craft, so that few makers with large quotas are found. Where some of
    the craft may be made in few bases only, hours are matched more closely: each grade
    is a kind of its own, and so is every choice of bases in it. `income` is what the
    water leaves every maker with.
    """

    def __init__(self, water: Water) -> None:
        self.parted = {one.kind[0] for one in water.buckets if one.kind[3]}
        self.by_kind: dict[Kind, Wish] = {}
        self.income: Ints = water.income
        columns = water.book.columns
        load = np.zeros_like(water.price.T)
        for bucket in water.buckets:
            craft, grade, _, bases = bucket.kind
            kind = self._kind(craft, grade, bases)
            wish = self.by_kind.get(kind)
            if wish is None:
                wide = bucket.pool if kind[1] >= 0 else columns.everybody(craft)
                table = np.zeros((len(wide.base), columns.days), dtype=np.int64)
                wish = Wish(wide, np.zeros_like(wide.rows), table)
                self.by_kind[kind] = wish
            _add(wish, bucket)
        for wish in self.by_kind.values():
            load[wish.pool.base] += wish.share
        full = load > water.book.base_slack // LOOSE * (LOOSE - 1)
        loose: Truths = ~np.logical_or.reduce(full | (water.price.T > 0), axis=1)
        for wish in self.by_kind.values():
            wish.share[loose[wish.pool.base]] = BIG

    def of(self, line: Job) -> Wish | None:
        """The wish on which this job draws."""
        kind = self._kind(line.craft, line.grade, named(line.bases))
        return self.by_kind.get(kind)

    def _kind(self, craft: str, grade: int, bases: tuple[int, ...]) -> Kind:
        return craft, grade if craft in self.parted else -1, -1, bases


def _add(wish: Wish, bucket: Bucket) -> None:
    pool, (_, grade, deadline, _) = bucket.pool, bucket.kind
    part = np.zeros_like(wish.pool.base)
    wish.parts[grade, deadline] = part
    sums = np.add.reduceat(bucket.minutes, pool.starts)
    if wish.pool is pool:
        wish.quota += bucket.poured
        part += sums
    else:
        wish.quota[np.searchsorted(wish.pool.rows, pool.rows)] += bucket.poured
        part[np.searchsorted(wish.pool.base, pool.base)] += sums
    wish.share[:, deadline:] += part[:, None]
