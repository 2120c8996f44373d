"""The registry's lists and forms in the office, over real requests."""

import csv
import datetime as dt
import re
from io import BytesIO, StringIO

import openpyxl
import pytest
from django.contrib.auth.models import Group, Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import translation
from PIL import Image

from producers.models import (
    Base,
    CapacityWeek,
    Consent,
    Household,
    HouseholdMember,
    Maker,
    Membership,
    PayAccount,
    PickupPoint,
    Skill,
)
from producers.selectors import household_of, open_pay_account, village_of
from producers.services import consents, personal
from producers.services.memberships import join_base
from qiaoshou.accounts.models import Grant, User
from qiaoshou.common.models import AuditRow
from qiaoshou.common.reference import new_reference
from qiaoshou.common.today import ZONE, clock_at
from tests.services.registry_world import (
    DAY,
    NUMBERS,
    County,
    active_maker,
    agrees,
    base,
    craft,
    household,
    later,
    maker,
    officer,
    skilled,
)

pytestmark = pytest.mark.django_db
LISTS = (
    "makers",
    "households",
    "bases",
    "skills",
    "consents",
    "pay-accounts",
    "pickup-points",
    "capacity",
    "crafts",
    "caution",
)


@pytest.fixture(autouse=True)
def _a_day_in_march():
    with clock_at(dt.datetime(2026, 3, 4, 9, tzinfo=ZONE)), translation.override("en"):
        yield


@pytest.fixture
def county():
    return County()


def enters_office(user: User, language: str = "en") -> Client:
    """A browser in which this person is signed in and may open the office."""
    group, _new = Group.objects.get_or_create(name="enters the office")
    group.permissions.add(Permission.objects.get(codename="access_admin"))
    user.groups.add(group)
    user.language = language
    user.save()
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def hers(county):
    """The browser of the officer of the county."""
    return enters_office(officer(county.county))


@pytest.fixture
def people(county):
    """One woman with everything in the county, and one in the county beside it."""
    here = base(county.village, minutes_a_week=6000)
    there = base(county.foreign_village, "邻村基地")
    woman, stranger = active_maker("王桂兰", at=here), active_maker("赵外人", at=there)
    household(county.village, woman)
    household(county.foreign_village, stranger)
    paper = craft()
    for one in (woman, stranger):
        skilled(one, paper)
        agrees(one, "public_story", "pay_account")
        personal.open_pay_account(
            maker=one, kind="wechat", number=f"name-{one.pk}", on=DAY
        )
    for place in (here, there):
        CapacityWeek.objects.create(
            base=place, craft=paper, week=dt.date(2026, 3, 9), offered=600, reserved=100
        )
        PickupPoint.objects.create(
            name_zh=f"{place.name_zh}自提点",
            name_en="Point",
            area=place.area,
            address_zh="1",
            address_en="1",
            hours_zh="9",
            hours_en="9",
            opened=DAY,
            base=place,
        )
    return woman, stranger


def address(name: str, *parts: object) -> str:
    return "/".join(["/office/registry", name, *map(str, parts), ""])


def text(response) -> str:
    return response.content.decode()


@pytest.mark.parametrize("name", LISTS)
def test_an_officer_sees_only_her_own_jurisdiction(hers, people, name):
    response = hers.get(address(name))

    assert response.status_code == 200
    assert "赵外人" not in text(response)
    assert "邻村" not in text(response)


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("makers", ["Wang Guilan", "柳村基地", "柳村\n", "1200", "Active"]),
        ("households", ["Wang Guilan", "柳村\n"]),
        ("bases", ["柳村基地", "Village"]),
        ("skills", ["Wang Guilan", "paper-cut"]),
        ("consents", ["Wang Guilan", "Public story", "Pay account"]),
        ("pay-accounts", ["Wang Guilan", "WeChat"]),
        ("pickup-points", ["柳村基地自提点"]),
        ("capacity", ["柳村基地", "600", "100", "500"]),
        ("crafts", ["paper-cut"]),
    ],
)
def test_a_list_shows_what_is_on_record(hers, people, name, shown):
    page = re.sub(r"\s*\n\s*", "\n", text(hers.get(address(name))))

    assert [words for words in shown if words not in page] == []


@pytest.mark.parametrize("name", LISTS)
def test_a_list_is_in_the_language_of_its_reader(county, people, name):
    page = text(enters_office(officer(county.county), "zh-hans").get(address(name)))

    assert page.count('lang="zh-hans"') == 1
    assert "Wang Guilan" not in page.replace("<td>Wang Guilan", "") or name == "makers"


@pytest.mark.parametrize("name", LISTS)
def test_a_list_takes_the_same_number_of_queries_for_two_rows_or_twenty(
    county, hers, people, name, django_assert_max_num_queries, connection_queries
):
    hers.get(address(name))
    few = connection_queries(lambda: hers.get(address(name)))
    place, paper = Base.objects.get(name_zh="柳村基地"), people[0].skills.get().craft
    for number in range(18):
        one = active_maker(f"李秀{number}", at=place)
        household(county.village, one)
        skilled(one, paper)
        agrees(one, "public_story")
        personal.open_pay_account(maker=one, kind="cash")
        CapacityWeek.objects.create(
            base=place,
            craft=paper,
            week=dt.date(2026, 3, 16) + dt.timedelta(weeks=number),
            offered=number,
        )
        base(county.other_village, f"杏村{number}")

    assert connection_queries(lambda: hers.get(address(name))) == few


@pytest.fixture
def connection_queries():
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def count(deed) -> int:
        with CaptureQueriesContext(connection) as queries:
            deed()
        return len(queries)

    return count


@pytest.mark.parametrize(
    "name",
    [
        "makers",
        "households",
        "bases",
        "skills",
        "consents",
        "pay-accounts",
        "pickup-points",
        "capacity",
    ],
)
def test_a_row_of_another_jurisdiction_does_not_exist(hers, people, name):
    model = {
        "makers": Maker,
        "households": Household,
        "bases": Base,
        "skills": Skill,
        "consents": Consent,
        "pay-accounts": PayAccount,
        "pickup-points": PickupPoint,
        "capacity": CapacityWeek,
    }[name]
    rows = list(model.objects.order_by("pk"))
    pages = [address(name, "edit", row.pk) for row in rows]

    read = [hers.get(page).status_code for page in pages]
    written = [hers.post(page, {}).status_code == 404 for page in pages]
    assert sorted(set(read)) == [200, 404]
    assert [code == 404 for code in read] == written


@pytest.mark.parametrize("name", LISTS)
@pytest.mark.parametrize("role", ["leader", "shopkeeper", "nobody", "ended"])
def test_without_the_right_the_lists_are_refused(county, people, name, role):
    user = User.objects.create_user(email="x@example.org")
    if role == "leader":
        woman = people[0]
        woman.user = user
        woman.save()
        join_base(maker=woman, base=Base.objects.first(), since=DAY, role="leader")
    if role == "shopkeeper":
        Grant.objects.create(user=user, role="shopkeeper", valid_from=DAY)
    if role == "ended":
        Grant.objects.create(
            user=user,
            role="officer",
            area=county.city,
            valid_from=DAY,
            valid_to=later(2),
        )
    client = enters_office(user)

    # Wagtail turns a refusal into a way back to its front page with a message.
    response = client.get(address(name))
    assert (response.status_code, response.headers.get("Location")) == (
        302,
        "/office/",
    )


def new_maker(county, **values):
    return {
        "reference": new_reference(),
        "name_zh": "李秀英",
        "name_en": "",
        "phone": "13841012345",
        "since": "2026-03-02",
        "household": "",
        "village": "试乡 › 柳村",
        "labour_force": "2",
        "relation": "spouse",
        "base": "",
        "minutes": "900",
        "agrees_to": ["identity_check", "public_story"],
        "how": "paper",
        "identity": NUMBERS[0],
        **values,
    }


def errors(response) -> dict[str, list[str]]:
    with translation.override("en"):
        return {
            name: [str(words) for words in found]
            for name, found in response.context["form"].errors.items()
        }


def test_an_officer_registers_a_maker_with_household_consents_and_hours(county, hers):
    place = base(county.village)
    sent = new_maker(county, base=f"柳村基地 · {place.reference}")
    first = hers.post(address("makers", "new"), sent)
    second = hers.post(address("makers", "new"), sent)

    assert (first.status_code, second.status_code) == (302, 302)
    woman = Maker.objects.get()
    assert (woman.name_en, woman.phone, woman.identity) == (
        "Li Xiuying",
        "+8613841012345",
        NUMBERS[0],
    )
    assert (village_of(woman), household_of(woman).labour_force) == (county.village, 2)
    assert woman.memberships.get().base == place
    assert woman.hours.get().minutes == 900
    assert sorted(woman.consents.values_list("purpose", flat=True)) == [
        "identity_check",
        "public_story",
    ]
    assert Household.objects.count() == 1


@pytest.mark.parametrize(
    ("values", "wrong"),
    [
        (
            {"village": ""},
            {"village": ["Pick a household on record, or the village of a new one."]},
        ),
        (
            {"village": "邻乡 › 邻村"},
            {
                "village": [
                    "“邻乡 › 邻村” is not on the list. Pick an entry of the list."
                ]
            },
        ),
        (
            {"village": "村"},
            {"village": ["2 entries contain “村”. Pick one of the list."]},
        ),
        (
            {"identity": "211282196803120020"},
            {
                "identity": [
                    "The last character does not fit: one of the others is wrong."
                ]
            },
        ),
        (
            {"agrees_to": []},
            {"__all__": ["She has not agreed to this yet: Identity check."]},
        ),
        ({"phone": "12"}, {"phone": ["The number needs 11 digits; this has 2."]}),
        ({"name_zh": ""}, {"name_zh": ["This field is required."]}),
        (
            {"minutes": "99999"},
            {"__all__": ["A week has only 10,080 minutes."]},
        ),
    ],
)
def test_a_wrong_entry_names_its_field_changes_nothing_and_loses_nothing_typed(
    county, hers, values, wrong
):
    response = hers.post(address("makers", "new"), new_maker(county, **values))

    assert response.status_code == 200
    assert errors(response) == wrong
    assert 'value="Li' not in text(response)
    assert 'value="13841012345"' in text(response) or "phone" in wrong
    assert (Maker.objects.count(), Household.objects.count()) == (0, 0)


def changes(woman, **values):
    return {
        "name_zh": woman.name_zh,
        "name_en": woman.name_en,
        "phone": "",
        "identity": "",
        "since": "2026-03-04",
        "status": woman.status,
        "reason": "",
        "base": "",
        "leads": "",
        "minutes": "",
        "away_from": "",
        "away_to": "",
        "away_reason": "other",
        "photo_alt_zh": "",
        "photo_alt_en": "",
        **values,
    }


def photo() -> SimpleUploadedFile:
    file = BytesIO()
    Image.new("RGB", (4, 4), "red").save(file, "PNG")
    return SimpleUploadedFile("her.png", file.getvalue(), "image/png")


def test_an_officer_changes_hours_base_status_and_time_away(county, hers, people):
    woman = people[0]
    second = base(county.other_village, "杏村基地")
    response = hers.post(
        address("makers", "edit", woman.pk),
        changes(
            woman,
            status="paused",
            reason="秋收",
            base=f"杏村基地 · {second.reference}",
            minutes="600",
            away_from="2026-03-10",
            away_to="2026-03-12",
            away_reason="fields",
        ),
    )

    assert response.status_code == 302
    woman.refresh_from_db()
    assert woman.status == "paused"
    assert list(
        woman.memberships.order_by("valid_from").values_list("base", "valid_from")
    ) == [
        (Base.objects.get(name_zh="柳村基地").pk, DAY),
        (second.pk, dt.date(2026, 3, 4)),
    ]
    assert woman.hours.get(valid_to=None).minutes == 600
    assert woman.away.get().reason == "fields"


def test_a_photo_needs_a_description_in_both_languages(
    hers, people, settings, tmp_path
):
    settings.MEDIA_ROOT = tmp_path
    woman = people[0]
    page = address("makers", "edit", woman.pk)
    refused = hers.post(page, {**changes(woman), "photo": photo()})
    assert errors(refused) == {
        "__all__": ["A photo needs a description in both languages."]
    }
    taken = hers.post(
        page,
        {
            **changes(woman, photo_alt_zh="她在剪纸", photo_alt_en="She cuts paper"),
            "photo": photo(),
        },
    )
    woman.refresh_from_db()
    assert (taken.status_code, woman.photo.name.startswith("makers/")) == (302, True)


def test_numbers_are_masked_until_a_purpose_is_written_down(county, hers, people):
    woman = people[0]
    woman.phone = "+8613841012345"
    woman.save()
    for name, pk in (
        ("makers", woman.pk),
        ("pay-accounts", open_pay_account(woman).pk),
    ):
        for page in (address(name), address(name, "edit", pk)):
            shown = text(hers.get(page))
            assert "13841012345" not in shown
            assert f"name-{woman.pk}" not in shown

    ask = address("reveal", "phone", woman.pk)
    assert "13841012345" not in text(hers.get(ask))
    refused = hers.post(ask, {"purpose": " x "})
    assert "13841012345" not in text(refused)
    assert "Write in a few words what it is for." in text(refused)
    assert AuditRow.objects.count() == 0

    shown = hers.post(ask, {"purpose": "核对工钱"})
    assert "+8613841012345" in text(shown)
    assert "no-store" in shown.headers["Cache-Control"]
    row = AuditRow.objects.get()
    assert (row.deed, row.subject, row.purpose, row.by.email) == (
        "reveal_phone",
        f"maker:{woman.reference}",
        "核对工钱",
        "officer@example.org",
    )
    assert "1384" not in repr(row.facts) + row.subject


def test_nobody_reveals_a_number_of_another_jurisdiction_or_without_a_grant(
    county, hers, people
):
    stranger = people[1]
    foreign = address("reveal", "account", open_pay_account(stranger).pk)
    own = address("reveal", "account", open_pay_account(people[0]).pk)

    assert hers.post(foreign, {"purpose": "核对工钱"}).status_code == 404
    assert hers.post(own, {"purpose": "核对工钱"}).status_code == 200
    nobody = enters_office(User.objects.create_user(email="n@example.org"))
    assert nobody.post(own, {"purpose": "核对工钱"}).status_code == 404
    assert hers.get(address("reveal", "salary", 1)).status_code == 404
    assert AuditRow.objects.count() == 1


def test_finance_sees_every_pay_account_and_confirms_but_no_household(people):
    clerk = User.objects.create_user(email="finance@example.org", full_name="周会计")
    Grant.objects.create(user=clerk, role="finance", valid_from=DAY)
    client = enters_office(clerk)
    account = open_pay_account(people[1])

    assert "Zhao Wairen" in text(client.get(address("pay-accounts")))
    page = address("pay-accounts", "edit", account.pk)
    assert errors(client.post(page, {})) == {"confirmed": ["This field is required."]}
    assert client.post(page, {"confirmed": "on"}).status_code == 302
    account.refresh_from_db()
    assert (account.confirmed_on, account.confirmed_by) == (dt.date(2026, 3, 4), clerk)
    assert client.get(address("households")).status_code == 302
    assert client.get(address("pay-accounts", "new")).status_code == 302


@pytest.mark.parametrize("name", LISTS)
def test_nothing_is_deleted_or_copied_in_the_office(hers, people, name):
    answers = [
        hers.post(address(name, verb, 1)).status_code
        for verb in ("delete", "copy", "history", "usage", "inspect")
    ]

    assert answers == [404] * 5


def test_a_list_is_searched_filtered_and_ordered(county, hers, people):
    place = Base.objects.get(name_zh="柳村基地")
    active_maker("陈小花", at=place, minutes=100)
    maker("孤身人")

    def names(**query) -> list[str]:
        page = text(hers.get(address("makers"), query))
        return re.findall(r"Wang Guilan|Chen Xiaohua|Zhao Wairen|Gu Shenren", page)

    def order(**query) -> list[str]:
        return list(dict.fromkeys(names(**query)))

    assert order(q="小花") == ["Chen Xiaohua"]
    assert order(q="guilan") == ["Wang Guilan"]
    assert order(area=county.town.pk) == ["Chen Xiaohua", "Wang Guilan"]
    assert order(status="paused") == []
    assert order(ordering="weekly") == ["Chen Xiaohua", "Wang Guilan"]
    assert order(ordering="-weekly") == ["Wang Guilan", "Chen Xiaohua"]


def test_an_area_outside_the_jurisdiction_is_no_filter(county, hers, people):
    page = text(hers.get(address("makers"), {"area": county.foreign_town.pk}))

    assert "Zhao Wairen" not in page


def rows_of(response) -> list[list[str]]:
    content = b"".join(response.streaming_content).decode()
    return list(csv.reader(StringIO(content)))


def test_an_export_holds_the_same_rows_and_no_formula_and_leaves_a_trace(
    county, hers, people
):
    woman = people[0]
    Maker.objects.filter(pk=woman.pk).update(name_zh="=1+1", name_en="@SUM(A1)")
    found = rows_of(hers.get(address("makers"), {"export": "csv"}))

    assert found[0] == [
        "Reference",
        "Name in Chinese",
        "Name in English",
        "status",
        "base",
        "village",
        "minutes a week",
    ]
    assert found[1:] == [
        [
            woman.reference,
            "'=1+1",
            "'@SUM(A1)",
            "Active",
            "柳村基地",
            "柳村",
            "1200",
        ]
    ]
    row = AuditRow.objects.get()
    assert (row.deed, row.subject, row.facts) == (
        "export_list",
        "producers.Maker",
        {"rows": 1},
    )


def test_an_xlsx_export_holds_no_formula(hers, people):
    Maker.objects.filter(pk=people[0].pk).update(name_zh="=1+1")
    response = hers.get(address("makers"), {"export": "xlsx"})
    sheet = openpyxl.load_workbook(BytesIO(b"".join(response.streaming_content))).active
    cell = sheet["B2"]

    assert (cell.value, cell.data_type) == ("'=1+1", "s")


def test_an_officer_opens_changes_and_closes_a_base(county, hers):
    sent = {
        "reference": new_reference(),
        "tier": "village",
        "area": "试县 › 试乡 › 柳村",
        "parent": "",
        "name_zh": "柳村基地",
        "name_en": "Liucun base",
        "opened": "2026-03-02",
        "minutes_a_week": "6000",
        "about_zh": "",
        "about_en": "",
    }
    assert hers.post(address("bases", "new"), sent).status_code == 302
    assert hers.post(address("bases", "new"), sent).status_code == 302
    place = Base.objects.get()
    assert (place.area, place.capacities.get().minutes) == (county.village, 6000)

    page = address("bases", "edit", place.pk)
    assert "试县 › 试乡 › 柳村" in text(hers.get(page))
    changed = {
        **sent,
        "name_en": "Willow base",
        "minutes_a_week": "7000",
        "since": "2026-03-09",
        "closed": "2026-06-01",
    }
    assert hers.post(page, changed).status_code == 302
    place.refresh_from_db()
    assert (place.name_en, place.closed) == ("Willow base", dt.date(2026, 6, 1))
    assert place.capacities.order_by("valid_from").last().minutes == 7000


def test_a_base_can_t_be_opened_outside_the_jurisdiction(county, hers):
    response = hers.post(
        address("bases", "new"),
        {
            "reference": new_reference(),
            "tier": "village",
            "area": "邻县 › 邻乡 › 邻村",
            "name_zh": "邻村基地",
            "name_en": "Next",
            "opened": "2026-03-02",
        },
    )

    assert list(errors(response)) == ["area"]
    assert Base.objects.count() == 0


def test_an_officer_certifies_and_ends_a_certificate(hers, people):
    woman = people[0]
    embroidery = craft("embroidery", "刺绣")
    response = hers.post(
        address("skills", "new"),
        {
            "maker": f"王桂兰 · {woman.reference}",
            "craft": embroidery.pk,
            "grade": "4",
            "certified_on": "2026-03-04",
            "evidence": "县级评定",
            "valid_to": "",
        },
    )
    assert response.status_code == 302
    skill = Skill.objects.get(craft=embroidery)
    assert (skill.maker, skill.grade) == (woman, 4)
    assert skill.certified_by.email == "officer@example.org"
    ended = hers.post(address("skills", "edit", skill.pk), {"valid_to": "2026-05-01"})
    skill.refresh_from_db()
    assert (ended.status_code, skill.valid_to) == (302, dt.date(2026, 5, 1))


def test_a_stranger_is_not_certified(hers, people):
    response = hers.post(
        address("skills", "new"),
        {
            "maker": f"赵外人 · {people[1].reference}",
            "craft": people[0].skills.get().craft.pk,
            "grade": "4",
            "certified_on": "2026-03-04",
            "evidence": "x",
        },
    )

    assert list(errors(response)) == ["maker"]


def test_consent_is_given_and_withdrawn_in_the_office(hers, people):
    woman = people[0]
    given = hers.post(
        address("consents", "new"),
        {
            "maker": f"王桂兰 · {woman.reference}",
            "purpose": "household_income",
            "how": "helped",
        },
    )
    row = Consent.objects.get(maker=woman, purpose="household_income")
    assert (given.status_code, row.how) == (302, "helped")
    page = address("consents", "edit", row.pk)
    assert row.text.body_en in text(hers.get(page)).replace("&#x27;", "'")
    taken = hers.post(page, {"withdrawn_how": "online"})
    row.refresh_from_db()
    assert (taken.status_code, row.withdrawn_how) == (302, "online")


def test_a_household_is_registered_joined_moved_and_monitored(county, hers, people):
    sent = {
        "reference": new_reference(),
        "village": "试乡 › 柳村",
        "labour_force": "3",
        "opened": "2026-03-02",
        "head": "张福",
    }
    for _twice in range(2):
        assert hers.post(address("households", "new"), sent).status_code == 302
    home = Household.objects.get(reference=sent["reference"])
    response = hers.post(
        address("households", "edit", home.pk),
        {
            "labour_force": "2",
            "since": "2026-03-04",
            "village": "试乡 › 杏村",
            "maker": "",
            "name": "张小",
            "birth_year": "2010",
            "relation": "child",
            "monitored_as": "marginal",
            "source": "县农业农村局",
            "document": "",
        },
    )

    assert response.status_code == 302
    home.refresh_from_db()
    assert home.labour_force == 2
    assert list(home.members.order_by("pk").values_list("name", "relation")) == [
        ("张福", "head"),
        ("张小", "child"),
    ]
    assert home.residences.get(valid_to=None).village == county.other_village
    assert home.monitorings.get().kind == "marginal"


def test_an_officer_lowers_an_offer_and_is_told_what_is_sold(hers, people):
    row = CapacityWeek.objects.get(base__name_zh="柳村基地")
    page = address("capacity", "edit", row.pk)
    assert errors(hers.post(page, {"minutes": "99"})) == {
        "minutes": ["100 minutes are sold already: not fewer than that."]
    }
    assert errors(hers.post(page, {"minutes": "601"})) == {
        "minutes": ["600 minutes are offered now: only fewer can be typed."]
    }
    assert hers.post(page, {"minutes": "300"}).status_code == 302
    row.refresh_from_db()
    assert (row.offered, row.ceiling) == (300, 300)
    assert hers.post(page, {"lift": "on"}).status_code == 302
    row.refresh_from_db()
    assert row.ceiling is None
    assert hers.get(address("capacity", "new")).status_code == 404


def test_crafts_and_caution_are_changed_by_the_top_of_the_federation_only(
    county, hers, people
):
    assert hers.get(address("crafts", "new")).status_code == 302
    assert hers.get(address("caution", "new")).status_code == 302
    top = enters_office(officer(county.city, "city@example.org"))
    made = top.post(
        address("crafts", "new"),
        {
            "family": "",
            "slug": "clay",
            "name_zh": "陶艺",
            "name_en": "Clay",
            "standing": "general",
        },
    )
    set_ = top.post(
        address("caution", "new"), {"percent": "70", "valid_from": "2026-03-04"}
    )

    assert (made.status_code, set_.status_code) == (302, 302)
    wrong = top.post(
        address("caution", "new"), {"percent": "170", "valid_from": "2026-04-04"}
    )
    assert errors(wrong) == {"__all__": ["A percentage lies between 0 and 100."]}


def test_members_of_the_office_menu_find_the_registry(hers):
    menu, places = text(hers.get("/office/")).split('class="q-places')

    assert menu.count("/office/registry/makers/") == 1
    assert places.count("/office/registry/makers/") == 1


def test_every_form_opens(county, people):
    top = enters_office(officer(county.city))
    pages = [address(name, "new") for name in LISTS if name != "capacity"] + [
        address(name, "edit", model.objects.first().pk)
        for name, model in (
            ("makers", Maker),
            ("households", Household),
            ("bases", Base),
            ("skills", Skill),
            ("consents", Consent),
            ("pay-accounts", PayAccount),
            ("pickup-points", PickupPoint),
            ("capacity", CapacityWeek),
        )
    ]

    assert {page: top.get(page).status_code for page in pages} == dict.fromkeys(
        pages, 200
    )
    assert HouseholdMember.objects.count() == 2
    assert Membership.objects.count() == 2
    assert consents.text_of("public_story").version == 1
