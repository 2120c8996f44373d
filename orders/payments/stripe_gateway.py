"""Stripe Checkout behind our interface; the only file that imports stripe."""

import datetime as dt
import logging
import time
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from typing import TypeVar

import stripe
from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _
from stripe import StripeClient
from stripe.params.checkout import SessionListParams

from orders.payments.gateway import (
    BadSignature,
    GatewayRefused,
    GatewayUnavailable,
    MalformedEvent,
    PaymentLine,
    PaymentSession,
    Refund,
    SessionState,
    StaleSignature,
    WebhookEvent,
    WrongApiVersion,
    WrongMode,
)

API_VERSION = "2026-10-28.endive"
METHODS_WANTED = ("card", "alipay", "wechat_pay")
TIMEOUT_SECONDS = 10
NETWORK_RETRIES = 1
OVERLOAD_WAITS_SECONDS = (0.5, 1.0, 2.0)
SIGNATURE_TOLERANCE_SECONDS = 300
PAGE_SIZE = 100
# Ours to Stripe's names of the page's language; anything else lets the browser decide.
LOCALES = {"zh-hans": "zh", "en": "en"}

stripe.enable_telemetry = False
logger = logging.getLogger(__name__)
Answer = TypeVar("Answer")


@cache
def _client(key: str, base: str) -> StripeClient:
    return StripeClient(
        key,
        stripe_version=API_VERSION,
        base_addresses={"api": base.rstrip("/")},
        max_network_retries=NETWORK_RETRIES,
        http_client=stripe.RequestsClient(timeout=TIMEOUT_SECONDS),
    )


class StripeGateway:
    """Card, Alipay and WeChat Pay on Stripe's own page."""

    code = "stripe"
    label = _("Card, Alipay or WeChat Pay")

    def __init__(self, pause: Callable[[float], None] = time.sleep) -> None:
        self._pause = pause

    @property
    def _stripe(self) -> StripeClient:
        return _client(settings.STRIPE_SECRET_KEY, settings.STRIPE_API_BASE)

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
        if sum(line.amount_fen for line in lines) != amount_fen:
            raise ValueError("the lines do not add up to the amount")
        session = self._ask(
            lambda: self._stripe.v1.checkout.sessions.create(
                {
                    "mode": "payment",
                    "ui_mode": "hosted_page",
                    "client_reference_id": reference,
                    "metadata": {"reference": reference},
                    "payment_intent_data": {"metadata": {"reference": reference}},
                    "allowed_payment_method_types": list(METHODS_WANTED),
                    "payment_method_options": {"wechat_pay": {"client": "web"}},
                    "line_items": [
                        {
                            "quantity": 1,
                            "price_data": {
                                "currency": currency,
                                "unit_amount": line.amount_fen,
                                "product_data": {"name": line.text},
                            },
                        }
                        for line in lines
                    ],
                    "success_url": success_url,
                    "cancel_url": cancel_url,
                    "expires_at": int(expires_at.timestamp()),
                    "locale": LOCALES.get(locale, "auto"),
                },
                {"idempotency_key": idempotency_key},
            )
        )
        if session.amount_total != amount_fen or session.currency != currency:
            raise GatewayRefused("the session is not over the amount that was asked")
        offered = tuple(session.payment_method_types)
        missing = sorted(set(METHODS_WANTED) - set(offered))
        if missing:
            logger.warning("Stripe does not offer %s in %s", missing, currency)
        # An answer played again for a key may be of a session that has since ended.
        return PaymentSession(
            session.id, session.url or "", _moment(session.expires_at), offered
        )

    def read_session(self, session_id: str) -> SessionState:
        return _state(
            self._ask(
                lambda: self._stripe.v1.checkout.sessions.retrieve(
                    session_id, {"expand": ["payment_intent"]}
                )
            )
        )

    def expire_session(self, session_id: str) -> SessionState:
        try:
            self._ask(lambda: self._stripe.v1.checkout.sessions.expire(session_id))
        except GatewayRefused:
            state = self.read_session(session_id)
            if state.status == "open":
                raise
            return state
        return self.read_session(session_id)

    def refund(
        self, *, payment_intent: str, amount_fen: int, idempotency_key: str
    ) -> Refund:
        return _refund(
            self._ask(
                lambda: self._stripe.v1.refunds.create(
                    {"payment_intent": payment_intent, "amount": amount_fen},
                    {"idempotency_key": idempotency_key},
                )
            )
        )

    def read_refund(self, refund_id: str) -> Refund:
        return _refund(self._ask(lambda: self._stripe.v1.refunds.retrieve(refund_id)))

    def refunds_of(self, payment_intent: str) -> tuple[Refund, ...]:
        page = self._ask(
            lambda: self._stripe.v1.refunds.list(
                {"payment_intent": payment_intent, "limit": PAGE_SIZE}
            )
        )
        return tuple(_refund(refund) for refund in page.data)

    def sessions_since(self, moment: dt.datetime) -> Iterator[SessionState]:
        after: str | None = None
        while True:
            page = self._sessions_page(moment, after)
            for session in page.data:
                yield _state(session)
            if not page.has_more:
                return
            after = page.data[-1].id

    def read_webhook(self, payload: bytes, signature: str) -> WebhookEvent:
        secret = settings.STRIPE_WEBHOOK_SECRET
        if not signature.isascii():
            raise BadSignature("the signature is no signature")
        try:
            text = payload.decode()
            stripe.WebhookSignature.verify_header(text, signature, secret)
        except UnicodeDecodeError as error:
            raise BadSignature("the body is not UTF-8") from error
        except stripe.SignatureVerificationError as error:
            raise BadSignature("the signature does not fit the body") from error
        try:
            stripe.WebhookSignature.verify_header(
                text, signature, secret, SIGNATURE_TOLERANCE_SECONDS
            )
        except stripe.SignatureVerificationError as error:
            raise StaleSignature("the signature is older than five minutes") from error
        try:
            event = stripe.Webhook.construct_event_without_verification(text)
            version, live = event.api_version, event.livemode
            read = _event(event)
        except (ValueError, TypeError, AttributeError, KeyError) as error:
            raise MalformedEvent("the body is no event") from error
        if version != API_VERSION:
            raise WrongApiVersion(f"the event speaks {version}, not {API_VERSION}")
        if live is not settings.STRIPE_SECRET_KEY.startswith(("sk_live_", "rk_live_")):
            raise WrongMode("the event is of the other mode than the key")
        return read

    def _sessions_page(
        self, moment: dt.datetime, after: str | None
    ) -> stripe.ListObject[stripe.checkout.Session]:
        wanted: SessionListParams = {
            "created": {"gte": int(moment.timestamp())},
            "limit": PAGE_SIZE,
            "expand": ["data.payment_intent"],
        }
        if after:
            wanted["starting_after"] = after
        return self._ask(lambda: self._stripe.v1.checkout.sessions.list(wanted))

    def _ask(self, call: Callable[[], Answer]) -> Answer:
        """The answer to `call`; asked again after 429, which stripe itself does not.

        Raises our two errors in place of Stripe's dozen.
        """
        _refuse_inside_transaction()
        for wait in (*OVERLOAD_WAITS_SECONDS, None):
            try:
                return call()
            except stripe.RateLimitError as error:
                if wait is None:
                    raise GatewayUnavailable("Stripe is overloaded") from error
                self._pause(wait)
            except (
                stripe.InvalidRequestError,
                stripe.IdempotencyError,
                stripe.CardError,
                stripe.AuthenticationError,
                stripe.PermissionError,
            ) as error:
                raise GatewayRefused(
                    error.user_message or "Stripe refused the request",
                    code=error.code or "",
                    param=getattr(error, "param", None) or "",
                ) from error
            except stripe.StripeError as error:
                raise GatewayUnavailable(type(error).__name__) from error
        raise AssertionError("the last round returns or raises")


def _refuse_inside_transaction() -> None:
    """A call that can take ten seconds must hold no lock; tests' own block is free."""
    blocks = transaction.get_connection().atomic_blocks
    if any(not block._from_testcase for block in blocks):
        raise RuntimeError("Stripe was called inside a database transaction")


def _moment(seconds: int) -> dt.datetime:
    return dt.datetime.fromtimestamp(seconds, tz=dt.UTC)


def _id(value: object) -> str | None:
    """The id of what Stripe gives as an id, as a whole object, or not at all."""
    if value is None or isinstance(value, str):
        return value
    return str(value.id)  # type: ignore[attr-defined]


def _state(session: stripe.checkout.Session) -> SessionState:
    intent = session.payment_intent
    paid = session.payment_status == "paid"
    received = getattr(intent, "amount_received", 0) if paid else 0
    return SessionState(
        id=session.id,
        status=session.status or "",
        paid=paid,
        amount_fen=session.amount_total or 0,
        received_fen=received,
        currency=session.currency or "",
        reference=session.client_reference_id or "",
        payment_intent=_id(intent),
        url=session.url,
        created_at=_moment(session.created),
        expires_at=_moment(session.expires_at),
    )


def _refund(refund: stripe.Refund) -> Refund:
    return Refund(
        id=refund.id,
        status=refund.status or "",
        amount_fen=refund.amount,
        payment_intent=_id(refund.payment_intent),
        created_at=_moment(refund.created),
    )


def _event(event: stripe.Event) -> WebhookEvent:
    thing = event.data.object.to_dict()
    kind, own_id = thing["object"], thing.get("id")
    metadata = thing.get("metadata") or {}
    return WebhookEvent(
        id=event.id,
        kind=event.type,
        created_at=_moment(event.created),
        session_id=own_id if kind == "checkout.session" else None,
        payment_intent=(
            own_id if kind == "payment_intent" else thing.get("payment_intent")
        ),
        refund_id=own_id if kind == "refund" else None,
        reference=thing.get("client_reference_id") or metadata.get("reference"),
    )
