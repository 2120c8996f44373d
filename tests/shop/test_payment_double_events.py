"""The payment double signs its events and delivers them as badly as it is told to."""

import json
import time
import urllib.error
import urllib.request

import pytest
import stripe

from tests.shop.payment_double import SECRET, until
from tests.shop.test_payment_double import opened

PAID = ["charge.succeeded", "checkout.session.completed", "payment_intent.succeeded"]


@pytest.fixture
def double(payment_double, webhook_receiver):
    payment_double.send_to(webhook_receiver.url)
    return payment_double


def test_a_payment_sends_three_signed_events(double, webhook_receiver):
    double.pay(opened(double)["id"])

    double.wait_until_delivered()

    assert sorted(webhook_receiver.kinds()) == PAID
    for body, signature in webhook_receiver.received:
        event = stripe.Webhook.construct_event(body, signature, SECRET)
        assert event.api_version == "2026-10-28.endive"


def test_a_signature_fits_no_other_secret(double, webhook_receiver):
    double.pay(opened(double)["id"])
    double.wait_until_delivered()
    body, signature = webhook_receiver.received[0]

    with pytest.raises(stripe.SignatureVerificationError):
        stripe.Webhook.construct_event(body, signature, "whsec_other")


def test_the_completed_event_carries_the_paid_session(double, webhook_receiver):
    session = opened(double)
    double.pay(session["id"], method="alipay")
    double.wait_until_delivered()

    events = [json.loads(body) for body, _ in webhook_receiver.received]
    [sent] = [each for each in events if each["type"] == "checkout.session.completed"]
    found = sent["data"]["object"]

    assert (found["id"], found["payment_status"]) == (session["id"], "paid")
    assert found["client_reference_id"] == "7KQ2M9XV4T"
    assert found["amount_total"] == 12800


def test_an_event_that_was_not_taken_comes_again_until_it_is(double, webhook_receiver):
    webhook_receiver.answers = [500, 302, 404]
    double.expire(opened(double)["id"])

    double.wait_until_delivered()

    assert webhook_receiver.kinds() == ["checkout.session.expired"] * 4
    [delivery] = double.deliveries()
    assert (delivery["state"], delivery["attempts"]) == ("delivered", 4)


def test_a_receiver_that_is_away_gets_its_events_later(
    payment_double, webhook_receiver
):
    payment_double.send_to("http://127.0.0.1:9/")
    payment_double.expire(opened(payment_double)["id"])
    until(lambda: payment_double.deliveries()[0]["attempts"] >= 2)

    payment_double.send_to(webhook_receiver.url)

    until(lambda: webhook_receiver.kinds() == ["checkout.session.expired"])


def test_a_dropped_event_stays_on_record_and_can_be_sent_later(
    double, webhook_receiver
):
    double.faults(drop=1)
    double.expire(opened(double)["id"])
    double.expire(opened(double)["id"])
    double.wait_until_delivered()
    assert [each["state"] for each in double.deliveries()] == ["dropped", "delivered"]
    assert len(double.events("checkout.session.expired")) == 2

    double.send_again()
    double.wait_until_delivered()

    assert len(webhook_receiver.received) == 2


def test_a_duplicated_event_arrives_twice_with_the_same_id(double, webhook_receiver):
    double.faults(duplicate=1)
    double.expire(opened(double)["id"])

    double.wait_until_delivered()

    ids = [json.loads(body)["id"] for body, _ in webhook_receiver.received]
    assert (len(ids), len(set(ids))) == (2, 1)


def test_shuffled_events_arrive_in_another_order(double, webhook_receiver):
    double.faults(shuffle=3)
    for _ in range(3):
        double.expire(opened(double)["id"])

    until(lambda: len(webhook_receiver.received) == 3)

    arrived = [json.loads(body)["id"] for body, _ in webhook_receiver.received]
    happened = [event["id"] for event in double.events()]
    assert sorted(arrived) == sorted(happened)
    assert arrived != happened


def test_clearing_the_faults_lets_go_what_was_held_for_shuffling(
    double, webhook_receiver
):
    double.faults(shuffle=5)
    double.expire(opened(double)["id"])
    assert double.deliveries() == []

    double.clear_faults()

    until(lambda: len(webhook_receiver.received) == 1)


def test_a_delayed_event_is_late(double, webhook_receiver):
    double.faults(delay=0.6)
    began = time.monotonic()
    double.expire(opened(double)["id"])

    until(lambda: webhook_receiver.received)

    assert time.monotonic() - began >= 0.6


def test_any_event_can_be_sent_once_more(double, webhook_receiver):
    double.expire(opened(double)["id"])
    double.wait_until_delivered()

    double.send_again(double.events()[0]["id"])

    until(lambda: len(webhook_receiver.received) == 2)


@pytest.mark.parametrize(
    ("succeeded", "kind", "status"),
    [
        (True, "checkout.session.async_payment_succeeded", "paid"),
        (False, "checkout.session.async_payment_failed", "unpaid"),
    ],
)
def test_a_slow_bank_decides_later(double, webhook_receiver, succeeded, kind, status):
    session = opened(double)
    paid = double.pay(session["id"], method="wechat_pay", later=True)
    assert (paid["status"], paid["payment_status"]) == ("complete", "unpaid")

    settled = double.settle(session["id"], succeeded=succeeded)

    assert settled["payment_status"] == status
    double.wait_until_delivered()
    assert webhook_receiver.kinds().count(kind) == 1


def test_a_slow_refund_can_fail_and_the_money_is_back_in_the_balance(double):
    session = double.pay(opened(double)["id"])
    double.faults(pending_refunds=1)
    form = {"payment_intent": session["payment_intent"], "amount": "12800"}
    _, refund, _ = double.api("POST", "/v1/refunds", form)
    assert refund["status"] == "pending"

    failed = double.settle_refund(refund["id"], succeeded=False)

    assert failed["status"] == "failed"
    assert double.api("GET", "/v1/balance")[1]["available"][0]["amount"] == 12800
    assert len(double.events("refund.failed")) == 1


@pytest.mark.parametrize(
    ("said", "message"),
    [
        ({"colour": 1}, "unknown fault colour; known: drop, duplicate"),
        ({"drop": "1"}, "drop must be of type int"),
        ({"request": "503"}, "request must be one of 429, 500, lost_answer, timeout"),
    ],
)
def test_a_wrong_fault_is_refused(double, said, message):
    request = urllib.request.Request(
        double.url("/_double/faults"),
        json.dumps(said).encode(),
        {"Content-Type": "application/json"},
    )
    with pytest.raises(urllib.error.HTTPError) as caught:
        urllib.request.urlopen(request)
    assert caught.value.code == 400
    assert json.load(caught.value)["error"]["message"].startswith(message)


def test_a_page_elsewhere_cannot_press_the_control_buttons(double):
    status, _, _ = double.api("POST", "/_double/reset", {"a": "1"})

    assert status == 415
