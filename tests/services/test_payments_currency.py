"""Money in another currency: in no book, said clearly, and given back elsewhere."""

import uuid
from importlib import import_module

import pytest
from django.apps import apps
from django.core import mail
from django.test import Client

from orders.models import Payment, PaymentAlarm, Refund
from orders.payments.gateway import SessionState
from orders.services import auditing, confirming, refunding, telling
from producers.ledger.models import Entry, Posting
from qiaoshou.accounts.models import Grant
from qiaoshou.common.templatetags.money import in_currency
from qiaoshou.common.today import clock_at, now, today
from tests import orders_builders as build

pytestmark = pytest.mark.django_db
DESK = "/shop/dashboard/"
migration = import_module("orders.migrations.0006_payment_currency")


@pytest.fixture
def shop(db):
    with clock_at(build.NOON):
        return build.shop()


@pytest.fixture
def sale(shop):
    return build.order((shop.ready, 5))


def come_in(sale, received_fen, currency):
    """So much came in for the order; the payment as it then stands."""
    payment = build.pay_page(sale)
    state = SessionState(
        id=payment.session_id,
        status="complete",
        paid=True,
        amount_fen=sale.total_fen,
        received_fen=received_fen,
        currency=currency,
        reference=sale.reference,
        payment_intent=f"pi_{currency}",
        url=None,
        created_at=now(),
        expires_at=payment.expires_at,
    )
    confirming.settle_state(payment, state)
    payment.refresh_from_db()
    return payment


@pytest.fixture
def in_dollars(sale, payment_double):
    """840 dollars came in for an order of 840 yuan."""
    return come_in(sale, sale.total_fen, "usd")


@pytest.mark.parametrize(
    ("received_fen", "currency", "state", "journal", "refunded"),
    [
        (89_400, "cny", "paid", ("payment", 89_400, "deferred_revenue"), True),
        (89_300, "cny", "mismatched", ("unexplained", 89_300, "suspense"), True),
        (89_400, "usd", "mismatched", None, False),
    ],
    ids=["894.00 yuan", "893.00 yuan", "894.00 US dollars"],
)
def test_what_comes_in_for_894_yuan_as_the_rules_say(
    shop, payment_double, received_fen, currency, state, journal, refunded
):
    """The last table of docs/rules/payment.md."""
    sale = build.order((shop.ready, 2), (shop.made, 3))
    assert sale.total_fen == 89_400
    payment = come_in(sale, received_fen, currency)
    booked = {
        (one.entry.what, -one.fen, one.account.kind)
        for one in Posting.objects.filter(fen__lt=0)
    }

    assert (payment.state, payment.currency) == (state, currency)
    assert booked == ({journal} if journal else set())
    try:
        refunding.refund_payment(
            payment=payment.reference,
            amount_fen=received_fen,
            cause=Refund.Cause.GOODWILL,
            client_reference=uuid.uuid4(),
            by=build.person("keeper@example.com"),
        )
    except refunding.NotInBooks:
        assert not refunded
    else:
        assert refunded
    assert Refund.objects.count() == int(refunded)
    assert auditing.audit() == []


def test_payments_from_before_are_named_by_their_alarms(shop, sale, payment_double):
    """Migration 0006: until then only the alarm knew the currency."""
    yuan = come_in(build.order((shop.made, 1)), 1_000, "cny")
    dollars = come_in(sale, sale.total_fen, "usd")
    Payment.objects.update(currency="cny")

    migration.name_currencies(apps, None)

    named = Payment.objects.values_list("pk", "currency")
    assert dict(named) == {yuan.pk: "cny", dollars.pk: "usd"}


def keeper():
    person = build.person("keeper@example.com", language="en")
    Grant.objects.create(user=person, role="shopkeeper", valid_from=today())
    client = Client()
    client.force_login(person)
    return client


def test_it_is_kept_with_its_currency_and_enters_no_book(sale, in_dollars):
    sale.refresh_from_db()

    assert sale.state == "awaiting_payment"
    assert (in_dollars.state, in_dollars.currency, in_dollars.received_fen) == (
        "mismatched",
        "usd",
        84_000,
    )
    assert Entry.objects.count() == 0
    assert auditing.audit() == []
    assert PaymentAlarm.objects.get().facts["currency"] == "usd"


def test_it_can_not_be_refunded_out_of_our_books(sale, in_dollars):
    with pytest.raises(refunding.NotInBooks):
        refunding.refund_payment(
            payment=in_dollars.reference,
            amount_fen=84_000,
            cause=Refund.Cause.WRONG_AMOUNT,
            client_reference=uuid.uuid4(),
            by=build.person("keeper@example.com"),
        )

    assert (Refund.objects.count(), Entry.objects.count()) == (0, 0)


def test_desk_and_order_say_the_sum_and_what_to_do(sale, in_dollars):
    client = keeper()
    desk = client.get(DESK).content.decode()
    order = client.get(f"{DESK}orders/{sale.reference}/").content.decode()

    assert "¥840 expected, USD 840.00 received" in desk
    assert "give it back at the payment provider" in desk
    assert "USD 840.00" in order
    assert "Give it back at the payment provider" in order
    assert f'action="{DESK}orders/{sale.reference}/refund/"' not in order
    assert "¥840" not in desk.split("USD 840.00")[1].split("</div>")[0]


def test_the_letter_about_it_names_the_currency(sale, in_dollars):
    keeper()
    telling.tell_shopkeepers(reference=PaymentAlarm.objects.get().reference)

    (letter,) = mail.outbox
    assert "USD 840.00 received; it is not in the books" in letter.body
    assert "¥" not in letter.body


def test_the_buyer_may_pay_the_order_anew(sale, in_dollars):
    build.pay_page(sale, "en")

    assert list(Payment.objects.order_by("pk").values_list("state", flat=True)) == [
        "mismatched",
        "open",
    ]


@pytest.mark.parametrize(
    ("smallest", "currency", "said"),
    [
        (84_000, "usd", "USD 840.00"),
        (84_005, "eur", "EUR 840.05"),
        (84_000, "jpy", "JPY 84,000"),
        (84_050, "kwd", "KWD 84.050"),
    ],
)
def test_a_sum_of_another_currency_is_said_in_its_own_units(smallest, currency, said):
    assert in_currency(smallest, currency) == said
