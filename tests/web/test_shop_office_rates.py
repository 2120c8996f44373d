"""The office's screen of time studies and piece rates: who may, and what is refused."""

import datetime as dt
import re

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext

from catalog.models import PieceRate, TimeStudy
from producers.models import Skill
from qiaoshou.accounts.models import Grant, User
from qiaoshou.common.models import Area
from qiaoshou.common.today import clock_at
from tests import catalog_builders as build

pytestmark = pytest.mark.django_db
DAY = build.DAY


@pytest.fixture(autouse=True)
def today():
    with clock_at(build.NOON):
        yield


@pytest.fixture
def village():
    return build.village()


@pytest.fixture
def base(village):
    return build.base(village)


@pytest.fixture
def makers(base):
    return build.three_makers(base)


@pytest.fixture
def spec(base, makers):
    of = build.craft()
    for maker in makers:
        Skill.objects.create(
            maker=maker, craft=of, grade=2, certified_on=DAY, evidence="31"
        )
    return build.product(base, of).specs[0]


def person(role=None, *, until=None):
    """Somebody who may enter the office, with one grant; reads English."""
    user = User.objects.create_user(
        email=f"{role}@example.org", full_name=str(role), language="en"
    )
    user.user_permissions.add(Permission.objects.get(codename="access_admin"))
    if role:
        Grant.objects.create(
            user=user,
            role=role,
            area=Area.objects.first() if role == "officer" else None,
            valid_from=dt.date(2026, 1, 1),
            valid_to=until,
        )
    return user


@pytest.fixture
def keeper(client):
    client.force_login(person("shopkeeper"))
    return client


def text(answer):
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


def study(makers, *minutes, **more):
    fields = {"study": "record", "reference": "ABCDEFGH12", "studied_on": DAY}
    for row, (maker, needed) in enumerate(zip(makers, minutes, strict=False), 1):
        fields |= {f"maker_{row}": maker.pk, f"minutes_{row}": needed}
    return fields | more


def rate(yuan, deed="set", **more):
    fields = {"reference": "ABCDEFGH12", "rate": yuan, "valid_from": DAY, "deed": deed}
    return fields | more


OPEN, RECORDED, REFUSED = (200, None), (302, "/office/rates/{}/"), (302, "/office/")


@pytest.mark.parametrize(
    ("role", "looks", "sets"),
    [
        ("shopkeeper", OPEN, RECORDED),
        ("administrator", OPEN, RECORDED),
        ("officer", OPEN, REFUSED),
        ("finance", OPEN, REFUSED),
        ("editor", REFUSED, REFUSED),
        (None, REFUSED, REFUSED),
    ],
)
def test_who_may_look_and_who_may_set(client, spec, makers, role, looks, sets):
    client.force_login(person(role))
    where = f"/office/rates/{spec.pk}/"

    def met(answer):
        return answer.status_code, answer.headers.get("Location")

    def expected(status, location):
        return status, location and location.format(spec.pk)

    assert met(client.get("/office/rates/")) == looks
    assert met(client.get(where)) == looks
    assert met(client.post(where, study(makers, 200, 240, 260))) == expected(*sets)
    assert TimeStudy.objects.count() == (sets == RECORDED)


def test_a_grant_that_has_ended_opens_nothing(client, spec):
    client.force_login(person("shopkeeper", until=DAY))

    assert client.get("/office/rates/").headers["Location"] == "/office/"


def test_a_study_shows_its_median(keeper, spec, makers):
    answer = keeper.post(
        f"/office/rates/{spec.pk}/", study(makers, 200, 260, 240), follow=True
    )

    assert "Recorded: 240 standard minutes, the median of 3 makers." in text(answer)
    recorded = TimeStudy.objects.get()
    assert (recorded.minutes, recorded.by.full_name) == (240, "shopkeeper")


@pytest.mark.parametrize(
    ("minutes", "more", "says"),
    [
        ((200, 260), {}, "A study needs at least 3 makers; here are 2."),
        ((200, 260, ""), {}, "Say how many minutes."),
        ((200, 260, 0), {}, "Ensure this value is greater than or equal to 1."),
        ((200, 260, 240), {"minutes_5": 9}, "Say who needed these minutes."),
        (
            (200, 260, 240),
            {"studied_on": DAY + dt.timedelta(days=1)},
            "This day has not come yet.",
        ),
    ],
)
def test_a_study_that_is_not_whole_is_refused_and_nothing_typed_is_lost(
    keeper, spec, makers, minutes, more, says
):
    answer = keeper.post(
        f"/office/rates/{spec.pk}/", study(makers, *minutes, note="winter", **more)
    )

    assert says in text(answer)
    assert 'value="200"' in answer.content.decode()
    assert 'value="winter"' in answer.content.decode()
    assert TimeStudy.objects.count() == 0


def test_the_same_maker_twice_is_refused(keeper, spec, makers):
    wang, zhao, _guan = makers

    answer = keeper.post(
        f"/office/rates/{spec.pk}/", study([wang, zhao, wang], 200, 240, 260)
    )

    assert "She stands in another row already." in text(answer)
    assert TimeStudy.objects.count() == 0


def test_a_study_sent_twice_is_recorded_once(keeper, spec, makers):
    for _again in range(2):
        keeper.post(f"/office/rates/{spec.pk}/", study(makers, 200, 260, 240))

    assert TimeStudy.objects.count() == 1


def test_a_rate_is_shown_with_its_arithmetic_before_it_stands(
    keeper, spec, makers, village
):
    build.minimum_wage(village, 1_900)
    build.measured(spec, makers, 240)
    where = f"/office/rates/{spec.pk}/"
    assert "¥19 × 240 ÷ 60 = ¥76" in text(keeper.get(where))

    shown = text(keeper.post(where, rate("86", deed="check")))

    assert (
        "¥86 × 60 ÷ 240 = ¥21.50 an hour; the minimum is ¥19, "
        "the lowest lawful rate ¥76. This rate is lawful." in shown
    )
    assert PieceRate.objects.count() == 0

    done = keeper.post(where, rate("86"), follow=True)
    assert "From 24 November 2026 on the rate is ¥86." in text(done)
    assert PieceRate.objects.get().fen == 8_600


@pytest.mark.parametrize("deed", ["check", "set"])
def test_below_the_minimum_the_refusal_names_wage_minutes_and_the_lowest_rate(
    keeper, spec, makers, village, deed
):
    build.minimum_wage(village, 1_900)
    build.measured(spec, makers, 240)

    answer = keeper.post(f"/office/rates/{spec.pk}/", rate("75.99", deed=deed))

    assert (
        "¥75.99 for 240 standard minutes is ¥18.99 an hour. The minimum hourly wage "
        "is ¥19, so the lowest lawful rate is ¥76." in text(answer)
    )
    assert 'value="75.99"' in answer.content.decode()
    assert PieceRate.objects.count() == 0


def test_without_a_minimum_wage_on_record_the_base_is_named(keeper, spec, makers):
    build.measured(spec, makers, 240)

    answer = keeper.post(f"/office/rates/{spec.pk}/", rate("500"))

    assert "No minimum hourly wage is on record for Xinghuagou base" in text(answer)
    assert PieceRate.objects.count() == 0


def test_without_a_time_study_there_is_no_rate(keeper, spec, village):
    build.minimum_wage(village, 1_900)

    answer = keeper.post(f"/office/rates/{spec.pk}/", rate("500"))

    assert "Record a time study of that day or before it first." in text(answer)


def test_a_rate_on_the_day_of_another_is_refused(keeper, spec, makers, village):
    build.minimum_wage(village, 1_900)
    build.measured(spec, makers, 240)
    keeper.post(f"/office/rates/{spec.pk}/", rate("86"))

    answer = keeper.post(
        f"/office/rates/{spec.pk}/", rate("90", reference="ABCDEFGH34")
    )

    assert "Another rate begins on 24 November 2026; choose a later day." in text(
        answer
    )
    assert PieceRate.objects.get().fen == 8_600


@pytest.mark.parametrize("typed", ["", "cheap", "0", "-5", "86.005"])
def test_a_rate_that_is_no_sum_is_refused(keeper, spec, makers, village, typed):
    build.minimum_wage(village, 1_900)
    build.measured(spec, makers, 240)

    answer = keeper.post(f"/office/rates/{spec.pk}/", rate(typed))

    assert answer.status_code == 200
    assert PieceRate.objects.count() == 0


@pytest.mark.parametrize("products", [3, 30])
def test_the_list_takes_a_fixed_number_of_queries_and_says_what_is_missing(
    keeper, base, makers, village, products
):
    of = build.craft("剪纸", "Paper-cut", "paper-cut")
    for number in range(products):
        listed = build.product(base, of, slug=f"p-{number}", title=f"剪纸 {number}")
        build.measured(listed.specs[0], makers, 25)
    keeper.get("/office/rates/")

    with CaptureQueriesContext(connection) as seen:
        page = text(keeper.get("/office/rates/"))

    ours = [
        query["sql"]
        for query in seen
        if "catalog_" in query["sql"] or "common_referencevalue" in query["sql"]
    ]
    assert len(ours) == 6
    assert "No minimum wage on record for Xinghuagou base" in page
    build.minimum_wage(village, 2_100)
    assert "¥8.75 No rate" in text(keeper.get("/office/rates/"))


def test_a_rate_that_the_law_has_overtaken_is_marked(keeper, spec, makers, village):
    wage = build.minimum_wage(village, 1_900)
    build.measured(spec, makers, 240)
    keeper.post(f"/office/rates/{spec.pk}/", rate("76"))
    assert "¥76 ¥19 ¥76 Lawful" in text(keeper.get("/office/rates/"))

    type(wage).objects.update(value=2_000)

    assert "¥76 ¥19 ¥80 Below the minimum wage" in text(keeper.get("/office/rates/"))


def test_the_menu_leads_there(keeper, spec):
    assert "rates/" in keeper.get("/office/").content.decode()
