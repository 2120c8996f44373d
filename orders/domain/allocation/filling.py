"""How high one bucket fills its makers: one level for all, found in whole numbers."""

import numpy as np

from .intake import Ints
from .vessel import NIL, Bucket, Water

STEPS = 60
BY_HALF = 8
"""One step in so many halves the bracket, whatever the others do ..."""
MANY = 20
"""... and after so many every other one does."""


def filled(
    water: Water, bucket: Bucket, income: Ints, need: Ints, most: Ints, total: int
) -> Ints:
    """Everybody up to one level, nobody over her most, together the whole bucket.

    `total` is what all could take, more than there is. The level is looked for from
    that of the bucket, or of the one before, and left with both: by Newton's method
    inside a bracket, by the rule of false position where that leads out of it. While
    some is poured, but not all, it is inside, and the ends need not be known.
    """
    bits, money = water.bits, bucket.money
    close = max(1, min(len(most), money >> 12))
    low, high = -bucket.limit, bucket.limit
    left, over = money, total - money
    level = min(max(bucket.level or water.level, low + 1), high - 1)
    known = rose = fell = False
    for step in range(STEPS):
        want = need * level
        want >>= water.shift
        want -= income
        got: Ints = np.minimum(np.maximum(want, NIL), most)
        poured = int(np.add.reduce(got))
        if not known and not 0 < poured < total:
            known, (low, high) = True, _ends(bits, income, need, most, low, high)
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
        rising = 0 if _halves(step) else int(need.dot(got == want))
        level = level + (gap << bits) // rising if rising else low
        if not low < level < high:
            if not known:
                known, (low, high) = True, _ends(bits, income, need, most, low, high)
            level = _between(low, high, left, over) if rising else (low + high) // 2
    bucket.level = water.level = level
    return got


def _halves(step: int) -> bool:
    return step % BY_HALF == BY_HALF - 1 or (step >= MANY and step % 2 == 0)


def _between(low: int, high: int, left: int, over: int) -> int:
    """The level where it comes out even if what is poured rises evenly."""
    level = low + (high - low) * left // max(1, left + over)
    return level if low < level < high else (low + high) // 2


def _ends(
    bits: int, income: Ints, need: Ints, most: Ints, low: int, high: int
) -> tuple[int, int]:
    """The bracket made so narrow that outside of it nothing is poured, or all."""
    least = int(((income << bits) // need).min())
    full = int((((income + most) << bits) // need).max())
    return max(low, least), min(high, full + 1)
