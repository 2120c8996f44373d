"""Money goes back to who paid it: asked in one transaction, sent in a job after it."""

from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from orders.models import Payment, PaymentAlarm, Refund, Sale
from orders.payments import gateway as desks
from orders.services import booking, reserving, showing
from orders.services.alarming import raise_alarm
from orders.services.paying import ONLINE, lock_payment
from orders.tasks import send_refund
from qiaoshou.common.broken_rules import rule_broken
from qiaoshou.common.today import now

STATES = {
    "succeeded": Refund.State.DONE,
    "failed": Refund.State.FAILED,
    "canceled": Refund.State.FAILED,
}
UNSETTLED = (Refund.State.ASKED, Refund.State.SENT)
ONE_STATEMENT_LINE = "orders_refund_bank_reference_key"


class NothingToRefund(Exception):
    """More was asked back than is left of the payment: `left` fen."""

    def __init__(self, left: int) -> None:
        super().__init__(left)
        self.left = left


class NotInBooks(Exception):
    """The payment came in in another currency: it goes back at the provider."""


class StatementLineTaken(Exception):
    """This line of the bank's statement is another refund's."""


@transaction.atomic
def refund_payment(
    *,
    payment: str,
    amount_fen: int,
    cause: str,
    client_reference: UUID,
    by: Any,
    note: str = "",
) -> Refund:
    """Somebody has decided that money goes back; it is booked and about to be sent.

    When the whole payment of an order goes back, what is still reserved for it is free
    again. A maker's pay is never touched. Sent twice with one client reference it is
    one refund. Raises Payment.DoesNotExist, NothingToRefund and NotInBooks.
    """
    sale, paid = lock_payment(payment)
    known = Refund.objects.filter(client_reference=client_reference).first()
    if known is not None:
        return known
    left = paid.received_fen - paid.refunded_fen
    if paid.state == Payment.State.PAID and amount_fen == left > 0:
        # Demands and stock are locked before the balances (docs/locking.md).
        sale.state, sale.ended_at = Sale.State.REFUNDED, now()
        sale.save()
        reserving.let_go(sale)
        showing.show_status(sale.order, "refunded")
    refund = ask_refund(
        sale=sale,
        payment=paid,
        amount_fen=amount_fen,
        cause=cause,
        note=note,
        by=by,
        client_reference=client_reference,
    )
    if paid.state == Payment.State.PAID:
        showing.show_payment(sale.order, "Refunded", amount_fen, refund.reference)
    return refund


def ask_refund(
    *,
    sale: Sale,
    payment: Payment,
    amount_fen: int,
    cause: str,
    note: str = "",
    by: Any = None,
    client_reference: UUID | None = None,
) -> Refund:
    """The refund stands in the books and is queued; the caller locked both rows.

    Raises NothingToRefund and NotInBooks.
    """
    if not payment.in_yuan:
        raise NotInBooks
    left = payment.received_fen - payment.refunded_fen
    if not 0 < amount_fen <= left:
        raise NothingToRefund(left)
    payment.refunded_fen += amount_fen
    payment.save(update_fields=["refunded_fen"])
    refund = Refund.objects.create(
        payment=payment,
        cause=cause,
        note=note,
        amount_fen=amount_fen,
        asked_by=by,
        client_reference=client_reference,
        asked_at=now(),
    )
    booking.book_refund(sale, payment, refund)
    if payment.method == ONLINE:
        send_refund.defer(reference=refund.reference)
    return refund


def send(*, reference: str) -> Refund:
    """The provider has been asked to send the money back; once, however often tried.

    Called outside any transaction. Raises GatewayUnavailable.
    """
    refund = Refund.objects.select_related("payment").get(reference=reference)
    payment = refund.payment
    if refund.state == Refund.State.FAILED or payment.payment_intent is None:
        return refund
    desk = desks.gateway(payment.method)
    if refund.provider_id is not None:
        answer = desk.read_refund(refund.provider_id)
        return _settle(reference, answer.id, _state(answer), "")
    try:
        answer = desk.refund(
            payment_intent=payment.payment_intent,
            amount_fen=refund.amount_fen,
            idempotency_key=str(refund.idempotency_key),
        )
    except desks.GatewayRefused as error:
        return _settle(reference, None, Refund.State.FAILED, error.code or str(error))
    return _settle(reference, answer.id, _state(answer), "")


def _state(answer: desks.Refund) -> str:
    return STATES.get(answer.status, Refund.State.SENT)


def record_paid_back(*, reference: str, bank_reference: str | None = None) -> Refund:
    """The shopkeeper gave the money back by hand, at the counter or by transfer.

    Said twice it is the same. Raises StatementLineTaken.
    """
    try:
        return _settle(reference, None, Refund.State.DONE, "", bank_reference)
    except IntegrityError as error:
        if rule_broken(error) != ONE_STATEMENT_LINE:
            raise
        raise StatementLineTaken(bank_reference) from error


@transaction.atomic
def _settle(
    reference: str,
    provider_id: str | None,
    state: str,
    problem: str,
    bank_reference: str | None = None,
) -> Refund:
    payment = Refund.objects.values_list("payment__reference", flat=True).get(
        reference=reference
    )
    sale, paid = lock_payment(payment)
    refund = Refund.objects.select_for_update().get(reference=reference)
    # A provider may still take back that a refund succeeded, but nothing after that.
    late_failure = refund.state == Refund.State.DONE and state == Refund.State.FAILED
    if refund.state not in UNSETTLED and not late_failure:
        return refund
    refund.provider_id = provider_id or refund.provider_id
    refund.bank_reference = bank_reference
    refund.state = state
    if state in {Refund.State.DONE, Refund.State.FAILED}:
        refund.settled_at = now()
    refund.save()
    if state == Refund.State.FAILED:
        paid.refunded_fen -= refund.amount_fen
        paid.save(update_fields=["refunded_fen"])
        booking.book_refund_failed(sale, paid, refund)
        raise_alarm(
            kind=PaymentAlarm.Kind.REFUND_FAILED,
            subject=refund.reference,
            payment=paid,
            order=sale.reference,
            amount_fen=refund.amount_fen,
            problem=problem,
        )
    return refund
