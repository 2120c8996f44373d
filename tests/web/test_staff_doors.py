"""The doors of Wagtail, Oscar's dashboard and Django's admin are the one door."""

from urllib.parse import unquote

import pytest
from django.test import Client

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
    assert client.get("/office/account/").status_code == 200
