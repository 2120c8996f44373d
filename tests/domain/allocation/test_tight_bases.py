"""A tight base spends its hours where nobody but its own makers gains from them."""

from datetime import date

import numpy as np
import pytest

from benchmarks.allocation.instances import network
from orders.domain.allocation import Base, Job, Maker, Problem
from orders.domain.allocation.columns import columns
from orders.domain.allocation.measures import poorest_fifth
from orders.domain.allocation.planning import by_turn, opened
from orders.domain.allocation.tight import by_pay, find_tight, lifted, toll_of
from orders.domain.allocation.vessel import BIG
from orders.domain.allocation.water import pour

HOUR = 60


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


def poured(problem):
    cols = columns(problem)
    book = opened(cols, problem)
    water = pour(book, by_turn(book)[0])
    return cols, water


def test_poor_work_leaves_a_tight_base_to_work_that_lifts_only_there(two_crafts):
    """Base 1 has ten hours of 20 yuan; the nine hours of straw are done in base 2."""
    cols, water = poured(two_crafts)
    got = dict(zip((one.id for one in cols.makers), water.income.tolist(), strict=True))
    assert [got[number] for number in (11, 12, 21, 22)] == [0, 19_999, 9_000, 9_000]
    rests = [one.money - int(one.poured.sum()) for one in water.buckets]
    assert sum(rests) == 1


def test_a_lid_is_moved_with_pay_but_not_above_the_fifth():
    lid = np.array([50, 95, 120, 50])
    more = np.array([20, 20, 20, -20])
    assert lifted(lid, more, 100).tolist() == [70, 100, 120, 30]


def test_without_full_bases_none_is_tight(two_crafts):
    cols, water = poured(two_crafts)
    water.lid[0][:] = BIG
    assert find_tight(water) is None


def test_work_that_pays_as_usual_moves_no_lid(two_crafts):
    _, water = poured(two_crafts)
    assert water.tight is not None
    usual = int(water.tight.pay[0])
    assert by_pay(water.tight, 1 << 20, slice(None), usual).tolist() == [0, 0]
    better = by_pay(water.tight, 1 << 20, slice(None), usual * 2).tolist()
    assert better == [((1 << 20) * 4 // 10 >> 6) * 64, 0]


def test_urgent_work_keeps_away_from_bases_where_others_are_below_the_fifth(two_crafts):
    """By level less lid; twenty times what a lid lacks to the fifth counts besides."""
    _, water = poured(two_crafts)
    one = 1 << water.bits
    (bucket,) = (each for each in water.buckets if each.kind[0] == "embroidery")
    bucket.spilt, bucket.toll = True, None
    water.fifth = 200 * one

    def toll(*lids):
        water.under[0][0] = np.array([lid * one for lid in lids])
        found = toll_of(water, bucket) // bucket.pool.need
        return [int(found[bucket.pool.home == home][0]) for home in (0, 1)]

    assert toll(250, 300) == [50, 0]
    assert toll(80, 300) == [220 + 20 * 120 // 6, 0]
    assert toll(300, 300)[0] == 20 * (120 * 5 // 36)
    bucket.toll = None
    assert toll(80, 300) == [220 + 20 * 120, 0]
    bucket.toll = None
    water.fifth = 10**6 * one
    need = int(bucket.pool.need[0])
    assert toll(80, 300)[0] == 220 + 2 * water.book.most // need


def test_water_of_a_city_with_a_tight_base_comes_within_two_thousandths_of_its_bound():
    """The linear programme of this city reaches 433,685 (benchmarks/allocation)."""
    cols, water = poured(network("M", 811))
    assert water.tight is not None
    assert poorest_fifth(cols, water.income) * 1_000 >= 998 * 433_685
