"""Levels bent at the poorest fifth: what is a little below it and above is far apart.

b20w rises as much whoever of the poorest fifth gets something, and not at all with what
others get. So bent levels rise steeply about the fifth and hardly elsewhere: far below
it all count nearly alike, and so do all far above.
"""

from dataclasses import dataclass

import numpy as np

from .intake import Ints

Shape = tuple[int, int]
"""Steep is one part in so many of the fifth's level above and below it; elsewhere the
rise is halved so many times."""
USUAL: Shape = (8, 6)
"""An eighth, and one sixty-fourth as fast."""
WIDEST = 1 << 52
NIL = np.zeros((), dtype=np.int64)
"""Nothing, as an array: small arrays are compared with it in half the time."""


@dataclass(frozen=True, slots=True)
class Bend:
    """Steep from `low` to `low + steep`; no level is further from nothing than `limit`.

    A bent level is nothing at the lower end of the steep part. `least` and `most` are
    those of the limits, `jump` is what levels make of the steep part elsewhere, where
    they rise 2 to the power of `flat` times as fast.
    """

    shape: Shape
    flat: int
    low: int
    steep: int
    limit: int
    least: int
    most: int
    jump: int

    def bent(self, levels: Ints) -> Ints:
        """What these levels count."""
        mine = levels - self.low
        above = np.maximum(mine - self.steep, NIL)
        below = np.minimum(mine, NIL)
        found: Ints = mine - above - below + (above >> self.flat) + (below >> self.flat)
        return found

    def levels(self, bent: Ints) -> Ints:
        """The levels that count so much, none beyond the limit."""
        found: Ints = np.minimum(bent, self.most)
        np.maximum(found, self.least, out=found)
        flat = found << self.flat
        np.maximum(found, flat - self.jump, out=found)
        np.minimum(found, flat, out=found)
        found += self.low
        return found

    def rises(self, bent: Ints) -> Ints:
        """How fast the levels rise where they count so much."""
        # As numbers without a sign, those below nothing are above everything.
        found: Ints = np.where(bent.view(np.uint64) > self.steep, 1 << self.flat, 1)
        return found

    def level(self, bent: int) -> int:
        """The level of one, as `levels` has it."""
        bent = max(min(bent, self.most), self.least)
        flat = bent << self.flat
        return self.low + min(flat, max(bent, flat - self.jump))

    def rise(self, bent: int) -> int:
        """How fast one rises, as `rises` has it."""
        return 1 if 0 <= bent <= self.steep else 1 << self.flat

    def count(self, level: int) -> int:
        """What one level counts, as `bent` has it."""
        mine = level - self.low
        if mine < 0:
            return mine >> self.flat
        return min(mine, self.steep) + (max(mine - self.steep, 0) >> self.flat)


def bend_at(fifth: int, limit: int, shape: Shape = USUAL) -> Bend:
    """Levels bent about the level of the poorest fifth, which is within the limit."""
    part, flat = shape
    most = limit - limit // part
    fifth = min(max(fifth, -most), most)
    about = min(max(abs(fifth) // part, 1), WIDEST)
    low, steep = fifth - about, 2 * about
    return Bend(
        shape,
        flat,
        low,
        steep,
        limit,
        -((limit + low) >> flat),
        steep + ((limit - low - steep) >> flat),
        (steep << flat) - steep,
    )
