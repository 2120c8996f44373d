"""The payment double answers as Stripe's published description says."""

import json
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import jsonschema
import pytest
import stripe

from qiaoshou.demo.payment_double import forms, published, webhooks
from tests.shop.payment_double import KEY, PaymentDouble, start, until

SESSIONS = "/v1/checkout/sessions"
LINE = "line_items[0]"
PRICE = f"{LINE}[price_data]"


def wanted(**changed):
    """A right request to open a session, over 128.00 yuan in all."""
    form = {
        "mode": "payment",
        "client_reference_id": "7KQ2M9XV4T",
        "metadata[reference]": "7KQ2M9XV4T",
        "allowed_payment_method_types[0]": "card",
        "allowed_payment_method_types[1]": "alipay",
        "allowed_payment_method_types[2]": "wechat_pay",
        "payment_method_options[wechat_pay][client]": "web",
        f"{LINE}[quantity]": "2",
        f"{PRICE}[currency]": "cny",
        f"{PRICE}[unit_amount]": "6400",
        f"{PRICE}[product_data][name]": "满族刺绣香囊",
        "success_url": "https://shop.example/back/?s={CHECKOUT_SESSION_ID}",
        "cancel_url": "https://shop.example/basket/",
        "expires_at": str(int(time.time()) + 31 * 60),
        "locale": "zh",
    }
    form |= changed
    return {name: value for name, value in form.items() if value is not None}


def opened(double, **changed):
    status, session, _ = double.api("POST", SESSIONS, wanted(**changed))
    assert status == 200, session
    return session


def validator(kind):
    return jsonschema.Draft202012Validator(published.answer_schema(kind))


def test_a_session_comes_back_as_it_was_asked_for(payment_double):
    session = opened(payment_double)

    assert session["amount_total"] == 12800
    assert session["currency"] == "cny"
    assert session["client_reference_id"] == "7KQ2M9XV4T"
    assert session["payment_method_types"] == ["card", "alipay", "wechat_pay"]
    assert (session["status"], session["payment_status"]) == ("open", "unpaid")
    assert session["url"] == payment_double.url(f"/c/pay/{session['id']}")
    assert len(session["id"]) == 66


TOO_SOON = "The `expires_at` timestamp must be at least 30 minutes"
TOO_LATE = "The `expires_at` timestamp must be less than 24 hours"
REFUSED = {
    "unknown parameter": (
        {"colour": "red"},
        ("parameter_unknown", "colour", "Received unknown parameter: colour"),
    ),
    "unknown parameter further in": (
        {f"{PRICE}[colour]": "red"},
        (
            "parameter_unknown",
            f"{PRICE}[colour]",
            f"Received unknown parameter: {PRICE}[colour]",
        ),
    ),
    "gone since endive": (
        {"payment_method_types[0]": "card"},
        ("payment_method_types_no_longer_supported", "payment_method_types", "`pay"),
    ),
    "no mode": (
        {"mode": None},
        ("parameter_missing", "mode", "Missing required param: mode."),
    ),
    "no currency": (
        {f"{PRICE}[currency]": None},
        ("parameter_missing", f"{PRICE}[currency]", "Missing required param: "),
    ),
    "no product": (
        {f"{PRICE}[product_data][name]": None},
        ("parameter_missing", f"{PRICE}[product_data]", "Missing required param: "),
    ),
    "no client for WeChat": (
        {"payment_method_options[wechat_pay][client]": None},
        (
            "parameter_missing",
            "payment_method_options[wechat_pay][client]",
            "Missing required param: ",
        ),
    ),
    "not one of the choices": (
        {"mode": "gift"},
        (None, "mode", "Invalid mode: must be one of payment, setup or subscription"),
    ),
    "an old name of the page": (
        {"ui_mode": "hosted"},
        (None, "ui_mode", "Invalid ui_mode: must be one of elements, embedded_page"),
    ),
    "no number": (
        {f"{PRICE}[unit_amount]": "12.80"},
        (
            "parameter_invalid_integer",
            f"{PRICE}[unit_amount]",
            "Invalid integer: 12.80",
        ),
    ),
    "a number of other digits": (
        {f"{PRICE}[unit_amount]": "١٢"},
        ("parameter_invalid_integer", f"{PRICE}[unit_amount]", "Invalid integer: "),
    ),
    "less than nothing": (
        {f"{PRICE}[unit_amount]": "-1"},
        (
            "parameter_invalid_integer",
            f"{PRICE}[unit_amount]",
            "Invalid non-negative integer: -1",
        ),
    ),
    "nothing at all": (
        {f"{PRICE}[unit_amount]": "0"},
        ("amount_too_small", None, "The Checkout Session's total amount must be more"),
    ),
    "too much": (
        {f"{PRICE}[unit_amount]": "50000000"},
        ("amount_too_large", None, "The Checkout Session's total amount must be no"),
    ),
    "another currency": (
        {f"{PRICE}[currency]": "usd"},
        (None, f"{PRICE}[currency]", "Invalid currency: usd"),
    ),
    "empty": (
        {"success_url": ""},
        ("parameter_invalid_empty", "success_url", "You passed an empty string for"),
    ),
    "no address": (
        {"success_url": "/back/"},
        ("url_invalid", "success_url", "Not a valid URL"),
    ),
    "text where an object belongs": (
        {"metadata[reference]": None, "metadata": "7KQ"},
        (None, "metadata", "Invalid object"),
    ),
    "text where a list belongs": (
        {"expand": "line_items"},
        (None, "expand", "Invalid array"),
    ),
    "too long a reference": (
        {"client_reference_id": "7" * 201},
        (None, "client_reference_id", "Invalid string: 7777777777…; must be at most"),
    ),
    "29 minutes": (
        {"expires_at": str(int(time.time()) + 29 * 60)},
        (None, "expires_at", TOO_SOON),
    ),
    "25 hours": (
        {"expires_at": str(int(time.time()) + 25 * 3600)},
        (None, "expires_at", TOO_LATE),
    ),
    "no way to pay left": (
        {
            "allowed_payment_method_types[0]": "ideal",
            "allowed_payment_method_types[1]": None,
            "allowed_payment_method_types[2]": None,
        },
        (None, "allowed_payment_method_types", "No valid payment method types"),
    ),
    "a field that cannot be expanded": (
        {"expand[0]": "customer.name"},
        (None, "expand", "This property cannot be expanded (customer)."),
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_bad_requests_are_refused_in_stripes_words(payment_double, case):
    changed, (code, param, message) = REFUSED[case]

    status, body, headers = payment_double.api("POST", SESSIONS, wanted(**changed))

    assert status == 400
    assert not list(validator("error").iter_errors(body))
    assert body["error"]["type"] == "invalid_request_error"
    assert body["error"].get("code") == code
    assert body["error"].get("param") == param
    assert body["error"]["message"].startswith(message)
    assert headers["Request-Id"].startswith("req_")
    assert payment_double.api("GET", SESSIONS)[1]["data"] == []


@pytest.mark.parametrize("key", [None, "sk_live_abc", "pk_test_abc", "nonsense"])
def test_only_a_test_key_opens_the_door(payment_double, key):
    status, body, _ = payment_double.api("GET", SESSIONS, key=key)

    assert (status, body["error"]["type"]) == (401, "invalid_request_error")


def test_another_api_version_is_refused(payment_double):
    status, body, _ = payment_double.api("GET", SESSIONS, Stripe_Version="2024-06-20")

    assert status == 400
    assert body["error"]["message"].startswith(
        "Invalid Stripe API version: 2024-06-20."
    )


@pytest.mark.parametrize(
    ("path", "code", "param"),
    [
        (f"{SESSIONS}/cs_test_none", "resource_missing", "session"),
        ("/v1/payment_intents/pi_none", "resource_missing", "intent"),
        ("/v1/customers", None, None),
    ],
)
def test_what_is_not_there_is_404(payment_double, path, code, param):
    status, body, _ = payment_double.api("GET", path)

    assert status == 404
    assert (body["error"].get("code"), body["error"].get("param")) == (code, param)


def test_the_same_key_and_body_get_the_same_answer_once(payment_double):
    form = wanted()
    _, first, fresh = payment_double.api("POST", SESSIONS, form, Idempotency_Key="a")
    _, second, again = payment_double.api("POST", SESSIONS, form, Idempotency_Key="a")

    assert second == first
    assert fresh["Idempotent-Replayed"] is None
    assert again["Idempotent-Replayed"] == "true"
    assert len(payment_double.api("GET", SESSIONS)[1]["data"]) == 1


def test_the_same_key_with_another_body_is_an_error(payment_double):
    payment_double.api("POST", SESSIONS, wanted(), Idempotency_Key="a")
    other = wanted(**{f"{LINE}[quantity]": "3"})

    status, body, _ = payment_double.api("POST", SESSIONS, other, Idempotency_Key="a")

    assert (status, body["error"]["type"]) == (400, "idempotency_error")
    assert len(payment_double.api("GET", SESSIONS)[1]["data"]) == 1


def test_one_key_used_by_twenty_at_once_opens_one_session(payment_double):
    form = wanted()

    def ask(_):
        return payment_double.api("POST", SESSIONS, form, Idempotency_Key="a")[0]

    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(ask, range(20)))

    # Stripe answers 409 while the first is under way; the library asks again then.
    assert set(answers) <= {200, 409}
    assert 200 in answers
    assert len(payment_double.api("GET", SESSIONS)[1]["data"]) == 1


def test_a_refused_request_does_not_use_up_its_key(payment_double):
    bad = wanted(mode="gift")
    assert payment_double.api("POST", SESSIONS, bad, Idempotency_Key="a")[0] == 400

    assert payment_double.api("POST", SESSIONS, wanted(), Idempotency_Key="a")[0] == 200


def test_every_answer_and_event_has_the_published_shape(payment_double):
    paid = opened(payment_double)
    payment_double.decline(paid["id"])
    payment_double.pay(paid["id"])
    late = opened(payment_double)
    payment_double.pay(late["id"], method="wechat_pay", later=True)
    payment_double.settle(late["id"], succeeded=False)
    never = opened(payment_double)
    payment_double.api("POST", f"{SESSIONS}/{never['id']}/expire", {})
    expand = "?expand[]=payment_intent.latest_charge&expand[]=line_items"
    _, whole, _ = payment_double.api("GET", f"{SESSIONS}/{paid['id']}{expand}")
    intent = whole["payment_intent"]["id"]
    form = {"payment_intent": intent, "amount": "100"}
    _, refund, _ = payment_double.api("POST", "/v1/refunds", form)
    found = [whole, refund, payment_double.api("GET", "/v1/balance")[1]]
    for path in (SESSIONS, "/v1/payment_intents", "/v1/charges", "/v1/refunds"):
        found += payment_double.api("GET", path)[1]["data"]
    events = payment_double.events()
    found += events + [event["data"]["object"] for event in events]

    for thing in found:
        faults = list(validator(thing["object"]).iter_errors(thing))
        assert faults == [], (thing["object"], faults)

    assert {event["api_version"] for event in events} == {"2026-10-28.endive"}
    assert sorted({event["type"] for event in events}) == [
        "charge.failed",
        "charge.refunded",
        "charge.succeeded",
        "checkout.session.async_payment_failed",
        "checkout.session.completed",
        "checkout.session.expired",
        "payment_intent.payment_failed",
        "payment_intent.processing",
        "payment_intent.succeeded",
        "refund.created",
    ]


@pytest.mark.parametrize(
    "change",
    [{"payment_status": "gift"}, {"colour": "red"}, {"amount_total": "128"}],
)
def test_the_check_of_shapes_sees_a_wrong_one(payment_double, change):
    session = opened(payment_double) | change

    assert len(list(validator("checkout.session").iter_errors(session))) == 1


def test_the_official_library_knows_every_field_of_the_answers(payment_double):
    session = opened(payment_double)

    known = set(stripe.checkout.Session.__annotations__)

    assert set(session) - known == set()


def test_a_paid_session_refunds_in_parts_and_never_more(payment_double):
    session = opened(payment_double)
    payment_double.pay(session["id"])
    intent = payment_double.api("GET", f"{SESSIONS}/{session['id']}")[1][
        "payment_intent"
    ]

    def refund(amount):
        form = {"payment_intent": intent, "amount": str(amount)}
        status, body, _ = payment_double.api("POST", "/v1/refunds", form)
        return status, body.get("status", body.get("error", {}).get("message"))

    assert refund(2800) == (200, "succeeded")
    assert refund(10001) == (
        400,
        "Refund amount (¥100.01 CNY) is greater than unrefunded amount on charge "
        "(¥100.00 CNY)",
    )
    assert refund(10000) == (200, "succeeded")
    status, message = refund(1)
    assert (status, message.endswith("has already been refunded.")) == (400, True)
    assert payment_double.api("GET", "/v1/balance")[1]["available"] == [
        {"amount": 0, "currency": "cny"}
    ]


def test_a_session_expires_by_itself_and_says_so(payment_double):
    session = opened(payment_double)

    payment_double.advance(31 * 60 - 10)
    assert payment_double.events("checkout.session.expired") == []
    payment_double.advance(20)

    until(lambda: payment_double.events("checkout.session.expired"))
    _, after, _ = payment_double.api("GET", f"{SESSIONS}/{session['id']}")
    assert (after["status"], after["url"]) == ("expired", None)


def test_a_paid_session_cannot_be_expired(payment_double):
    session = opened(payment_double)
    payment_double.pay(session["id"])

    status, body, _ = payment_double.api(
        "POST", f"{SESSIONS}/{session['id']}/expire", {}
    )

    assert status == 400
    assert body["error"]["message"].endswith("has a status of `complete`.")


def test_lists_page_through_everything_once(payment_double):
    made = [opened(payment_double)["id"] for _ in range(5)]
    client = stripe.StripeClient(KEY, base_addresses={"api": payment_double.base})

    pages = client.v1.checkout.sessions.list({"limit": 2}).auto_paging_iter()

    assert [session.id for session in pages] == list(reversed(made))


def test_lists_filter_by_time_state_and_kind(payment_double):
    first, second = opened(payment_double), opened(payment_double)
    payment_double.pay(first["id"])

    def ids(query):
        return [
            each["id"]
            for each in payment_double.api("GET", SESSIONS + query)[1]["data"]
        ]

    assert ids("?status=open") == [second["id"]]
    assert ids(f"?created[gte]={second['created'] + 1}") == []
    assert len(ids(f"?created[gte]={first['created']}")) == 2
    kinds = payment_double.events("checkout.session.*")
    assert [event["type"] for event in kinds] == ["checkout.session.completed"]


def test_state_and_undelivered_events_survive_kill_9(tmp_path, webhook_receiver):
    file = str(tmp_path / "double.sqlite3")
    process, address = start("--state", file)
    double = PaymentDouble(address)
    session = opened(double)
    double.pay(session["id"])
    process.kill()
    process.wait()

    process, address = start("--state", file, "--webhook-url", webhook_receiver.url)
    double = PaymentDouble(address)
    double.wait_until_delivered()
    status = double.api("GET", f"{SESSIONS}/{session['id']}")[1]["payment_status"]
    process.terminate()

    assert (process.wait(timeout=10), status) == (0, "paid")
    assert "checkout.session.completed" in webhook_receiver.kinds()


def test_the_double_runs_without_django():
    code = (
        "import sys, qiaoshou.demo.payment_double.__main__;"
        "sys.exit('django' in sys.modules or 'stripe' in sys.modules)"
    )

    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("a=1&b[c][d]=2", {"a": "1", "b": {"c": {"d": "2"}}}),
        ("a[0]=x&a[1]=y", {"a": ["x", "y"]}),
        ("a[]=x&a[]=y", {"a": ["x", "y"]}),
        ("a[0][b]=x", {"a": [{"b": "x"}]}),
        ("a=%E5%B7%A7", {"a": "巧"}),
    ],
)
def test_stripes_form_encoding_is_read(text, read):
    assert forms.decode(text) == read


def test_the_signature_is_the_one_that_the_library_makes():
    payload = json.dumps({"object": "event", "name": "巧手"}, ensure_ascii=False)
    library = stripe.WebhookSignature.generate_signature_header

    assert webhooks.signature(payload, "whsec_a", 1_790_000_000) == library(
        payload, "whsec_a", 1_790_000_000
    )
