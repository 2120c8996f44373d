"""An hour of a full base has a price, so that work goes where it lifts the poorest."""

from datetime import date

import numpy as np
import pytest

from benchmarks.allocation.instances import network
from orders.domain.allocation import Base, Job, Maker, Problem
from orders.domain.allocation.columns import columns
from orders.domain.allocation.measures import poorest_fifth
from orders.domain.allocation.planning import by_turn, opened
from orders.domain.allocation.prices import set_prices
from orders.domain.allocation.water import pour
from tests.domain.allocation.villages import village

HOUR = 60


def poured(problem):
    cols = columns(problem)
    book = opened(cols, problem)
    return cols, pour(book, by_turn(book)[0])


def maker(number, base, craft, earned=0):
    return Maker(number, base, {craft: 1}, 600, earned, (100 * HOUR,), 0)


def job(number, craft, pieces):
    return Job(number, craft, 1, 0, HOUR, 2_000, pieces, 1, None)


@pytest.fixture
def two_crafts():
    """Straw leaves its makers poor everywhere, embroidery only in narrow base 1.

    The poorest fifth reaches up to the weavers.
    """
    straw = [maker(number, 2, "straw") for number in (21, 22)]
    fine = [maker(number, 2, "embroidery", 90_000) for number in range(31, 51)]
    weavers = [maker(number, 2, "weaving", 50_000) for number in range(61, 67)]
    here = [maker(11, 1, "straw"), maker(12, 1, "embroidery")]
    bases = (Base(1, "county", (10 * HOUR,)), Base(2, "county", (900 * HOUR,)))
    jobs = (job(1, "straw", 9), job(2, "embroidery", 200), job(3, "weaving", 6))
    makers = tuple(here + straw + fine + weavers)
    return Problem((date(2026, 3, 9),), makers, bases, jobs, frozenset(), ())


def test_poor_work_leaves_a_full_base_to_work_that_lifts_only_there(two_crafts):
    """Base 1 has ten hours of 20 yuan; the nine hours of straw are done in base 2."""
    cols, water = poured(two_crafts)
    got = dict(zip((one.id for one in cols.makers), water.income.tolist(), strict=True))
    assert [got[number] for number in (11, 21, 22)] == [0, 9_000, 9_000]
    assert 0 < got[12] <= 20_000
    assert water.price[:, 0] > 0
    assert water.price[:, 1] == 0


def test_prices_rise_where_too_much_is_asked_for_and_fall_where_hours_are_left(
    two_crafts,
):
    _, water = poured(two_crafts)
    price = int(water.price[0, 0])
    busy = next(one for one in water.buckets if one.kind[0] == "embroidery")

    busy.minutes[0] = 0
    set_prices(water)
    lower = int(water.price[0, 0])
    busy.minutes[0] = 11 * HOUR
    busy.poured[0] = 22_000
    set_prices(water)

    assert 0 < lower < price
    assert water.price[0, 0] > lower


@pytest.mark.parametrize(
    ("seed", "util", "bound", "least"),
    [
        (811, 0.25, 433_685, 998),
        # Much work in full bases whose own makers are poor.
        (1705, 0.25, 428_349, 994),
        (1809, 0.25, 298_016, 998),
        (2201, 0.25, 187_102, 999),
        # More work than there is room for.
        (1701, 0.25, 328_501, 995),
        (603, 0.6, 355_651, 950),
    ],
)
def test_water_comes_near_the_bound_where_many_bases_are_full(seed, util, bound, least):
    """In thousandths of what the linear programme reaches (benchmarks/allocation)."""
    cols, water = poured(network("M", seed, util=util))
    assert water.price.any()
    assert poorest_fifth(cols, water.income) * 1_000 >= least * bound


@pytest.mark.parametrize("seed", range(40))
def test_water_finds_only_the_hours_that_are_there(seed):
    """A base may be too full by one part in 2,000, which lots don't see."""
    problem = village(seed, load=2) if seed else network("M", 1705)
    cols, water = poured(problem)
    maker_load = np.zeros_like(cols.free)
    base_load = np.zeros_like(cols.capacity)
    for bucket in water.buckets:
        assert (bucket.poured >= 0).all()
        np.add.at(maker_load[:, bucket.deadline], bucket.pool.rows, bucket.minutes)
        np.add.at(base_load[:, bucket.deadline], bucket.pool.home, bucket.minutes)
    book = water.book
    busy = maker_load.cumsum(axis=1)
    assert ((busy <= np.maximum(book.slack, 0)) | (busy == 0)).all()
    room = np.maximum(book.base_slack, 0)
    assert (base_load.cumsum(axis=1) <= room + room // 2_000 + len(water.buckets)).all()
