"""Front page × role: every cell of `front_pages.csv`, and where /home/ leads."""

import csv
import re
from pathlib import Path

import pytest
from django.test import Client
from django.urls import resolve
from django.utils import translation

from qiaoshou.accounts.models import Grant, User
from qiaoshou.cms.home import pages_of
from qiaoshou.cms.setup import make_site
from qiaoshou.common.today import today
from qiaoshou.demo.people import PEOPLE
from tests import accounts_builders as build
from tests import roles_world
from tests.services import registry_world as world

pytestmark = pytest.mark.django_db
with open(Path(__file__).with_name("front_pages.csv"), encoding="utf-8") as file:
    TABLE = list(csv.DictReader(file))
ROLES = [name for name in TABLE[0] if name != "page"]


@pytest.fixture
def clients(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    make_site(hostname="testserver", port=80)
    found = {"anonymous": Client()}
    for role, person in roles_world.people().items():
        found[role] = Client()
        found[role].force_login(person)
    return found


def has_landed(page: str) -> bool:
    """Whether the page is there; Wagtail answers for every other address."""
    with translation.override("zh-hans"):
        return resolve(page).url_name != "wagtail_serve"


def cell(client: Client, page: str) -> str:
    """What a person meets: the page, 403, the sign-in page, or another address."""
    answer = client.get(page)
    if answer.status_code != 302:
        return str(answer.status_code)
    end = client.get(page, follow=True)
    led_to = end.redirect_chain[0][0]
    if end.status_code == 403:
        return "403"
    if any(url.startswith("/sign-in/?next=") for url, _ in end.redirect_chain):
        return "sign-in"
    return led_to


@pytest.mark.parametrize("row", TABLE, ids=[row["page"] for row in TABLE])
def test_each_front_page_opens_for_whom_the_table_says(clients, row):
    if not has_landed(row["page"]):
        return
    met = {role: cell(clients[role], row["page"]) for role in ROLES}

    if row["page"] == "/home/":
        met = {role: clients[role].get("/home/").headers["Location"] for role in ROLES}
        met["anonymous"] = cell(clients["anonymous"], "/home/")
    assert met == {role: row[role] for role in ROLES}


@pytest.mark.parametrize("role", [role for role in ROLES if role != "anonymous"])
def test_home_leads_to_a_page_that_opens(clients, role):
    page = clients[role].get("/home/")["Location"]

    assert not has_landed(page) or clients[role].get(page).status_code == 200


def test_home_in_english_leads_to_the_english_page(clients):
    assert clients["buyer"].get("/en/home/")["Location"] == "/en/account/"
    assert clients["maker"].get("/en/home/")["Location"] == "/en/my-work/"


def test_the_table_has_a_column_for_every_role_of_the_demo(clients):
    shown = {person.slug for person in PEOPLE} - {"approver"}

    assert shown <= set(ROLES)
    assert set(clients) == set(ROLES)


def test_a_grant_that_ended_leads_home_to_the_orders(clients):
    person = build.person()
    build.grant(person, "finance", valid_from=world.DAY, valid_to=today())
    client = Client()
    client.force_login(person)

    assert client.get("/home/")["Location"] == "/account/"


def test_a_person_of_two_worlds_finds_both_on_her_account(clients):
    leader = User.objects.get(email="leader@example.org")
    build.grant(leader, "shopkeeper")
    page = clients["leader"].get("/account/").content.decode()

    assert clients["leader"].get("/home/")["Location"] == "/shop/dashboard/"
    for place in ("/shop/dashboard/", "/workshop/", "/my-work/", "/account/details/"):
        assert f'href="{place}"' in page


@pytest.mark.parametrize("role", ROLES)
def test_no_link_at_the_foot_of_the_shop_leads_to_a_closed_door(clients, role):
    page = clients[role].get("/shop/").content.decode()
    foot = page[page.index("site-foot") : page.index("</footer>")]
    links = [link for link in re.findall(r'href="(/[^"]*)"', foot) if has_landed(link)]

    assert {clients[role].get(link).status_code for link in links} <= {200, 302}
    assert ("/workshop/" in links) == (role in {"anonymous", "leader"})


@pytest.fixture
def of_four_roles(clients):
    """The leader, who makes things herself, keeps the shop and is an officer too."""
    person = User.objects.get(email="leader@example.org")
    build.grant(person, "shopkeeper")
    county = Grant.objects.get(user__email="officer-county@example.org").area
    build.grant(person, "officer", county)
    return clients["leader"]


@pytest.mark.parametrize(
    "page", ["/shop/", "/account/", "/basket/", "/account/details/"]
)
def test_a_page_asks_as_much_for_a_person_of_four_roles_as_for_one_of_one(
    clients, of_four_roles, page, django_assert_max_num_queries
):
    counted = []
    for client in (clients["maker"], of_four_roles):
        client.get(page)
        with django_assert_max_num_queries(40) as asked:
            html = client.get(page).content.decode()
        counted.append(len(asked))

    for place in ("/office/", "/reports/", "/shop/dashboard/", "/workshop/"):
        assert f'href="{place}"' in html
    assert counted[0] == counted[1]


def test_whose_a_page_is_takes_three_queries_and_none_the_second_time(
    of_four_roles, django_assert_num_queries
):
    for email, places in (
        ("buyer@example.org", ["account"]),
        (
            "leader@example.org",
            ["office", "reports", "dashboard", "workshop", "my_work", "account"],
        ),
    ):
        person = User.objects.get(email=email)
        with django_assert_num_queries(3):
            found = pages_of(person)
        with django_assert_num_queries(0):
            pages_of(person)
        assert [page.place for page in found] == places
