"""The one door: a code by mail or text message; who has an account stays unsaid."""

import re

import pytest
from django.core import mail
from django.core.cache import cache
from django.test import Client
from oscar.core.loading import get_model

from qiaoshou.accounts.models import User
from qiaoshou.common.today import clock_at
from tests import accounts_builders as build
from tests import orders_builders

pytestmark = pytest.mark.django_db
DOOR, JOIN, CODE = "/en/sign-in/", "/en/sign-up/", "/en/sign-in/code/"
PHONE_CODE, EMAIL_CODE = "/en/confirm/phone/", "/en/confirm/e-mail/"


@pytest.fixture(autouse=True)
def _fresh(settings, tmp_path):
    settings.VAR = tmp_path
    cache.clear()


def knock(client, contact, door=DOOR, **rest):
    return client.post(door, {"login": contact, **rest})


def text_of(response):
    body = re.sub(
        r"<(script|style).*?</\1>", " ", response.content.decode(), flags=re.S
    )
    return " ".join(re.sub(r"<[^>]+>", " ", body).split())


def signed_in(client) -> User | None:
    key = client.session.get("_auth_user_id")
    return User.objects.get(pk=key) if key else None


def test_a_code_by_mail_signs_in(client):
    lin = build.person("lin@example.org", language="en")

    sent = knock(client, " LIN@Example.org ")
    assert (sent.status_code, sent["Location"]) == (302, CODE)
    assert mail.outbox[0].to == ["lin@example.org"]
    assert mail.outbox[0].subject == f"{build.mailed_code()} is your sign-in code"
    done = client.post(CODE, {"code": build.mailed_code()})

    assert (done.status_code, done["Location"]) == (302, "/en/home/")
    assert signed_in(client) == lin
    assert len(mail.outbox) == 1


@pytest.mark.parametrize(
    "typed",
    ["138 0000 5678", "13800005678", "+86 138-0000-5678", "１３８００００５６７８"],
)
def test_a_number_may_be_typed_in_any_way(client, typed):
    lin = build.person(phone=build.PHONE)

    assert knock(client, typed)["Location"] == CODE
    assert [text.splitlines()[0] for text in build.messages()] == [f"To: {build.PHONE}"]
    client.post(CODE, {"code": build.texted_code()})

    assert signed_in(client) == lin
    lin.refresh_from_db()
    assert (lin.phone, lin.phone_verified) == (build.PHONE, True)


def test_whoever_has_a_telephone_only_comes_home(client):
    build.person(phone=build.PHONE)
    knock(client, build.PHONE)

    done = client.post(CODE, {"code": build.texted_code()}, follow=True)

    assert done.redirect_chain == [("/en/home/", 302), ("/en/account/", 302)]
    assert mail.outbox == []


def test_an_unproven_second_contact_holds_nobody_up(client):
    build.person("typed-by-officer@example.org", phone=build.PHONE)
    knock(client, build.PHONE)
    client.post(CODE, {"code": build.texted_code()})
    assert signed_in(client).email == "typed-by-officer@example.org"

    other = Client()
    knock(other, "typed-by-officer@example.org")
    other.post(CODE, {"code": build.mailed_code()})

    assert signed_in(other).phone == build.PHONE
    assert (len(mail.outbox), len(build.messages())) == (1, 1)


@pytest.mark.parametrize(
    ("door", "known", "unknown"),
    [
        (DOOR, "known@example.org", "unknown@example.org"),
        (DOOR, "13800005678", "13800005679"),
        (JOIN, "known@example.org", "unknown@example.org"),
        (JOIN, "13800005678", "13800005679"),
    ],
)
def test_the_screen_does_not_tell_who_has_an_account(client, door, known, unknown):
    build.person("known@example.org", phone=build.PHONE)
    answers = []
    for contact in (known, unknown):
        visitor = Client()
        sent = knock(visitor, contact, door)
        page = visitor.get(sent["Location"])
        wrong = visitor.post(sent["Location"], {"code": "000000"})
        said = [
            text_of(one).replace(contact, "…").replace(f"+86{contact}", "…")
            for one in (page, wrong)
        ]
        said = [re.sub(r"\+86…|\+86138\d{8}", "…", text) for text in said]
        answers.append((sent.status_code, sent["Location"], page.status_code, *said))

    assert answers[0] == answers[1]


def test_who_has_no_account_is_told_in_her_own_mailbox(client):
    knock(client, "unknown@example.org")
    knock(Client(), "13800005679")

    assert mail.outbox[0].subject == "No account has this e-mail address yet"
    assert "http://127.0.0.1:8000/en/sign-up/" in mail.outbox[0].body
    assert "/en/sign-up/" in build.messages()[0]


@pytest.mark.parametrize(
    ("contact", "code_page"),
    [("new@example.org", EMAIL_CODE), ("138 0000 5678", PHONE_CODE)],
)
def test_joining_takes_one_contact_and_a_code(client, contact, code_page):
    sent = knock(client, contact, JOIN)
    assert sent["Location"] == code_page
    assert signed_in(client) is None
    by_mail = "@" in contact
    code = build.mailed_code() if by_mail else build.texted_code()
    done = client.post(code_page, {"code": code})

    assert done["Location"] == "/en/home/"
    user = signed_in(client)
    assert (user.email, user.phone, user.language) == (
        ("new@example.org", "", "en") if by_mail else (None, build.PHONE, "en")
    )
    assert not user.has_usable_password()


@pytest.mark.parametrize("door", [DOOR, JOIN])
def test_an_empty_form_is_refused_and_makes_nobody(client, door):
    for contact in ("", "   "):
        page = knock(client, contact, door)
        assert page.status_code == 200
        assert "Type an e-mail address or a mobile number" in text_of(page)

    assert (User.objects.count(), signed_in(client)) == (0, None)
    assert (mail.outbox, build.messages()) == ([], [])


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("lin@example", "This is no e-mail address"),
        ("1380000567", "The number needs 11 digits; this has 10"),
        ("024-74841234", "Only a mobile number can get a text message"),
        ("somebody", "Type an e-mail address or a mobile number"),
    ],
)
def test_a_contact_that_cannot_be_is_refused_with_its_reason(client, typed, reason):
    page = knock(client, typed)

    assert page.status_code == 200
    assert reason in text_of(page)
    assert f'value="{typed}"' in page.content.decode()


def test_without_a_gateway_the_door_says_that_it_takes_mail_only(client, settings):
    settings.SMS_BACKEND = "none"

    assert "We can’t send text messages here yet" in text_of(knock(client, build.PHONE))


def test_three_wrong_codes_end_the_code(client):
    build.person("lin@example.org")
    knock(client, "lin@example.org")
    right = build.mailed_code()
    wrong = f"{(int(right) + 1) % 1_000_000:06}"

    assert [client.post(CODE, {"code": wrong}).status_code for _ in range(3)] == [
        200,
        200,
        302,
    ]
    client.post(CODE, {"code": right})
    assert signed_in(client) is None


def test_three_codes_a_minute_and_ten_a_day_per_contact(client, monkeypatch):
    build.person("lin@example.org")
    clock = [1_000_000.0]
    monkeypatch.setattr("allauth.core.internal.ratelimit.time.time", lambda: clock[0])
    sent = []
    for _minute in range(5):
        for _try in range(4):
            visitor = Client()
            sent.append(knock(visitor, "lin@example.org").status_code == 302)
        clock[0] += 61

    assert sent == (
        [True, True, True, False] * 3 + [True, False, False, False] + [False] * 4
    )
    assert len(mail.outbox) == 10
    page = knock(Client(), "lin@example.org")
    assert "after ten codes in a day please come back tomorrow" in text_of(page)
    clock[0] += 24 * 3600
    assert knock(Client(), "lin@example.org").status_code == 302


def test_the_daily_limit_holds_for_joining_by_telephone_too(client, monkeypatch):
    clock = [1_000_000.0]
    monkeypatch.setattr("allauth.core.internal.ratelimit.time.time", lambda: clock[0])
    answers = []
    for _ in range(11):
        answers.append(knock(Client(), build.PHONE, JOIN).status_code)
        clock[0] += 61

    assert answers == [302] * 10 + [429]
    assert len(build.messages()) == 10


def test_a_code_may_hold_blanks_and_wide_digits(client):
    build.person("lin@example.org")
    knock(client, "lin@example.org")
    code = build.mailed_code()
    wide = "".join(chr(ord(digit) + 0xFEE0) for digit in code)

    assert client.post(CODE, {"code": f"{wide[:3]} {wide[3:]}"}).status_code == 302
    assert signed_in(client) is not None


@pytest.mark.parametrize(
    ("next_url", "led_to"),
    [
        ("/en/orders/", "/en/orders/"),
        ("https://evil.example/", "/en/home/"),
        ("//evil.example/", "/en/home/"),
        ("javascript:alert(1)", "/en/home/"),
    ],
)
def test_only_an_address_of_this_site_is_gone_to_next(client, next_url, led_to):
    build.person("lin@example.org")
    sent = knock(client, "lin@example.org", next=next_url)

    assert "evil" not in sent["Location"]
    done = client.post(sent["Location"], {"code": build.mailed_code()})
    assert done["Location"] == led_to


def test_a_guests_basket_comes_along(client):
    shop = orders_builders.shop()
    build.person("lin@example.org")
    with clock_at(orders_builders.NOON):
        client.post(
            "/basket/add/",
            {
                "product": shop.ready.pk,
                "pieces": 2,
                "client_reference": "7b1f6b0e-5f0e-4c9b-9d53-0e0f4f7d1a11",
            },
        )
        knock(client, "lin@example.org")
        client.post(CODE, {"code": build.mailed_code()})
        client.get("/basket/")

    lines = get_model("basket", "Line").objects.filter(basket__owner=signed_in(client))
    assert [(line.product_id, line.quantity) for line in lines] == [(shop.ready.pk, 2)]


def test_giving_up_leads_back_to_the_first_page_without_a_loop(client):
    build.person("lin@example.org")
    knock(client, "lin@example.org")
    assert client.get(DOOR)["Location"] == CODE

    back = client.post("/en/sign-in/again/", {"next": "/en/orders/"})

    assert back["Location"] == "/en/sign-in/?next=%2Fen%2Forders%2F"
    assert client.get(back["Location"]).status_code == 200


def test_a_closed_account_is_told_so_only_after_its_code(client):
    build.person(phone=build.PHONE, is_active=False)
    knock(client, build.PHONE)
    done = client.post(CODE, {"code": build.texted_code()}, follow=True)

    assert "This account is closed" in text_of(done)
    assert signed_in(client) is None


def test_joining_twice_at_the_same_moment_makes_one_account(client):
    knock(client, "13800005678", JOIN)
    again = knock(Client(), "13800005678", JOIN)

    assert (again.status_code, again["Location"]) == (302, PHONE_CODE)
    assert User.objects.count() == 1


def test_neither_number_nor_code_is_logged(client, caplog, settings):
    caplog.set_level("DEBUG")
    build.person(phone=build.PHONE)
    knock(client, "13800005678")
    code = build.texted_code()
    client.post(CODE, {"code": code})

    assert [word for word in (code, "13800005678") if word in caplog.text] == []


@pytest.mark.parametrize("number", ["13800005678", "138 0000 5678", "+86 1380", "x"])
def test_the_table_takes_no_number_that_is_not_whole(number):
    with pytest.raises(ValueError, match="E.164"):
        build.person(phone=number)


@pytest.mark.parametrize(
    "path",
    [
        "login/",
        "signup/",
        "logout/",
        "password/reset/",
        "password/change/",
        "password/set/",
        "email/",
        "phone/change/",
        "2fa/",
        "sessions/",
        "login/code/",
        "reauthenticate/",
        "accounts/login/",
        "social/signup/",
        "3rdparty/",
    ],
)
@pytest.mark.parametrize("prefix", ["/", "/en/"])
def test_allauths_own_addresses_are_not_there(client, prefix, path):
    assert client.get(prefix + path).status_code == 404


def test_no_page_of_the_door_asks_for_a_password(client):
    for path in (DOOR, JOIN, "/sign-in/", "/sign-up/"):
        page = client.get(path)
        assert 'type="password"' not in page.content.decode()
        assert page.status_code == 200
