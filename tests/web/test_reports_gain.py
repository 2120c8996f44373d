"""/reports/: the gains of an officer's areas, exact to the fen, for her alone."""

import csv
import datetime as dt
from decimal import Decimal
from io import BytesIO, StringIO

import openpyxl
import pytest
from django.conf import settings
from django.shortcuts import resolve_url
from django.test import Client
from django.utils import translation

from producers.services.households import move_household
from qiaoshou.accounts.models import Grant, User
from qiaoshou.common.models import AuditRow
from qiaoshou.common.today import clock_at
from tests import income_builders as build
from tests.services import registry_world as world

pytestmark = pytest.mark.django_db
HEAD = (
    "Area",
    "Households",
    "Women",
    "Households paid",
    "Women paid",
    "With baseline",
    "With follow-up",
    "Gain known",
    "Platform pay",
    "Gain",
    "Gain at the prices of the month",
    "Gain per household and month",
    "Households with a loss",
    "Sum of losses",
)
TOWN = (
    *("4", "4", "3", "3", "3", "3", "2"),
    *("1,373.45", "216.66", "not known", "108.33", "1", "-300"),
)
LIUCUN = (
    *("2", "2", "2", "2", "1", "1", "0"),
    *("1,123.45", "600", "not known", "not known", "0", "0"),
)
XINGCUN = (
    *("2", "2", "1", "1", "2", "2", "2"),
    *("250", "-383.34", "not known", "-191.67", "1", "-300"),
)


@pytest.fixture(autouse=True)
def _a_day_in_november():
    with clock_at(build.NOW), translation.override("en"):
        yield


@pytest.fixture
def example():
    return build.Example()


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def hers(example):
    """The browser of the officer of the city."""
    return signed_in(world.officer(example.city))


def address(area=None, **asked: str) -> str:
    own = f"{area.pk}/" if area else ""
    query = "&".join(f"{name}={value}" for name, value in asked.items())
    return f"/en/reports/{own}?{query}"


def text(response) -> str:
    return response.content.decode()


def table(response) -> dict[str, tuple[str, ...]]:
    """The figures of each row by its name; the sum is called Together."""
    shown = response.context["table"]
    rows = [*shown["rows"], shown["foot"]]
    return {
        (name if isinstance(name, str) else name["text"]): tuple(cells)
        for name, *cells in rows
    }


def test_the_page_of_the_township_is_the_worked_example(hers, example):
    page = hers.get(address(example.town))

    head = tuple(str(one["label"]) for one in page.context["table"]["head"])
    assert head == HEAD
    assert table(page) == {"柳村": LIUCUN, "杏村": XINGCUN, "Together": TOWN}
    assert "Gain per household ¥108.33" in text(page)
    assert "October 2026" in text(page)


def test_every_level_has_the_same_figures_and_leads_down(hers, example):
    for area, below, name in (
        (None, example.county, "试县"),
        (example.county, example.town, "试乡"),
    ):
        page = hers.get(address(area))
        assert table(page)[name] == TOWN
        assert table(page)["Together"] == TOWN
        link = f'href="/en/reports/{below.pk}/?first=2026-10&amp;last=2026-10"'
        assert link in text(page)


def test_the_report_says_what_is_missing_and_leads_to_it(hers, example):
    page = text(hers.get(address()))

    assert "1 household has no baseline." in page
    assert f"/office/income/?lacks=baseline&amp;area={example.city.pk}" in page
    assert "1 household has no follow-up of every month." in page
    assert "lacks=follow-up&amp;month=2026-10" in page
    assert "No consumer price index is on record for October 2026" in page


def test_with_an_index_on_record_the_deflated_gain_is_shown(hers, example):
    build.cpi(example.city, 1_012, dt.date(2026, 1, 1), dt.date(2027, 1, 1))
    page = hers.get(address(example.town))

    assert table(page)["Together"][9] == "180.66"
    assert "No consumer price index" not in text(page)


def test_a_range_of_months_is_their_sum(hers, example):
    asked = {"first": "2026-09", "last": "2026-10"}
    page = hers.get(address(example.town, **asked))

    assert table(page)["Together"][8] == "-116.67"
    assert "Gain per household and month ¥-38.89" in text(page)
    assert "Gain per household, month by month, in yuan" in text(page)


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"first": "2026-10", "last": "2026-09"}, "must not be before the first"),
        ({"first": "tomorrow"}, "Select a valid choice"),
    ],
)
def test_a_period_that_cant_be_read_is_named_and_the_usual_month_shown(
    hers, example, asked, words
):
    page = hers.get(address(example.town, **asked))

    assert page.status_code == 200
    assert words in text(page)
    assert table(page)["Together"] == TOWN


def test_the_open_month_shows_pay_alone(hers, example):
    example.paid(example.zhao, 900, build.NOVEMBER, example.other_village)
    page = hers.get(address(example.town, first="2026-11"))

    assert table(page)["Together"][7:9] == ("9", "not known")
    assert "The last month is not over" in text(page)
    assert "Gain not known yet" in text(page)


def test_pay_outside_villages_and_households_is_a_row_and_a_note(hers, example):
    lonely = world.maker("孤身人")
    on = build.OCTOBER.replace(day=9)
    example.paid(lonely, 700, on, example.county)
    page = hers.get(address(example.county))

    assert table(page)["Without a village"][7:9] == ("7", "not known")
    assert table(page)["Together"][7:9] == ("1,380.45", "216.66")
    assert "¥7 was paid to women who belong to no household" in text(page)


def test_a_village_names_its_households_and_each_look_is_recorded(hers, example):
    page = hers.get(address(example.other_village))
    rows = table(page)

    assert rows == {
        f"{example.wang.name_en} · {example.w.reference}": (
            *("Yes", "Yes", "1", "1", "250", "-83.34", "not known"),
        ),
        f"{example.zhao.name_en} · {example.z.reference}": (
            *("Yes", "Yes", "1", "1", "0", "-300", "not known"),
        ),
        "Together": ("", "", "2", "2", "250", "-383.34", "not known"),
    }
    looks = AuditRow.objects.filter(deed="read_income").order_by("id")
    assert [(row.subject, row.purpose) for row in looks] == [
        (f"household:{example.w.reference}", "Report of gains"),
        (f"household:{example.z.reference}", "Report of gains"),
    ]


def test_who_moved_out_of_her_areas_is_summed_and_not_named(example):
    move_household(
        household=example.z, village=example.foreign_village, on=build.NOVEMBER
    )
    page = signed_in(world.officer(example.county)).get(address(example.other_village))
    rows = table(page)

    assert list(rows) == [
        f"{example.wang.name_en} · {example.w.reference}",
        "Households that live elsewhere today: 1",
        "Together",
    ]
    assert rows["Together"][4:6] == ("250", "-383.34")
    assert example.z.reference not in text(page)


@pytest.mark.parametrize("ending", ["", "gain.csv", "gain.xlsx"])
@pytest.mark.parametrize(
    ("who", "where", "status"),
    [
        ("city", "town", 200),
        ("village", "village", 200),
        ("village", "town", 404),
        ("foreign", "town", 404),
        ("ended", "town", 403),
        ("finance", "town", 403),
        ("leader", "town", 403),
        ("nobody", "town", 302),
    ],
)
def test_who_may_read_which_report(example, who, where, status, ending):
    area = getattr(example, where)
    people = {
        "city": lambda: world.officer(example.city),
        "village": lambda: world.officer(example.village),
        "foreign": lambda: world.officer(example.foreign_county),
        "leader": lambda: User.objects.create_user(email="l@example.org"),
    }
    if who == "nobody":
        browser = Client()
    elif who == "ended":
        user = world.officer(example.city)
        user.grants.update(valid_to=build.OCTOBER)
        browser = signed_in(user)
    elif who == "finance":
        user = User.objects.create_user(email="m@example.org")
        Grant.objects.create(user=user, role="finance", valid_from=world.DAY)
        browser = signed_in(user)
    else:
        browser = signed_in(people[who]())
    answer = browser.get(f"/en/reports/{area.pk}/{ending}")

    assert answer.status_code == status
    if status == 302:
        assert answer.url.startswith(resolve_url(settings.LOGIN_URL))


def test_an_officer_of_two_areas_chooses_between_them(example):
    user = world.officer(example.village)
    Grant.objects.create(
        user=user, role="officer", area=example.foreign_county, valid_from=world.DAY
    )
    page = text(signed_in(user).get(address()))

    assert f"/en/reports/{example.foreign_county.pk}/?first=2026-10" in page


def grow(example, villages: int, households: int) -> None:
    before = example.town.get_children_count()
    for number in range(before - 2, before - 2 + villages):
        village = world.area(example.town, "village", f"村{number}", f"8{number}")
        for other in range(households):
            home, [woman] = build.agreeing(village, f"新人{number}-{other}")
            build.baseline(home, 1_200)
            build.follow_up(home, 150)
            example.paid(woman, 3, build.OCTOBER.replace(day=10), village)


def test_more_areas_and_households_take_no_more_queries(
    hers, example, django_assert_max_num_queries
):
    pages = (
        address(example.town),
        address(example.other_village),
        f"/en/reports/{example.town.pk}/gain.csv",
    )
    counts = []
    for _size in ("small", "large"):
        for page in pages:
            hers.get(page)
            with django_assert_max_num_queries(40) as asked:
                hers.get(page)
            counts.append(len(asked))
        grow(example, 4, 3)
        for number in range(5):
            build.agreeing(example.other_village, f"邻居{number}")

    assert counts[:3] == counts[3:]
    assert max(counts) <= 25


def carried(answer) -> list[list[str]]:
    return list(csv.reader(StringIO(answer.content.decode("utf-8-sig"))))


def test_a_file_merges_small_areas_and_holds_no_loss(hers, example):
    grow(example, 2, 5)
    answer = hers.get(f"/en/reports/{example.town.pk}/gain.csv?first=2026-10")
    head, *rows = carried(answer)

    assert head == ["Area", "From", "To", *HEAD[1:-1]]
    months = ["2026-10", "2026-10"]
    # Together 2 households with a known gain: the next smallest village joins them.
    assert rows == [
        [
            *("村1", *months, "5", "5", "5", "5", "5", "5", "5"),
            *("0.15", "2.65", "not known", "0.53", "0"),
        ],
        [
            "Areas with fewer than 5 households or women, together",
            *(*months, "9", "9", "8", "8", "8", "8", "7"),
            *("1373.60", "219.31", "not known", "31.33", "1"),
        ],
        [
            *("试乡", *months, "14", "14", "13", "13", "13", "13", "12"),
            *("1373.75", "221.96", "not known", "18.50", "1"),
        ],
    ]
    row = AuditRow.objects.get(deed="export_report")
    assert (row.subject, row.facts) == (
        f"area:{example.town.code}",
        {"rows": 3, "first": "2026-10", "last": "2026-10", "as": "csv"},
    )


def test_where_everybody_together_is_few_a_file_has_no_sums(hers, example):
    answer = hers.get(f"/en/reports/{example.other_village.pk}/gain.csv")
    _head, *rows = carried(answer)

    assert rows == [
        [
            *("杏村", "2026-10", "2026-10", "2", "2", "1", "1", "2", "2", "2"),
            *["fewer than 5"] * 4,
            "1",
        ]
    ]
    assert example.z.reference not in answer.content.decode()


def test_a_spreadsheet_holds_numbers_and_no_formula(hers, example):
    grow(example, 1, 6)
    evil = world.area(example.town, "village", "=1+1", "66")
    evil.name_en = "=1+1"
    evil.save()
    answer = hers.get(f"/en/reports/{example.town.pk}/gain.xlsx")
    sheet = openpyxl.load_workbook(BytesIO(answer.content)).active
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]

    assert rows[1][0] == "'=1+1"
    assert rows[-1][10] == pytest.approx(1373.63)
    assert Decimal(str(rows[-1][11])) == Decimal("219.84")
    assert sheet.cell(len(rows), 11).number_format == "#,##0.00"
    assert answer["Content-Disposition"] == (
        f'attachment; filename="gain-{example.town.code}-2026-10-2026-10.xlsx"'
    )


def test_a_file_of_a_period_that_cant_be_read_is_refused_in_words(hers, example):
    answer = hers.get(
        f"/en/reports/{example.town.pk}/gain.csv?first=2026-10&last=2026-08"
    )

    assert (answer.status_code, answer.content.decode()) == (
        400,
        "The last month must not be before the first.",
    )
    assert not AuditRow.objects.filter(deed="export_report").exists()


def test_the_page_speaks_chinese_at_the_root(hers, example):
    with translation.override("zh-hans"):
        page = text(hers.get(f"/reports/{example.town.pk}/"))

    assert "户均增收 108.33 元" in page
    assert "2026年10月" in page
    assert "不知道" in page
