"""Reference values: which one holds, recording, correcting, what is refused."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.db import ProgrammingError, connection, transaction

from qiaoshou.common.models import AuditRow, ReferenceValue
from qiaoshou.common.reference_values import (
    correct_reference_value,
    record_reference_value,
    value_on,
    values_at,
)
from tests.services.registry_world import County, refused

pytestmark = pytest.mark.django_db

JANUARY, MARCH, JULY = (dt.date(2026, month, 1) for month in (1, 3, 7))
OCTOBER, NOVEMBER = dt.date(2026, 10, 1), dt.date(2026, 11, 1)
NEXT_YEAR = dt.date(2027, 1, 1)


@pytest.fixture
def county():
    return County()


def wage(area, value, since, until=None, **rest):
    return record_reference_value(
        kind="minimum_hourly",
        area=area,
        value=value,
        valid_from=since,
        valid_to=until,
        source="辽宁省人社厅",
        **rest,
    )


def index(area, value, since, until):
    return record_reference_value(
        kind="cpi", area=area, value=value, valid_from=since, valid_to=until, source="s"
    )


def held(area, day, kind="minimum_hourly"):
    found = value_on(kind, area, day)
    return found and (found.value, found.area.name_zh)


def test_the_nearest_area_upwards_speaks(county):
    wage(county.city, 1_900, JANUARY)
    assert held(county.village, MARCH) == (1_900, "试城")

    wage(county.county, 2_000, JANUARY)
    assert held(county.village, MARCH) == (2_000, "试县")
    assert held(county.foreign_village, MARCH) == (1_900, "试城")
    assert held(county.village, dt.date(2025, 12, 31)) is None


def test_a_new_value_ends_the_one_before_on_its_first_day(county):
    first = wage(county.city, 1_900, JANUARY)
    wage(county.city, 2_100, JULY)

    first.refresh_from_db()
    assert first.valid_to == JULY
    assert held(county.village, dt.date(2026, 6, 30)) == (1_900, "试城")
    assert held(county.village, JULY) == (2_100, "试城")


def test_the_index_of_a_month_stands_before_that_of_its_year(county):
    index(county.city, 1_012, JANUARY, NEXT_YEAR)
    index(county.city, 1_030, OCTOBER, NOVEMBER)
    index(county.city, 1_005, JANUARY, dt.date(2026, 2, 1))

    assert held(county.village, dt.date(2026, 10, 15), "cpi") == (1_030, "试城")
    assert held(county.village, NOVEMBER, "cpi") == (1_012, "试城")
    assert held(county.village, dt.date(2026, 1, 15), "cpi") == (1_005, "试城")


def test_many_places_take_one_query(county, django_assert_num_queries):
    wage(county.city, 1_900, JANUARY)
    paths = [county.village.path, county.foreign_village.path, county.city.path]

    with django_assert_num_queries(1):
        found = values_at("minimum_hourly", paths, MARCH)
        assert [found[path].value for path in paths] == [1_900] * 3


def test_a_value_of_the_past_holds_until_the_next_on_record(county):
    wage(county.city, 2_100, JULY)
    early = wage(county.city, 1_900, JANUARY)

    assert early.valid_to == JULY


def test_the_same_value_again_changes_nothing(county):
    first = wage(county.city, 1_900, JANUARY)
    wage(county.city, 2_100, JULY)

    assert wage(county.city, 1_900, JANUARY).pk == first.pk
    assert ReferenceValue.objects.count() == 2
    assert AuditRow.objects.count() == 2


def test_another_value_from_the_same_day_is_refused(county):
    wage(county.city, 1_900, JANUARY)

    with pytest.raises(ValidationError) as error:
        wage(county.city, 2_000, JANUARY)
    assert list(error.value.message_dict) == ["valid_from"]
    assert held(county.city, MARCH) == (1_900, "试城")


def test_a_period_that_reaches_into_the_next_value_is_refused(county):
    wage(county.city, 2_100, JULY)

    with pytest.raises(ValidationError):
        wage(county.city, 1_900, JANUARY, OCTOBER)
    assert ReferenceValue.objects.count() == 1


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"source": "  "}, "source"),
        ({"value": 0}, "__all__"),
        ({"kind": "weather"}, "kind"),
        ({"valid_to": JANUARY}, "__all__"),
    ],
)
def test_what_makes_no_sense_is_refused_in_words(change, field, county):
    values = {
        "kind": "minimum_hourly",
        "area": county.city,
        "value": 1_900,
        "valid_from": JANUARY,
        "source": "s",
    }
    with pytest.raises(ValidationError) as error:
        record_reference_value(**(values | change))
    assert field in error.value.message_dict
    assert not ReferenceValue.objects.exists()


def test_a_correction_asks_why_and_the_trail_keeps_the_old_value(county):
    row = wage(county.city, 1_900, JANUARY)

    with pytest.raises(ValidationError, match="为什么|why"):
        correct_reference_value(row=row, value=1_950, reason=" ", by=None)
    correct_reference_value(row=row, value=1_950, reason="看错一位", by=None)

    row.refresh_from_db()
    assert row.value == 1_950
    kept = AuditRow.objects.last()
    assert (kept.deed, kept.purpose) == ("correct_reference_value", "看错一位")
    assert kept.facts == {"value": [1_900, 1_950]}


def test_a_correction_that_changes_nothing_leaves_no_trace(county):
    row = wage(county.city, 1_900, JANUARY)

    correct_reference_value(row=row, value=1_900, reason="", by=None)

    assert AuditRow.objects.count() == 1


def _row(county, **change):
    values = {
        "kind": "minimum_hourly",
        "area": county.city,
        "value": 1_900,
        "unit": "fen_per_hour",
        "valid_from": JANUARY,
        "valid_to": None,
        "source": "s",
    }
    return ReferenceValue.objects.create(**(values | change))


@pytest.mark.parametrize(
    ("kind", "unit", "constraint"),
    [
        ("minimum_hourly", "fen_per_hour", "minimum_hourly_apart"),
        ("monitoring_line", "fen_per_year", "monitoring_line_apart"),
        ("published_income", "fen_per_year", "published_income_apart"),
        ("cpi", "index_milli", "cpi_longer_apart"),
    ],
)
def test_the_database_keeps_periods_of_each_kind_apart(county, kind, unit, constraint):
    _row(county, kind=kind, unit=unit)

    with refused(constraint):
        _row(county, kind=kind, unit=unit, valid_from=JULY)
    _row(county, kind=kind, unit=unit, area=county.county)


def test_every_kind_is_kept_apart():
    apart = " ".join(c.name for c in ReferenceValue._meta.constraints)
    assert [k for k in ReferenceValue.Kind.values if f"{k}_" not in apart] == []
    assert set(ReferenceValue.UNITS) == set(ReferenceValue.Kind.values)


def test_the_database_keeps_months_apart(county):
    _row(county, kind="cpi", unit="index_milli", valid_from=OCTOBER, valid_to=NOVEMBER)

    with refused("cpi_of_month_apart"):
        _row(
            county,
            kind="cpi",
            unit="index_milli",
            valid_from=OCTOBER + dt.timedelta(days=10),
            valid_to=NOVEMBER,
        )


@pytest.mark.parametrize(
    ("change", "constraint"),
    [
        ({"unit": "fen_per_year"}, "reference_value_unit_of_kind"),
        ({"kind": "weather"}, "reference_value_unit_of_kind"),
        ({"value": 0}, "reference_value_positive"),
        ({"valid_to": JANUARY}, "reference_value_period"),
        ({"valid_to": dt.date(2025, 12, 31)}, "reference_value_period"),
        ({"source": ""}, "reference_value_has_source"),
    ],
)
def test_the_database_refuses(county, change, constraint):
    with refused(constraint):
        _row(county, **change)


def test_values_and_areas_are_never_deleted_and_areas_never_moved(county):
    row = _row(county)

    for statement in (
        f"DELETE FROM common_referencevalue WHERE id = {row.pk}",
        f"DELETE FROM common_area WHERE id = {county.village.pk}",
        f"UPDATE common_area SET path = '0009' WHERE id = {county.village.pk}",
    ):
        with (
            pytest.raises(ProgrammingError, match="pgtrigger"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement)
