"""What the buyer and the bank do: pay, be declined, pay later; and money given back."""

from typing import Any

from qiaoshou.demo.payment_double import published
from qiaoshou.demo.payment_double.errors import ApiError, no_such
from qiaoshou.demo.payment_double.events import Books
from qiaoshou.demo.payment_double.ids import new_id

DECLINED = {
    "code": "card_declined",
    "decline_code": "generic_decline",
    "doc_url": "https://stripe.com/docs/error-codes/card-declined",
    "message": "Your card was declined.",
    "type": "card_error",
}
LATE_FAILURE = {
    "code": "payment_intent_payment_attempt_failed",
    "message": "The payment failed.",
    "type": "invalid_request_error",
}
CARD = {
    "brand": "visa",
    "checks": {
        "address_line1_check": None,
        "address_postal_code_check": None,
        "cvc_check": "pass",
    },
    "country": "CN",
    "exp_month": 12,
    "exp_year": 2034,
    "funding": "credit",
    "last4": "4242",
    "network": "visa",
}
Thing = dict[str, Any]
Request = tuple[str, str | None]


def pay(
    books: Books,
    session: Thing,
    *,
    method: str,
    later: bool = False,
    amount: int | None = None,
) -> Thing:
    """The session is complete; and paid, unless the bank decides `later`.

    `amount` is for trying out what must not happen: another sum than was asked.
    """
    _must_be_open(session)
    _must_be_offered(session, method)
    if amount is not None:
        session["amount_total"] = amount
    intent = _intent_of(books, session)
    charge = _charge(books, intent, method)
    session |= {"status": "complete", "payment_intent": intent["id"], "url": None}
    intent |= {"latest_charge": charge["id"], "last_payment_error": None}
    if later:
        charge["status"] = "pending"
        intent["status"] = "processing"
        _keep(books, session, intent, charge)
        books.happened("payment_intent.processing", intent)
        books.happened("checkout.session.completed", session)
        return session
    _received(books, session, intent, charge)
    books.happened("checkout.session.completed", session)
    return session


def decline(books: Books, session: Thing, *, method: str) -> Thing:
    """The attempt failed and the session stays open for another."""
    _must_be_open(session)
    _must_be_offered(session, method)
    intent = _intent_of(books, session)
    charge = _charge(books, intent, method)
    charge["outcome"] = _outcome("issuer_declined")
    _failed(books, intent, charge, DECLINED)
    session["payment_intent"] = intent["id"]
    books.put(session)
    return session


def settle(books: Books, session: Thing, *, succeeded: bool) -> Thing:
    """The bank has decided about a session that was completed with `later`."""
    if session["status"] != "complete" or session["payment_status"] != "unpaid":
        raise ApiError("This session does not wait for a bank.")
    intent = _load(books, "payment_intent", session["payment_intent"])
    if intent["status"] != "processing":
        raise ApiError("This session does not wait for a bank.")
    charge = _load(books, "charge", intent["latest_charge"])
    if succeeded:
        _received(books, session, intent, charge)
        books.happened("checkout.session.async_payment_succeeded", session)
    else:
        charge["outcome"] = _outcome("issuer_declined")
        _failed(books, intent, charge, LATE_FAILURE)
        books.happened("checkout.session.async_payment_failed", session)
    return session


def refund(books: Books, asked: Thing, *, request: Request) -> Thing:
    """So much of a charge is given back, and never more than was received."""
    charge = _charge_to_refund(books, asked)
    left = charge["amount"] - charge["amount_refunded"]
    amount: int = asked.get("amount", left)
    if left == 0:
        raise ApiError(
            f"Charge {charge['id']} has already been refunded.",
            code="charge_already_refunded",
            kept=True,
        )
    if amount < 1:
        raise ApiError(
            "Invalid positive integer",
            code="parameter_invalid_integer",
            param="amount",
        )
    if amount > left:
        raise ApiError(
            f"Refund amount ({_yuan(amount)}) is greater than unrefunded amount on "
            f"charge ({_yuan(left)})",
            param="amount",
            kept=True,
        )
    slow = books.faults.refund_is_slow()
    made = published.empty("refund") | {
        "id": new_id("re"),
        "object": "refund",
        "amount": amount,
        "charge": charge["id"],
        "created": books.store.now(),
        "currency": charge["currency"],
        "metadata": asked.get("metadata") or {},
        "payment_intent": charge["payment_intent"],
        "reason": asked.get("reason"),
        "status": "pending" if slow else "succeeded",
    }
    charge["amount_refunded"] += amount
    charge["refunded"] = charge["amount_refunded"] == charge["amount"]
    _keep(books, made, charge)
    books.happened("refund.created", made, request=request)
    books.happened("charge.refunded", charge, request=request)
    return made


def settle_refund(books: Books, made: Thing, *, succeeded: bool) -> Thing:
    """A slow refund has arrived, or came back."""
    if made["status"] != "pending":
        raise ApiError("This refund does not wait for a bank.")
    made["status"] = "succeeded" if succeeded else "failed"
    if not succeeded:
        made["failure_reason"] = "expired_or_canceled_card"
        charge = _load(books, "charge", made["charge"])
        charge["amount_refunded"] -= made["amount"]
        charge["refunded"] = False
        books.put(charge)
    books.put(made)
    books.happened("refund.updated", made)
    if not succeeded:
        books.happened("refund.failed", made)
    return made


def balance(books: Books) -> Thing:
    """What was taken and not given back, for one currency."""
    amount = sum(
        charge["amount_captured"] - charge["amount_refunded"]
        for charge in books.store.newest_first("charge")
    )
    return {
        "object": "balance",
        "available": [{"amount": amount, "currency": "cny"}],
        "livemode": False,
        "pending": [{"amount": 0, "currency": "cny"}],
    }


def _must_be_open(session: Thing) -> None:
    if session["status"] != "open":
        raise ApiError(f"This Checkout Session is {session['status']}.")


def _must_be_offered(session: Thing, method: str) -> None:
    if method not in session["payment_method_types"]:
        raise ApiError(f"This Checkout Session does not offer {method}.")


def _load(books: Books, kind: str, object_id: str) -> Thing:
    found = books.store.get(kind, object_id)
    if found is None:
        raise no_such(kind, object_id, "id")
    return found


def _intent_of(books: Books, session: Thing) -> Thing:
    """The session's payment intent; made at the first attempt, as Stripe does."""
    if session["payment_intent"]:
        intent = _load(books, "payment_intent", session["payment_intent"])
        intent["amount"] = session["amount_total"]
        return intent
    intent_id = new_id("pi")
    return published.empty("payment_intent") | {
        "id": intent_id,
        "object": "payment_intent",
        "amount": session["amount_total"],
        "amount_capturable": 0,
        "amount_details": {"tip": {}},
        "amount_received": 0,
        "capture_method": "automatic_async",
        "client_secret": new_id(f"{intent_id}_secret"),
        "confirmation_method": "automatic",
        "created": books.store.now(),
        "currency": session["currency"],
        "livemode": False,
        "metadata": session["_intent_metadata"],
        "payment_method_types": session["payment_method_types"],
        "status": "requires_payment_method",
    }


def _charge(books: Books, intent: Thing, method: str) -> Thing:
    details = {"type": method, method: CARD if method == "card" else {}}
    charge = published.empty("charge") | {
        "id": new_id("ch"),
        "object": "charge",
        "amount": intent["amount"],
        "amount_captured": 0,
        "amount_refunded": 0,
        "billing_details": published.empty("billing_details"),
        "captured": False,
        "created": books.store.now(),
        "currency": intent["currency"],
        "disputed": False,
        "fraud_details": {},
        "livemode": False,
        "metadata": intent["metadata"],
        "paid": False,
        "payment_intent": intent["id"],
        "payment_method": new_id("pm"),
        "payment_method_details": details,
        "refunded": False,
        "status": "pending",
    }
    intent["payment_method"] = charge["payment_method"]
    del charge["refunds"]
    return charge


def _outcome(kind: str) -> Thing:
    declined = kind == "issuer_declined"
    return published.empty("charge_outcome") | {
        "network_status": "declined_by_network" if declined else "approved_by_network",
        "reason": "generic_decline" if declined else None,
        "risk_level": "normal",
        "seller_message": "The bank declined." if declined else "Payment complete.",
        "type": kind,
    }


def _received(books: Books, session: Thing, intent: Thing, charge: Thing) -> None:
    """The money is there: charge, intent and session all say so."""
    charge |= {
        "amount_captured": charge["amount"],
        "balance_transaction": new_id("txn"),
        "captured": True,
        "outcome": _outcome("authorized"),
        "paid": True,
        "status": "succeeded",
    }
    intent |= {"amount_received": intent["amount"], "status": "succeeded"}
    session["payment_status"] = "paid"
    _keep(books, session, intent, charge)
    books.happened("charge.succeeded", charge)
    books.happened("payment_intent.succeeded", intent)


def _failed(books: Books, intent: Thing, charge: Thing, error: Thing) -> None:
    charge |= {
        "failure_code": error["code"],
        "failure_message": error["message"],
        "status": "failed",
    }
    intent |= {
        "last_payment_error": {**error, "charge": charge["id"]},
        "latest_charge": charge["id"],
        "payment_method": None,
        "status": "requires_payment_method",
    }
    _keep(books, intent, charge)
    books.happened("charge.failed", charge)
    books.happened("payment_intent.payment_failed", intent)


def _charge_to_refund(books: Books, asked: Thing) -> Thing:
    if "charge" in asked:
        charge = books.store.get("charge", asked["charge"])
        if charge is None:
            raise no_such("charge", asked["charge"], "charge")
    elif "payment_intent" in asked:
        intent = books.store.get("payment_intent", asked["payment_intent"])
        if intent is None:
            raise no_such("payment_intent", asked["payment_intent"], "payment_intent")
        if intent["status"] != "succeeded":
            raise ApiError(
                f"This PaymentIntent ({intent['id']}) does not have a successful "
                "charge to refund.",
                kept=True,
            )
        charge = _load(books, "charge", intent["latest_charge"])
    else:
        raise ApiError(
            "One of the following params should be provided for this request: "
            "payment_intent or charge."
        )
    if charge["status"] != "succeeded":
        raise ApiError(f"Charge {charge['id']} has not succeeded.", kept=True)
    return charge


def _keep(books: Books, *things: Thing) -> None:
    for thing in things:
        books.put(thing)


def _yuan(fen: int) -> str:
    return f"¥{fen // 100:,}.{fen % 100:02} CNY"
