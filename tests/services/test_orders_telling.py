"""Mail about orders: in the buyer's language, once, with a link that opens it."""

import re

import pytest
from django.core import mail
from django.test import Client

from orders.models import PaymentAlarm
from orders.services import telling
from qiaoshou.accounts.models import Grant
from qiaoshou.common.today import clock_at, today
from tests import orders_builders as build

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop():
    with clock_at(build.NOON):
        return build.shop()


def paid(shop, **wish):
    sale = build.order((shop.ready, 1), wish=build.wishes(**wish))
    build.counter(sale)
    return sale


def test_the_buyer_has_one_mail_with_a_link_that_opens_her_order(shop):
    sale = paid(shop, email="lin@example.com", language="en")
    assert build.jobs("tell_buyer") == [sale.reference]

    assert telling.tell_buyer_paid(reference=sale.reference) is True
    assert telling.tell_buyer_paid(reference=sale.reference) is False

    (letter,) = mail.outbox
    assert letter.subject == f"Order {sale.reference} is paid"
    assert letter.to == ["lin@example.com"]
    assert "¥180" in letter.body
    (path,) = re.findall(r"http://[^/]+(/en/orders/\S+)", letter.body)
    browser = Client()
    assert browser.get(path).url == f"/en/orders/{sale.reference}/"
    assert browser.get(f"/en/orders/{sale.reference}/").status_code == 200


WORDS = {
    "zh-hans": (
        "订单 {number} 已付款",
        "林晓雯，您好：\n\n您的订单 {number} 已付款，共 ¥180。\n\n{title} × 1\n\n"
        "谁在做、到哪儿了，都在这里看：\n{link}\n\n巧手\n",
    ),
    "en": (
        "Order {number} is paid",
        "Hello 林晓雯,\n\nyour order {number} is paid: ¥180.\n\n{title} × 1\n\n"
        "Here you can see who makes it and where it is:\n{link}\n\nQiaoshou\n",
    ),
}


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_words_of_the_mail_in_her_language(shop, language):
    sale = paid(shop, email="lin@example.com", language=language)
    telling.tell_buyer_paid(reference=sale.reference)

    (letter,) = mail.outbox
    facts = {
        "number": sale.reference,
        "title": {"zh-hans": "布老虎 大", "en": "Cloth tiger 大"}[language],
        "link": re.search(r"http\S+", letter.body).group(),
    }
    subject, body = (words.format(**facts) for words in WORDS[language])
    assert (letter.subject, letter.body) == (subject, body)


def test_neither_telephone_nor_address_is_in_the_mail(shop):
    sale = paid(shop, email="lin@example.com")
    telling.tell_buyer_paid(reference=sale.reference)

    assert "13900001234" not in mail.outbox[0].body
    assert "南京街" not in mail.outbox[0].body


def test_without_an_e_mail_address_nothing_is_sent(shop):
    assert telling.tell_buyer_paid(reference=paid(shop).reference) is False
    assert mail.outbox == []


def test_every_shopkeeper_of_today_hears_of_an_alarm(shop):
    for role in ("shopkeeper", "administrator", "finance"):
        person = build.person(f"{role}@example.com", language="en")
        Grant.objects.create(user=person, role=role, valid_from=today())
    sale = build.order((shop.ready, 1))
    build.counter(sale, received_fen=1)
    alarm = PaymentAlarm.objects.get()

    assert telling.tell_shopkeepers(reference=alarm.reference) == 2

    assert sorted(letter.to[0] for letter in mail.outbox) == [
        "administrator@example.com",
        "shopkeeper@example.com",
    ]
    assert mail.outbox[0].subject == "Money to look at: Wrong amount received"
    assert sale.reference in mail.outbox[0].body
