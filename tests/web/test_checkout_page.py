"""Checkout on one page: errors keep what was typed, a form sent twice sells once."""

import re
import uuid

import pytest

from orders.models import Contact, Payment, Sale
from qiaoshou.common.today import clock_at, now
from tests import orders_builders as build

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop():
    with clock_at(build.NOON):
        return build.shop()


@pytest.fixture
def buyer(client, shop):
    """A guest with one ready tiger in her basket."""
    said = {"product": shop.ready.pk, "pieces": 1, "client_reference": uuid.uuid4()}
    client.post("/basket/add/", said)
    return client


def hidden(client):
    """What the page itself puts into the form."""
    html = client.get("/checkout/").content.decode()
    names = ("goods_fen", "promised_on", "client_reference")
    return {
        name: re.search(rf'name="{name}" value="([^"]+)"', html).group(1)
        for name in names
    }


def filled(client, **other):
    return (
        hidden(client)
        | {
            "name": "林晓雯",
            "phone": "139 0000 1234",
            "email": "",
            "way": "parcel",
            "address": "辽宁省沈阳市和平区南京街 1 号",
            "note": "请绣小一点的虎",
            "agree": "on",
        }
        | other
    )


def send(client, form, language=""):
    return client.post(f"{language}/checkout/", form)


def test_only_what_nothing_makes_necessary_is_called_optional(buyer):
    html = buyer.get("/en/checkout/").content.decode()

    optional = re.findall(r'<label for="id_(\w+)">[^<]* <span class="opt">', html)
    assert optional == ["note"]
    assert 'href="/en/terms/"' in html
    assert 'href="/en/privacy/"' in html


def test_a_guest_orders_and_is_sent_to_the_payment_page(buyer, shop, payment_double):
    answer = send(buyer, filled(buyer))

    assert answer.status_code == 303
    assert answer.url.startswith(payment_double.base)
    sale = Sale.objects.get()
    assert (sale.state, sale.total_fen) == ("awaiting_payment", 16_800 + 1_200)
    contact = Contact.objects.get()
    assert (contact.name, contact.phone) == ("林晓雯", "+8613900001234")
    assert contact.note == "请绣小一点的虎"
    assert Payment.objects.get().state == "open"


def test_the_browser_lets_the_form_end_at_the_payment_page(buyer, payment_double):
    policy = buyer.get("/checkout/").headers["Content-Security-Policy"]
    (rule,) = [part for part in policy.split("; ") if part.startswith("form-action")]

    assert rule == f"form-action 'self' {payment_double.base}"


def test_a_pick_up_needs_a_point_and_no_address(buyer, shop, payment_double):
    form = filled(buyer, way="pickup", address="", pickup_point=shop.point.pk)
    assert send(buyer, form).status_code == 303

    contact = Contact.objects.get()
    assert (contact.pickup_point, contact.address) == (shop.point, "")
    assert Sale.objects.get().shipping_fen == 0


def test_an_e_mail_is_enough_for_a_pick_up(buyer, shop, payment_double):
    form = filled(
        buyer, way="pickup", pickup_point=shop.point.pk, phone="", email="a@example.com"
    )
    assert send(buyer, form).status_code == 303


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"name": ""}, "This field is required."),
        ({"phone": "138 0000 000"}, "The number needs 11 digits; this has 10"),
        ({"phone": "tomorrow"}, "This is no telephone number"),
        ({"phone": ""}, "Give a mobile number or an e-mail"),
        ({"phone": "", "email": "a@example.com"}, "The carrier needs a number to call"),
        ({"email": "nobody"}, "Enter a valid email address."),
        ({"address": ""}, "Say where we send it"),
        ({"address": "沈阳"}, "Street and number are missing"),
        ({"way": "pickup"}, "Choose where you will collect"),
        ({"way": "balloon"}, "Select a valid choice."),
        ({"agree": ""}, "Please agree before you pay"),
    ],
)
def test_what_is_missing_is_said_and_what_was_typed_stays(buyer, wrong, message):
    answer = send(buyer, filled(buyer, **wrong), "/en")

    html = answer.content.decode()
    assert answer.status_code == 200
    assert message in html
    assert 'role="alert"' in html
    assert Sale.objects.count() == 0
    if "name" not in wrong:
        assert 'value="林晓雯"' in html
    assert "请绣小一点的虎" in html


def test_the_form_sent_twice_is_one_order_and_one_payment(buyer, shop, payment_double):
    form = filled(buyer)
    first, second = send(buyer, form), send(buyer, form)

    assert first.url == second.url
    assert (Sale.objects.count(), Payment.objects.count()) == (1, 1)


def test_a_price_that_changed_meanwhile_is_shown_before_it_is_charged(
    buyer, shop, payment_double
):
    from catalog import listing

    form = filled(buyer)
    listing.set_price(product=shop.ready.pk, fen=17_000)
    answer = send(buyer, form, "/en")

    html = answer.content.decode()
    assert "The sum or the day has changed since you saw it" in html
    assert 'name="goods_fen" value="17000"' in html
    assert "辽宁省沈阳市和平区南京街 1 号" in html
    assert Sale.objects.count() == 0
    again = form | {"goods_fen": "17000"}
    assert send(buyer, again).status_code == 303


def test_the_last_one_gone_meanwhile_leads_back_to_the_basket(
    buyer, shop, payment_double
):
    form = filled(buyer)
    build.order((shop.ready, 5))
    answer = send(buyer, form, "/en")

    assert answer.url == "/en/basket/"
    assert "Sold out" in buyer.get("/en/basket/").content.decode()


def test_an_empty_basket_has_no_checkout(client, shop):
    assert client.get("/checkout/").url == "/basket/"


def test_with_the_provider_silent_the_order_stands_and_can_be_paid_again(
    buyer, shop, payment_double
):
    payment_double.faults(request="lost_answer", times=20)
    answer = send(buyer, filled(buyer), "/en")

    sale = Sale.objects.get()
    assert answer.url == f"/en/orders/{sale.reference}/"
    html = buyer.get(answer.url).content.decode()
    assert "You have not been charged." in html
    payment_double.clear_faults()
    paying = buyer.post(f"/en/orders/{sale.reference}/pay/")
    assert paying.url.startswith(payment_double.base)


def test_back_from_the_payment_page_the_money_is_asked_for_and_confirmed(
    buyer, shop, payment_double
):
    send(buyer, filled(buyer))
    sale, payment = Sale.objects.get(), Payment.objects.get()
    payment_double.pay(payment.session_id)

    answer = buyer.get(f"/checkout/return/{sale.reference}/")

    assert answer.url == f"/orders/{sale.reference}/"
    sale.refresh_from_db()
    assert sale.state == "paid"


def test_while_the_bank_decides_the_page_asks_not_to_pay_again(
    buyer, shop, payment_double
):
    send(buyer, filled(buyer))
    sale, payment = Sale.objects.get(), Payment.objects.get()
    payment_double.pay(payment.session_id, later=True)

    html = buyer.get(f"/en/checkout/return/{sale.reference}/").content.decode()
    assert "Please don’t pay again" in html
    assert f'hx-get="/en/checkout/return/{sale.reference}/"' in html
    assert '<meta http-equiv="refresh" content="5">' in html
    part = buyer.get(
        f"/en/checkout/return/{sale.reference}/", headers={"HX-Request": "true"}
    )
    assert "<html" not in part.content.decode()
    payment_double.settle(payment.session_id, succeeded=True)
    done = buyer.get(
        f"/en/checkout/return/{sale.reference}/", headers={"HX-Request": "true"}
    )
    assert done.headers["HX-Redirect"] == f"/en/orders/{sale.reference}/"


def test_another_browser_comes_back_and_learns_nothing_of_the_order(
    buyer, shop, payment_double, client_factory
):
    send(buyer, filled(buyer))
    sale, payment = Sale.objects.get(), Payment.objects.get()
    payment_double.pay(payment.session_id)

    stranger = client_factory()
    html = stranger.get(f"/en/checkout/return/{sale.reference}/").content.decode()

    assert "Thank you" in html
    assert "林晓雯" not in html
    assert stranger.get(f"/orders/{sale.reference}/").status_code == 404


@pytest.fixture
def client_factory():
    from django.test import Client

    return Client


def test_the_basket_of_an_unpaid_order_comes_back_to_a_guest(
    buyer, shop, payment_double
):
    from datetime import timedelta

    from orders.services import expiring

    send(buyer, filled(buyer))
    sale = Sale.objects.get()
    waiting = buyer.get("/en/basket/").content.decode()
    assert f"Order {sale.reference} is waiting for your payment." in waiting
    with clock_at(now() + timedelta(minutes=41)):
        expiring.expire(reference=sale.reference)

    html = buyer.get("/en/basket/").content.decode()

    assert "The pieces of your unpaid order are back here." in html
    assert "Cloth tiger" in html


def test_changing_the_order_brings_the_basket_back_at_once(buyer, shop, payment_double):
    send(buyer, filled(buyer))
    sale = Sale.objects.get()

    assert buyer.post(f"/orders/{sale.reference}/change/").url == "/basket/"

    assert "Cloth tiger" in buyer.get("/en/basket/").content.decode()
    sale.refresh_from_db()
    assert sale.state == "cancelled"


def test_she_who_is_signed_in_finds_her_name_and_her_orders(
    client, shop, payment_double
):
    lin = build.person(phone="+8613900005678")
    client.force_login(lin)
    said = {"product": shop.ready.pk, "pieces": 1, "client_reference": uuid.uuid4()}
    client.post("/basket/add/", said)
    html = client.get("/checkout/").content.decode()
    assert 'value="林晓雯"' in html
    assert 'value="lin@example.com"' in html

    send(client, filled(client))

    sale = Sale.objects.get()
    assert sale.order.user == lin
    assert sale.reference in client.get("/account/").content.decode()


def test_the_sum_follows_the_chosen_way(buyer, shop):
    part = buyer.get("/en/checkout/?part=sum&way=pickup").content.decode()
    assert "¥168" in part
    assert "¥180" not in part
    part = buyer.get("/en/checkout/?part=sum&way=parcel").content.decode()
    assert "¥180" in part
