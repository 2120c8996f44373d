"""What households told is recorded with consent, once, and corrected with a reason."""

import datetime as dt
import uuid

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.utils import translation

from producers.income import reading, services
from producers.income.models import Baseline, FollowUp
from producers.services.consents import withdraw_consent
from producers.services.households import add_member
from qiaoshou.common import audit
from qiaoshou.common.models import AuditRow
from qiaoshou.common.today import clock_at
from tests import income_builders as build
from tests.services import registry_world as world

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _a_day_in_november():
    with clock_at(build.NOW), translation.override("en"):
        yield


@pytest.fixture
def county():
    return world.County()


@pytest.fixture
def home(county):
    return build.agreeing(county.village, "王桂兰")[0]


def baseline_of(home, fen=2_400_005, **other):
    values = {
        "year": 2025,
        "client_reference": uuid.uuid4(),
        "by": None,
        **build.sources(fen),
        **other,
    }
    return services.record_baseline(household=home, **values)


def messages(refusal) -> dict | list:
    error = refusal.value
    return error.message_dict if hasattr(error, "error_dict") else error.messages


def test_a_baseline_sent_twice_is_recorded_once(home):
    reference = uuid.uuid4()
    first = baseline_of(home, client_reference=reference)

    assert baseline_of(home, client_reference=reference) == first
    assert Baseline.objects.count() == 1
    assert first.fen == 2_400_005


def test_a_second_baseline_is_refused(home):
    baseline_of(home)

    with pytest.raises(ValidationError) as refusal:
        baseline_of(home, fen=1)
    assert messages(refusal) == [
        "A baseline of this household is on record. Correct that one."
    ]
    assert Baseline.objects.get().fen == 2_400_005


def test_nothing_is_recorded_without_consent_of_every_maker(county, home):
    other = world.maker("李淑芬")
    add_member(household=home, maker=other, relation="child_in_law", since=world.DAY)

    for record in (baseline_of, lambda one: build.follow_up(one, 5)):
        with pytest.raises(ValidationError) as refusal:
            record(home)
        assert messages(refusal) == [
            f"{other.name_en} has not agreed that the income of her household is "
            "recorded. Record her consent first."
        ]
    assert (Baseline.objects.count(), FollowUp.objects.count()) == (0, 0)


def test_after_a_withdrawal_nothing_new_is_recorded_and_a_mistake_is_mended(home):
    row = baseline_of(home)
    [woman] = home.members.all()
    withdraw_consent(
        maker=woman.maker, purpose="household_income", how="paper", by=None
    )

    with pytest.raises(ValidationError):
        build.follow_up(home, 5)
    services.correct_baseline(
        baseline=row, wages_fen=2_400_000, reason="misread", by=None
    )
    assert Baseline.objects.get().fen == 2_400_000


def test_a_household_without_makers_tells_nothing(county):
    with pytest.raises(ValidationError) as refusal:
        baseline_of(world.household(county.village))
    assert messages(refusal) == ["No maker belongs to this household today."]


def test_a_year_that_is_not_over_is_no_baseline(home):
    with pytest.raises(ValidationError) as refusal:
        baseline_of(home, year=2026)
    assert messages(refusal) == {"year": ["Choose a year that is over."]}


@pytest.mark.parametrize(
    ("first", "until", "field", "words"),
    [
        (
            build.OCTOBER,
            dt.date(2026, 12, 1),
            "valid_to",
            "This month is not over yet.",
        ),
        (
            build.OCTOBER,
            build.OCTOBER,
            "valid_to",
            "The last month must not be before the first.",
        ),
    ],
)
def test_a_follow_up_is_of_months_that_are_over(home, first, until, field, words):
    with pytest.raises(ValidationError) as refusal:
        build.follow_up(home, 5, first, until)
    assert messages(refusal) == {field: [words]}


def test_a_month_is_told_once(home):
    build.follow_up(home, 5)

    with pytest.raises(ValidationError) as refusal:
        build.follow_up(home, 6, build.SEPTEMBER)
    assert messages(refusal) == {
        "__all__": ["These months are already told in another follow-up."]
    }
    assert FollowUp.objects.get().fen == 5


def test_only_business_can_lose_money(home):
    with pytest.raises(ValidationError) as refusal:
        baseline_of(home, fen=-1)
    assert messages(refusal) == {
        "__all__": ["Only income from business can be below zero."]
    }
    assert baseline_of(home, fen=0, business_fen=-7).fen == -7


def test_a_follow_up_sent_twice_is_recorded_once(home):
    reference = uuid.uuid4()
    values = {
        "valid_from": build.OCTOBER,
        "valid_to": build.NOVEMBER,
        "client_reference": reference,
        "by": None,
        **build.sources(9),
    }
    first = services.record_follow_up(household=home, **values)

    assert services.record_follow_up(household=home, **values) == first
    assert FollowUp.objects.count() == 1


def test_a_correction_keeps_what_stood_there_with_the_reason(county, home):
    row, officer = baseline_of(home), world.officer(county.county)
    for _twice in range(2):
        services.correct_baseline(
            baseline=row,
            year=2024,
            wages_fen=2_300_000,
            reason="read the wrong line",
            by=officer,
        )
    history = apps.get_model("income", "BaselineEvent").objects.order_by("pgh_id")

    assert [(one.pgh_label, one.year, one.wages_fen) for one in history] == [
        ("insert", 2025, 2_400_005),
        ("update", 2024, 2_300_000),
    ]
    assert history[1].pgh_context.metadata == {
        "reason": "read the wrong line",
        "by": officer.pk,
    }
    [trail] = AuditRow.objects.filter(deed="correct_baseline")
    assert (trail.by, trail.subject, trail.purpose, trail.facts) == (
        officer,
        f"household:{home.reference}",
        "read the wrong line",
        {"changed": ["wages_fen", "year"]},
    )


def test_a_correction_needs_a_reason(home):
    row = baseline_of(home)

    with pytest.raises(ValidationError) as refusal:
        services.correct_baseline(baseline=row, year=2024, reason=" ? ", by=None)
    assert list(messages(refusal)) == ["reason"]
    assert Baseline.objects.get().year == 2025


def test_the_months_of_a_follow_up_are_corrected_too(home):
    row = build.follow_up(home, 5)
    services.correct_follow_up(
        follow_up=row,
        valid_from=build.SEPTEMBER,
        transfers_fen=8,
        reason="told of two months",
        by=None,
    )

    told = FollowUp.objects.get()
    assert (told.valid_from, told.valid_to, told.fen) == (
        build.SEPTEMBER,
        build.NOVEMBER,
        13,
    )


def test_nothing_but_what_was_told_can_be_corrected(home):
    row = baseline_of(home)

    with pytest.raises(TypeError, match="a baseline has no household"):
        services.correct_baseline(baseline=row, household=home, reason="other", by=None)


def test_each_household_looked_at_is_a_row_of_the_trail(county, home):
    officer = world.officer(county.county)
    other = world.household(county.village)
    reading.record_read(households=[home, other], purpose="a visit", by=officer)

    rows = list(AuditRow.objects.filter(deed="read_income").order_by("id"))
    assert [(row.by, row.subject, row.purpose) for row in rows] == [
        (officer, f"household:{home.reference}", "a visit"),
        (officer, f"household:{other.reference}", "a visit"),
    ]
    assert [audit.row_hash(row) for row in rows] == [row.hash for row in rows]
    assert rows[1].previous == rows[0].hash


def test_a_look_at_many_takes_as_many_queries_as_one(
    county, home, django_assert_num_queries
):
    many = [world.household(county.village) for _one in range(7)]

    for homes in ([home], many):
        with django_assert_num_queries(7):
            reading.record_read(households=homes, purpose="a visit", by=None)
