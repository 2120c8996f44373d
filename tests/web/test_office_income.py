"""Household incomes in the office, over real requests."""

import datetime as dt
import re
import uuid

import pytest
from django.utils import translation

from producers.income.models import Baseline, FollowUp
from producers.services.consents import withdraw_consent
from qiaoshou.accounts.models import User
from qiaoshou.common.models import AuditRow
from qiaoshou.common.today import clock_at
from tests import income_builders as build
from tests.services import registry_world as world
from tests.web.test_office_registry import enters_office

pytestmark = pytest.mark.django_db
TYPED = {
    "wages_fen": "18000",
    "business_fen": "-12.34",
    "property_fen": "0",
    "transfers_fen": "6000.05",
    "document": "visit of 3 November",
}
FEN = 1_800_000 - 1_234 + 600_005


@pytest.fixture(autouse=True)
def _a_day_in_november():
    with clock_at(build.NOW), translation.override("en"):
        yield


@pytest.fixture
def example():
    return build.Example()


@pytest.fixture
def hers(example):
    """The browser of the officer of the county."""
    return enters_office(world.officer(example.county))


def address(home=None, *parts: str) -> str:
    own = [home.reference] if home else []
    return "/".join(["/office/income", *own, *parts, ""])


def text(response) -> str:
    return response.content.decode()


def shown(response) -> set[str]:
    """The references of the households on a list."""
    return set(re.findall(r'href="/office/income/(\w{10})/"', text(response)))


def looks() -> list[str]:
    rows = AuditRow.objects.filter(deed="read_income").order_by("id")
    return [row.subject for row in rows]


def names(*homes) -> set[str]:
    return {home.reference for home in homes}


def test_the_list_has_the_households_of_her_areas_and_no_sum(hers, example):
    build.agreeing(example.foreign_village, "赵外人")
    page = hers.get(address())

    assert shown(page) == names(example.w, example.z, example.n, example.v)
    assert "¥" not in text(page)
    assert looks() == []


def test_the_list_says_what_is_missing(hers, example):
    withdraw_consent(
        maker=example.wei, purpose="household_income", how="paper", by=None
    )
    lone = world.household(example.village)

    def asked(**filters):
        return shown(hers.get(address(), filters))

    assert asked(lacks="baseline") == names(example.n, lone)
    assert asked(lacks="follow-up", month="2026-10") == names(example.v, lone)
    assert asked(lacks="follow-up", month="2026-08") == names(
        example.z, example.n, example.v, lone
    )
    assert asked(lacks="consent") == names(example.v, lone)
    assert asked(q=example.z.reference) == names(example.z)
    assert asked(area=example.other_village.pk) == names(example.w, example.z)
    assert asked(area=example.foreign_county.pk) == names(
        example.w, example.z, example.n, example.v, lone
    )


def test_a_list_of_many_takes_as_many_queries_as_one_of_few(
    hers, example, django_assert_max_num_queries
):
    hers.get(address())
    with django_assert_max_num_queries(40) as few:
        hers.get(address())
    for number in range(12):
        build.agreeing(example.village, f"新人{number}")
    with django_assert_max_num_queries(40) as many:
        hers.get(address())

    assert len(many) == len(few)


def test_one_household_shows_what_it_told_and_the_look_is_recorded(hers, example):
    page = text(hers.get(address(example.w)))

    for sum_of in ("¥24,000.05", "¥5,000", "¥850", "¥516.66"):
        assert sum_of in page
    assert "not known" in page
    assert looks() == [f"household:{example.w.reference}"]
    row = AuditRow.objects.get(deed="read_income")
    assert row.purpose == "Income seen in the office"


def test_a_baseline_is_recorded_once_however_often_it_is_sent(hers, example):
    page = text(hers.get(address(example.n, "baseline")))
    [reference] = re.findall(r'name="client_reference" value="([^"]+)"', page)
    typed = {**TYPED, "year": "2025", "client_reference": reference}
    answers = [hers.post(address(example.n, "baseline"), typed) for _twice in "12"]

    assert [answer.url for answer in answers] == [address(example.n)] * 2
    row = Baseline.objects.get(household=example.n)
    assert (row.fen, row.year, row.document) == (FEN, 2025, "visit of 3 November")
    assert row.recorded_by.email == "officer@example.org"


def test_a_follow_up_takes_its_months_by_name(hers, example):
    typed = {
        **TYPED,
        "valid_from": "2026-09",
        "valid_to": "2026-10",
        "client_reference": str(uuid.uuid4()),
    }
    answer = hers.post(address(example.v, "follow-up"), typed)

    assert answer.url == address(example.v)
    row = FollowUp.objects.get(household=example.v)
    assert (row.valid_from, row.valid_to, row.fen) == (
        build.SEPTEMBER,
        build.NOVEMBER,
        FEN,
    )


@pytest.mark.parametrize(
    ("wrong", "field", "words"),
    [
        ({"wages_fen": "-1"}, "wages_fen", "greater than or equal to 0"),
        ({"wages_fen": "12.345"}, "wages_fen", "2 decimal places"),
        ({"transfers_fen": ""}, "transfers_fen", "This field is required."),
        ({"property_fen": "many"}, "property_fen", "Enter a number."),
        ({"valid_from": "2026-11"}, "valid_from", "Select a valid choice."),
        (
            {"valid_from": "2026-10", "valid_to": "2026-09"},
            "valid_to",
            "The last month must not be before the first.",
        ),
    ],
)
def test_a_refusal_names_the_field_and_nothing_typed_is_lost(
    hers, example, wrong, field, words
):
    typed = {
        **TYPED,
        "valid_from": "2026-10",
        "valid_to": "2026-10",
        "client_reference": str(uuid.uuid4()),
        **wrong,
    }
    page = hers.post(address(example.v, "follow-up"), typed)

    assert page.status_code == 200
    assert list(page.context["form"].errors) == [field]
    assert words in text(page)
    assert "Nothing has been saved yet" in text(page)
    assert 'value="visit of 3 November"' in text(page)
    assert not FollowUp.objects.filter(household=example.v).exists()


def test_months_told_already_are_refused_in_words(hers, example):
    typed = {
        **TYPED,
        "valid_from": "2026-09",
        "valid_to": "2026-09",
        "client_reference": str(uuid.uuid4()),
    }
    page = hers.post(address(example.w, "follow-up"), typed)

    assert "These months are already told in another follow-up." in text(page)
    assert FollowUp.objects.filter(household=example.w).count() == 1


def test_without_consent_nothing_is_recorded_and_the_page_says_why(hers, example):
    withdraw_consent(
        maker=example.wei, purpose="household_income", how="paper", by=None
    )
    typed = {
        **TYPED,
        "valid_from": "2026-10",
        "valid_to": "2026-10",
        "client_reference": str(uuid.uuid4()),
    }
    page = text(hers.post(address(example.v, "follow-up"), typed))

    assert f"{example.wei.name_en} has not agreed" in page
    assert f"{example.wei.name_en} has not agreed" in text(hers.get(address(example.v)))
    assert not FollowUp.objects.filter(household=example.v).exists()


def test_a_correction_shows_what_stands_there_and_needs_a_reason(hers, example):
    page = hers.get(address(example.z, "follow-up", "2026-10"))
    assert 'value="700.00"' in text(page)
    assert looks() == [f"household:{example.z.reference}"]

    typed = {**TYPED, "valid_from": "2026-10", "valid_to": "2026-10"}
    refused = hers.post(address(example.z, "follow-up", "2026-10"), typed)
    assert list(refused.context["form"].errors) == ["reason"]

    typed["reason"] = "read the wrong line"
    for _twice in "12":
        hers.post(address(example.z, "follow-up", "2026-10"), typed)
    assert FollowUp.objects.get(household=example.z).fen == FEN
    assert AuditRow.objects.filter(deed="correct_follow_up").count() == 1


def test_a_baseline_on_record_is_corrected_at_the_same_address(hers, example):
    typed = {**TYPED, "year": "2024", "reason": "read the wrong line"}
    answer = hers.post(address(example.z, "baseline"), typed)

    assert answer.url == address(example.z)
    row = Baseline.objects.get(household=example.z)
    assert (row.year, row.fen) == (2024, FEN)


def test_the_page_of_a_household_leads_to_its_income(hers, example):
    page = text(hers.get(f"/office/registry/households/edit/{example.w.pk}/"))

    assert f'href="{address(example.w)}"' in page
    assert '"url": "/office/income/"' in page


ADDRESSES = [(), ("baseline",), ("follow-up",), ("follow-up", "2026-10")]


@pytest.mark.parametrize("parts", ADDRESSES)
@pytest.mark.parametrize(
    ("who", "status"),
    [("county", 200), ("village", 200), ("foreign", 404), ("none", 302)],
)
def test_who_may_see_the_income_of_a_household(example, parts, who, status):
    people = {
        "county": lambda: world.officer(example.county),
        "village": lambda: world.officer(example.other_village),
        "foreign": lambda: world.officer(example.foreign_county),
        "none": lambda: User.objects.create_user(email="n@example.org"),
    }
    browser = enters_office(people[who]())

    assert browser.get(address(example.z, *parts)).status_code == status
    # Wagtail leads who may not back to the front of the office.
    assert len(looks()) == (status == 200 and parts not in [("follow-up",)])


def test_a_month_without_a_follow_up_does_not_exist(hers, example):
    assert hers.get(address(example.z, "follow-up", "2026-09")).status_code == 404
    assert dt.date(2026, 9, 1) == build.SEPTEMBER
