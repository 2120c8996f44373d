"""Money taken by hand: at the counter, or by transfer to the chamber's account."""

import contextlib
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from orders.models import Payment, Sale
from orders.payments.gateway import PaymentError
from orders.services.confirming import Outcome, confirm_payment, settle_state
from orders.services.paying import lock_sale, settle_with_provider
from qiaoshou.common.broken_rules import rule_broken

BY_HAND = (Payment.Method.COUNTER, Payment.Method.TRANSFER)
ONE_STATEMENT_LINE = "orders_payment_bank_reference_key"


class NoBankReference(Exception):
    """A transfer is recorded with the reference on the bank's statement."""


class AlreadyRecorded(Exception):
    """This line of the bank's statement pays another order."""


def take_payment(
    *,
    reference: str,
    method: str,
    received_fen: int,
    client_reference: UUID,
    by: Any,
    bank_reference: str = "",
) -> Outcome:
    """Money for the order came in by hand; what that means, `confirm_payment` says.

    The page for paying online is closed first, where the provider answers. Sent twice
    with one client reference it is one payment. Raises Sale.DoesNotExist,
    NoBankReference, AlreadyRecorded, ValueError for another method or no money.
    """
    if method not in BY_HAND or received_fen < 1:
        raise ValueError("a payment by hand is some money, at the counter or by bank")
    statement = bank_reference.strip() or None
    if method == Payment.Method.TRANSFER and statement is None:
        raise NoBankReference
    sale = Sale.objects.get(reference=reference)
    with contextlib.suppress(PaymentError):
        settle_with_provider(sale, settle_state)
    try:
        with transaction.atomic():
            payment = _payment(reference, method, client_reference, statement)
            return confirm_payment(
                payment=payment.reference,
                received_fen=received_fen,
                bank_reference=statement,
                by=by,
            )
    except IntegrityError as error:
        # Two orders with one line at the same moment: no lock is common to them.
        if rule_broken(error) != ONE_STATEMENT_LINE:
            raise
        raise AlreadyRecorded(statement) from error


def _payment(
    reference: str, method: str, client_reference: UUID, statement: str | None
) -> Payment:
    sale = lock_sale(reference)
    known = Payment.objects.filter(idempotency_key=client_reference).first()
    if known is not None:
        return known
    if statement and Payment.objects.filter(bank_reference=statement).exists():
        raise AlreadyRecorded(statement)
    return Payment.objects.create(
        order_id=sale.order_id,
        method=method,
        amount_fen=sale.total_fen,
        idempotency_key=client_reference,
        state=Payment.State.OPEN,
    )
