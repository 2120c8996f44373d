"""Throws of dice that fall the same in every run, in whole numbers alone."""

from typing import TypeVar

import numpy as np

from .intake import Ints

T = TypeVar("T")
THROWS = 1 << 11
SEED = 20260302


class Dice:
    """A linear congruential row with Knuth's numbers (MMIX); its high bits count."""

    def __init__(self) -> None:
        self.state = SEED
        self.row: Ints = np.array([256 + self.below(256) for _ in range(2 * THROWS)])

    def below(self, many: int) -> int:
        """A whole number from 0 up to, not including, `many`."""
        step = self.state * 6364136223846793005 + 1442695040888963407
        self.state = step & (1 << 64) - 1
        return (self.state >> 33) * many >> 31

    def one(self, things: list[T]) -> T:
        """One of the things."""
        return things[self.below(len(things))]

    def some(self, things: list[T], many: int) -> list[T]:
        """So many of the things, all of them where there are fewer, shuffled."""
        things = things[:]
        for at in range(min(many, len(things))):
            other = at + self.below(len(things) - at)
            things[at], things[other] = things[other], things[at]
        return things[:many]

    def factors(self, many: int) -> Ints:
        """So many whole numbers from 256 to 511."""
        first = self.below(THROWS)
        return self.row[first : first + many]
