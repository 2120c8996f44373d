"""What buying means in the journal: four events, each in one balanced entry.

The chart of accounts and the rule are the ledger's (docs/rules/money.md). The caller
holds the locks of the sale and the payment; balances are locked by the journal, last.
"""

from collections.abc import Sequence

from django.db.models import Sum

from orders.models import Payment, Refund, Sale
from producers.ledger.models import Account, Entry, Posting
from producers.ledger.tables.journal import Kind, What
from qiaoshou.common.today import now, today

CLEARING = {
    Payment.Method.STRIPE: Kind.CLEARING_STRIPE,
    Payment.Method.COUNTER: Kind.CLEARING_COUNTER,
    Payment.Method.TRANSFER: Kind.CLEARING_TRANSFER,
}
# (kind of account, fen: debit above zero, number of the order or "")
Move = tuple[Kind, int, str]


def book_paid(sale: Sale, payment: Payment) -> None:
    """The buyer's money is with us, and we owe her the order."""
    _enter(
        What.PAYMENT,
        f"payment:{payment.reference}",
        "payment",
        payment.reference,
        [
            (_clearing(payment), payment.received_fen, ""),
            (Kind.DEFERRED_REVENUE, -payment.received_fen, sale.reference),
        ],
    )


def book_unneeded(sale: Sale, payment: Payment) -> None:
    """Money that pays nothing is kept apart until it goes back or is explained."""
    _enter(
        What.UNEXPLAINED,
        f"payment:{payment.reference}",
        "payment",
        payment.reference,
        [
            (_clearing(payment), payment.received_fen, ""),
            (Kind.SUSPENSE, -payment.received_fen, sale.reference),
        ],
    )


def book_refund(sale: Sale, payment: Payment, refund: Refund) -> None:
    """Money is on its way back: from what was kept apart, or from what we still owe
    the buyer, and only what was shipped already is a loss of the chamber."""
    fen = refund.amount_fen
    if payment.state == Payment.State.PAID:
        owed = min(fen, _owed(sale))
        taken = [
            (Kind.DEFERRED_REVENUE, owed, sale.reference),
            (Kind.REFUNDS, fen - owed, sale.reference),
        ]
    else:
        taken = [(Kind.SUSPENSE, fen, sale.reference)]
    _enter(
        What.REFUND,
        f"refund:{refund.reference}",
        "refund",
        refund.reference,
        [*taken, (_clearing(payment), -fen, "")],
    )


def book_refund_failed(sale: Sale, payment: Payment, refund: Refund) -> None:
    """The money came back to us; everything stands as before the refund."""
    sent = Posting.objects.filter(entry__reference=f"refund:{refund.reference}")
    _enter(
        What.REFUND_FAILED,
        f"refund-failed:{refund.reference}",
        "refund",
        refund.reference,
        [
            (Kind(posting.account.kind), -posting.fen, posting.about)
            for posting in sent.select_related("account").order_by("pk")
        ],
    )


def _clearing(payment: Payment) -> Kind:
    return CLEARING[Payment.Method(payment.method)]


def _owed(sale: Sale) -> int:
    """Fen of the order that are paid and neither shipped nor refunded."""
    posted = Posting.objects.filter(
        account__kind=Kind.DEFERRED_REVENUE, about=sale.reference
    )
    return -(posted.aggregate(fen=Sum("fen"))["fen"] or 0)


def _enter(
    what: What, reference: str, kind: str, source: str, moves: Sequence[Move]
) -> None:
    """One entry stands in the journal; booked before under its reference, nothing."""
    moved = [move for move in moves if move[1]]
    entry, first_time = Entry.objects.get_or_create(
        reference=reference,
        defaults={
            "what": what,
            "at": now(),
            "on": today(),
            "source_kind": kind,
            "source": source,
            "size": len(moved),
        },
    )
    if not first_time:
        return
    house = Account.objects.filter(kind__in=[move[0] for move in moved])
    accounts = {account.kind: account for account in house}
    Posting.objects.bulk_create(
        Posting(entry=entry, account=accounts[account], fen=fen, about=about)
        for account, fen, about in moved
    )
