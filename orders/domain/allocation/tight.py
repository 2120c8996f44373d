"""Tight bases: full ones that keep their own makers below the poorest fifth.

Their hours are worth most. Work whose other makers are poor as well is as good in any
other base and leaves them; of what stays, work that pays more an hour comes first.
"""

from dataclasses import dataclass

import numpy as np

from .intake import Ints
from .measures import fifth_at
from .vessel import BIG, Bucket, Water

TOLL = 3
"""By so many times what a lid keeps its makers short, poor work counts them up."""
URGENT_TOLL = 20
"""By so many times what a lid is below the fifth, urgent work does."""
SLOWLY = 6
"""What a lid is below the fifth counts for it by a part of the change at a time."""
ABOUT = 50
"""The toll fades out over one part in so many, about the level of the fifth."""
SLOW = 4
"""It changes by a part of the difference at a time, or work would swing to and fro."""
BY_PAY = (4, 10)
"""Lids go up and down by this part of the fifth's level with what is paid an hour."""


@dataclass(slots=True, eq=False)
class Tight:
    """Which bases are tight, with the pay of 1,024 minutes there.

    `toll` is by base and deadline, in levels; 0 where no lid is below the fifth.
    """

    bases: np.ndarray
    pay: Ints
    toll: Ints


def find_tight(water: Water) -> Tight | None:
    """The tight bases under the present lids, which are lifted for a fresh start."""
    lid, columns = water.lid[0], water.book.columns
    water.fifth = fifth_at(columns, water.income, water.bits)
    low = lid < water.fifth
    if not low.any():
        return None
    count = len(columns.bases)
    fen = np.zeros(count, dtype=np.int64)
    minutes = np.zeros(count, dtype=np.int64)
    np.add.at(fen, columns.home, water.pay[0])
    np.add.at(minutes, columns.home, water.busy[0].sum(axis=0))
    shift = max(0, int(fen.max()).bit_length() - 50)
    pay = ((fen >> shift) << 10) // np.maximum(minutes >> shift, 1)
    toll = np.where(low, TOLL * (water.fifth - lid), 0)
    lid[low] = BIG
    return Tight(low.any(axis=1), np.maximum(pay, 1), toll)


def lids_of(water: Water, bucket: Bucket) -> Ints | None:
    """The lid of each base, if any; in tight ones the higher, the more work pays.

    Where it is about BIG there is none.
    """
    lids, tight = water.under[bucket.urgency][bucket.deadline], water.tight
    if lids is None or tight is None or bucket.urgency:
        return lids
    if bucket.more is None:
        pay = (bucket.fen << 10) // bucket.per
        bucket.more = by_pay(tight, water.fifth, slice(None), pay)
    return lifted(lids, bucket.more, water.fifth)


def toll_of(water: Water, bucket: Bucket) -> Ints | None:
    """Fen by which urgent work counts makers of full bases as better off.

    It goes where others have to sink least: to the bases with the highest lids, and
    only from need to those where others are below the poorest fifth already.
    """
    if not bucket.spilt:
        return _poor_toll(water, bucket)
    lids = water.under[0][bucket.deadline]
    if lids is None:
        return None
    lid = lids[bucket.pool.home]
    closed = lid < BIG
    if not closed.any():
        return None
    sink = np.where(closed, int(lid[closed].max()) - lid, 0)
    short = np.where(closed, np.maximum(water.fifth - lid, 0), 0)
    if bucket.toll is not None:
        short = (short + (SLOWLY - 1) * bucket.toll) // SLOWLY
    bucket.toll = short
    need, most = bucket.pool.need, min(2 * water.book.most, BIG >> 1)
    toll: Ints = np.minimum((short * need >> water.bits) * URGENT_TOLL, most)
    toll += sink * need >> water.bits
    return toll


def _poor_toll(water: Water, bucket: Bucket) -> Ints | None:
    """Fen by which poor work counts the makers of tight bases as better off."""
    tight = water.tight
    if tight is None or bucket.urgency:
        return None
    step = abs(water.fifth) // ABOUT + 1
    over = min(max(0, bucket.level - water.fifth + step // 2), step)
    part = 256 - over * 256 // step
    if bucket.part is not None:
        part = (part + (SLOW - 1) * bucket.part) // SLOW
    bucket.part = part
    if not part:
        return None
    if bucket.toll is None:
        toll = tight.toll[:, bucket.deadline :].max(axis=1)[bucket.pool.home]
        bucket.toll = (toll >> 8) * bucket.pool.need
    return bucket.toll * part >> water.bits


def by_pay(tight: Tight, step: int, home: Ints | slice, pay: Ints | int) -> Ints:
    """By how much lids are higher for work of this pay for 1,024 minutes."""
    part: Ints = np.clip(pay * 64 // tight.pay[home] - 64, -64, 64)
    part[~tight.bases[home]] = 0
    return (step * BY_PAY[0] // BY_PAY[1] >> 6) * part


def lifted(lid: Ints, more: Ints, fifth: int) -> Ints:
    """The lids moved by so much, but not further up than to the poorest fifth."""
    moved: Ints = np.minimum(lid + more, np.maximum(lid, fifth))
    return moved
