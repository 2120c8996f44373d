"""The control address `/_double/`: acts as buyer, bank, clock and misfortune.

Loopback only, JSON in and out:
    GET  /_double/                     clock, webhook address, faults
    GET  /_double/deliveries           every delivery and what became of it
    POST /_double/deliveries/again     {"event": "evt_…"}, or {} for all dropped ones
    POST /_double/deliveries/now       what waits for its next attempt goes now
    POST /_double/faults               any of the fields of `faults.Faults`
    POST /_double/faults/clear         and what was held for shuffling is sent
    POST /_double/reset                all is forgotten but the webhook's secret
    POST /_double/clock                {"advance": seconds}
    POST /_double/webhook              {"url": …, "secret": …}, each optional
    POST /_double/sessions/ID/pay      {"method": "card", "later": false, "amount": 1}
    POST /_double/sessions/ID/decline  {"method": "card"}
    POST /_double/sessions/ID/settle   {"succeeded": true}, after pay with later
    POST /_double/sessions/ID/expire
    POST /_double/refunds/ID/settle    {"succeeded": false}, for a pending refund
"""

import time
from typing import Any

from qiaoshou.demo.payment_double import payments, sessions
from qiaoshou.demo.payment_double.errors import ApiError, no_such
from qiaoshou.demo.payment_double.events import Books, public

Json = dict[str, Any]


def act(books: Books, method: str, path: str, said: Json) -> Json:
    """The deed is done in one transaction; ApiError says why it was not."""
    with books.store.transaction():
        sessions.expire_due(books)
        parts = path.removeprefix("/_double/").strip("/").split("/")
        match (method, parts):
            case ("GET", [""]):
                return _shown(books)
            case ("GET", ["deliveries"]):
                return {"deliveries": books.store.deliveries()}
            case ("POST", ["deliveries", how]):
                return _deliver(books, how, said)
            case ("POST", ["faults"]):
                return _break(books, said)
            case ("POST", ["faults", "clear"]):
                books.faults.clear()
                for event, wait, state in books.faults.gathered():
                    books.store.add_delivery(event, time.time() + wait, state)
                return books.faults.shown()
            case ("POST", ["reset"]):
                books.faults.clear()
                books.faults.gathered()
                books.store.forget()
                return _shown(books)
            case ("POST", ["clock"]):
                return _advance(books, said)
            case ("POST", ["webhook"]):
                for name in ("url", "secret"):
                    if name in said:
                        books.store.set_setting(f"webhook_{name}", _text(said, name))
                return _shown(books)
            case ("POST", ["sessions", session_id, deed]):
                session = _load(books, "checkout.session", session_id)
                return public(_session_deed(books, session, deed, said))
            case ("POST", ["refunds", refund_id, "settle"]):
                made = _load(books, "refund", refund_id)
                yes = _flag(said, "succeeded", True)
                return payments.settle_refund(books, made, succeeded=yes)
    raise ApiError(f"There is no {method} {path} here.", status=404)


def _session_deed(books: Books, session: Json, deed: str, said: Json) -> Json:
    method = str(said.get("method", "card"))
    match deed:
        case "pay":
            amount = said.get("amount")
            if amount is not None and (not isinstance(amount, int) or amount < 1):
                raise ApiError("amount must be whole fen, 1 or more", param="amount")
            later = _flag(said, "later", False)
            return payments.pay(
                books, session, method=method, later=later, amount=amount
            )
        case "decline":
            return payments.decline(books, session, method=method)
        case "settle":
            yes = _flag(said, "succeeded", True)
            return payments.settle(books, session, succeeded=yes)
        case "expire":
            return sessions.expire(books, session)
    raise ApiError(f"Sessions cannot {deed}.", status=404)


def _deliver(books: Books, how: str, said: Json) -> Json:
    store = books.store
    if how == "now":
        for delivery in store.deliveries():
            if delivery["state"] == "waiting":
                store.make_due(delivery["number"], time.time())
    elif how == "again" and "event" in said:
        event = _load(books, "event", _text(said, "event"))
        store.add_delivery(event["id"], time.time())
    elif how == "again":
        store.change_deliveries("dropped", "waiting")
    else:
        raise ApiError(f"Deliveries cannot {how}.", status=404)
    return {"deliveries": store.deliveries()}


def _break(books: Books, said: Json) -> Json:
    try:
        books.faults.set(said)
    except ValueError as error:
        raise ApiError(str(error)) from error
    return books.faults.shown()


def _advance(books: Books, said: Json) -> Json:
    """The double's clock stands so much later, and what is over by then has expired."""
    seconds = said.get("advance")
    if not isinstance(seconds, int) or seconds < 0:
        raise ApiError("advance must be whole seconds, 0 or more", param="advance")
    ahead = books.store.setting("clock_ahead", 0) + seconds
    books.store.set_setting("clock_ahead", ahead)
    expired = sessions.expire_due(books)
    return {"now": books.store.now(), "ahead": ahead, "expired": expired}


def _shown(books: Books) -> Json:
    return {
        "now": books.store.now(),
        "ahead": books.store.setting("clock_ahead", 0),
        "webhook_url": books.store.setting("webhook_url", ""),
        "faults": books.faults.shown(),
    }


def _load(books: Books, kind: str, object_id: str) -> Json:
    found = books.store.get(kind, object_id)
    if found is None:
        raise no_such(kind, object_id, "id")
    return found


def _flag(said: Json, name: str, otherwise: bool) -> bool:
    value = said.get(name, otherwise)
    if not isinstance(value, bool):
        raise ApiError(f"{name} must be true or false", param=name)
    return value


def _text(said: Json, name: str) -> str:
    value = said.get(name)
    if not isinstance(value, str):
        raise ApiError(f"{name} must be text", param=name)
    return value
