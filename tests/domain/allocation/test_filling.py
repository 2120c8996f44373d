"""One bucket fills its makers to one level, wherever the search for it starts."""

import random
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from orders.domain.allocation import Base, Job, Maker, Problem, filling
from orders.domain.allocation.bend import bend_at
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


def near_enough(bucket, up_to) -> int:
    """Fen that may lack or be too much: levels are told apart in steps."""
    steps = (abs(int(up_to(bucket.level + by).sum()) - bucket.money) for by in (-1, 1))
    return max(1, min(len(up_to(0)), bucket.money >> 12), *steps)


@pytest.mark.parametrize("part", [0.02, 0.3, 0.9])
@pytest.mark.parametrize("seed", range(20))
def test_all_that_get_some_stand_at_one_level(seed, part):
    problem = one_bucket(seed, part, 60 if seed < 12 else 600)
    cols = columns(problem)
    water = pour(opened(cols, problem), [0])
    bucket = water.buckets[0]
    need, had = cols.need, cols.earned
    most = cols.free[:, 0] * bucket.fen // bucket.per

    def up_to(level):
        asked = need * water.bend.level(level) >> water.bits
        return np.clip(asked - had, 0, most)

    dice = random.Random(seed)
    for start in (0, 1, -1, BIG, -BIG, dice.randrange(1 << 45)):
        bucket.level = start

        poured = filled(water, bucket, had, most, int(most.sum()), None)

        assert abs(int(poured.sum()) - bucket.money) <= near_enough(bucket, up_to)
        assert water.level == bucket.level
        level = need * water.bend.level(bucket.level) >> water.bits
        assert ((poured >= 0) & (poured <= most)).all()
        assert (had + poured >= level)[poured < most].all()
        assert (had + poured <= level)[poured > 0].all()


@pytest.mark.parametrize("part", [0.02, 0.3, 0.9])
@pytest.mark.parametrize("seed", range(20))
def test_where_hours_cost_something_levels_are_lower_by_that(seed, part):
    """Bent levels: two bases of the same makers, of which one has a price."""
    problem = one_bucket(seed, part)
    cheap = tuple(replace(one, id=one.id + 10**4, base=2) for one in problem.makers)
    bases = (*problem.bases, Base(2, "A", (10**8,)))
    problem = replace(problem, makers=(*problem.makers, *cheap), bases=bases)
    cols = columns(problem)
    water = pour(opened(cols, problem), [0])
    bucket, bend = water.buckets[0], water.bend
    most = cols.free[:, 0] * bucket.fen // bucket.per
    for price in (0, bend.steep // 3, bend.steep, 5 * bend.steep):
        charge = np.array([price, 0])

        def up_to(level, charge=charge):
            lifted = bend.levels(level - charge)[cols.home]
            asked = (cols.need * lifted >> water.bits) - cols.earned
            return np.clip(asked, 0, most)

        poured = filled(water, bucket, cols.earned, most, int(most.sum()), charge)

        assert (poured == up_to(bucket.level)).all()
        assert abs(int(poured.sum()) - bucket.money) <= near_enough(bucket, up_to)


@pytest.mark.parametrize("price", [0, 1, 8])
@pytest.mark.parametrize("part", [0.1, 0.3, 0.6])
@pytest.mark.parametrize("seed", range(20))
def test_of_a_full_base_only_what_it_has_room_for_counts(seed, part, price):
    """Three bases of the same makers; the second has room for a tenth of its hours."""
    problem = one_bucket(seed, part)
    makers = tuple(
        replace(one, id=one.id + base * 10**4, base=base)
        for base in (1, 2, 3)
        for one in problem.makers
    )
    bases = tuple(Base(base, "A", (10**8,)) for base in (1, 2, 3))
    problem = replace(problem, makers=makers, bases=bases)
    cols = columns(problem)
    water = pour(opened(cols, problem), [0])
    bucket, bend = water.buckets[0], water.bend
    most = cols.free[:, 0] * bucket.fen // bucket.per
    charge = np.array([0, 0, price * bend.steep // 8]) if price else None
    caps = np.add.reduceat(most, bucket.pool.starts) // np.array([1, 10, 1])
    sizes = bucket.pool.sizes

    def up_to(level):
        costs = 0 if charge is None else charge
        lifted = bend.levels(level - costs * np.ones(3, np.int64)).repeat(sizes)
        asked = (cols.need * lifted >> water.bits) - cols.earned
        return np.clip(asked, 0, most)

    def counted(level):
        return np.minimum(np.add.reduceat(up_to(level), bucket.pool.starts), caps)

    poured = filled(
        water, bucket, cols.earned, most, int(caps.sum()), charge, caps=caps
    )

    assert (poured == up_to(bucket.level)).all()
    steps = (
        abs(int(counted(bucket.level + by).sum()) - bucket.money) for by in (-1, 1)
    )
    close = max(1, min(len(most), bucket.money >> 12), *steps)
    assert abs(int(counted(bucket.level).sum()) - bucket.money) <= close


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
    pool = SimpleNamespace(need=need, sizes=np.array([count]))
    bucket = SimpleNamespace(money=money, level=0, pool=pool)
    bend = bend_at(dice.choice((0, 1, 1_000)) << bits, BIG // int(need.max()))
    water = SimpleNamespace(bits=bits, shift=np.array(bits), level=0, bend=bend)

    poured = filled(water, bucket, had, most, total, None)

    def up_to(level):
        return np.clip((need * bend.level(level) >> bits) - had, 0, most)

    assert (poured == up_to(bucket.level)).all()
    assert abs(int(poured.sum()) - money) <= near_enough(bucket, up_to)


@pytest.mark.parametrize("part", [0.02, 0.3, 0.9])
@pytest.mark.parametrize("seed", range(20))
def test_what_is_too_much_after_some_steps_is_taken_from_all_alike(
    seed, part, monkeypatch
):
    problem = one_bucket(seed, part)
    cols = columns(problem)
    water = pour(opened(cols, problem), [0])
    bucket = water.buckets[0]
    most = cols.free[:, 0] * bucket.fen // bucket.per
    total = int(most.sum())
    close = max(1, min(len(most), bucket.money >> 12))

    def poured(start: int, steps: int) -> np.ndarray:
        bucket.level = start
        monkeypatch.setattr(filling, "STEPS", steps)
        return filled(water, bucket, cols.earned, most, total, None)

    all_alike = [int(one) * bucket.money // total for one in most]
    assert poured(BIG, 1) == pytest.approx(all_alike, rel=1e-3, abs=1)
    assert not poured(-BIG, 1).any()
    for start in (-BIG, 0, bucket.level, BIG):
        for steps in (1, 2, 3, 5):
            found = poured(start, steps)
            assert ((found >= 0) & (found <= most)).all()
            assert found.sum() <= bucket.money + close
