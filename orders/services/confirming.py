"""Money has come in for an order: the one place that says what that means.

The webhook, the return page, the nightly reconciliation and the shopkeeper's counter
all come here; told twice, or by two of them at once, it happens once.
"""

from enum import StrEnum
from typing import Any

from django.db import transaction

from catalog.selectors import terms_of
from orders.models import LineTerms, Payment, PaymentAlarm, Refund, Sale
from orders.payments.gateway import SessionState, gateway
from orders.services import booking, refunding, reserving, shipping, showing
from orders.services.alarming import raise_alarm
from orders.services.paying import CURRENCY, ONLINE, end_payments, lock_payment
from orders.services.placing import place_of
from orders.tasks import allocate_order, tell_buyer
from qiaoshou.common.today import now, today

SETTLED = (Payment.State.PAID, Payment.State.MISMATCHED, Payment.State.SURPLUS)


class Outcome(StrEnum):
    """What became of the money."""

    CONFIRMED = "confirmed"
    WRONG_AMOUNT = "wrong_amount"
    SENT_BACK = "sent_back"
    NOT_PAID = "not_paid"


class UnknownPayment(Exception):
    """No payment of ours belongs to this session."""


OUTCOMES = {
    Payment.State.PAID: Outcome.CONFIRMED,
    Payment.State.MISMATCHED: Outcome.WRONG_AMOUNT,
    Payment.State.SURPLUS: Outcome.SENT_BACK,
}


@transaction.atomic
def confirm_payment(
    *,
    payment: str,
    received_fen: int,
    currency: str = CURRENCY,
    payment_intent: str | None = None,
    bank_reference: str | None = None,
    by: Any = None,
) -> Outcome:
    """The money is in the journal, and the order is paid if it is the right sum.

    `payment` is the public reference of the payment. What was held stays reserved, the
    demands are open and the allocation job is queued in the same transaction. If the
    hold had ended, everything is reserved again, or the money goes back once. Money for
    an order that is paid already goes back once. A wrong sum, or another currency,
    confirms nothing and calls the shopkeeper. Raises Payment.DoesNotExist.
    """
    sale, paid = lock_payment(payment)
    if paid.state in SETTLED:
        return OUTCOMES[Payment.State(paid.state)]
    paid.received_fen, paid.currency = received_fen, currency
    paid.settled_at = now()
    paid.payment_intent = payment_intent
    paid.bank_reference = bank_reference
    paid.confirmed_by = by
    if currency != CURRENCY or received_fen != paid.amount_fen:
        return _wrong_amount(sale, paid)
    if sale.state == Sale.State.AWAITING_PAYMENT:
        return _paid(sale, paid)
    if sale.state == Sale.State.EXPIRED and _reserved_again(sale):
        showing.claim_vouchers(sale.order)
        return _paid(sale, paid)
    return _not_needed(sale, paid)


def settle_session(session_id: str, *, reference: str = "") -> Outcome:
    """The session is read at the provider, and what it says is acted upon.

    Called outside any transaction. Raises UnknownPayment, GatewayUnavailable and
    GatewayRefused.
    """
    payment = payment_of(session_id, reference)
    state = gateway(payment.method).read_session(session_id)
    return settle_state(payment, state)


def settle_state(payment: Payment, state: SessionState) -> Outcome:
    """What a session's state means for its payment; unpaid, it changes nothing."""
    if not state.paid:
        return Outcome.NOT_PAID
    _attach(payment, state.id)
    return confirm_payment(
        payment=payment.reference,
        received_fen=state.received_fen,
        currency=state.currency,
        payment_intent=state.payment_intent,
    )


def payment_of(session_id: str, reference: str = "") -> Payment:
    """The payment of a session; also one whose answer was lost, by its order.

    Raises UnknownPayment.
    """
    online = Payment.objects.filter(method=ONLINE)
    found = online.filter(session_id=session_id).first()
    if found is None and reference:
        lost = online.filter(
            order__number=reference,
            session_id=None,
            state__in=[Payment.State.OPENING, Payment.State.ENDED],
        )
        found = lost.order_by("-pk").first()
    if found is None:
        raise UnknownPayment(session_id)
    return found


@transaction.atomic
def _attach(payment: Payment, session_id: str) -> None:
    """A session whose answer was lost belongs to its payment again."""
    if payment.session_id is None:
        lock_payment(payment.reference)
        Payment.objects.filter(pk=payment.pk, session_id=None).update(
            session_id=session_id
        )


def _wrong_amount(sale: Sale, paid: Payment) -> Outcome:
    """The shopkeeper hears of it; money that is no yuan enters no book of ours."""
    paid.state = Payment.State.MISMATCHED
    paid.save()
    if paid.in_yuan:
        booking.book_unneeded(sale, paid)
    raise_alarm(
        kind=PaymentAlarm.Kind.WRONG_AMOUNT,
        subject=paid.reference,
        payment=paid,
        order=sale.reference,
        expected_fen=paid.amount_fen,
        received_fen=paid.received_fen,
        currency=paid.currency,
    )
    return Outcome.WRONG_AMOUNT


def _paid(sale: Sale, paid: Payment) -> Outcome:
    paid.state = Payment.State.PAID
    paid.save()
    sale.state, sale.paid_at, sale.ended_at = Sale.State.PAID, paid.settled_at, None
    sale.save()
    end_payments(sale)
    demands = reserving.keep(sale)
    booking.book_paid(sale, paid)
    showing.submit_basket(sale.order)
    showing.show_status(sale.order, "making" if demands else "paid")
    showing.show_payment(sale.order, "Paid", paid.received_fen, paid.reference)
    showing.count_sale(sale.order)
    shipping.plan_for(sale)
    if demands:
        allocate_order.defer(reference=sale.reference)
    tell_buyer.defer(reference=sale.reference)
    return Outcome.CONFIRMED


def _reserved_again(sale: Sale) -> bool:
    """Whether all that was let go could be reserved once more; else nothing is."""
    rows = list(LineTerms.objects.filter(line__order=sale.order_id).order_by("line_id"))
    terms = terms_of([row.product_id for row in rows], today())
    if any(row.product_id not in terms for row in rows):
        return False
    contact = sale.order.contact
    try:
        with transaction.atomic():
            reserving.hold_lines(
                sale=sale,
                wanted=[
                    reserving.Wanted(
                        row.line, row.pieces, terms[row.product_id], row.minutes
                    )
                    for row in rows
                ],
                prefer=place_of(contact.pickup_point),
            )
    except reserving.CannotReserve:
        return False
    return True


def _not_needed(sale: Sale, paid: Payment) -> Outcome:
    """The money is kept apart and goes back, once; the shopkeeper hears of it."""
    paid.state = Payment.State.SURPLUS
    paid.save()
    booking.book_unneeded(sale, paid)
    twice = sale.state in {Sale.State.PAID, Sale.State.REFUNDED}
    refunding.ask_refund(
        sale=sale,
        payment=paid,
        amount_fen=paid.received_fen,
        cause=Refund.Cause.TWICE if twice else Refund.Cause.TOO_LATE,
    )
    raise_alarm(
        kind=(
            PaymentAlarm.Kind.PAID_TWICE if twice else PaymentAlarm.Kind.PAID_TOO_LATE
        ),
        subject=paid.reference,
        payment=paid,
        order=sale.reference,
        received_fen=paid.received_fen,
    )
    return Outcome.SENT_BACK
