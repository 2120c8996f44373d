"""What buying means in the journal: four events, each in one balanced entry.

The chart of accounts and the rule are the ledger's (docs/rules/money.md). The caller
holds the locks of the sale and the payment; balances are locked by the journal, last.
"""

from django.db.models import Sum

from orders.models import Payment, Refund, Sale
from producers.ledger.journal import Move, enter
from producers.ledger.models import Posting
from producers.ledger.tables.journal import Kind, What

CLEARING = {
    Payment.Method.STRIPE: Kind.CLEARING_STRIPE,
    Payment.Method.COUNTER: Kind.CLEARING_COUNTER,
    Payment.Method.TRANSFER: Kind.CLEARING_TRANSFER,
}


def book_paid(sale: Sale, payment: Payment) -> None:
    """The buyer's money is with us, and we owe her the order."""
    enter(
        what=What.PAYMENT,
        reference=f"payment:{payment.reference}",
        source_kind="payment",
        source=payment.reference,
        moves=[
            Move(_clearing(payment), payment.received_fen),
            Move(Kind.DEFERRED_REVENUE, -payment.received_fen, sale.reference),
        ],
    )


def book_unneeded(sale: Sale, payment: Payment) -> None:
    """Money that pays nothing is kept apart until it goes back or is explained."""
    enter(
        what=What.UNEXPLAINED,
        reference=f"payment:{payment.reference}",
        source_kind="payment",
        source=payment.reference,
        moves=[
            Move(_clearing(payment), payment.received_fen),
            Move(Kind.SUSPENSE, -payment.received_fen, sale.reference),
        ],
    )


def book_refund(sale: Sale, payment: Payment, refund: Refund) -> None:
    """Money is on its way back: from what was kept apart, or from what we still owe
    the buyer, and only what was shipped already is a loss of the chamber."""
    fen = refund.amount_fen
    if payment.state == Payment.State.PAID:
        owed = min(fen, owed_of(sale))
        taken = [
            Move(Kind.DEFERRED_REVENUE, owed, sale.reference),
            Move(Kind.REFUNDS, fen - owed, sale.reference),
        ]
    else:
        taken = [Move(Kind.SUSPENSE, fen, sale.reference)]
    enter(
        what=What.REFUND,
        reference=f"refund:{refund.reference}",
        source_kind="refund",
        source=refund.reference,
        moves=[*taken, Move(_clearing(payment), -fen)],
    )


def book_refund_failed(sale: Sale, payment: Payment, refund: Refund) -> None:
    """The money came back to us; everything stands as before the refund."""
    sent = Posting.objects.filter(entry__reference=f"refund:{refund.reference}")
    enter(
        what=What.REFUND_FAILED,
        reference=f"refund-failed:{refund.reference}",
        source_kind="refund",
        source=refund.reference,
        moves=[
            Move(Kind(posting.account.kind), -posting.fen, posting.about)
            for posting in sent.select_related("account").order_by("pk")
        ],
    )


def _clearing(payment: Payment) -> Kind:
    return CLEARING[Payment.Method(payment.method)]


def owed_of(sale: Sale) -> int:
    """Fen of the order that are paid and neither shipped nor refunded."""
    posted = Posting.objects.filter(
        account__kind=Kind.DEFERRED_REVENUE, about=sale.reference
    )
    return -(posted.aggregate(fen=Sum("fen"))["fen"] or 0)
