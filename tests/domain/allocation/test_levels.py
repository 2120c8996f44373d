"""What the water gives: quotas by maker and craft, work by county and kind."""

from dataclasses import replace

import pytest

from benchmarks.allocation.instances import network
from orders.domain.allocation import (
    Base,
    Job,
    Maker,
    Problem,
    levelling,
    levels,
    water,
)
from orders.domain.allocation.columns import columns
from orders.domain.allocation.measures import poorest_fifth
from orders.domain.allocation.planning import by_turn, opened
from tests.domain.allocation.villages import weeks


def test_quotas_of_a_craft_add_up_over_its_kinds_of_work():
    """Two makers alike share two jobs of a craft that are due one after the other."""
    makers = tuple(
        Maker(at, at, {"weaving": 1}, 1_000, 0, (600, 1_200), 0) for at in (1, 2)
    )
    bases = (Base(1, "A", (6_000, 6_000)), Base(2, "B", (6_000, 6_000)))
    jobs = tuple(Job(at + 1, "weaving", 1, at, 60, 2_000, 6, 1, None) for at in (0, 1))
    problem = Problem(weeks(2), makers, bases, jobs, frozenset(), ())

    found = levels(problem)

    assert found.quota == {(1, "weaving"): 12_000, (2, "weaving"): 12_000}
    assert found.work == {
        (county, "weaving", 1, due, ()): 6_000 for county in "AB" for due in (0, 1)
    }


@pytest.mark.parametrize(
    ("jobs", "ways"),
    [
        (levelling.SHORT, [(water.MOST_SWEEPS, water.USUAL)]),
        (levelling.SHORT + 1, [(water.LONG_SWEEPS, one) for one in water.SHAPES]),
    ],
)
def test_levels_of_many_jobs_are_poured_as_long_as_it_helps(jobs, ways, monkeypatch):
    """A plan needs them less exactly than somebody who reads them."""
    problem, seen, poured = for_ten_hours(1), [], water._poured
    (job,) = problem.jobs
    problem = replace(problem, jobs=tuple(replace(job, id=at) for at in range(jobs)))

    def noted(book, some, sweeps, shape, *rough):
        seen.append((sweeps, shape))
        return poured(book, some, sweeps, shape, *rough)

    monkeypatch.setattr(water, "_poured", noted)
    assert levels(problem).quota == {(1, "weaving"): 20_000}
    assert seen == ways


@pytest.mark.parametrize(
    ("stand", "held", "sweeps"),
    [
        (7, 0, water.FEW_SWEEPS),
        (7, 1, water.MOST_SWEEPS),
        (8, 1, water.FEW_SWEEPS),
        (6, 0, water.MOST_SWEEPS),
    ],
)
def test_few_jobs_beside_many_that_are_paid_are_poured_in_fewer_sweeps(
    monkeypatch, stand, held, sweeps
):
    """Prices are said to be wrong after every sweep, so that none is the last."""
    problem, swept, priced = for_ten_hours(40), [], water.set_prices
    (job,) = problem.jobs
    others = tuple(
        replace(job, id=2 + at, pieces=1, held=at < held) for at in range(stand)
    )
    problem = replace(problem, jobs=(job, *others))

    def noted(one):
        swept.append(priced(one))
        return 1 << 60

    monkeypatch.setattr(water, "set_prices", noted)
    water.pour(opened(columns(problem), problem), [0])

    assert len(swept) == sweeps


@pytest.mark.parametrize(
    ("narrow", "asked", "sweeps"),
    [
        (0, water.MOST_SWEEPS, water.MOST_SWEEPS),
        (1, water.MOST_SWEEPS, water.MOST_SWEEPS),
        (2, water.MOST_SWEEPS, 3),
        (8, water.MOST_SWEEPS, 3),
        (2, 8, 3),
        (2, water.LONG_SWEEPS, 7),
    ],
)
def test_where_a_fourth_of_the_work_is_for_few_bases_a_fourth_of_the_sweeps_do(
    monkeypatch, narrow, asked, sweeps
):
    """Eight kinds of work; a single village that keeps its own changes nothing.

    Where a fourth is for few bases nothing is left out for a time either.
    """
    problem, swept, priced = for_ten_hours(40), [], water.set_prices
    (maker,), (job,), here = problem.makers, problem.jobs, frozenset({1})
    jobs = tuple(
        replace(job, id=grade, grade=grade, bases=here if grade <= narrow else None)
        for grade in range(1, 9)
    )
    makers = (replace(maker, grades={"weaving": 8}),)
    problem = replace(problem, makers=makers, jobs=jobs)

    def noted(one):
        priced(one)
        swept.append(sum(bucket.money for bucket in one.buckets))
        return 1 << 60

    monkeypatch.setattr(water, "set_prices", noted)
    water.pour(opened(columns(problem), problem), list(range(8)), asked)

    assert len(swept) == sweeps
    assert (swept[-1] == swept[0]) is (narrow > 1)


def for_ten_hours(pieces: int) -> Problem:
    """Pieces of an hour, and hours for ten of them."""
    maker = Maker(1, 1, {"weaving": 1}, 100, 0, (600,), 0)
    job = Job(1, "weaving", 1, 0, 60, 2_000, pieces, 1, None)
    return Problem(weeks(1), (maker,), (Base(1, "A", (600,)),), (job,), frozenset(), ())


@pytest.mark.parametrize(
    ("sweeps", "few", "aside"),
    [
        (water.MOST_SWEEPS, False, True),
        (water.MOST_SWEEPS, True, True),
        (water.LEAST_SWEEPS + 1, False, True),
        (water.LEAST_SWEEPS, False, False),
    ],
)
def test_what_finds_no_room_is_left_out_for_a_time(monkeypatch, sweeps, few, aside):
    problem, seen, priced = for_ten_hours(40), [], water.set_prices
    monkeypatch.setattr(water, "is_few", lambda book, jobs: few)

    def noted(one):
        seen.append([bucket.money for bucket in one.buckets])
        return priced(one)

    monkeypatch.setattr(water, "set_prices", noted)
    (bucket,) = water.pour(opened(columns(problem), problem), [0], sweeps).buckets

    money = [20_000] if aside else [80_000]
    assert seen[: water.ASIDE] == [[80_000]] * water.ASIDE
    assert seen[water.ASIDE :] == [money] * (len(seen) - water.ASIDE)
    assert (bucket.money, bucket.rest()) == (80_000, 60_000)


@pytest.mark.parametrize(
    ("hours", "shape"), [(40, water.SHALLOW), (98, water.SHALLOW), (99, water.USUAL)]
)
def test_where_it_has_to_be_timely_levels_bend_less_and_all_stays_in(
    monkeypatch, hours, shape
):
    """A hundred pieces of an hour; one in a hundred without room is not much."""
    problem, seen, priced = for_ten_hours(100), [], water.set_prices
    (maker,), free = problem.makers, (hours * 60,)
    makers, bases = (replace(maker, free=free),), (Base(1, "A", free),)
    problem = replace(problem, makers=makers, bases=bases)

    def noted(one):
        seen.append((one.buckets[0].money, one.bend.shape))
        return priced(one)

    monkeypatch.setattr(water, "set_prices", noted)
    water.pour(opened(columns(problem), problem), [0], timely=True)

    money = 200_000
    assert seen[: water.ASIDE] == [(money, water.USUAL)] * water.ASIDE
    assert seen[water.ASIDE :] == [(money, shape)] * (len(seen) - water.ASIDE)


@pytest.mark.parametrize(
    ("rough", "moved", "rests"),
    [(False, 3, True), (False, 4, False), (True, 15, True), (True, 16, False)],
)
def test_a_bucket_of_which_little_moves_rests_sooner_in_rough_water(
    rough, moved, rests, monkeypatch
):
    """Little is one part in 20,000 of the 80,000 fen, roughly one in 5,000."""
    swept = []

    def refilled(one, bucket):
        swept.append(bucket)
        return moved

    monkeypatch.setattr(water, "_refill", refilled)
    monkeypatch.setattr(water, "set_prices", lambda one: 10**9)
    problem = for_ten_hours(40)
    book = opened(columns(problem), problem)
    water.pour(book, [0], water.LEAST_SWEEPS, rough=rough)
    assert len(swept) == (2 if rests else water.LEAST_SWEEPS)


@pytest.mark.parametrize(
    ("rough", "fitted"),
    [(True, [(True, True)]), (False, [(True, False), (False, False)])],
)
def test_rough_water_is_nearly_fitted_into_full_bases(rough, fitted, monkeypatch):
    problem, seen = for_ten_hours(40), []

    def noted(one, *, alike, nearly=False):
        seen.append((alike, nearly))

    monkeypatch.setattr(water, "fit", noted)
    book = opened(columns(problem), problem)
    water.pour(book, [0], water.LEAST_SWEEPS, rough=rough)
    assert seen == fitted


@pytest.mark.parametrize(
    ("part", "aside"), [(2_000, [20_000]), (3, [20_000]), (2, [0])]
)
def test_hardly_anything_without_room_is_not_left_out(monkeypatch, part, aside):
    """Ten pieces of twenty find none: one part in two."""
    problem = for_ten_hours(20)
    poured = water.pour(opened(columns(problem), problem), [0])
    monkeypatch.setattr(water, "HARDLY", part)
    assert water._set_aside(poured) == aside


@pytest.mark.parametrize("seed", [31, 32, 1821])
def test_levels_are_the_best_of_several_ways(seed):
    """The poorest fifth has most, among those that leave hardly more without room."""
    problem = network("M", seed)
    book = opened(columns(problem), problem)
    jobs, _ = by_turn(book)
    ways = [water._poured(book, jobs, 28, shape) for shape in water.SHAPES]
    rests = [sum(bucket.rest() for bucket in way.buckets) for way in ways]
    total = sum(bucket.money for bucket in ways[0].buckets)

    kept = poorest_fifth(book.columns, water.pour_long(book, jobs).income)

    assert kept == max(
        poorest_fifth(book.columns, way.income)
        for way, rest in zip(ways, rests, strict=True)
        if rest <= min(rests) + total // 500
    )


@pytest.mark.parametrize(
    ("jobs", "sweeps", "way"),
    [
        (water.MANY, (), (water.MOST_SWEEPS, water.USUAL)),
        (water.MANY + 1, (), (water.MANY_SWEEPS, water.SHAPES[0])),
        (water.MANY + 1, (3,), (3, water.USUAL)),
    ],
)
def test_much_work_is_poured_longer_and_in_another_shape(
    jobs, sweeps, way, monkeypatch
):
    problem, seen = for_ten_hours(1), []
    book = opened(columns(problem), problem)
    monkeypatch.setattr(water, "_poured", lambda book, some, *how: seen.append(how[:2]))
    water.pour(book, [0] * jobs, *sweeps)
    assert seen == [way]
