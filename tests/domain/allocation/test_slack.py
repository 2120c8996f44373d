"""Free minutes by deadline: room is always the least from there on."""

import random

import numpy as np
import pytest

from orders.domain.allocation.slack import closed, flat, spend
from orders.domain.allocation.swaps import room_without


def table(dice: random.Random, rows: int, days: int) -> np.ndarray:
    """Minutes that are free; some rows are overdrawn, and many numbers the same."""
    numbers = [[dice.randint(-3, 9) * 60 for _ in range(days)] for _ in range(rows)]
    return np.array(numbers, dtype=np.int64).reshape(rows, days)


@pytest.mark.parametrize("seed", range(20))
def test_whatever_is_spent_or_given_back_room_is_the_least_from_there_on(seed):
    dice = random.Random(seed)
    rows, days = dice.randint(1, 5), dice.randint(1, 12)
    slack = table(dice, rows, days)
    room = closed(slack)

    for _ in range(50):
        row, due = dice.randrange(rows), dice.randrange(days)
        minutes = dice.choice((-180, -60, 0, 60, 120, 300))
        spend(flat(slack), flat(room), row * days, due, days, minutes)
        least = [[min(one[at:]) for at in range(days)] for one in slack.tolist()]
        assert room.tolist() == least


@pytest.mark.parametrize("seed", range(20))
def test_room_without_a_share_is_what_would_be_free_if_it_were_given_back(seed):
    dice = random.Random(seed)
    rows, days = dice.randint(1, 5), dice.randint(1, 12)
    slack = table(dice, rows, days)
    due = np.array([dice.randrange(days) for _ in range(rows)])
    minutes = np.array([dice.randint(0, 6) * 60 for _ in range(rows)])

    def given_back(days_due) -> list[list[int]]:
        left, room = slack.copy(), closed(slack)
        for row, at in enumerate(days_due):
            spent = -int(minutes[row])
            spend(flat(left), flat(room), row * days, int(at), days, spent)
        return room.tolist()

    assert room_without(slack, due, minutes).tolist() == given_back(due)
    same = int(due[0])
    assert room_without(slack, same, minutes).tolist() == given_back([same] * rows)
