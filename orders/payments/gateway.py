"""What the shop asks of a payment method, and the register of methods by code.

A new method is one new file with a class that fits `PaymentGateway`, and one line in
`METHODS`. Money is whole fen; no name, telephone number or e-mail address of a buyer
or maker is ever an argument here: a provider learns the order's public reference, the
titles of what is bought, and where to send the buyer back to.
"""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Protocol

from django.utils.functional import Promise
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _

METHODS: Mapping[str, str] = {
    "stripe": "orders.payments.stripe_gateway.StripeGateway",
}


class PaymentError(Exception):
    """Something between us and a payment provider is not as it should be."""


class GatewayUnavailable(PaymentError):
    """No usable answer: network, time-out, overload or the provider's own fault.

    The deed may or may not have been done; asking again with the same idempotency
    key is safe and finds out. `for_buyer` fits where a session was to be opened.
    """

    for_buyer = _(
        "The payment service does not answer just now. You have not been charged. "
        "Please try again in a few minutes."
    )


class GatewayRefused(PaymentError):
    """The provider answered and said no; `code` and `param` are its own words.

    The message is for the log and the shopkeeper, `for_buyer` for the buyer.
    """

    for_buyer = _(
        "This order cannot be paid online just now. You have not been charged. "
        "Please choose another way to pay, or contact the shop."
    )

    def __init__(self, message: str, *, code: str = "", param: str = "") -> None:
        super().__init__(message)
        self.code = code
        self.param = param


class WebhookRefused(PaymentError):
    """A message that claims to come from the provider is not acted upon."""


class BadSignature(WebhookRefused):
    """Missing, malformed or forged signature."""


class StaleSignature(WebhookRefused):
    """The signature is genuine but too old: perhaps a recording played again."""


class MalformedEvent(WebhookRefused):
    """The signature is genuine, but the body is no event."""


class WrongApiVersion(WebhookRefused):
    """The endpoint is set to another API version than this code was written for."""


class WrongMode(WebhookRefused):
    """An event of test money for a live key, or the other way round."""


@dataclass(frozen=True, slots=True)
class PaymentLine:
    """One line on the provider's page; `text` is read by the buyer."""

    text: str
    amount_fen: int


@dataclass(frozen=True, slots=True)
class PaymentSession:
    """A page of the provider where one order can be paid until `expires_at`.

    `methods` are those that will really be offered, which may be fewer than asked for.
    """

    id: str
    url: str
    expires_at: dt.datetime
    methods: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SessionState:
    """A session as the provider sees it now; `status` is open, complete or expired.

    A complete session need not be paid: some methods settle later. Only `paid` counts,
    and `received_fen` (0 until paid) is what to compare with the order.
    """

    id: str
    status: str
    paid: bool
    amount_fen: int
    received_fen: int
    currency: str
    reference: str
    payment_intent: str | None
    url: str | None
    created_at: dt.datetime
    expires_at: dt.datetime


@dataclass(frozen=True, slots=True)
class Refund:
    """A refund as the provider sees it; `status` is pending, requires_action,
    succeeded, failed or canceled."""

    id: str
    status: str
    amount_fen: int
    payment_intent: str | None
    created_at: dt.datetime


@dataclass(frozen=True, slots=True)
class WebhookEvent:
    """A message whose signature, age, version and mode were checked.

    It only says what to look at again: events come late, twice and in any order, so
    the state is always read afresh. Fields that the event does not carry are None.
    """

    id: str
    kind: str
    created_at: dt.datetime
    session_id: str | None
    payment_intent: str | None
    refund_id: str | None
    reference: str | None


class PaymentGateway(Protocol):
    """One way to take and give back money.

    Every call may raise `GatewayUnavailable` or `GatewayRefused`. None may be made
    inside a database transaction or while rows are locked: an answer can take ten
    seconds.
    """

    code: str
    label: Promise

    def open_session(
        self,
        *,
        reference: str,
        amount_fen: int,
        currency: str,
        lines: Sequence[PaymentLine],
        success_url: str,
        cancel_url: str,
        expires_at: dt.datetime,
        idempotency_key: str,
        locale: str,
    ) -> PaymentSession:
        """The buyer can pay `amount_fen` for order `reference` at the returned url.

        The lines add up to `amount_fen`. `success_url` may contain
        `{CHECKOUT_SESSION_ID}`; neither URL may carry a buyer's token or name. The
        same key with the same arguments returns the same session.
        """
        ...

    def read_session(self, session_id: str) -> SessionState:
        """The session's present state, asked of the provider."""
        ...

    def expire_session(self, session_id: str) -> SessionState:
        """Nobody can begin to pay this session any more; returns what became of it.

        One that was paid or had expired before stays as it is, so look at `paid`.
        """
        ...

    def refund(
        self, *, payment_intent: str, amount_fen: int, idempotency_key: str
    ) -> Refund:
        """`amount_fen` of the payment is on its way back to who paid it."""
        ...

    def read_refund(self, refund_id: str) -> Refund:
        """The refund's present state, asked of the provider."""
        ...

    def refunds_of(self, payment_intent: str) -> tuple[Refund, ...]:
        """All refunds of one payment, newest first."""
        ...

    def sessions_since(self, moment: dt.datetime) -> Iterator[SessionState]:
        """Every session opened at or after `moment`, newest first, for reconciling."""
        ...

    def read_webhook(self, payload: bytes, signature: str) -> WebhookEvent:
        """The event in `payload`, which is genuine; else raises `WebhookRefused`."""
        ...


@cache
def gateway(code: str = "stripe") -> PaymentGateway:
    """The payment method registered under `code`; KeyError for an unknown one."""
    made: PaymentGateway = import_string(METHODS[code])()
    return made
