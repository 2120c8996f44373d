"""What the water is poured into: buckets of like work, incomes, free minutes, lids."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from .book import Book
from .columns import Pool
from .intake import Ints

if TYPE_CHECKING:
    from .tight import Tight

URGENCIES = 4
BIG = 1 << 61
"""No lid."""

Kind = tuple[str, int, int, tuple[int, ...]]
"""Craft, least grade, deadline and bases; -1 and () where they do not part the work."""


@dataclass(slots=True, eq=False)
class Bucket:
    """The work of one kind in fen and minutes, and who has how much of it."""

    kind: Kind
    pool: Pool
    deadline: int
    money: int
    fen: int
    per: int
    level: int
    poured: Ints
    minutes: Ints
    urgency: int = 0
    spilt: bool = False
    rests: int = 0
    spill: "Bucket | None" = None


@dataclass(slots=True)
class Water:
    """Incomes and free minutes while pouring.

    `slack` is by deadline and maker. By urgency: `lid` per base and deadline, `pay` per
    maker, `busy` minutes by deadline and maker. Where a base is full, work has to make
    way for all that is more urgent. `fifth` is the level of the poorest fifth while no
    base is full.
    """

    book: Book
    bits: int
    income: Ints
    slack: Ints
    lid: Ints
    pay: Ints
    busy: Ints
    buckets: list[Bucket]
    fifth: int = 0
    tight: "Tight | None" = None


def named(bases: frozenset[int] | None) -> tuple[int, ...]:
    """The bases that may make it in order, () for every base."""
    return () if bases is None else tuple(sorted(bases))


def is_short(bucket: Bucket, total: int = 0) -> bool:
    rest = bucket.money - int(bucket.poured.sum())
    return rest * 2_000 > bucket.money and rest * 50_000 > total
