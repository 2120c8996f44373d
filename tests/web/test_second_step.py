"""Staff's second step: set up, used at sign-in to the end, required in production."""

import re

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import (
    format_hotp_value,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.core.cache import cache
from django.test import Client

from qiaoshou.accounts import people
from qiaoshou.accounts.models import User
from qiaoshou.accounts.office_groups import mirror
from qiaoshou.common.models import AuditRow
from qiaoshou.common.today import today
from tests import accounts_builders as build
from tests.layout.test_settings import start

pytestmark = pytest.mark.django_db
STEP, CODES = "/en/account/two-step/", "/en/account/two-step/codes/"


@pytest.fixture(autouse=True)
def _fresh():
    cache.clear()


@pytest.fixture
def lin():
    user = build.person("lin@example.org", language="en")
    build.grant(user, "finance")
    mirror(today())
    return user


def app_shows(secret: str) -> str:
    """The six digits that an authenticator app shows now."""
    counter = next(iter(yield_hotp_counters_from_time()))
    return format_hotp_value(hotp_value(secret, counter))


def set_up(client) -> tuple[str, list[str]]:
    """The secret that the page showed, and the emergency codes behind it."""
    page = client.get(f"{STEP}app/").content.decode()
    secret = re.search(r'totp__secret">([A-Z2-7]+)<', page).group(1)
    done = client.post(f"{STEP}app/", {"code": app_shows(secret)})
    assert done["Location"] == CODES
    codes = client.get(CODES).content.decode()
    return secret, re.findall(r"<li>(\d{8}|[0-9a-f]{8,}|[\w-]{8,})</li>", codes)


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def ask_for_code(client) -> str:
    client.post("/en/sign-in/", {"login": "lin@example.org"})
    return client.post("/en/sign-in/code/", {"code": build.mailed_code()})["Location"]


def test_sign_in_with_an_app_goes_through_to_the_end(lin):
    secret, _codes = set_up(signed_in(lin))
    cache.clear()
    visitor = Client()

    assert ask_for_code(visitor) == "/en/sign-in/second-step/"
    assert "_auth_user_id" not in visitor.session
    wrong = visitor.post("/en/sign-in/second-step/", {"code": "000000"})
    assert "The code is not right" in wrong.content.decode()
    done = visitor.post("/en/sign-in/second-step/", {"code": app_shows(secret)})

    assert done["Location"] == "/en/home/"
    assert visitor.session["_auth_user_id"] == str(lin.pk)


def test_an_emergency_code_signs_in_once(lin):
    _secret, codes = set_up(signed_in(lin))
    assert len(codes) == 10
    visitor, again = Client(), Client()
    ask_for_code(visitor)
    assert (
        visitor.post("/en/sign-in/second-step/", {"code": codes[0]}).status_code == 302
    )
    cache.clear()
    ask_for_code(again)

    refused = again.post("/en/sign-in/second-step/", {"code": codes[0]})
    assert (refused.status_code, "_auth_user_id" in again.session) == (200, False)


def test_the_secret_lies_sealed_in_the_table(lin):
    secret, codes = set_up(signed_in(lin))
    kept = [str(row.data) for row in Authenticator.objects.filter(user=lin)]

    assert len(kept) == 2
    assert not any(word in row for row in kept for word in (secret, codes[0]))


@pytest.mark.parametrize("path", ["/office/", "/shop/dashboard/", "/django-admin/"])
def test_where_it_is_required_staff_set_it_up_before_they_work(lin, settings, path):
    settings.STAFF_MFA_REQUIRED = True
    client = signed_in(lin)

    assert client.get(path)["Location"].endswith("/account/two-step/app/")
    set_up(client)
    assert client.get("/office/").status_code == 200


def test_a_buyer_is_never_asked_for_it(settings):
    settings.STAFF_MFA_REQUIRED = True
    client = signed_in(build.person())

    assert client.get("/en/account/").status_code == 200
    assert client.get("/office/", follow=True).status_code == 403


def test_where_it_is_required_it_cannot_be_turned_off(lin, settings):
    client = signed_in(lin)
    set_up(client)
    settings.STAFF_MFA_REQUIRED = True
    asked = client.post(f"{STEP}off/", follow=True)

    assert "needs the second step" in asked.content.decode()
    assert Authenticator.objects.filter(user=lin, type="totp").count() == 1


def test_where_it_is_free_it_is_turned_off_after_a_question(lin):
    client = signed_in(lin)
    set_up(client)
    page = client.get(f"{STEP}off/", follow=True)
    assert "Turn off the second step?" in page.content.decode()
    client.post(f"{STEP}off/")

    assert not Authenticator.objects.filter(user=lin, type="totp").exists()


def test_an_administrator_takes_a_lost_second_step_away(lin):
    set_up(signed_in(lin))
    boss = build.person("boss@example.org", language="en")
    build.grant(boss, "administrator")

    assert people.take_second_step_away(person=lin, by=boss) == 2
    assert AuditRow.objects.get(deed="person.second_step_taken_away").by == boss
    assert not Authenticator.objects.filter(user=lin).exists()


def test_every_page_of_it_is_in_our_look_in_both_languages(lin):
    client = signed_in(lin)
    set_up(client)
    for language in ("", "/en"):
        for page in ("", "off/", "codes/", "codes/new/"):
            html = client.get(f"{language}/account/two-step/{page}", follow=True)
            assert html.status_code == 200
            text = html.content.decode()
            assert 'class="site-head"' in text
            assert ("备用码" in text or "第二步" in text) is (language == "")


def test_the_codes_can_be_kept_as_a_file(lin):
    client = signed_in(lin)
    _secret, codes = set_up(client)
    file = client.get(f"{CODES}file/")

    assert file["Content-Disposition"] == 'attachment; filename="recovery-codes.txt"'
    assert file.content.decode().split() == codes


def test_production_requires_the_second_step():
    words = "from django.conf import settings; print(settings.STAFF_MFA_REQUIRED)"
    done = start({}, "-c", words)

    assert done.stdout.strip() == "True", done.stderr


def test_a_person_without_an_email_may_set_it_up_too():
    client = signed_in(User.objects.create_user(phone=build.PHONE))

    assert len(set_up(client)[1]) == 10
