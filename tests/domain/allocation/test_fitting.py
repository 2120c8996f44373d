"""What is too much for a full base in the end is poured where there is room."""

import random

import numpy as np
import pytest

from orders.domain.allocation import Base, Job, Maker, Problem
from orders.domain.allocation.buckets import MOST_MONEY
from orders.domain.allocation.columns import columns
from orders.domain.allocation.fitting import _cut, fit
from orders.domain.allocation.planning import opened
from orders.domain.allocation.vessel import Bucket, Water, charge_of, put
from orders.domain.allocation.water import pour
from tests.domain.allocation.villages import weeks

HOUR = 60


def two_kinds(rate: int = 2_000) -> Water:
    """Ten hours of carving and ten of weaving, all of it in base 2, which has ten.

    Each craft has one maker in either base; nobody has earned anything.
    """
    makers = tuple(
        Maker(at, 1 + at % 2, {craft: 1}, 600, 0, (20 * HOUR,), 0)
        for at, craft in (
            (1, "carving"),
            (2, "carving"),
            (3, "weaving"),
            (4, "weaving"),
        )
    )
    bases = (Base(1, "A", (100 * HOUR,)), Base(2, "A", (10 * HOUR,)))
    jobs = (
        Job(1, "carving", 1, 0, HOUR, 2_000, 10, 1, None),
        Job(2, "weaving", 1, 0, HOUR, rate, 10, 1, None),
    )
    problem = Problem(weeks(1), makers, bases, jobs, frozenset(), ())
    water = pour(opened(columns(problem), problem), [0, 1])
    for bucket in water.buckets:
        pour_instead(water, bucket, [0, bucket.money])
    return water


def pour_instead(water: Water, bucket: Bucket, poured: list[int]) -> None:
    """Its makers have so much of it, in fen, whatever their base has room for."""
    income = water.income[bucket.pool.rows] - bucket.poured
    put(water, bucket, income, water.slack[bucket.spots], np.array(poured))


def hours_in_the_full_base(water: Water) -> dict[str, int]:
    return {one.kind[0]: int(one.minutes[1]) // HOUR for one in water.buckets}


def test_first_all_work_of_an_overfull_base_gives_way_alike():
    water = two_kinds()
    fit(water, alike=True)
    assert hours_in_the_full_base(water) == {"carving": 5, "weaving": 5}
    # Two fen of 20,000 do not fill a minute.
    assert [bucket.rest() for bucket in water.buckets] == [2, 2]


def test_what_found_no_room_is_poured_even_where_no_base_has_too_much():
    water = two_kinds()
    bucket = water.buckets[0]
    water.income[bucket.pool.rows] -= bucket.poured
    water.slack[bucket.spots] += bucket.minutes
    bucket.poured, bucket.minutes = np.zeros((2, 2), dtype=np.int64)
    fit(water, alike=True)
    assert bucket.poured.tolist() == [bucket.money, 0]


@pytest.mark.parametrize(("lower", "stays"), [(0, 1), (1, 0)])
def test_then_what_counts_least_gives_way(lower, stays):
    water = two_kinds()
    water.buckets[lower].level, water.buckets[stays].level = 1 << 20, 1 << 21
    fit(water, alike=False)
    assert water.buckets[stays].minutes.tolist() == [0, 10 * HOUR]
    assert water.buckets[lower].minutes.tolist() == [10 * HOUR, 0]


def test_work_that_pays_half_costs_twice_as_much_in_a_full_base():
    """Carving pays 2,000 an hour and weaving 1,000, 1,500 on average."""
    water = two_kinds(1_000)
    water.charged = [np.array([0, 3_000 << 16])]
    costs = {one.kind[0]: charge_of(water, one) for one in water.buckets}
    assert costs["carving"].tolist() == [0, 3_000 * (3 << 14)]
    assert costs["weaving"].tolist() == [0, 3_000 * (3 << 15)]
    water.charged = [None]
    assert charge_of(water, water.buckets[0]) is None


@pytest.mark.parametrize("seed", range(30))
def test_what_full_bases_cannot_take_is_poured_where_there_is_room(seed):
    """Four bases, each for some of the hours of its makers; all of it finds room."""
    dice = random.Random(seed)
    makers = tuple(
        Maker(
            at,
            1 + at % 4,
            dict.fromkeys(("carving", "weaving")[: dice.randint(1, 2)], 1),
            dice.choice((600, 2_000)),
            dice.randint(0, 30_000),
            (dice.randint(5, 40) * HOUR,),
            0,
        )
        for at in range(1, 81)
    )
    hours = sum(one.free[0] for one in makers) // 4
    parts = [dice.choice((2, 3, 10)) for _ in range(3)]
    bases = [Base(at, "A", (hours // part,)) for at, part in enumerate(parts, 1)]
    bases.append(Base(4, "A", (hours,)))
    jobs = tuple(
        Job(at, craft, 1, 0, 7, rate, hours // 14, 1, None)
        for at, craft, rate in ((1, "carving", 210), (2, "weaving", 310))
    )
    problem = Problem(weeks(1), makers, tuple(bases), jobs, frozenset(), ())
    book = opened(columns(problem), problem)
    water = pour(book, [0, 1], 1)
    for bucket in water.buckets:
        assert bucket.rest() * 200 <= bucket.money
    used = np.zeros(4, dtype=np.int64)
    for bucket in water.buckets:
        used[bucket.pool.base] += np.add.reduceat(bucket.minutes, bucket.pool.starts)
    room = np.array([one.capacity[0] for one in bases])
    assert (used <= room + (room >> 11)).all()


@pytest.mark.parametrize(
    ("nearly", "hours"), [(True, [3, 6, 10]), (False, [0, 10, 10])]
)
def test_if_nearly_is_enough_all_in_a_full_base_gives_way_alike(nearly, hours):
    """Base 1 has ten hours; at the level of base 2 its makers would have ten and 20."""
    makers = tuple(
        Maker(at, base, {"weaving": 1}, 600, earned, (20 * HOUR,), 0)
        for at, base, earned in ((1, 1, 20_000), (2, 1, 0), (3, 2, 20_000))
    )
    bases = (Base(1, "A", (10 * HOUR,)), Base(2, "A", (20 * HOUR,)))
    job = Job(1, "weaving", 1, 0, HOUR, 2_000, 20, 1, None)
    problem = Problem(weeks(1), makers, bases, (job,), frozenset(), ())
    water = pour(opened(columns(problem), problem), [0])
    (bucket,) = water.buckets
    pour_instead(water, bucket, [20_000, 20_000, 0])
    water.charged[0] = None

    fit(water, alike=False, nearly=nearly)

    assert (bucket.minutes // HOUR).tolist() == hours


def test_no_base_keeps_more_than_there_is_when_its_work_is_cut():
    """One step of the level may lift makers far past all work of a bucket."""
    water = two_kinds()
    bucket = water.buckets[0]
    bucket.money = MOST_MONEY
    cut = _cut(bucket, np.array([1 << 50, 1 << 50]), np.array([1 << 52, 1 << 36]))
    assert cut.tolist() == [MOST_MONEY, 1 << 36]


@pytest.mark.parametrize("per", [2, 4, 8, 15, 60])
@pytest.mark.parametrize("seed", range(4))
def test_what_whole_minutes_cost_is_poured_once_more(seed, per):
    """Small quotas are rounded up to minutes, which full bases have no room for."""
    dice = random.Random(seed)
    makers = tuple(
        Maker(
            at,
            1 + at % 4,
            {"weaving": 1},
            dice.choice((600, 900)),
            dice.randint(0, 300),
            (1_000,),
            0,
        )
        for at in range(1, 501)
    )
    minutes = 500 * per
    rooms = [minutes // 4 * part // 10 for part in (3, 5, 7)] + [10**6]
    bases = tuple(Base(at, "A", (room,)) for at, room in enumerate(rooms, 1))
    job = Job(1, "weaving", 1, 0, 1, 35, minutes, 1, None)
    problem = Problem(weeks(1), makers, bases, (job,), frozenset(), ())
    (bucket,) = pour(opened(columns(problem), problem), [0]).buckets
    assert bucket.rest() * 500 <= bucket.money
