"""A person's own account: details, contacts with a code, devices, signing out."""

import re
from urllib.parse import unquote

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.core.cache import cache
from django.test import Client

from qiaoshou.accounts.models import User
from tests import accounts_builders as build

pytestmark = pytest.mark.django_db
DETAILS = "/en/account/details/"
PAGES = [
    "/sign-in/",
    "/sign-up/",
    "/account/",
    "/account/details/",
    "/account/e-mail/",
    "/account/phone/",
    "/account/devices/",
    "/account/two-step/",
    "/account/two-step/app/",
    "/sign-out/",
    "/demo/",
]


@pytest.fixture(autouse=True)
def _fresh(settings, tmp_path):
    settings.VAR = tmp_path
    cache.clear()


@pytest.fixture
def lin():
    return build.person("lin@example.org", full_name="林小梅", language="en")


@pytest.fixture
def hers(lin):
    client = Client()
    client.force_login(lin)
    return client


def test_name_and_language_are_changed_and_the_page_speaks_it(hers, lin):
    done = hers.post(DETAILS, {"full_name": " 林  小梅 ", "language": "zh-hans"})

    assert done["Location"] == "/account/details/"
    assert "资料已保存。" in hers.get(done["Location"]).content.decode()
    lin.refresh_from_db()
    assert (lin.full_name, lin.language) == ("林 小梅", "zh-hans")


@pytest.mark.parametrize(
    ("sent", "reason"),
    [
        ({"full_name": "<b>", "language": "en"}, "A name has no such characters"),
        ({"full_name": "林", "language": "fr"}, "fr"),
    ],
)
def test_wrong_details_are_refused_and_stay_typed(hers, lin, sent, reason):
    page = hers.post(DETAILS, sent).content.decode()

    assert reason in page
    lin.refresh_from_db()
    assert (lin.full_name, lin.language) == ("林小梅", "en")


def test_a_new_address_counts_after_its_code(hers, lin):
    EmailAddress.objects.create(user=lin, email=lin.email, verified=True, primary=True)
    sent = hers.post(
        "/en/account/e-mail/", {"email": "Mei@Example.org", "action_add": "1"}
    )
    assert sent["Location"] == "/en/confirm/e-mail/"
    assert (mail.outbox[0].to, User.objects.get().email) == (
        ["mei@example.org"],
        "lin@example.org",
    )
    hers.post(sent["Location"], {"code": build.mailed_code()})

    assert User.objects.get().email == "mei@example.org"
    assert list(EmailAddress.objects.values_list("email", "verified")) == [
        ("mei@example.org", True)
    ]


def test_a_first_address_is_added_to_an_account_with_a_number():
    user = build.person(phone=build.PHONE)
    client = Client()
    client.force_login(user)
    client.post("/en/account/e-mail/", {"email": "a@example.org", "action_add": "1"})
    client.post("/en/confirm/e-mail/", {"code": build.mailed_code()})

    user.refresh_from_db()
    assert (user.email, user.phone) == ("a@example.org", build.PHONE)


def test_a_new_number_counts_after_its_code(hers, lin):
    sent = hers.post("/en/account/phone/", {"phone": "138 0000 5678"})
    assert sent["Location"] == "/en/confirm/phone/"
    assert User.objects.get().phone == ""
    assert "confirms your number" in build.messages()[0]
    hers.post(sent["Location"], {"code": build.texted_code()})

    user = User.objects.get()
    assert (user.phone, user.phone_verified) == (build.PHONE, True)
    page = hers.get(DETAILS).content.decode()
    assert "•••• 5678" in page
    assert "13800005678" not in page


def test_a_wrong_code_changes_nothing(hers, lin):
    hers.post("/en/account/phone/", {"phone": "13800005678"})
    for _ in range(3):
        hers.post("/en/confirm/phone/", {"code": "000000x"})

    assert User.objects.get().phone == ""


def test_anothers_number_is_not_taken_and_not_given_away(hers, lin):
    owner = build.person(phone=build.PHONE)
    sent = hers.post("/en/account/phone/", {"phone": "13800005678"})

    assert sent["Location"] == "/en/confirm/phone/"
    owner.refresh_from_db()
    assert owner.phone == build.PHONE
    assert User.objects.get(pk=lin.pk).phone == ""


def test_the_last_address_cannot_be_removed(hers, lin):
    EmailAddress.objects.create(user=lin, email=lin.email, verified=True, primary=True)
    hers.post("/en/account/e-mail/", {"email": lin.email, "action_remove": "1"})

    assert User.objects.get().email == "lin@example.org"


def test_other_devices_are_signed_out_this_one_is_not(lin):
    clients = [Client(headers={"User-Agent": f"device {n}"}) for n in range(2)]
    for client in clients:
        cache.clear()
        client.post("/en/sign-in/", {"login": "lin@example.org"})
        client.post("/en/sign-in/code/", {"code": build.mailed_code()})
    page = clients[0].get("/en/account/devices/").content.decode()
    assert ("device 0" in page, "device 1" in page) == (True, True)

    clients[0].post("/en/account/devices/")

    assert clients[0].get(DETAILS).status_code == 200
    assert clients[1].get(DETAILS).status_code == 302


def test_signing_out_takes_a_press(hers):
    assert "Sign out?" in hers.get("/en/sign-out/").content.decode()
    assert hers.post("/en/sign-out/")["Location"] == "/en/"
    assert hers.get(DETAILS).status_code == 302


@pytest.mark.parametrize("path", [page for page in PAGES if "account" in page])
def test_a_visitor_is_asked_to_sign_in(client, path):
    assert unquote(client.get(path)["Location"]) == f"/sign-in/?next={path}"


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("prefix", ["", "/en"])
def test_pages_keep_to_our_look_and_to_the_policy_of_content(prefix, path, lin):
    client = Client()
    if path not in ("/sign-in/", "/sign-up/", "/demo/"):
        client.force_login(lin)
    answer = client.get(prefix + path)
    page = answer.content.decode()

    assert answer.status_code == 200
    assert 'class="site-head"' in page
    assert not re.search(r"<script(?![^>]*\bsrc=)[^>]*>|<style|\son\w+=", page)
    assert (
        "'unsafe-inline'"
        not in answer["Content-Security-Policy"].split("style-src-attr")[0]
    )
    assert "no-store" in answer["Cache-Control"] or "private" in answer["Cache-Control"]
