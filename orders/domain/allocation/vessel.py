"""What the water is poured into: buckets of like work, incomes, free minutes, lids."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from .book import Book
from .columns import Pool
from .intake import Ints

if TYPE_CHECKING:
    from .tight import Tight

URGENCIES = 4
BIG = 1 << 61
"""No lid."""
NIL = np.zeros((), dtype=np.int64)
"""Nothing, as an array: small arrays are compared with it in half the time."""

Kind = tuple[str, int, int, tuple[int, ...]]
"""Craft, least grade, deadline and bases; -1 and () where they do not part the work."""


@dataclass(slots=True, eq=False)
class Bucket:
    """The work of one kind in fen and minutes, and who has how much of it.

    `spots` are the places of its makers in the water's `slack` from its deadline on.
    `limit` is above all its levels, unless needs are as far apart as 1 and 10⁹. `more`
    and `toll` are what tight bases mean for it, as long as it is their work; it pays
    `part` of the toll, in 256ths. Urgent work has a toll of its own, in levels.
    """

    kind: Kind
    pool: Pool
    deadline: int
    money: int
    fen: int
    per: int
    level: int
    limit: int
    spots: Ints
    poured: Ints
    minutes: Ints
    urgency: int = 0
    spilt: bool = False
    rests: int = 0
    spill: "Bucket | None" = None
    more: Ints | None = None
    toll: Ints | None = None
    part: int | None = None


@dataclass(slots=True)
class Water:
    """Incomes and free minutes while pouring.

    `slack` has all makers of one deadline after another. By urgency: `lid` per base and
    deadline; `under`, by deadline, the least from there on, None where no base has one;
    and as the last sweep left it `pay` per maker, `busy` minutes by deadline and maker.
    Where a base is full, work has to make way for all that is more urgent. `shift` is
    `bits` as an array, `fifth` the level of the poorest fifth while no base is full,
    `level` that of the bucket poured last.
    """

    book: Book
    bits: int
    income: Ints
    slack: Ints
    lid: Ints
    pay: Ints
    busy: Ints
    buckets: list[Bucket]
    under: list[list[Ints | None]]
    shift: Ints
    fifth: int = 0
    level: int = 0
    tight: "Tight | None" = None


def named(bases: frozenset[int] | None) -> tuple[int, ...]:
    """The bases that may make it in order, () for every base."""
    return () if bases is None else tuple(sorted(bases))


def is_short(bucket: Bucket, total: int) -> bool:
    """Whether more than crumbs of it, and of all work, found no room."""
    rest = bucket.money - int(bucket.poured.sum())
    return rest * 2_000 > bucket.money and rest * 50_000 > total
