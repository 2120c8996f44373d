"""Standard minutes of a piece: the median of what several makers needed.

Rule and worked table: docs/rules/piece-rate.md.
"""

from collections.abc import Sequence

FEWEST_MAKERS = 3


class TooFewMakers(ValueError):
    """A study of fewer makers than `FEWEST_MAKERS` says too little."""


def median_minutes(samples: Sequence[int]) -> int:
    """The whole minutes that the middle maker needed, one sample per maker.

    Between two middle values the mean is rounded up, in the maker's favour.
    Raises TooFewMakers, and ValueError for a sample below one minute.
    """
    if len(samples) < FEWEST_MAKERS:
        raise TooFewMakers(len(samples))
    if min(samples) < 1:
        raise ValueError("a sample is at least one minute")
    ordered = sorted(samples)
    middle = len(ordered) // 2
    if len(ordered) % 2:
        return ordered[middle]
    return -(-(ordered[middle - 1] + ordered[middle]) // 2)
