"""What the tables of incomes refuse, whoever writes them."""

import datetime as dt

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction

from producers.income.models import Baseline, FollowUp
from qiaoshou.common.today import clock_at
from tests import income_builders as build
from tests.services import registry_world as world

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _a_day_in_november():
    with clock_at(build.NOW):
        yield


@pytest.fixture
def home():
    return world.household(world.County().village)


def baseline(home, **other) -> Baseline:
    values = {"household": home, "year": 2025, **build.sources(1_000), **other}
    return Baseline.objects.create(**values)


def follow_up(home, first=build.OCTOBER, until=build.NOVEMBER, **other) -> FollowUp:
    return FollowUp.objects.create(
        household=home,
        valid_from=first,
        valid_to=until,
        **{**build.sources(1_000), **other},
    )


@pytest.mark.parametrize("year", [1989, 2101])
def test_the_year_of_a_baseline_can_be_right(home, year):
    with world.refused("baseline_year"):
        baseline(home, year=year)


@pytest.mark.parametrize("source", ["wages_fen", "property_fen", "transfers_fen"])
def test_only_business_is_below_zero(home, source):
    with world.refused("baseline_sources_possible"):
        baseline(home, **{source: -1})
    with world.refused("follow_up_sources_possible"):
        follow_up(home, **{source: -1})
    assert baseline(home, business_fen=-1).fen == 999


def test_a_household_has_one_baseline(home):
    baseline(home)

    with pytest.raises(IntegrityError), transaction.atomic():
        baseline(home, year=2024)
    assert Baseline.objects.get().year == 2025


@pytest.mark.parametrize(
    ("first", "until"),
    [
        (dt.date(2026, 10, 2), build.NOVEMBER),
        (build.OCTOBER, dt.date(2026, 11, 2)),
        (build.OCTOBER, build.OCTOBER),
    ],
)
def test_a_follow_up_is_of_whole_months(home, first, until):
    with world.refused("follow_up_of_whole_months"):
        follow_up(home, first, until)


def test_no_month_is_told_twice(home):
    follow_up(home, build.SEPTEMBER, build.NOVEMBER)

    with world.refused("follow_up_one_at_a_time"):
        follow_up(home)


@pytest.mark.parametrize("record", [baseline, follow_up])
def test_what_was_told_is_never_deleted(home, record):
    row = record(home)

    with pytest.raises(ProgrammingError, match="Cannot delete"), transaction.atomic():
        row.delete()
    assert type(row).objects.count() == 1


@pytest.mark.parametrize(
    ("record", "history"),
    [(baseline, "income_baselineevent"), (follow_up, "income_followupevent")],
)
def test_the_history_of_what_was_told_is_never_rewritten(home, record, history):
    record(home)

    for words in (f"UPDATE {history} SET wages_fen = 1", f"DELETE FROM {history}"):
        with pytest.raises(ProgrammingError), transaction.atomic():
            connection.cursor().execute(words)


@pytest.mark.parametrize("record", [baseline, follow_up])
def test_one_sending_of_a_form_is_one_row(home, record):
    row = record(home)
    other = world.household(home.residences.get().village)

    with pytest.raises(IntegrityError), transaction.atomic():
        record(other, client_reference=row.client_reference)
    assert type(row).objects.count() == 1
