"""Gains as read from the tables: the worked example, moves, prices, fixed queries."""

import datetime as dt

import pytest

from producers.domain import tallying
from producers.income.selectors import gains_of, gains_within, last_closed_month
from producers.services.households import add_member, end_member
from producers.services.makers import merge_maker
from qiaoshou.common.models import Area
from qiaoshou.common.today import ZONE, clock_at
from tests import income_builders as build
from tests.services import registry_world as world

pytestmark = pytest.mark.django_db
TENTH = build.OCTOBER.replace(day=10)


@pytest.fixture(autouse=True)
def _a_day_in_november():
    with clock_at(build.NOW):
        yield


@pytest.fixture
def example():
    return build.Example()


def below(top: Area):
    """Rows are the areas right below `top`; what lies in none is `top` itself."""
    end = len(top.path) + Area.steplen
    return lambda path: path[:end] if path.startswith(top.path) else None


def rows(top, first=build.OCTOBER, until=build.NOVEMBER) -> dict[str, tallying.Figures]:
    return gains_within(top, first, until, row_of=below(top)).tally.rows()


def figures(one: tallying.Figures) -> tuple:
    return (
        one.households,
        one.women,
        one.with_baseline,
        one.with_follow_up,
        one.known,
        one.pay_fen,
        one.gain,
        one.losses,
        one.loss_fen,
    )


def test_the_worked_example_from_the_tables(example):
    found = rows(example.town)

    assert {path: figures(one) for path, one in found.items()} == {
        example.village.path: (2, 2, 1, 1, 0, 112_345, 60_000, 0, 0),
        example.other_village.path: (2, 2, 2, 2, 2, 25_000, -38_334, 1, -30_000),
    }
    assert figures(rows(example.county)[example.town.path]) == (
        *(4, 4, 3, 3, 2),
        *(137_345, 21_666, 1, -30_000),
    )


def test_an_area_reads_the_same_from_every_level(example):
    apart = [
        (example.city, example.county, example.county.path),
        (example.county, example.town, example.town.path),
        (example.town, example.village, example.village.path),
        (example.town, example.other_village, example.other_village.path),
    ]
    for above, area, path in apart:
        inside = tallying.total(rows(area).values())
        # Who stands behind two villages stands once behind their township.
        inside.behind_gain = rows(above)[path].behind_gain
        assert rows(above)[path] == inside


def test_months_of_one_household(example):
    september, october = gains_of(example.w, build.SEPTEMBER, build.NOVEMBER)

    assert (september.pay_fen, september.told) == (
        0,
        (166_667, 200_000, -33_333, None),
    )
    assert (october.pay_fen, october.told) == (
        85_000,
        (166_666, 200_000, 51_666, None),
    )


@pytest.mark.parametrize(
    ("name", "told"),
    [("n", (90_000, None, None, None)), ("v", (None, 150_000, None, None))],
)
def test_what_is_missing_makes_the_gain_not_known(example, name, told):
    [october] = gains_of(getattr(example, name), build.OCTOBER, build.NOVEMBER)

    assert october.told == told
    assert october.pay_fen > 0


def test_pay_raises_the_gain_of_the_household_by_exactly_the_pay(example):
    before = rows(example.city)[example.county.path].gain
    example.paid(example.zhao, 12_301, TENTH, example.other_village)

    assert rows(example.city)[example.county.path].gain == before + 12_301


def test_pay_of_another_month_does_not_count(example):
    before = rows(example.city)
    for on in (build.SEPTEMBER.replace(day=30), build.NOVEMBER):
        example.paid(example.zhao, 500, on, example.other_village)

    assert rows(example.city) == before


def test_pay_without_a_village_counts_where_it_was_posted(example):
    lonely = world.maker("孤身人")
    example.paid(lonely, 700, TENTH, example.county)
    example.paid(lonely, 11, TENTH, None)
    in_county, in_city = rows(example.county), rows(example.city)

    assert in_county[example.county.path].pay_fen == 700
    assert in_county[example.county.path].gain is None
    assert in_city[example.county.path].pay_fen == 137_345 + 700
    assert in_city[example.city.path].pay_fen == 11
    assert in_city[example.city.path].homeless_pay_fen == 11


def test_pay_belongs_to_the_household_of_its_day(example):
    [row] = example.z.members.all()
    end_member(member=row, on=dt.date(2026, 10, 5))
    add_member(
        household=example.v,
        maker=example.zhao,
        relation="sibling",
        since=dt.date(2026, 10, 5),
    )
    example.paid(example.zhao, 900, dt.date(2026, 10, 4), example.other_village)
    example.paid(example.zhao, 8_000, dt.date(2026, 10, 6), example.village)

    [before] = gains_of(example.z, build.OCTOBER, build.NOVEMBER)
    [after] = gains_of(example.v, build.OCTOBER, build.NOVEMBER)
    assert (before.pay_fen, before.gain_fen) == (900, -29_100)
    assert (after.pay_fen, after.gain_fen) == (48_000, None)


def test_pay_of_a_record_that_was_merged_stays_with_the_household(example):
    twice = world.maker("赵玉梅二")
    example.paid(twice, 300, TENTH, example.other_village)
    merge_maker(maker=twice, into=example.zhao, by=None, reason="the same")

    [october] = gains_of(example.z, build.OCTOBER, build.NOVEMBER)
    assert october.gain_fen == -30_000 + 300


def test_without_an_index_the_deflated_gain_is_not_known_and_the_month_is_named(
    example,
):
    found = gains_within(
        example.city, build.OCTOBER, build.NOVEMBER, row_of=below(example.city)
    )

    assert found.missing_prices == [build.OCTOBER]
    assert found.tally.rows()[example.county.path].deflated is None


def test_the_deflated_gain_uses_the_index_of_the_nearest_area(example):
    year = dt.date(2026, 1, 1), dt.date(2027, 1, 1)
    build.cpi(example.city, 1_012, *year)
    one = rows(example.city)[example.county.path]

    # Baselines of 200,000 and 100,000 at the prices of October: 3,600 fen more.
    assert (one.gain, one.deflated) == (21_666, 21_666 - 3_600)
    build.cpi(example.county, 1_020, *year)
    assert rows(example.city)[example.county.path].deflated == 21_666 - 6_000
    build.cpi(example.county, 1_030, build.OCTOBER, build.NOVEMBER)
    assert rows(example.city)[example.county.path].deflated == 21_666 - 9_000


def test_the_number_of_queries_does_not_grow(example, django_assert_num_queries):
    for top, limit in ((example.city, 6), (example.village, 6)):
        with django_assert_num_queries(limit):
            rows(top)
    for number in range(20):
        village = world.area(example.town, "village", f"村{number}", f"9{number}")
        home, [woman] = build.agreeing(village, f"新人{number}")
        build.baseline(home, 1_200)
        build.follow_up(home, 150)
        example.paid(woman, 3, TENTH, village)
    for top, limit in ((example.city, 6), (example.village, 6)):
        with django_assert_num_queries(limit):
            found = rows(top)
    assert found[example.village.path].pay_fen == 112_345
    assert rows(example.city)[example.county.path].gain == 21_666 + 20 * 53


def test_the_last_closed_month_is_the_one_before_today():
    assert last_closed_month() == build.OCTOBER
    with clock_at(dt.datetime(2027, 1, 1, 0, 5, tzinfo=ZONE)):
        assert last_closed_month() == dt.date(2026, 12, 1)
