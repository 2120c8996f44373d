"""What Stripe tells us: genuine and once, or refused with nothing changed."""

import hmac
import json
import time

import pytest
from django.test import Client

from orders.models import Payment, PaymentAlarm, Sale, WebhookReceipt
from qiaoshou.common.today import clock_at
from tests import orders_builders as build
from tests.shop.payment_double import SECRET

pytestmark = pytest.mark.django_db
WEBHOOK = "/payments/stripe/webhook/"
VERSION = "2026-10-28.endive"


@pytest.fixture
def sale():
    with clock_at(build.NOON):
        shop = build.shop()
    return build.order((shop.ready, 2))


@pytest.fixture
def payment(sale, payment_double):
    return build.pay_page(sale)


def event(payment, kind="checkout.session.completed", number=1, **other):
    """An event as Stripe would send it about the payment's session."""
    said = {
        "id": f"evt_{number}",
        "object": "event",
        "type": kind,
        "api_version": VERSION,
        "created": int(time.time()),
        "livemode": False,
        "data": {
            "object": {
                "id": payment.session_id,
                "object": "checkout.session",
                "client_reference_id": payment.order.number,
                "payment_intent": None,
                "metadata": {"reference": payment.order.number},
            }
        },
    }
    return json.dumps(said | other)


def signed(body, secret=SECRET, age=0):
    payload = f"{int(time.time()) - age}.{body}"
    made = hmac.new(secret.encode(), payload.encode(), "sha256").hexdigest()
    return f"t={int(time.time()) - age},v1={made}"


def send(body, signature=None):
    return Client(enforce_csrf_checks=True).post(
        WEBHOOK,
        body,
        content_type="application/json",
        headers={"Stripe-Signature": signed(body) if signature is None else signature},
    )


def state(sale):
    sale.refresh_from_db()
    return sale.state


def test_a_completed_session_is_looked_up_and_confirmed(sale, payment, payment_double):
    payment_double.pay(payment.session_id)
    answer = send(event(payment))

    assert (answer.status_code, answer.json()) == (200, {"code": "confirmed"})
    assert state(sale) == "paid"
    receipt = WebhookReceipt.objects.get()
    assert (receipt.event_id, receipt.outcome) == ("evt_1", "confirmed")
    assert receipt.reference == sale.reference


def test_the_same_event_ten_times_acts_once(sale, payment, payment_double):
    payment_double.pay(payment.session_id)
    answers = [send(event(payment)).json()["code"] for _time in range(10)]

    assert answers == ["confirmed"] + ["seen"] * 9
    assert WebhookReceipt.objects.count() == 1
    assert sale.order.payment_events.count() == 1


def test_events_in_any_order_end_the_same(sale, payment, payment_double):
    payment_double.pay(payment.session_id)
    kinds = [
        "checkout.session.async_payment_succeeded",
        "checkout.session.expired",
        "checkout.session.completed",
    ]
    answers = [
        send(event(payment, kind, number)).json()["code"]
        for number, kind in enumerate(kinds)
    ]

    assert answers == ["confirmed"] * 3
    assert state(sale) == "paid"
    assert sale.order.payment_events.count() == 1


def test_an_event_that_says_completed_is_not_believed_while_nothing_is_paid(
    sale, payment
):
    answer = send(event(payment))

    assert answer.json() == {"code": "not_paid"}
    assert state(sale) == "awaiting_payment"


@pytest.mark.parametrize(
    ("signature", "code"),
    [
        ("", "bad_signature"),
        ("t=1,v1=00", "bad_signature"),
        ("other", "bad_signature"),
        ("old", "stale"),
    ],
)
def test_forged_and_stale_events_are_refused_and_change_nothing(
    sale, payment, payment_double, signature, code
):
    payment_double.pay(payment.session_id)
    body = event(payment)
    signature = {
        "other": signed(body, secret="whsec_of_somebody_else"),
        "old": signed(body, age=301),
    }.get(signature, signature)
    answer = send(body, signature)

    assert (answer.status_code, answer.json()) == (400, {"code": code})
    assert state(sale) == "awaiting_payment"
    assert WebhookReceipt.objects.count() == 0


@pytest.mark.parametrize(
    ("other", "code"),
    [
        ({"api_version": "2020-08-27"}, "wrong_api_version"),
        ({"livemode": True}, "wrong_mode"),
        ({"data": {}}, "malformed"),
    ],
)
def test_events_that_are_not_for_us_are_refused(
    sale, payment, payment_double, other, code
):
    payment_double.pay(payment.session_id)
    answer = send(event(payment, **other))

    assert (answer.status_code, answer.json()) == (400, {"code": code})
    assert state(sale) == "awaiting_payment"


def test_a_body_that_is_no_event_is_refused(payment):
    answer = send("[1, 2]")
    assert (answer.status_code, answer.json()) == (400, {"code": "malformed"})


def test_a_payment_of_nobody_is_not_found(payment):
    payment.session_id, payment.order.number = "cs_test_nobody", "NOSUCHREF0"
    answer = send(event(payment))

    assert (answer.status_code, answer.json()) == (404, {"code": "unknown_payment"})
    assert WebhookReceipt.objects.count() == 0


def test_an_event_of_no_interest_is_noted_and_left_alone(sale, payment):
    answer = send(event(payment, "customer.created"))

    assert (answer.status_code, answer.json()) == (200, {"code": "ignored"})
    assert state(sale) == "awaiting_payment"


def test_with_the_provider_silent_we_ask_to_be_told_again(
    sale, payment, payment_double
):
    payment_double.pay(payment.session_id)
    payment_double.faults(request="lost_answer", times=20)
    answer = send(event(payment))
    assert (answer.status_code, answer.json()) == (503, {"code": "try_again"})
    assert WebhookReceipt.objects.count() == 0
    payment_double.clear_faults()

    assert send(event(payment)).json() == {"code": "confirmed"}


def test_the_wrong_sum_is_told_apart(sale, payment, payment_double):
    payment_double.pay(payment.session_id, amount=33_500)

    assert send(event(payment)).json() == {"code": "wrong_amount"}
    assert state(sale) == "awaiting_payment"
    assert PaymentAlarm.objects.get().facts["received_fen"] == 33_500


def test_only_posting_is_possible(client, db):
    assert client.get(WEBHOOK).status_code == 405


def test_what_the_double_itself_sends_is_understood(
    sale, payment, payment_double, webhook_receiver
):
    payment_double.send_to(webhook_receiver.url)
    payment_double.pay(payment.session_id)
    payment_double.wait_until_delivered()
    codes = {}
    for body, signature in webhook_receiver.received:
        codes[json.loads(body)["type"]] = send(body.decode(), signature).json()["code"]

    assert codes["checkout.session.completed"] == "confirmed"
    assert codes["payment_intent.succeeded"] == "ignored"
    assert Sale.objects.get().state == "paid"
    assert Payment.objects.get().state == "paid"
