"""The demo door: one click for each role, marked as such, absent in production."""

import pytest
from django.test import Client

from qiaoshou.accounts.models import User
from qiaoshou.demo.people import PEOPLE
from tests import accounts_builders as build
from tests.layout.test_settings import start

pytestmark = pytest.mark.django_db
EVERY_ADDRESS = """
import django
django.setup()
from django.conf import settings
from django.urls import get_resolver
print(settings.DEMO_DOOR, "qiaoshou.demo" in str(settings.INSTALLED_APPS),
      any("demo" in str(one.pattern) for one in get_resolver().url_patterns))
"""


@pytest.fixture
def loaded():
    for one in PEOPLE:
        build.person(one.email, full_name=one.name_zh)


@pytest.mark.parametrize("slug", [one.slug for one in PEOPLE])
def test_one_click_signs_in_and_goes_home(client, loaded, slug):
    done = client.post(f"/en/demo/{slug}/")

    assert (done.status_code, done["Location"]) == (302, "/en/home/")
    signed_in = User.objects.get(pk=client.session["_auth_user_id"])
    assert signed_in.email == f"{slug}@demo.example"


def test_a_second_click_changes_the_person(client, loaded):
    client.post("/demo/leader/")
    before = client.session.session_key
    client.post("/demo/maker/")

    signed_in = User.objects.get(pk=client.session["_auth_user_id"])
    assert signed_in.email == "maker@demo.example"
    assert client.session.session_key != before


def test_the_page_names_every_person_and_says_what_it_is(client, loaded):
    page = client.get("/en/demo/").content.decode()

    assert "This is a demonstration." in page
    assert page.count('action="/en/demo/') == len(PEOPLE) == 12
    for one in PEOPLE:
        assert one.name_en in page
    assert "disabled" not in page


def test_without_the_demo_the_page_says_how_to_load_it(client):
    assert "manage.py load_demo" in client.get("/en/demo/").content.decode()
    page = client.post("/en/demo/leader/", follow=True)
    assert "the demo has not been loaded" in page.content.decode()
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("get", "/demo/leader/", 405), ("post", "/demo/nobody/", 404)],
)
def test_only_a_press_on_a_known_person_signs_in(client, loaded, method, path, status):
    assert getattr(client, method)(path).status_code == status
    assert "_auth_user_id" not in client.session


def test_a_press_from_another_site_is_refused(loaded):
    strict = Client(enforce_csrf_checks=True)

    assert strict.post("/demo/administrator/").status_code == 403


def test_the_door_is_shut_where_the_setting_says_so(client, loaded, settings):
    settings.DEMO_DOOR = False

    assert client.get("/demo/").status_code == 404
    assert client.post("/demo/leader/").status_code == 404


def test_production_has_no_demo_door():
    done = start({}, "-c", EVERY_ADDRESS)

    assert done.stdout.split() == ["False", "False", "False"], done.stderr
