"""Time studies and piece rates: medians recorded, unlawful rates refused."""

import datetime as dt

import pytest
from django.db import IntegrityError, InternalError, ProgrammingError, transaction

from catalog.domain.piece_rate import NoBases, NoMinimumWage
from catalog.domain.time_study import TooFewMakers
from catalog.making import rates
from catalog.making.rates import NoTimeStudy, RateBelowMinimum, RateOverlaps
from catalog.models import BasesAble, CraftSpec, PieceRate, TimeSample, TimeStudy
from tests import catalog_builders as build

pytestmark = pytest.mark.django_db
DAY = build.DAY
REFUSED = (IntegrityError, InternalError, ProgrammingError)


@pytest.fixture
def village():
    return build.village()


@pytest.fixture
def county(village):
    return village.get_ancestors().get(tier="county")


@pytest.fixture
def base(village):
    return build.base(village)


@pytest.fixture
def makers(base):
    return build.three_makers(base)


@pytest.fixture
def spec(base):
    return build.product(base, build.craft()).specs[0]


def rate(spec, fen=8_600, day=DAY, reference="r1"):
    return rates.set_piece_rate(spec=spec, fen=fen, valid_from=day, reference=reference)


def test_a_study_keeps_each_makers_minutes_and_their_median(spec, makers):
    wang, zhao, guan = makers

    study = rates.record_time_study(
        spec=spec,
        studied_on=DAY,
        samples={wang.pk: 200, zhao.pk: 260, guan.pk: 240},
        reference="s1",
    )

    assert (study.minutes, study.makers) == (240, 3)
    assert dict(study.samples.values_list("maker", "minutes")) == {
        wang.pk: 200,
        zhao.pk: 260,
        guan.pk: 240,
    }


def test_the_same_study_sent_twice_is_recorded_once(spec, makers):
    first = build.measured(spec, makers)
    again = build.measured(spec, makers)

    assert again == first
    assert (TimeStudy.objects.count(), TimeSample.objects.count()) == (1, 3)


def test_a_study_of_two_makers_is_refused(spec, makers):
    with pytest.raises(TooFewMakers):
        build.measured(spec, makers[:2])

    assert TimeStudy.objects.count() == 0


def test_a_rate_at_the_lowest_lawful_sum_stands(spec, makers, county):
    build.minimum_wage(county, 1_900)
    study = build.measured(spec, makers, 240)

    made = rate(spec, 7_600)

    assert (made.fen, made.minutes, made.minimum_hourly_fen) == (7_600, 240, 1_900)
    assert (made.study, made.valid_from, made.valid_to) == (study, DAY, None)


def test_one_fen_below_is_refused_with_every_number(spec, makers, county):
    build.minimum_wage(county, 1_900)
    build.measured(spec, makers, 240)

    with pytest.raises(RateBelowMinimum) as refusal:
        rate(spec, 7_599)

    verdict = refusal.value.verdict
    assert (verdict.rate, verdict.minutes, verdict.minimum_hourly) == (
        7_599,
        240,
        1_900,
    )
    assert (verdict.lowest, verdict.short_by) == (7_600, 1)
    assert PieceRate.objects.count() == 0


def test_the_wage_of_the_nearest_area_counts(spec, base, village, county):
    build.minimum_wage(county.get_parent(), 2_500)
    build.minimum_wage(county, 1_900)

    assert [wage.minimum_hourly for wage in rates.wages(spec, DAY)] == [1_900]


def test_a_wage_that_ended_or_has_not_begun_does_not_count(spec, county):
    build.minimum_wage(county, 1_700, since=dt.date(2024, 1, 1), until=DAY)
    build.minimum_wage(county, 2_000, since=DAY + dt.timedelta(days=1))

    assert [wage.minimum_hourly for wage in rates.wages(spec, DAY)] == [None]
    assert [
        wage.minimum_hourly for wage in rates.wages(spec, DAY - dt.timedelta(days=1))
    ] == [1_700]


def test_the_highest_wage_among_the_bases_binds(spec, makers, county):
    city = county.get_parent()
    other = build.area("银州区", "Yinzhou", parent=city, tier="county")
    BasesAble.objects.create(
        spec=spec, base=build.base(other, "银州基地", "Yinzhou base")
    )
    build.minimum_wage(county, 1_700)
    build.minimum_wage(other, 1_900)
    build.measured(spec, makers, 240)

    with pytest.raises(RateBelowMinimum) as refusal:
        rate(spec, 7_000)

    assert refusal.value.verdict.minimum_hourly == 1_900


def test_no_minimum_wage_on_record_stops_the_rate_and_names_the_base(spec, makers):
    build.measured(spec, makers)

    with pytest.raises(NoMinimumWage) as refusal:
        rate(spec)

    assert refusal.value.bases == ("杏花沟巧娘基地",)


def test_no_time_study_stops_the_rate(spec, county):
    build.minimum_wage(county)

    with pytest.raises(NoTimeStudy):
        rate(spec)


def test_a_study_of_a_later_day_does_not_count_yet(spec, makers, county):
    build.minimum_wage(county)
    build.measured(spec, makers, day=DAY + dt.timedelta(days=1))

    with pytest.raises(NoTimeStudy):
        rate(spec, day=DAY)


def test_a_product_that_no_base_may_make_has_no_rate(spec, makers, county):
    build.minimum_wage(county)
    build.measured(spec, makers)
    BasesAble.objects.all().delete()

    with pytest.raises(NoBases):
        rate(spec)


def test_a_new_rate_ends_the_one_before_on_its_day(spec, makers, county):
    build.minimum_wage(county)
    build.measured(spec, makers)
    first = rate(spec, 8_000)
    later = DAY + dt.timedelta(days=30)

    second = rate(spec, 8_600, later, "r2")

    first.refresh_from_db()
    assert (first.valid_to, second.valid_from, second.valid_to) == (later, later, None)


def test_the_same_rate_sent_twice_is_set_once(spec, makers, county):
    build.minimum_wage(county)
    build.measured(spec, makers)

    assert rate(spec) == rate(spec)
    assert PieceRate.objects.count() == 1


def test_a_rate_before_one_that_is_set_already_is_refused(spec, makers, county):
    build.minimum_wage(county)
    build.measured(spec, makers)
    rate(spec, day=DAY)

    with pytest.raises(RateOverlaps) as refusal:
        rate(spec, 9_000, DAY, "r2")

    assert refusal.value.from_day == DAY


@pytest.fixture
def running(spec, makers, county):
    build.minimum_wage(county)
    build.measured(spec, makers, 240)
    return rate(spec, 8_600)


def row(running, **changes):
    fields = {
        "spec": running.spec,
        "fen": 8_600,
        "valid_from": DAY,
        "study": running.study,
        "minutes": 240,
        "minimum_hourly_fen": 1_900,
    }
    return PieceRate(**fields | changes)


@pytest.mark.parametrize(
    ("changes", "constraint"),
    [
        ({"valid_from": DAY + dt.timedelta(days=9)}, "piece_rate_periods_apart"),
        (
            {"fen": 7_599, "valid_from": dt.date(2020, 1, 1), "valid_to": DAY},
            "piece_rate_not_below_minimum_wage",
        ),
        (
            {"valid_from": dt.date(2020, 1, 1), "valid_to": dt.date(2020, 1, 1)},
            "piece_rate_period",
        ),
        ({"fen": 0, "valid_to": DAY}, "piece_rate"),
    ],
)
def test_the_database_refuses_what_the_service_would(running, changes, constraint):
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        row(running, **changes).save()


@pytest.mark.parametrize(
    "change", [{"fen": 9_000}, {"valid_from": dt.date(2020, 1, 1)}]
)
def test_of_a_rate_only_its_end_may_change(running, change):
    with pytest.raises(REFUSED, match="only its end may change"), transaction.atomic():
        PieceRate.objects.filter(pk=running.pk).update(**change)


def test_a_rate_is_never_deleted(running):
    with (
        pytest.raises(REFUSED, match="never changed or taken away"),
        transaction.atomic(),
    ):
        PieceRate.objects.filter(pk=running.pk).delete()


def test_a_study_is_never_rewritten(running):
    with pytest.raises(REFUSED, match="permission denied"), transaction.atomic():
        TimeStudy.objects.update(minutes=1)


@pytest.mark.parametrize(
    ("change", "constraint"),
    [
        ({"steps": 2}, "craft_spec_no_group_jobs_yet"),
        ({"grade": 6}, "craft_spec_grade"),
        ({"min_lot": 0}, "craft_spec_min_lot"),
        ({"kind": "loan"}, "craft_spec_kind_known"),
        ({"material_fen": -1}, "craft_spec_costs_not_negative"),
        ({"weight_grams": 0}, "craft_spec_weight"),
        ({"hs_code": "95-03"}, "craft_spec_hs_code"),
        ({"share_checked_on": DAY}, "craft_spec_share_check_whole"),
    ],
)
def test_the_database_refuses_an_impossible_specification(spec, change, constraint):
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        CraftSpec.objects.filter(pk=spec.pk).update(**change)
