"""The Stripe gateway against the payment double, over real HTTP."""

import datetime as dt
import json
import time

import pytest
import stripe
from django.db import transaction

from orders.payments.gateway import (
    BadSignature,
    GatewayRefused,
    GatewayUnavailable,
    MalformedEvent,
    PaymentLine,
    StaleSignature,
    WebhookRefused,
    WrongApiVersion,
    WrongMode,
    gateway,
)
from orders.payments.stripe_gateway import StripeGateway
from tests.shop.payment_double import SECRET

REFERENCE = "7KQ2M9XV4T"
LINES = (PaymentLine("满族刺绣香囊", 12800), PaymentLine("运费", 1200))


@pytest.fixture
def pauses():
    return []


@pytest.fixture
def shop(payment_double, pauses):
    return StripeGateway(pause=pauses.append)


def opened(shop, **changed):
    wanted = {
        "reference": REFERENCE,
        "amount_fen": 14000,
        "currency": "cny",
        "lines": LINES,
        "success_url": "https://shop.example/back/?s={CHECKOUT_SESSION_ID}",
        "cancel_url": "https://shop.example/basket/",
        "expires_at": dt.datetime.now(tz=dt.UTC).replace(microsecond=0)
        + dt.timedelta(minutes=31),
        "idempotency_key": f"open-{REFERENCE}",
        "locale": "zh-hans",
    }
    return shop.open_session(**(wanted | changed))


def test_the_register_gives_the_stripe_gateway_by_its_code():
    assert gateway("stripe").code == "stripe"
    with pytest.raises(KeyError):
        gateway("shells")


def test_an_opened_session_waits_for_exactly_the_amount(payment_double, shop):
    ends = dt.datetime.now(tz=dt.UTC).replace(microsecond=0) + dt.timedelta(minutes=31)

    session = opened(shop, expires_at=ends)
    state = shop.read_session(session.id)

    assert session.url == payment_double.url(f"/c/pay/{session.id}")
    assert session.expires_at == ends
    assert session.methods == ("card", "alipay", "wechat_pay")
    assert (state.status, state.paid, state.reference) == ("open", False, REFERENCE)
    assert (state.amount_fen, state.received_fen) == (14000, 0)
    assert (state.currency, state.payment_intent) == ("cny", None)


def test_stripe_learns_the_reference_the_titles_and_nothing_else(payment_double, shop):
    session = opened(shop)

    _, stored, _ = payment_double.api(
        "GET", f"/v1/checkout/sessions/{session.id}?expand[]=line_items"
    )

    lines = stored["line_items"]["data"]
    assert [line["description"] for line in lines] == ["满族刺绣香囊", "运费"]
    assert stored["client_reference_id"] == REFERENCE
    assert stored["metadata"] == {"reference": REFERENCE}
    assert stored["customer"] is None
    assert stored["customer_email"] is None
    assert stored["customer_details"] is None
    assert stored["locale"] == "zh"


def test_lines_that_do_not_add_up_never_reach_stripe(payment_double, shop):
    with pytest.raises(ValueError, match="do not add up"):
        opened(shop, amount_fen=14001)

    assert payment_double.api("GET", "/v1/checkout/sessions")[1]["data"] == []


def test_asking_twice_with_one_key_opens_one_session(payment_double, shop):
    ends = dt.datetime.now(tz=dt.UTC) + dt.timedelta(minutes=31)

    first, second = (opened(shop, expires_at=ends) for _ in range(2))

    assert second == first
    assert len(payment_double.api("GET", "/v1/checkout/sessions")[1]["data"]) == 1


def test_one_key_for_two_amounts_is_refused(shop):
    opened(shop)

    with pytest.raises(GatewayRefused, match="Keys for idempotent requests"):
        opened(shop, amount_fen=12800, lines=LINES[:1])


def test_a_paid_session_says_what_was_received(payment_double, shop):
    session = opened(shop)
    payment_double.pay(session.id, method="wechat_pay")

    state = shop.read_session(session.id)

    assert (state.status, state.paid) == ("complete", True)
    assert (state.amount_fen, state.received_fen) == (14000, 14000)
    assert state.payment_intent.startswith("pi_")
    assert state.url is None


def test_a_wrong_amount_shows_in_what_was_received(payment_double, shop):
    session = opened(shop)
    payment_double.pay(session.id, amount=13999)

    assert shop.read_session(session.id).received_fen == 13999


def test_a_complete_session_whose_bank_is_slow_is_not_paid(payment_double, shop):
    session = opened(shop)
    payment_double.pay(session.id, later=True)

    state = shop.read_session(session.id)
    assert (state.status, state.paid, state.received_fen) == ("complete", False, 0)

    payment_double.settle(session.id, succeeded=True)
    assert shop.read_session(session.id).received_fen == 14000


def test_expiring_ends_an_open_session_and_may_be_repeated(shop):
    session = opened(shop)

    assert shop.expire_session(session.id).status == "expired"
    assert shop.expire_session(session.id).status == "expired"


def test_expiring_a_paid_session_finds_it_paid(payment_double, shop):
    session = opened(shop)
    payment_double.pay(session.id)

    state = shop.expire_session(session.id)

    assert (state.status, state.paid) == ("complete", True)


def test_an_unknown_session_is_refused_by_name(shop):
    with pytest.raises(GatewayRefused) as caught:
        shop.read_session("cs_test_none")

    assert (caught.value.code, caught.value.param) == ("resource_missing", "session")


def paid_intent(payment_double, shop):
    session = opened(shop)
    payment_double.pay(session.id)
    return shop.read_session(session.id).payment_intent


def test_a_refund_asked_twice_is_given_once(payment_double, shop):
    intent = paid_intent(payment_double, shop)

    first, second = (
        shop.refund(payment_intent=intent, amount_fen=14000, idempotency_key="r1")
        for _ in range(2)
    )

    assert (first.status, first.amount_fen) == ("succeeded", 14000)
    assert (first.payment_intent, second) == (intent, first)
    assert shop.refunds_of(intent) == (first,)
    assert shop.read_refund(first.id) == first


def test_more_than_was_paid_is_never_refunded(payment_double, shop):
    intent = paid_intent(payment_double, shop)

    with pytest.raises(GatewayRefused) as caught:
        shop.refund(payment_intent=intent, amount_fen=14001, idempotency_key="r1")

    assert caught.value.param == "amount"
    assert shop.refunds_of(intent) == ()


def test_a_refund_that_comes_back_has_failed(payment_double, shop):
    intent = paid_intent(payment_double, shop)
    payment_double.faults(pending_refunds=1)
    refund = shop.refund(payment_intent=intent, amount_fen=14000, idempotency_key="r1")
    assert refund.status == "pending"

    payment_double.settle_refund(refund.id, succeeded=False)

    assert shop.read_refund(refund.id).status == "failed"


def test_reconciling_reads_every_session_through_all_pages(
    payment_double, shop, monkeypatch
):
    monkeypatch.setattr("orders.payments.stripe_gateway.PAGE_SIZE", 2)
    began = dt.datetime.now(tz=dt.UTC) - dt.timedelta(seconds=2)
    made = [opened(shop, idempotency_key=str(number)).id for number in range(5)]
    payment_double.pay(made[1])

    found = list(shop.sessions_since(began))

    assert [state.id for state in found] == list(reversed(made))
    assert [state.received_fen for state in found] == [0, 0, 0, 14000, 0]
    later = dt.datetime.now(tz=dt.UTC) + dt.timedelta(hours=1)
    assert list(shop.sessions_since(later)) == []


def test_a_lost_answer_is_found_again_by_its_key(payment_double, shop):
    payment_double.faults(request="lost_answer", match="POST /v1/checkout/sessions")

    session = opened(shop)

    assert shop.read_session(session.id).amount_fen == 14000
    assert len(payment_double.api("GET", "/v1/checkout/sessions")[1]["data"]) == 1


def test_overload_is_waited_out(payment_double, shop, pauses):
    payment_double.faults(request="429", times=2)

    opened(shop)

    assert pauses == [0.5, 1.0]


def test_lasting_overload_is_given_up_after_three_waits(payment_double, shop, pauses):
    payment_double.faults(request="429", times=100)

    with pytest.raises(GatewayUnavailable):
        opened(shop)

    assert pauses == [0.5, 1.0, 2.0]


def test_one_fault_of_the_provider_is_survived_and_two_are_told(payment_double, shop):
    payment_double.faults(request="500", times=1)
    session = opened(shop)

    payment_double.faults(request="500", times=2)
    with pytest.raises(GatewayUnavailable):
        shop.read_session(session.id)


def test_no_answer_in_time_is_unavailable(payment_double, shop, settings, monkeypatch):
    monkeypatch.setattr("orders.payments.stripe_gateway.TIMEOUT_SECONDS", 0.2)
    monkeypatch.setattr("orders.payments.stripe_gateway.NETWORK_RETRIES", 0)
    settings.STRIPE_SECRET_KEY = "sk_test_of_its_own_client"
    payment_double.faults(request="timeout", seconds=1)

    began = time.monotonic()
    with pytest.raises(GatewayUnavailable):
        shop.read_session("cs_test_none")

    assert time.monotonic() - began < 1


def test_nobody_there_is_unavailable(shop, settings):
    settings.STRIPE_API_BASE = "http://127.0.0.1:9"

    with pytest.raises(GatewayUnavailable):
        shop.read_session("cs_test_none")


def test_a_refused_key_is_refused_not_unavailable(shop, settings):
    settings.STRIPE_SECRET_KEY = "nonsense"

    with pytest.raises(GatewayRefused):
        shop.read_session("cs_test_none")


@pytest.mark.django_db
def test_stripe_is_never_called_inside_a_transaction(payment_double, shop):
    session = opened(shop)

    with (
        transaction.atomic(),
        pytest.raises(RuntimeError, match="inside a database transaction"),
    ):
        shop.read_session(session.id)


def delivered(payment_double, webhook_receiver, kind):
    """Body and signature as the double really sent them."""
    payment_double.wait_until_delivered()
    [found] = [
        (body, signature)
        for body, signature in webhook_receiver.received
        if json.loads(body)["type"] == kind
    ]
    return found


def test_a_delivered_event_is_read(payment_double, shop, webhook_receiver):
    payment_double.send_to(webhook_receiver.url)
    session = opened(shop)
    payment_double.pay(session.id)
    intent = shop.read_session(session.id).payment_intent

    completed = shop.read_webhook(
        *delivered(payment_double, webhook_receiver, "checkout.session.completed")
    )
    succeeded = shop.read_webhook(
        *delivered(payment_double, webhook_receiver, "payment_intent.succeeded")
    )

    assert completed.kind == "checkout.session.completed"
    assert (completed.session_id, completed.payment_intent) == (session.id, intent)
    assert (completed.reference, completed.refund_id) == (REFERENCE, None)
    assert (succeeded.session_id, succeeded.payment_intent) == (None, intent)
    assert succeeded.reference == REFERENCE


def test_a_refunds_event_names_refund_and_payment(
    payment_double, shop, webhook_receiver
):
    intent = paid_intent(payment_double, shop)
    refund = shop.refund(payment_intent=intent, amount_fen=1, idempotency_key="r1")
    payment_double.send_to(webhook_receiver.url)

    event = shop.read_webhook(
        *delivered(payment_double, webhook_receiver, "refund.created")
    )

    assert (event.refund_id, event.payment_intent) == (refund.id, intent)
    assert event.session_id is None


def event(**changed):
    return {
        "id": "evt_1",
        "object": "event",
        "api_version": "2026-10-28.endive",
        "created": int(time.time()),
        "data": {"object": {"id": "cs_1", "object": "checkout.session"}},
        "livemode": False,
        "pending_webhooks": 1,
        "type": "checkout.session.completed",
        "request": None,
    } | changed


def signed(body, *, secret=SECRET, ago=0):
    text = body if isinstance(body, str) else json.dumps(body)
    header = stripe.WebhookSignature.generate_signature_header(
        text, secret, timestamp=int(time.time()) - ago
    )
    return text.encode(), header


def test_a_genuine_event_is_read(shop):
    found = shop.read_webhook(*signed(event()))

    assert (found.id, found.session_id) == ("evt_1", "cs_1")


def test_an_event_of_an_unknown_kind_is_genuine_all_the_same(shop):
    found = shop.read_webhook(*signed(event(type="comet.seen")))

    assert found.kind == "comet.seen"


GENUINE = event()
FORGED = {
    "no signature": (signed(GENUINE)[0], ""),
    "nonsense": (signed(GENUINE)[0], "nonsense"),
    "not even letters": (signed(GENUINE)[0], "t=1,v1=巧手"),
    "another secret": signed(GENUINE, secret="whsec_other"),
    "another body": (signed(event(id="evt_2"))[0], signed(GENUINE)[1]),
    "only a time": (signed(GENUINE)[0], f"t={int(time.time())}"),
    "an old scheme": (
        signed(GENUINE)[0],
        signed(GENUINE)[1].replace("v1=", "v0="),
    ),
    "not text": (b"\xff\xfe", signed(GENUINE)[1]),
}


@pytest.mark.parametrize("case", FORGED)
def test_a_forged_event_is_refused(shop, case):
    with pytest.raises(BadSignature):
        shop.read_webhook(*FORGED[case])


@pytest.mark.parametrize(("ago", "fresh"), [(290, True), (310, False)])
def test_a_recording_older_than_five_minutes_is_stale(shop, ago, fresh):
    if fresh:
        assert shop.read_webhook(*signed(event(), ago=ago)).id == "evt_1"
    else:
        with pytest.raises(StaleSignature):
            shop.read_webhook(*signed(event(), ago=ago))


@pytest.mark.parametrize(
    ("body", "error"),
    [
        (event(api_version="2026-08-26.dahlia"), WrongApiVersion),
        (event(api_version=None), WrongApiVersion),
        (event(livemode=True), WrongMode),
        (event(data={}), MalformedEvent),
        (event(data={"object": {}}), MalformedEvent),
        (event(created="yesterday"), MalformedEvent),
        ("[]", MalformedEvent),
        ("{}", MalformedEvent),
        ("not JSON", MalformedEvent),
        ('"text"', MalformedEvent),
    ],
)
def test_a_genuine_signature_on_the_wrong_thing_is_refused(shop, body, error):
    with pytest.raises(error) as caught:
        shop.read_webhook(*signed(body))

    assert isinstance(caught.value, WebhookRefused)


def test_test_money_is_refused_by_a_live_key(shop, settings):
    settings.STRIPE_SECRET_KEY = "sk_live_of_a_real_shop"

    with pytest.raises(WrongMode):
        shop.read_webhook(*signed(event()))
