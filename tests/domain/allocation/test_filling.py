"""One bucket fills its makers to one level, wherever the search for it starts."""

import random

import pytest

from orders.domain.allocation import Base, Job, Maker, Problem
from orders.domain.allocation.columns import columns
from orders.domain.allocation.filling import filled
from orders.domain.allocation.planning import opened
from orders.domain.allocation.water import pour
from tests.domain.allocation.villages import weeks


def one_bucket(seed: int, part: float) -> Problem:
    """Up to 60 weavers in one roomy base and an order for `part` of their hours."""
    dice = random.Random(seed)
    makers = tuple(
        Maker(
            at + 1,
            1,
            {"weaving": 1},
            dice.choice((1_000, 1_500, 40_000)),
            dice.choice((0, 0, dice.randint(-20_000, 900_000))),
            (dice.choice((0, 60, dice.randint(1, 9_000))),),
            0,
        )
        for at in range(dice.randint(2, 60))
    )
    hours = sum(maker.free[0] for maker in makers)
    pieces = max(1, int(hours * part) // 7)
    job = Job(1, "weaving", 1, 0, 7, 233, pieces, 1, None)
    return Problem(weeks(1), makers, (Base(1, "A", (10**8,)),), (job,), frozenset(), ())


@pytest.mark.parametrize("part", [0.02, 0.3, 0.9])
@pytest.mark.parametrize("seed", range(12))
def test_all_that_get_some_stand_at_one_level(seed, part):
    problem = one_bucket(seed, part)
    cols = columns(problem)
    water = pour(opened(cols, problem), [0])
    bucket = water.buckets[0]
    need, had = cols.need, cols.earned
    most = cols.free[:, 0] * bucket.fen // bucket.per
    close = max(1, len(need), bucket.money >> 12)
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
