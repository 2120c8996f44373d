"""The doors of Wagtail, Oscar's dashboard and Django's admin are the one door."""

from urllib.parse import unquote

import pytest
from django.test import Client

from qiaoshou.accounts.office_groups import mirror
from qiaoshou.common.today import today
from tests import accounts_builders as build

pytestmark = pytest.mark.django_db
STAFF = ["/office/", "/shop/dashboard/", "/django-admin/", "/office/people/"]


@pytest.mark.parametrize("path", STAFF)
def test_a_visitor_is_led_to_the_one_door_and_back(client, path):
    page = client.get(path, follow=True)

    assert unquote(page.redirect_chain[-1][0]) == f"/sign-in/?next={path}"
    assert page.status_code == 200
    assert f'value="{path}"' in page.content.decode()


@pytest.mark.parametrize("path", STAFF)
def test_whoever_is_signed_in_without_the_right_gets_403_and_no_loop(path):
    client = Client(headers={"Accept-Language": "en"})
    client.force_login(build.person(language="en"))
    page = client.get(path, follow=True)

    assert page.status_code == 403
    assert "You may not open this page" in page.content.decode()
    assert len(page.redirect_chain) <= 1


@pytest.mark.parametrize(
    "path", ["/office/login/", "/shop/dashboard/login/", "/django-admin/login/"]
)
def test_no_door_of_a_package_shows_a_form_of_its_own(client, path):
    assert (
        client.get(path + "?next=/office/")["Location"] == "/sign-in/?next=%2Foffice%2F"
    )
    assert client.get(path + "?next=//evil.example/")["Location"] == "/sign-in/"
    assert client.post(path, {"username": "a", "password": "b"}).status_code == 302


@pytest.mark.parametrize(
    "path", ["/office/logout/", "/shop/dashboard/logout/", "/django-admin/logout/"]
)
def test_signing_out_of_staff_pages_takes_a_press(client, path):
    client.force_login(build.person())

    assert client.get(path)["Location"] == "/sign-out/"
    assert "_auth_user_id" in client.session
    assert client.post(path)["Location"] == "/"
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize(
    ("path", "led_to"),
    [
        ("/shop/accounts/login/", "/sign-in/"),
        ("/shop/accounts/register/", "/sign-in/"),
        ("/shop/password-reset/", "/sign-in/"),
        ("/shop/accounts/profile/", "/account/"),
    ],
)
def test_oscars_own_account_pages_lead_to_ours(client, path, led_to):
    assert client.get(path)["Location"] == led_to


@pytest.mark.parametrize(
    "path",
    [
        "/office/password_reset/",
        "/office/password_reset/done/",
        "/django-admin/password_change/",
    ],
)
def test_nowhere_is_a_password_changed(path):
    client = Client()
    client.force_login(build.person("a@example.org", is_staff=True, is_superuser=True))

    assert client.get(path).status_code in (302, 404)


@pytest.mark.parametrize(
    "path",
    ["/office/users/", "/office/users/new/", "/office/groups/", "/office/groups/new/"],
)
def test_wagtails_own_lists_of_people_give_way_to_ours(path):
    client = Client()
    client.force_login(build.person("a@example.org", is_staff=True, is_superuser=True))

    assert client.get(path)["Location"] == "/office/people/"
    menu = client.get("/office/").content.decode()
    assert "/office/people/" in menu
    assert "/office/groups/" not in menu
    assert "/office/users/" not in menu


@pytest.mark.parametrize(
    ("language", "led_to"),
    [("zh-hans", "/account/details/"), ("en", "/en/account/details/")],
)
def test_the_office_leads_to_her_own_account_in_her_language(language, led_to):
    client = Client()
    client.force_login(
        build.person("a@example.org", language=language, is_superuser=True)
    )

    assert "/office/me/" in client.get("/office/").content.decode()
    assert client.get("/office/me/")["Location"] == led_to
    # Wagtail's own form asks for names and a language that nothing here reads.
    assert client.get("/office/account/")["Location"] == led_to


def test_staff_pages_change_to_her_language_where_she_is():
    client = Client()
    her = build.person("a@example.org", language="zh-hans", is_superuser=True)
    client.force_login(her)
    html = client.get("/shop/dashboard/").content.decode()
    assert 'action="/office/language/"' in html
    assert "/en/shop/dashboard/" not in html

    said = {"language": "en", "next": "/shop/dashboard/?page=2"}
    done = client.post("/office/language/", said)

    assert done["Location"] == "/shop/dashboard/?page=2"
    her.refresh_from_db()
    assert her.language == "en"
    assert '<html lang="en"' in client.get("/shop/dashboard/").content.decode()


@pytest.mark.parametrize(
    "said",
    [
        {"language": "fr", "next": "/office/"},
        {"language": "zh-hans", "next": "https://elsewhere.example/"},
    ],
)
def test_neither_an_unknown_language_nor_another_site_is_followed(said):
    client = Client()
    her = build.person("a@example.org", language="zh-hans")
    client.force_login(her)
    done = client.post("/office/language/", said)

    assert done["Location"] in ("/office/", "/home/")
    her.refresh_from_db()
    assert her.language == "zh-hans"
    assert client.get("/office/language/").status_code == 405


def test_a_visitor_has_no_language_of_staff_pages(client):
    done = client.post("/office/language/", {"language": "en", "next": "/office/"})

    assert done["Location"].startswith("/sign-in/")


def test_the_offices_first_page_names_every_place_that_she_may_go_to():
    client = Client()
    her = build.person("a@example.org", language="en")
    build.grant(her, "finance")
    mirror(today())
    client.force_login(her)
    html = client.get("/office/").content.decode()
    places = html.split('class="q-places')[1].split("</section>")[0]

    assert '<a href="/office/payouts/">Payouts</a>' in places
    assert '<a href="/shop/dashboard/">Shop desk</a>' in places
    assert "/office/people/" not in places
    assert "Wagtail" not in html.split("<body")[0]
