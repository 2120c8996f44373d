"""The office lists of areas, published values and the audit trail."""

import csv
import datetime as dt
import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from qiaoshou.accounts.grants import give_grant
from qiaoshou.accounts.models import Grant, User
from qiaoshou.common import audit
from qiaoshou.common.changing_areas import add_area
from qiaoshou.common.models import Area, AreaChange, AuditRow, ReferenceValue
from qiaoshou.common.reference_values import record_reference_value
from tests.services.registry_world import DAY, County

pytestmark = pytest.mark.django_db

AREAS = "/office/places/areas/"
VALUES = "/office/places/values/"
TRAIL = "/office/trail/"


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


@pytest.fixture
def county():
    return County()


def signed_in(client, role: str, area: Area | None = None) -> User:
    user = User.objects.create_user(
        email=f"{role}@example.org", full_name="李经办", language="en"
    )
    give_grant(user=user, role=role, area=area, by=None, valid_from=DAY)
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return user


@pytest.fixture
def top(client, county):
    """An officer of the whole federation."""
    return signed_in(client, Grant.Role.OFFICER, county.city)


@pytest.fixture
def of_county(client, county):
    return signed_in(client, Grant.Role.OFFICER, county.county)


def page(client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


def test_the_list_shows_one_level_and_leads_to_the_next(client, county, top):
    first = page(client, AREAS)
    assert "试县" in first
    assert "邻县" in first
    assert "柳村" not in first
    assert f"{AREAS}?under={county.county.pk}" in first
    assert "1 area below" in first

    second = page(client, f"{AREAS}?under={county.town.pk}")
    assert "柳村" in second
    assert "杏村" in second
    assert "邻村" not in second


def test_a_search_looks_everywhere(client, county, top):
    found = page(client, f"{AREAS}?q=柳村")

    assert "柳村" in found
    assert "杏村" not in found


def test_an_area_that_is_not_there_is_no_error(client, county, top):
    assert "试县" in page(client, f"{AREAS}?under=abc")
    page(client, f"{AREAS}?under=99999999")


def test_a_checked_english_name_loses_its_mark(client, county, top):
    Area.objects.filter(pk=county.village.pk).update(name_en_is_draft=True)
    assert "(draft)" in page(client, f"{AREAS}?under={county.town.pk}")

    response = client.post(
        f"{AREAS}edit/{county.village.pk}/",
        {"name_en": "Willow Village", "checked": "on", "setting": "rural"},
    )

    assert response.status_code == 302
    area = Area.objects.get(pk=county.village.pk)
    assert (area.name_en, area.name_en_is_draft, area.setting) == (
        "Willow Village",
        False,
        "rural",
    )
    row = AuditRow.objects.last()
    assert (row.deed, row.subject) == ("describe_area", "area:test-21010101")


def test_an_officer_describes_her_own_areas_only(client, county, of_county):
    assert client.get(f"{AREAS}edit/{county.village.pk}/").status_code == 200
    form = {"name_en": "X", "checked": "on", "setting": ""}

    response = client.post(f"{AREAS}edit/{county.foreign_village.pk}/", form)

    assert response.status_code == 404
    county.foreign_village.refresh_from_db()
    assert county.foreign_village.name_en == "邻村"
    assert client.get(f"{AREAS}new/").status_code in (302, 403)
    form = {"on": "2026-03-05", "document": "x"}
    client.post(f"{AREAS}close/{county.village.pk}/", form)
    county.village.refresh_from_db()
    assert county.village.closed_on is None


def test_the_list_links_to_no_area_that_is_not_hers(client, county, of_county):
    hers = page(client, AREAS)

    assert f"{AREAS}edit/{county.county.pk}/" in hers
    neighbour = Area.objects.get(name_zh="邻县")
    assert neighbour.name_zh in hers
    assert f"{AREAS}edit/{neighbour.pk}/" not in hers


@pytest.mark.parametrize("role", [Grant.Role.SHOPKEEPER, Grant.Role.FINANCE])
def test_other_staff_read_areas_and_values_but_not_the_trail(client, county, role):
    signed_in(client, role)

    assert "试县" in page(client, AREAS)
    page(client, VALUES)
    assert client.get(TRAIL).status_code in (302, 403)
    assert client.get(f"{VALUES}new/").status_code in (302, 403)


@pytest.mark.parametrize("address", [AREAS, VALUES, TRAIL])
def test_a_stranger_is_sent_to_the_door(client, county, address):
    assert client.get(address).status_code == 302


def test_an_area_is_added_with_a_drafted_name(client, county, top):
    response = client.post(
        f"{AREAS}new/",
        {
            "parent": "试城 › 试县 › 试乡",
            "name_zh": "长山村",
            "name_en": "",
            "kind": "村",
            "setting": "",
        },
    )

    assert response.status_code == 302
    area = Area.objects.get(name_zh="长山村")
    assert area.get_parent() == county.town
    assert (area.tier, area.name_en, area.name_en_is_draft) == (
        "village",
        "Changshan Village",
        True,
    )
    assert Area.find_problems() == ([], [], [], [], [])


def test_a_second_one_of_that_name_is_refused_and_nothing_typed_is_lost(
    client, county, top
):
    response = client.post(
        f"{AREAS}new/",
        {"parent": "试城 › 试县 › 试乡", "name_zh": "柳村", "kind": "村"},
    )

    assert response.status_code == 200
    text = response.content.decode()
    assert "There is one of this name already." in text
    assert 'value="柳村"' in text
    assert Area.objects.filter(name_zh="柳村").count() == 1


def test_an_area_is_closed_and_followed(client, county, top):
    address = f"{AREAS}close/{county.village.pk}/"
    assert "柳村 and 0 areas in it are closed." in page(client, address)

    form = {
        "on": "2026-03-05",
        "document": "民政局〔2026〕1号",
        "followed_by": "试城 › 试县 › 试乡 › 杏村",
    }
    assert client.post(address, form).status_code == 302
    assert client.post(address, form).status_code == 302

    county.village.refresh_from_db()
    assert county.village.closed_on == dt.date(2026, 3, 5)
    change = AreaChange.objects.get()
    assert (change.closed, change.opened) == (county.village, county.other_village)
    assert change.document == "民政局〔2026〕1号"
    assert AuditRow.objects.filter(deed="close_area").count() == 1


@pytest.mark.parametrize(
    ("follower", "words"),
    [
        ("试城 › 试县", "The one that follows must be of the same tier."),
        ("试城 › 试县 › 试乡 › 柳村", "An area can’t follow itself."),
    ],
)
def test_what_can_not_follow_is_refused(client, county, top, follower, words):
    response = client.post(
        f"{AREAS}close/{county.village.pk}/",
        {"on": "2026-03-05", "document": "x", "followed_by": follower},
    )

    assert words in response.content.decode()
    county.village.refresh_from_db()
    assert county.village.closed_on is None


def test_a_value_is_recorded_in_yuan_and_kept_in_fen(client, county, top):
    form = {
        "kind": "minimum_hourly",
        "area": "试城",
        "typed": "19.50",
        "valid_from": "2026-01-01",
        "source": "省人社厅",
        "document": "辽政〔2025〕1号",
    }
    assert client.post(f"{VALUES}new/", form).status_code == 302
    assert client.post(f"{VALUES}new/", form).status_code == 302

    row = ReferenceValue.objects.get()
    assert (row.value, row.unit, row.area) == (1_950, "fen_per_hour", county.city)
    listed = page(client, VALUES)
    assert "19.50 yuan an hour" in listed
    assert "省人社厅" in listed


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"source": ""}, "This field is required."),
        ({"typed": "0"}, "greater than or equal to 0.01"),
        ({"typed": "19.555"}, "no more than 2 decimal places"),
        ({"kind": "cpi", "typed": "101.25"}, "An index has one decimal."),
        ({"area": "火星"}, "“火星” is not on the list."),
        ({"valid_to": "2025-01-01"}, "The end must be after the beginning."),
    ],
)
def test_a_wrong_value_is_refused_in_words(client, county, top, change, words):
    form = {
        "kind": "minimum_hourly",
        "area": "试城",
        "typed": "19.50",
        "valid_from": "2026-01-01",
        "source": "省人社厅",
    }
    response = client.post(f"{VALUES}new/", form | change)

    assert response.status_code == 200
    assert words in response.content.decode()
    assert not ReferenceValue.objects.exists()


@pytest.fixture
def value(county):
    return record_reference_value(
        kind="cpi",
        area=county.city,
        value=1_012,
        valid_from=DAY,
        source="统计局",
        invented=True,
    )


def test_a_correction_needs_a_reason(client, value, top):
    address = f"{VALUES}edit/{value.pk}/"
    text = page(client, address)
    assert 'value="101.2"' in text
    assert "Invented for demonstration." in text
    form = {"typed": "101.5", "valid_from": DAY.isoformat(), "source": "统计局"}

    assert client.post(address, form).status_code == 200
    value.refresh_from_db()
    assert value.value == 1_012

    assert client.post(address, form | {"reason": "看错一位"}).status_code == 302
    value.refresh_from_db()
    assert (value.value, value.invented) == (1_015, False)


def test_the_trail_is_filtered_and_searched(client, county, top):
    audit.record(deed="read_income", subject="maker:CCCC", by=None)
    audit.record(deed="look", subject="maker:AAAA", by=top, purpose="电话核对")
    audit.record(deed="carry", subject="maker:BBBB", by=None)

    assert "maker:AAAA" in page(client, TRAIL)
    assert "read an income" in page(client, TRAIL)
    found = page(client, f"{TRAIL}?deed=carry")
    assert "maker:BBBB" in found
    assert "maker:AAAA" not in found
    assert "maker:BBBB" not in page(client, f"{TRAIL}?q=电话")
    assert "maker:BBBB" not in page(client, f"{TRAIL}?by=李")
    assert "maker:AAAA" not in page(
        client, f"{TRAIL}?at_from=2020-01-01&at_to=2020-02-01"
    )


def test_the_trail_is_carried_away_inert_and_that_is_recorded(client, county, top):
    audit.record(deed="look", subject="maker:AAAA", by=top, purpose="=HYPERLINK(1)")

    response = client.get(f"{TRAIL}?export=csv")
    rows = list(
        csv.reader(io.StringIO(b"".join(response.streaming_content).decode("utf-8")))
    )

    assert any("'=HYPERLINK(1)" in row for row in rows)
    assert AuditRow.objects.last().deed == "export_trail"


def test_the_trail_can_not_be_changed_in_the_office(client, county, top):
    row = audit.record(deed="look", subject="maker:AAAA", by=None)

    for address in (
        f"{TRAIL}new/",
        f"{TRAIL}edit/{row.pk}/",
        f"{TRAIL}delete/{row.pk}/",
    ):
        assert client.get(address).status_code == 404


def test_the_lists_take_a_fixed_number_of_queries(client, county, top):
    lists = (f"{AREAS}?q=村", VALUES, TRAIL)

    def queries() -> list[int]:
        found = []
        for address in lists:
            page(client, address)
            with CaptureQueriesContext(connection) as taken:
                page(client, address)
            found.append(len(taken))
        return found

    audit.record(deed="look", subject="maker:0", by=top)
    record_reference_value(
        kind="cpi", area=county.city, value=1_000, valid_from=DAY, source="s"
    )
    before = queries()
    for number in range(20):
        audit.record(deed="look", subject=f"maker:{number}", by=top)
        county.town.refresh_from_db()
        add_area(
            parent=county.town, name_zh=f"新{number}村", kind="村", on=DAY, by=None
        )
        index = dt.date(2020 + number, 1, 1)
        record_reference_value(
            kind="minimum_hourly",
            area=county.city,
            value=1_900 + number,
            valid_from=index,
            source="s",
        )
    assert queries() == before


def test_the_menu_leads_there(client, county, top):
    text = page(client, reverse("wagtailadmin_home"))

    for address in (AREAS, VALUES, TRAIL):
        assert address in text
