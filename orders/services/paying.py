"""Opens the page on which an order is paid; a provider is never called under a lock."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from oscar.core.loading import get_model

from orders.domain import hold
from orders.models import LineTerms, Payment, Sale
from orders.payments.gateway import (
    GatewayRefused,
    PaymentGateway,
    PaymentLine,
    PaymentSession,
    SessionState,
    gateway,
)
from orders.shipping.methods import shipping_name
from qiaoshou.common.today import now

Basket = get_model("basket", "Basket")
ONLINE = Payment.Method.STRIPE
CURRENCY = Payment.YUAN
UNSETTLED = (Payment.State.OPENING, Payment.State.OPEN)


class NotAwaitingPayment(Exception):
    """The order is paid already, or has ended; `state` says which."""

    def __init__(self, state: str) -> None:
        super().__init__(state)
        self.state = state


class TooLateToOpen(Exception):
    """A payment page that opened now would outlive the hold."""


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where the provider sends the buyer back to; neither names her."""

    success: str
    cancel: str


def open_payment(*, reference: str, addresses: Addresses, language: str) -> str:
    """The address of the page where the buyer pays online.

    Asked again it is the same page, in the language of the first time and leading back
    to the addresses of the first time. The idempotency key is stored before the call
    with all that is asked under it, so that an answer that was lost is found by asking
    once more, word for word. Raises Sale.DoesNotExist, NotAwaitingPayment,
    TooLateToOpen, GatewayUnavailable and GatewayRefused.
    """
    payment = _prepare(reference, addresses, language)
    if payment.state == Payment.State.OPEN:
        return payment.session_url
    desk = gateway(payment.method)
    try:
        session = _ask(desk, payment)
    except GatewayRefused:
        _refused(payment.reference)
        raise
    state = _opened(payment.reference, session)
    if state != Sale.State.AWAITING_PAYMENT:
        desk.expire_session(session.id)
        raise NotAwaitingPayment(state)
    return session.url


@transaction.atomic
def _prepare(reference: str, addresses: Addresses, language: str) -> Payment:
    """The payment that is open, or that is about to be; one at a time."""
    sale = lock_sale(reference)
    if sale.state != Sale.State.AWAITING_PAYMENT:
        raise NotAwaitingPayment(sale.state)
    payment = Payment.objects.filter(
        order=sale.order_id, method=ONLINE, state__in=UNSETTLED
    ).first()
    at = now()
    if payment is not None and (
        payment.state == Payment.State.OPENING or at < payment.expires_at
    ):
        return payment
    if payment is not None:
        _end(payment)
    if not hold.may_open(at, sale.hold_until):
        raise TooLateToOpen
    return Payment.objects.create(
        order_id=sale.order_id,
        method=ONLINE,
        amount_fen=sale.total_fen,
        language=language,
        success_url=addresses.success,
        cancel_url=addresses.cancel,
        shipping_name=shipping_name(sale.order, language),
        opened_at=at,
        expires_at=hold.session_until(at),
    )


def _ask(desk: PaymentGateway, payment: Payment) -> PaymentSession:
    """The session of the payment's key.

    Everything sent is on record and stays as it is: a provider refuses a key that
    comes again with another word in it.
    """
    sale = Sale.objects.get(order=payment.order_id)
    sold = list(
        LineTerms.objects.filter(line__order=payment.order_id).order_by("line_id")
    )
    lines = [
        PaymentLine(f"{terms.title(payment.language)} × {terms.pieces}", terms.sold_fen)
        for terms in sold
        if terms.sold_fen
    ]
    if sale.shipping_fen:
        lines.append(PaymentLine(payment.shipping_name, sale.shipping_fen))
    return desk.open_session(
        reference=sale.reference,
        amount_fen=payment.amount_fen,
        currency=CURRENCY,
        lines=lines,
        success_url=payment.success_url,
        cancel_url=payment.cancel_url,
        expires_at=payment.expires_at,
        idempotency_key=str(payment.idempotency_key),
        locale=payment.language,
    )


@transaction.atomic
def _opened(reference: str, session: PaymentSession) -> str:
    """The session is on record; the state of its sale, which may have ended by now."""
    sale, payment = lock_payment(reference)
    if payment.state == Payment.State.OPENING:
        payment.session_id, payment.session_url = session.id, session.url
        payment.expires_at, payment.state = session.expires_at, Payment.State.OPEN
        payment.save()
    elif payment.session_id is None:
        payment.session_id = session.id
        payment.save(update_fields=["session_id"])
    return sale.state


@transaction.atomic
def _refused(reference: str) -> None:
    """No session came of this payment; the next try is another one."""
    _sale, payment = lock_payment(reference)
    if payment.state == Payment.State.OPENING:
        _end(payment)


def _end(payment: Payment) -> None:
    payment.state = Payment.State.ENDED
    payment.save(update_fields=["state"])


def lock_sale(reference: str) -> Sale:
    """The sale, and the basket it came from, locked until the transaction ends.

    Every deed of an order takes this lock first (docs/locking.md).
    """
    sale = Sale.objects.select_for_update(no_key=True).get(reference=reference)
    _lock_basket(sale)
    return sale


def lock_payment(reference: str) -> tuple[Sale, Payment]:
    """The sale with its basket, and then its payment, all locked."""
    order = Payment.objects.values_list("order", flat=True).get(reference=reference)
    sale = Sale.objects.select_for_update(no_key=True).get(order=order)
    _lock_basket(sale)
    payment = Payment.objects.select_for_update(no_key=True).get(reference=reference)
    return sale, payment


def _lock_basket(sale: Sale) -> None:
    baskets = Basket.objects.select_for_update(of=("self",), no_key=True)
    baskets.filter(order=sale.order_id).first()


def end_payments(sale: Sale) -> None:
    """No payment of this sale is awaited any more; the caller holds its lock."""
    Payment.objects.filter(order=sale.order_id, state__in=UNSETTLED).update(
        state=Payment.State.ENDED
    )


def settle_with_provider(
    sale: Sale, confirm: Callable[[Payment, SessionState], Any]
) -> None:
    """Open payment pages of the sale are closed; what was paid meanwhile is confirmed.

    A page that is closed sends nobody there again: the next one is another payment.
    Called outside any transaction. Raises GatewayUnavailable.
    """
    unsettled = Payment.objects.filter(
        order=sale.order_id,
        method=ONLINE,
        state__in=UNSETTLED,
        session_id__isnull=False,
    )
    for payment in unsettled.order_by("pk"):
        state = gateway(payment.method).expire_session(payment.session_id)
        if state.paid:
            confirm(payment, state)
        elif state.status == "expired":
            _closed(payment.reference)


@transaction.atomic
def _closed(reference: str) -> None:
    """Nobody can pay on the page of this payment any more."""
    _sale, payment = lock_payment(reference)
    if payment.state in UNSETTLED:
        _end(payment)
