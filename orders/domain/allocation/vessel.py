"""What the water is poured into: buckets of like work, incomes, free hours, prices."""

from dataclasses import dataclass

import numpy as np

from .bend import Bend
from .book import Book
from .columns import Pool
from .intake import Ints, Truths

BIG = 1 << 61
"""Above all levels and minutes."""
FINE = 16
"""What a bucket pays beside others is known to so many bits."""
PACE = 64
"""Prices fall by so many 256ths at a time at most, and rise by as much too high."""

Kind = tuple[str, int, int, tuple[int, ...]]
"""Craft, least grade, deadline and bases; -1 and () where they do not part the work."""


@dataclass(slots=True, eq=False)
class Bucket:
    """The work of one kind in fen and minutes, and who has how much of it.

    `spots` are the places of its makers in the water's `slack` from its deadline on;
    `dear` is what an hour's usual pay is beside its own, shifted left by `FINE`;
    `level`, bent, is where it stands in bases that have no price.
    """

    kind: Kind
    pool: Pool
    deadline: int
    money: int
    fen: int
    per: int
    dear: int
    level: int
    spots: Ints
    poured: Ints
    minutes: Ints
    rests: int = 0

    def rest(self) -> int:
        """Fen that found no room."""
        return self.money - int(np.add.reduce(self.poured))


@dataclass(slots=True)
class Water:
    """Incomes, free minutes and prices while pouring.

    `slack` has all makers of one deadline after another. `price` is by deadline and
    base what an hour of usual pay costs there that is used by then, in bent levels;
    `charged` the same for an hour that is used then and by all later deadlines.
    `pace` is how much prices may move at a time, in 256ths; `fell` says which fell the
    last time. `usual` is the usual pay of 1,024 minutes. `shift` is `bits` as an array,
    `level` that of the bucket poured last.
    """

    book: Book
    bits: int
    income: Ints
    slack: Ints
    price: Ints
    charged: list[Ints | None]
    usual: int
    buckets: list[Bucket]
    bend: Bend
    shift: Ints
    pace: Ints
    fell: Truths
    level: int = 0


def named(bases: frozenset[int] | None) -> tuple[int, ...]:
    """The bases that may make it in order, () for every base."""
    return () if bases is None else tuple(sorted(bases))


def lifted(water: Water, bucket: Bucket, charge: Ints | None) -> Ints | int:
    """The level of each maker of the bucket, from its own less what her base costs."""
    if charge is None:
        return water.bend.level(bucket.level)
    return water.bend.levels(bucket.level - charge).repeat(bucket.pool.sizes)


def charge_of(water: Water, bucket: Bucket) -> Ints | None:
    """What its work costs in each base of its pool, in bent levels; None if nothing."""
    charged = water.charged[bucket.deadline]
    if charged is None:
        return None
    mine = charged[bucket.pool.base]
    if not mine.any():
        return None
    mine >>= FINE
    mine *= bucket.dear
    return mine
