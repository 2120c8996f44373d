"""The office lists of people and grants: administrators use them, nobody else."""

import datetime as dt
import re

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import call_command
from django.test import Client

from qiaoshou.accounts import people
from qiaoshou.accounts.models import Grant, User
from qiaoshou.accounts.office_groups import mirror
from qiaoshou.common.models import AuditRow
from qiaoshou.common.today import ZONE, clock_at, today
from tests import accounts_builders as build
from tests import catalog_builders

pytestmark = pytest.mark.django_db
PEOPLE, GRANTS = "/office/people/", "/office/grants/"


@pytest.fixture(autouse=True)
def _today():
    with clock_at(dt.datetime(2026, 11, 25, 9, tzinfo=ZONE)):
        yield


def client_of(user) -> Client:
    client = Client(headers={"Accept-Language": "en"})
    client.force_login(user)
    return client


@pytest.fixture
def boss():
    user = build.person("boss@example.org", full_name="何建平", language="en")
    build.grant(user, "administrator")
    mirror(today())
    return client_of(user)


def ask(client, words):
    """What the list of people shows, asked for these words."""
    answer = client.post(f"{PEOPLE}find/", {"q": words})
    assert (answer.status_code, answer.url) == (302, PEOPLE)
    return client.get(PEOPLE).content.decode()


@pytest.fixture
def lin():
    return build.person(
        "lin@example.org", phone=build.PHONE, full_name="林小梅", language="en"
    )


def changes(person, **other):
    return {
        "full_name": person.full_name,
        "email": person.email or "",
        "phone": "",
        "language": person.language,
        "is_active": "on" if person.is_active else "",
        **other,
    }


@pytest.mark.parametrize(
    "path", [PEOPLE, f"{PEOPLE}new/", GRANTS, f"{GRANTS}new/", f"{PEOPLE}results/"]
)
@pytest.mark.parametrize(
    ("role", "status"),
    [
        ("administrator", 200),
        ("officer", 302),
        ("shopkeeper", 302),
        ("finance", 302),
        ("editor", 302),
    ],
)
def test_only_an_administrator_opens_the_lists(path, role, status):
    user = build.person(language="en")
    build.grant(user, role, catalog_builders.village())
    mirror(today())
    client = client_of(user)
    page = client.get(path)

    assert page.status_code == status
    if status == 302:
        assert page["Location"] == "/office/"


def test_the_list_shows_who_she_is_and_hides_her_number(boss, lin):
    build.grant(lin, "finance")
    page = boss.get(PEOPLE).content.decode()

    assert "林小梅" in page
    assert "lin@example.org" in page
    assert "•••• 5678" in page
    assert build.PHONE not in page
    assert "Finance" in page


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("小梅", True),
        ("LIN@ex", True),
        ("138 0000 5678", True),
        ("13800005678", True),
        ("5678", False),
        ("13800005679", False),
        ("关", False),
    ],
)
def test_a_person_is_found_by_name_mail_or_whole_number(boss, lin, asked, found):
    page = ask(boss, asked)

    assert ("林小梅" in page) is found


def test_the_list_takes_the_same_queries_however_many_there_are(
    boss, lin, django_assert_max_num_queries
):
    for _ in range(20):
        build.grant(build.person(), "finance")
    boss.get(PEOPLE)
    with django_assert_max_num_queries(16):
        assert boss.get(PEOPLE).status_code == 200


def test_a_person_is_added_with_a_number_typed_in_any_way(boss):
    sent = {"full_name": "佟秀兰", "phone": "138 0000 5678", "language": "zh-hans"}
    done = boss.post(f"{PEOPLE}new/", sent)

    assert done.status_code == 302
    user = User.objects.get(full_name="佟秀兰")
    assert (user.email, user.phone, user.phone_verified) == (None, build.PHONE, False)
    again = boss.post(f"{PEOPLE}new/", sent)
    assert "Another account has this number." in again.content.decode()
    assert User.objects.filter(full_name="佟秀兰").count() == 1
    assert AuditRow.objects.get(deed="person.added").subject == f"user:{user.key}"


def test_a_person_without_any_contact_is_not_added(boss):
    page = boss.post(f"{PEOPLE}new/", {"full_name": "佟秀兰", "language": "en"})

    assert "She needs an e-mail address or a number" in page.content.decode()
    assert "佟秀兰" in page.content.decode()
    assert not User.objects.filter(full_name="佟秀兰").exists()


def test_a_changed_address_signs_in_and_the_old_one_no_longer(boss, lin):
    from allauth.account.models import EmailAddress

    EmailAddress.objects.create(
        user=lin, email="lin@example.org", verified=True, primary=True
    )
    boss.post(f"{PEOPLE}edit/{lin.pk}/", changes(lin, email="Mei@example.org"))

    lin.refresh_from_db()
    assert (lin.email, lin.phone) == ("mei@example.org", build.PHONE)
    visitor = Client()
    visitor.post("/en/sign-in/", {"login": "lin@example.org"})
    from django.core import mail

    assert mail.outbox[-1].subject == "No account has this e-mail address yet"
    row = AuditRow.objects.get(deed="person.changed")
    assert row.facts == {"fields": ["email"], "active": True}


def test_a_closed_account_is_signed_out_at_once(boss, lin):
    hers = client_of(lin)
    assert hers.get("/en/account/").status_code == 200
    boss.post(f"{PEOPLE}edit/{lin.pk}/", changes(lin, is_active=""))

    assert hers.get("/en/account/").status_code == 302


def test_nobody_closes_her_own_account(boss):
    own = User.objects.get(email="boss@example.org")
    page = boss.post(f"{PEOPLE}edit/{own.pk}/", changes(own, is_active=""))

    assert "Nobody closes her own account." in page.content.decode()
    own.refresh_from_db()
    assert own.is_active


def test_a_grant_is_given_and_ended_in_the_office(boss, lin):
    village = catalog_builders.village()
    sent = {
        "user_field": "林小梅 · lin@example.org",
        "role": "officer",
        "area": "铁岭市 › 开原市 › 八棵树镇 › 杏花沟村",
        "valid_from": "2026-11-25",
        "valid_to": "",
    }
    assert boss.post(f"{GRANTS}new/", sent).status_code == 302
    assert boss.post(f"{GRANTS}new/", sent).status_code == 302
    grant = Grant.objects.get(user=lin)
    assert (grant.role, grant.area, grant.granted_by.email) == (
        "officer",
        village,
        "boss@example.org",
    )
    hers = client_of(lin)
    assert hers.get("/office/").status_code == 200

    boss.post(f"{GRANTS}edit/{grant.pk}/", {"on": "2026-11-25"})

    grant.refresh_from_db()
    assert grant.valid_to == dt.date(2026, 11, 25)
    assert hers.get("/office/", follow=True).status_code == 403


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"area": ""}, "An officer needs an area."),
        ({"area": "杏花"}, "is not on the list"),
        ({"valid_to": "2026-11-25"}, "The end must be after the beginning."),
        ({"user_field": "何建平 · boss@example.org"}, "is not on the list"),
    ],
)
def test_a_grant_that_cannot_be_is_refused_in_words(boss, lin, change, reason):
    catalog_builders.area("柳村", "Liucun")
    sent = {
        "user_field": "林小梅 · lin@example.org",
        "role": "officer",
        "area": "柳村",
        "valid_from": "2026-11-25",
        "valid_to": "",
        **change,
    }
    page = boss.post(f"{GRANTS}new/", sent)

    assert page.status_code == 200
    assert reason in page.content.decode()
    assert not Grant.objects.filter(user=lin).exists()


def test_her_own_grant_is_not_ended_by_herself(boss):
    own = Grant.objects.get(user__email="boss@example.org")
    page = boss.post(f"{GRANTS}edit/{own.pk}/", {"on": "2026-12-01"})

    assert "Nobody gives or ends her own grants." in page.content.decode()


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("", {"甲", "乙", "丙"}),
        ("role=finance", {"乙"}),
        ("state=now", {"甲", "丙"}),
        ("state=later", {"乙"}),
        ("q=丙", {"丙"}),
    ],
)
def test_grants_are_filtered_by_role_and_state(boss, query, names):
    for name, role, since in (
        ("甲", "shopkeeper", 24),
        ("乙", "finance", 30),
        ("丙", "editor", 1),
    ):
        build.grant(
            build.person(full_name=name), role, valid_from=dt.date(2026, 11, since)
        )
    page = boss.get(f"{GRANTS}?{query}").content.decode()

    assert {
        name for name in "甲乙丙" if f"{name}\n" in page or f">{name}<" in page
    } == (names)


def test_grants_are_filtered_by_area_with_all_below_it(boss):
    village = catalog_builders.village()
    county = village.get_ancestors().get(tier="county")
    far = catalog_builders.area("邻县", "Lin", tier="county")
    build.grant(build.person(full_name="村里"), "officer", village)
    build.grant(build.person(full_name="外县"), "officer", far)
    page = boss.get(f"{GRANTS}?area={county.pk}").content.decode()

    assert "村里" in page
    assert "外县" not in page


def test_a_number_asked_for_stands_in_no_address_of_the_list(boss, capsys):
    for number in range(55):
        build.person(f"p{number}@example.org", full_name=f"人{number:02d}")
    found = build.person("lin@example.org", full_name="林小梅", phone="+8613800005678")
    html = ask(boss, "13800005678")

    addresses = re.findall(r'(?:href|action|src|data-[a-z-]+)="([^"]*)"', html)
    assert not [one for one in addresses if "13800005678" in one]
    assert f"{PEOPLE}edit/{found.pk}/" in addresses
    # No other box of the list writes what is typed into the address.
    main = html[html.index('id="main"') :]
    assert main.count('name="q"') == 1
    for more in (
        "?ordering=-email",
        "?language=zh-hans",
        "?p=1",
        "results/?is_active=true",
    ):
        page = boss.get(PEOPLE + more).content.decode()
        assert f"{PEOPLE}edit/{found.pk}/" in page
        assert "人01" not in page
    sheet = boss.get(f"{PEOPLE}?export=csv")
    lines = b"".join(sheet.streaming_content).decode().splitlines()
    assert [line.split(",")[0] for line in lines[1:]] == ["林小梅"]
    said = capsys.readouterr()
    assert "13800005678" not in said.out + said.err


def test_only_who_manages_people_asks_for_them(lin):
    assert client_of(lin).post(f"{PEOPLE}find/", {"q": "x"}).status_code in {302, 403}


@pytest.mark.parametrize("path", [PEOPLE, GRANTS])
def test_a_list_can_be_carried_away(boss, lin, path):
    build.grant(lin, "finance")
    sheet = boss.get(f"{path}?export=csv")

    assert sheet.status_code == 200
    assert "林小梅" in b"".join(sheet.streaming_content).decode()


def test_the_first_administrator_comes_from_the_command_line(lin):
    call_command("createsuperuser", email="root@example.org", interactive=False)
    root = User.objects.get(email="root@example.org")
    sent = {
        "user_field": "林小梅 · lin@example.org",
        "role": "administrator",
        "area": "",
        "valid_from": "2026-11-25",
        "valid_to": "",
    }

    assert client_of(root).post(f"{GRANTS}new/", sent).status_code == 302
    assert Grant.objects.get(user=lin).role == "administrator"


def test_an_administrator_does_not_change_who_set_the_site_up(boss):
    root = User.objects.create_superuser(email="root@example.org", language="en")
    path = f"{PEOPLE}edit/{root.pk}/"
    sent = changes(root, full_name="X", email="boss2@example.org")

    assert boss.get(path).status_code == 302
    boss.post(path, sent)
    root.refresh_from_db()
    assert root.email == "root@example.org"
    with pytest.raises(PermissionDenied):
        people.take_second_step_away(
            person=root, by=User.objects.get(email="boss@example.org")
        )

    client_of(root).post(path, changes(root, full_name="何", email=root.email))
    root.refresh_from_db()
    assert root.full_name == "何"
