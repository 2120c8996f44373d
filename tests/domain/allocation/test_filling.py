"""One bucket fills its makers to one level, wherever the search for it starts."""

import random
from types import SimpleNamespace

import numpy as np
import pytest

from orders.domain.allocation import Base, Job, Maker, Problem
from orders.domain.allocation.columns import columns
from orders.domain.allocation.filling import filled
from orders.domain.allocation.planning import opened
from orders.domain.allocation.vessel import BIG
from orders.domain.allocation.water import pour
from tests.domain.allocation.villages import weeks


def one_bucket(seed: int, part: float, most_makers: int = 60) -> Problem:
    """Weavers in one roomy base and an order for `part` of their hours."""
    dice = random.Random(seed)
    makers = tuple(
        Maker(
            at + 1,
            1,
            {"weaving": 1},
            dice.choice((1_000, 1_500, 40_000, dice.randint(1, 10**6))),
            dice.choice((0, 0, dice.randint(-20_000, 900_000))),
            (dice.choice((0, 60, dice.randint(1, 9_000))),),
            0,
        )
        for at in range(dice.randint(2, most_makers))
    )
    hours = sum(maker.free[0] for maker in makers)
    pieces = max(1, int(hours * part) // 7)
    job = Job(1, "weaving", 1, 0, 7, 233, pieces, 1, None)
    return Problem(weeks(1), makers, (Base(1, "A", (10**8,)),), (job,), frozenset(), ())


@pytest.mark.parametrize("part", [0.02, 0.3, 0.9])
@pytest.mark.parametrize("seed", range(20))
def test_all_that_get_some_stand_at_one_level(seed, part):
    problem = one_bucket(seed, part, 60 if seed < 12 else 600)
    cols = columns(problem)
    water = pour(opened(cols, problem), [0])
    bucket = water.buckets[0]
    need, had = cols.need, cols.earned
    most = cols.free[:, 0] * bucket.fen // bucket.per
    close = max(1, min(len(need), bucket.money >> 12))
    dice = random.Random(seed)
    for start in (0, 1, -1, bucket.limit, -bucket.limit, dice.randrange(1 << 45)):
        bucket.level = start

        poured = filled(water, bucket, had, need, most, int(most.sum()))

        assert abs(int(poured.sum()) - bucket.money) <= close
        assert water.level == bucket.level
        level = need * bucket.level >> water.bits
        assert ((poured >= 0) & (poured <= most)).all()
        assert (had + poured >= level)[poured < most].all()
        assert (had + poured <= level)[poured > 0].all()


@pytest.mark.parametrize("seed", range(40))
def test_needs_that_are_far_apart_are_no_trap(seed):
    """At most levels between needs of 1 and a thousand million nearly nobody rises."""
    dice = random.Random(seed)
    count = dice.choice((2, 3, 20, 200))
    need = np.array(
        [dice.choice((1, 1_000, dice.randint(1, 10**9))) for _ in range(count)]
    )
    had = np.array(
        [dice.choice((0, dice.randint(-(10**6), 10**6))) for _ in range(count)]
    )
    most = np.array(
        [dice.choice((1, 10**7, dice.randint(0, 10**9))) for _ in range(count)]
    )
    total = int(most.sum())
    money = dice.randint(1, total - 1)
    bits = max(4, 30 - int(need.max()).bit_length())
    bucket = SimpleNamespace(money=money, limit=BIG // int(need.max()), level=0)
    water = SimpleNamespace(bits=bits, shift=np.array(bits), level=0)

    poured = filled(water, bucket, had, need, most, total)

    level = need * bucket.level >> bits
    assert ((poured >= 0) & (poured <= most)).all()
    assert (poured == np.clip(level - had, 0, most)).all()
    gaps = [
        abs(int(np.clip((need * near >> bits) - had, 0, most).sum()) - money)
        for near in (bucket.level - 1, bucket.level + 1)
    ]
    close = max(1, min(count, money >> 12))
    assert abs(int(poured.sum()) - money) <= max(close, *gaps)
