"""Minutes that are free by each deadline: spent, closed, and quick to reach."""

import numpy as np

from .intake import Ints


def spend(
    slack: memoryview, room: memoryview, first: int, at: int, days: int, minutes: int
) -> None:
    """Minutes are charged to every deadline from `at` on, and room closed again."""
    least = 1 << 62
    for place in range(first + days - 1, first + at - 1, -1):
        left = slack[place] - minutes
        slack[place] = left
        if left < least:
            least = left
        room[place] = least
    for place in range(first + at - 1, first - 1, -1):
        if slack[place] < least:
            least = slack[place]
        if room[place] == least:
            break  # as it was, and so is all before it
        room[place] = least


def closed(slack: Ints) -> Ints:
    """The least of what is free by each deadline and by all later ones."""
    found: Ints = np.ascontiguousarray(
        np.minimum.accumulate(slack[:, ::-1], axis=1)[:, ::-1]
    )
    return found


def flat(table: Ints) -> memoryview:
    """The rows of the table one after another, for quick single reads and writes."""
    return table.reshape(-1).data
