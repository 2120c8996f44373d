"""How high one bucket fills its makers: one level for all, found in whole numbers."""

import numpy as np

from .bend import NIL, Bend
from .intake import Ints
from .vessel import BIG, Bucket, Water

STEPS = 60
BY_HALF = 8
"""One step in so many halves the bracket, whatever the others do ..."""
MANY = 20
"""... and after so many every other one does."""
PART = 16
"""A part that is cut is known to so many bits."""


def filled(
    water: Water,
    bucket: Bucket,
    income: Ints,
    most: Ints,
    total: int,
    charge: Ints | None,
    *,
    caps: Ints | None = None,
) -> Ints:
    """Everybody up to one bent level, nobody over her most, together the whole bucket.

    By base the level is lower by the `charge`. If there are `caps`, in fen, no more
    than that of each base counts, and it is left to the caller to cut the rest off.
    `total` is what all could take, or all bases, and more than there is.

    The level is looked for from that of the bucket, or of the one before, and left with
    both: by Newton's method inside a bracket, by the rule of false position where that
    leads out of it. While some is poured, but not all, it is inside, and the ends need
    not be known. After `STEPS` too little stays too little, and what is too much is
    taken from all alike.
    """
    bits, money, bend, need = water.bits, bucket.money, water.bend, bucket.pool.need
    sizes = bucket.pool.sizes
    close = max(1, min(len(most), money >> 12))
    low, high = -2 * BIG, 2 * BIG
    left, over = money, total - money
    level = min(max(bucket.level or water.level, low + 1), high - 1)
    known = rose = fell = False
    for step in range(STEPS):
        want = need * lifted(bend, level, charge, sizes)
        want >>= water.shift
        want -= income
        got: Ints = np.maximum(want, NIL)
        np.minimum(got, most, out=got)
        if caps is None:
            poured = int(np.add.reduce(got))
        else:
            mine = np.add.reduceat(got, bucket.pool.starts)
            poured = int(np.add.reduce(np.minimum(mine, caps)))
        if not known and not 0 < poured < total:
            known = True
            low, high = _ends(bend, bits, bucket, income, most, charge)
            if not low < level < high:
                level = _between(low, high, left, over)
                continue
        gap = money - poured
        if gap >= 0:
            # Two steps from one side: the other end counts half, or it would stay.
            low, left, over, rose, fell = level, gap, over >> rose, True, False
        else:
            high, over, left, rose, fell = level, -gap, left >> fell, False, True
        if abs(gap) <= close or high - low <= 1:
            break
        # Where nobody rises with the level, halving is all that is left.
        rising = 0
        if not _halves(step):
            climb = got == want
            if caps is not None:
                climb &= (mine < caps).repeat(sizes)
            rising = _rising(bend, level, charge, sizes, need * climb)
        level = level + (gap << bits) // rising if rising else low
        if not low < level < high:
            if not known:
                known = True
                low, high = _ends(bend, bits, bucket, income, most, charge)
            level = _between(low, high, left, over) if rising else (low + high) // 2
    else:
        if caps is None and poured > money:
            got = got * ((money << PART) // poured) >> PART
    bucket.level = water.level = level
    return got


def lifted(bend: Bend, level: int, charge: Ints | None, sizes: Ints) -> Ints | int:
    """The level of each maker, from this bent one less what her base costs."""
    if charge is None:
        return bend.level(level)
    return bend.levels(level - charge).repeat(sizes)


def _rising(
    bend: Bend, level: int, charge: Ints | None, sizes: Ints, need: Ints
) -> int:
    """By how much the needs of those who rise grow with the bent level."""
    if charge is None:
        return bend.rise(level) * int(np.add.reduce(need))
    return int(bend.rises(level - charge).repeat(sizes).dot(need))


def _halves(step: int) -> bool:
    return step % BY_HALF == BY_HALF - 1 or (step >= MANY and step % 2 == 0)


def _between(low: int, high: int, left: int, over: int) -> int:
    """The level where it comes out even if what is poured rises evenly."""
    level = low + (high - low) * left // max(1, left + over)
    return level if low < level < high else (low + high) // 2


def _ends(
    bend: Bend, bits: int, bucket: Bucket, income: Ints, most: Ints, charge: Ints | None
) -> tuple[int, int]:
    """The bent levels outside of which nothing is poured, or all."""
    need = bucket.pool.need
    least = bend.bent((income << bits) // need)
    full = bend.bent(((income + most) << bits) // need)
    if charge is not None:
        costs = charge.repeat(bucket.pool.sizes)
        least, full = least + costs, full + costs
    return int(least.min()) - 1, int(full.max()) + 1


def brim(
    water: Water, bucket: Bucket, income: Ints, most: Ints, charge: Ints | None
) -> int:
    """The bent level of a bucket of which everybody has all she can take."""
    return _ends(water.bend, water.bits, bucket, income, most, charge)[1]
