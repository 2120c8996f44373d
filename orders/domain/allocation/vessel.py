"""What the water is poured into: buckets of like work, incomes, free hours, prices."""

from dataclasses import dataclass

import numpy as np

from .bend import NIL, Bend
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


def room_of(bucket: Bucket, slack: Ints) -> Ints:
    """Fen that each of its makers has time for, as long as it is taken up."""
    room: Ints = np.minimum.reduce(slack)
    room += bucket.minutes
    most: Ints = np.maximum(room, NIL)
    most *= bucket.fen
    most //= bucket.per
    return np.minimum(most, bucket.money)


def minutes_for(bucket: Bucket, poured: Ints) -> Ints:
    """Minutes that so much of it takes, rounded up."""
    found: Ints = -(-poured * bucket.per // bucket.fen)
    return found


def put(water: Water, bucket: Bucket, income: Ints, slack: Ints, poured: Ints) -> int:
    """The makers have so much of it instead; returns the fen that changed hands.

    `income` is what they have without it, `slack` what is free beside it as it was.
    """
    minutes = minutes_for(bucket, poured)
    water.income[bucket.pool.rows] = income + poured
    slack -= minutes - bucket.minutes
    water.slack[bucket.spots] = slack
    moved = int(np.add.reduce(abs(poured - bucket.poured)))
    bucket.poured, bucket.minutes = poured, minutes
    return moved


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
