"""Money in another currency: in no book, said clearly, and given back elsewhere."""

import uuid

import pytest
from django.core import mail
from django.test import Client

from orders.models import Payment, PaymentAlarm, Refund
from orders.payments.gateway import SessionState
from orders.services import auditing, confirming, paying, refunding, telling
from producers.ledger.models import Entry
from qiaoshou.accounts.models import Grant
from qiaoshou.common.templatetags.money import in_currency
from qiaoshou.common.today import clock_at, now, today
from tests import orders_builders as build

pytestmark = pytest.mark.django_db
DESK = "/shop/dashboard/"


@pytest.fixture
def sale(db):
    with clock_at(build.NOON):
        shop = build.shop()
    return build.order((shop.ready, 5))


@pytest.fixture
def in_dollars(sale, payment_double):
    """840 dollars came in for an order of 840 yuan."""
    payment = build.pay_page(sale)
    state = SessionState(
        id=payment.session_id,
        status="complete",
        paid=True,
        amount_fen=sale.total_fen,
        received_fen=sale.total_fen,
        currency="usd",
        reference=sale.reference,
        payment_intent="pi_usd",
        url=None,
        created_at=now(),
        expires_at=payment.expires_at,
    )
    assert confirming.settle_state(payment, state) == "wrong_amount"
    payment.refresh_from_db()
    return payment


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
    paying.open_payment(
        reference=sale.reference, addresses=build.addresses, language="en"
    )

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
    ],
)
def test_a_sum_of_another_currency_is_said_in_its_own_units(smallest, currency, said):
    assert in_currency(smallest, currency) == said
