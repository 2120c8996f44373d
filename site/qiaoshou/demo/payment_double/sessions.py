"""Checkout Sessions: opened, shown, ended by time or on request."""

from typing import Any
from urllib.parse import urlsplit

from qiaoshou.demo.payment_double import asking, published
from qiaoshou.demo.payment_double.errors import ApiError
from qiaoshou.demo.payment_double.events import Books
from qiaoshou.demo.payment_double.forms import written
from qiaoshou.demo.payment_double.ids import new_id

SHORTEST_SECONDS, LONGEST_SECONDS = 30 * 60, 24 * 3600
LARGEST_AMOUNT = 99_999_999
MOST_LINES = 100
CURRENCY = "cny"
ELIGIBLE = ("card", "alipay", "wechat_pay")
Request = tuple[str, str | None]


def open_session(books: Books, asked: dict[str, Any], base: str) -> dict[str, Any]:
    """A new session is on record and can be paid at its url; needs `mode=payment`."""
    now = books.store.now()
    _check_shape(asked)
    lines = [
        _line(line, ("line_items", str(number)), now)
        for number, line in enumerate(asked["line_items"])
    ]
    total = sum(line["amount_total"] for line in lines)
    if total > LARGEST_AMOUNT:
        raise ApiError(
            "The Checkout Session's total amount must be no more than ¥999,999.99 CNY",
            code="amount_too_large",
        )
    if total < 1:
        raise ApiError(
            "The Checkout Session's total amount must be more than nothing",
            code="amount_too_small",
        )
    session_id = new_id("cs_test")
    session = published.empty("checkout.session") | {
        "id": session_id,
        "object": "checkout.session",
        "allowed_payment_method_types": asked.get("allowed_payment_method_types"),
        "amount_subtotal": total,
        "amount_total": total,
        "automatic_tax": {
            "enabled": False,
            "liability": None,
            "provider": None,
            "status": None,
        },
        "cancel_url": asked.get("cancel_url"),
        "client_reference_id": asked.get("client_reference_id"),
        "created": now,
        "currency": CURRENCY,
        "custom_fields": [],
        "custom_text": {
            "after_submit": None,
            "shipping_address": None,
            "submit": None,
            "terms_of_service_acceptance": None,
        },
        "expires_at": _expires_at(asked, now),
        "livemode": False,
        "locale": asked.get("locale"),
        "metadata": asked.get("metadata") or {},
        "mode": "payment",
        "payment_method_collection": "if_required",
        "payment_method_options": _method_options(asked),
        "payment_method_types": _methods(asked),
        "payment_status": "unpaid",
        "phone_number_collection": {"enabled": False},
        "shipping_options": [],
        "status": "open",
        "success_url": asked["success_url"],
        "total_details": {
            "amount_discount": 0,
            "amount_shipping": 0,
            "amount_tax": 0,
        },
        "ui_mode": "hosted_page",
        "url": f"{base}/c/pay/{session_id}",
        "_lines": lines,
        "_intent_metadata": asked.get("payment_intent_data", {}).get("metadata") or {},
    }
    return books.put(session)


def expire(
    books: Books, session: dict[str, Any], *, request: Request = ("", None)
) -> dict[str, Any]:
    """The session is over and its buyer can no longer pay; only for an open one."""
    if session["status"] != "open":
        raise ApiError(
            'Only Checkout Sessions with a status in ["open"] can be expired. This '
            f"Checkout Session has a status of `{session['status']}`.",
            kept=True,
        )
    session |= {"status": "expired", "url": None}
    books.put(session)
    books.happened("checkout.session.expired", session, request=request)
    return session


def expire_due(books: Books) -> int:
    """Every open session past its time is expired; returns how many there were."""
    with books.store.transaction():
        due = books.store.overdue_sessions(books.store.now())
        for session in due:
            expire(books, session)
    return len(due)


def _check_shape(asked: dict[str, Any]) -> None:
    for name in ("mode", "line_items", "success_url"):
        if not asked.get(name):
            raise asking.missing((name,))
    if asked["mode"] != "payment":
        raise ApiError("This double only takes payments: mode=payment.", param="mode")
    if asked.get("ui_mode", "hosted_page") != "hosted_page":
        raise ApiError(
            "This double only has its own page: ui_mode=hosted_page.", param="ui_mode"
        )
    if len(asked["line_items"]) > MOST_LINES:
        raise ApiError(
            f"line_items can hold at most {MOST_LINES} items.", param="line_items"
        )
    for name in ("success_url", "cancel_url"):
        address = urlsplit(asked.get(name, "https://ok.example/"))
        if address.scheme not in {"http", "https"} or not address.hostname:
            raise ApiError("Not a valid URL", code="url_invalid", param=name)


def _line(line: dict[str, Any], path: tuple[str, ...], now: int) -> dict[str, Any]:
    """One published line item with its price; `price_data` is all the product uses."""
    data = line.get("price_data")
    if data is None:
        raise asking.missing((*path, "price_data"))
    if "quantity" not in line:
        raise asking.missing((*path, "quantity"))
    if data["currency"] != CURRENCY:
        raise ApiError(
            f"Invalid currency: {data['currency']}. This double only takes {CURRENCY}.",
            param=written((*path, "price_data", "currency")),
        )
    for name in ("unit_amount", "product_data"):
        if name not in data:
            raise asking.missing((*path, "price_data", name))
    for value, where in (
        (data["unit_amount"], (*path, "price_data", "unit_amount")),
        (line["quantity"], (*path, "quantity")),
    ):
        if value < 0:
            raise ApiError(
                f"Invalid non-negative integer: {value}",
                code="parameter_invalid_integer",
                param=written(where),
            )
    if line["quantity"] == 0:
        raise ApiError(
            "The quantity must be at least 1.",
            code="parameter_invalid_integer",
            param=written((*path, "quantity")),
        )
    amount = data["unit_amount"] * line["quantity"]
    price = published.empty("price") | {
        "id": new_id("price"),
        "object": "price",
        "active": False,
        "billing_scheme": "per_unit",
        "created": now,
        "currency": CURRENCY,
        "livemode": False,
        "metadata": {},
        "product": new_id("prod"),
        "tax_behavior": "unspecified",
        "type": "one_time",
        "unit_amount": data["unit_amount"],
        "unit_amount_decimal": str(data["unit_amount"]),
    }
    return published.empty("item") | {
        "id": new_id("li"),
        "object": "item",
        "amount_discount": 0,
        "amount_subtotal": amount,
        "amount_tax": 0,
        "amount_total": amount,
        "currency": CURRENCY,
        "description": data["product_data"]["name"],
        "price": price,
        "quantity": line["quantity"],
    }


def _expires_at(asked: dict[str, Any], now: int) -> int:
    expires_at: int = asked.get("expires_at", now + LONGEST_SECONDS)
    if expires_at < now + SHORTEST_SECONDS:
        raise ApiError(
            "The `expires_at` timestamp must be at least 30 minutes from Checkout "
            "Session creation.",
            param="expires_at",
        )
    if expires_at > now + LONGEST_SECONDS:
        raise ApiError(
            "The `expires_at` timestamp must be less than 24 hours from Checkout "
            "Session creation.",
            param="expires_at",
        )
    return expires_at


def _methods(asked: dict[str, Any]) -> list[str]:
    """What is offered: what the currency allows, narrowed by what was asked."""
    allowed = asked.get("allowed_payment_method_types", ELIGIBLE)
    excluded = asked.get("excluded_payment_method_types", ())
    offered = [each for each in ELIGIBLE if each in allowed and each not in excluded]
    if not offered:
        raise ApiError(
            "No valid payment method types for this Checkout Session. Please ensure "
            "that you have activated payment methods compatible with your chosen "
            "currency in your dashboard.",
            param="allowed_payment_method_types",
        )
    client = ("payment_method_options", "wechat_pay", "client")
    options = asked.get("payment_method_options", {})
    if "wechat_pay" in offered and "client" not in options.get("wechat_pay", {}):
        raise asking.missing(client)
    return offered


def _method_options(asked: dict[str, Any]) -> dict[str, Any]:
    options = asked.get("payment_method_options", {})
    known = published.description()["components"]["schemas"]
    shown = known["checkout_session_payment_method_options"]["properties"]
    result: dict[str, Any] = {}
    for method, values in options.items():
        if method not in shown:
            continue
        kind = shown[method]["$ref"].removeprefix(published.PREFIX)
        fields = known[kind]["properties"]
        result[method] = {name: values[name] for name in values if name in fields}
    return result
