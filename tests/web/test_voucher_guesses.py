"""Codes of vouchers can't be guessed: wrong ones are counted, docs/rules/orders.md."""

import uuid

import pytest
from django.core.cache import cache
from django.test import Client
from oscar.core.loading import get_model

from qiaoshou.common.today import clock_at
from tests import orders_builders as build

pytestmark = pytest.mark.django_db
Basket = get_model("basket", "Basket")
NO_SUCH = "没有这张优惠券。"
TOO_MANY = "填错的码太多了。请过一个小时再试。"
TAKEN = "优惠券已用上。"


@pytest.fixture(autouse=True)
def hour(monkeypatch):
    """A clock in seconds that the counting of tries reads."""
    cache.clear()
    seconds = [1_000_000.0]
    monkeypatch.setattr("allauth.core.internal.ratelimit.time.time", lambda: seconds[0])
    with clock_at(build.NOON):
        yield seconds


@pytest.fixture
def shop():
    return build.shop()


@pytest.fixture
def voucher(shop):
    return build.voucher("TIGER10")


def buyer(shop, person=None, address="198.51.100.7"):
    """Somebody with a tiger in her basket."""
    client = Client(REMOTE_ADDR=address)
    if person:
        client.force_login(person)
    said = {"product": shop.ready.pk, "pieces": 1, "client_reference": uuid.uuid4()}
    client.post("/basket/add/", said)
    client.get("/basket/")
    return client


def say(client, code):
    """What she is told of a code."""
    page = client.post("/basket/voucher/", {"code": code}, follow=True)
    words = [str(message) for message in page.context["messages"]]
    (word,) = words + page.context["voucher_form"].errors.get("code", [])
    return word


def test_after_ten_wrong_codes_an_hour_no_code_of_this_basket_is_looked_at(
    shop, voucher, hour
):
    client = buyer(shop)

    assert [say(client, f"NO{one}") for one in range(11)] == [NO_SUCH] * 10 + [TOO_MANY]
    assert say(client, "TIGER10") == TOO_MANY
    assert not Basket.objects.filter(vouchers=voucher).exists()
    hour[0] += 3601
    assert say(client, "TIGER10") == TAKEN


@pytest.mark.parametrize("nothing", ["", "  ", "\0"])
def test_no_code_at_all_is_asked_for_and_not_counted(shop, voucher, nothing):
    client = buyer(shop)

    assert {say(client, nothing) for _one in range(11)} == {"请先填优惠券号。"}
    assert say(client, "TIGER10") == TAKEN


def test_a_person_is_counted_whatever_machine_she_guesses_from(shop, voucher):
    person = build.person("guesser@example.com")
    told = [
        say(buyer(shop, person, f"198.51.100.{one}"), f"NO{one}") for one in range(11)
    ]

    assert told == [NO_SUCH] * 10 + [TOO_MANY]


def test_new_baskets_from_one_machine_have_a_hundred_tries_an_hour(shop, voucher):
    told = [
        say(client, f"NO{try_}")
        for client in (buyer(shop) for _basket in range(10))
        for try_ in range(10)
    ]

    assert told == [NO_SUCH] * 100
    assert say(buyer(shop), "TIGER10") == TOO_MANY
    assert say(buyer(shop, address="198.51.100.8"), "TIGER10") == TAKEN


def test_right_codes_are_not_counted(shop, voucher):
    client = buyer(shop)
    for _time in range(12):
        assert say(client, "tiger10") == TAKEN
        client.post("/basket/voucher/", {"code": "TIGER10", "remove": "1"})

    assert say(client, "NO") == NO_SUCH


def test_without_a_basket_no_code_is_looked_at(shop, voucher):
    assert say(Client(), "TIGER10") == "先放一件好物进购物袋，再用优惠券。"
    assert not Basket.objects.filter(vouchers=voucher).exists()
