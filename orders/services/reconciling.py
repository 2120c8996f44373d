"""What the provider says it took, beside what our books say: found and put right."""

import datetime as dt
from dataclasses import dataclass, field

from orders.models import Payment, PaymentAlarm, Refund
from orders.payments.gateway import PaymentError, SessionState, gateway
from orders.services import refunding
from orders.services.alarming import raise_alarm
from orders.services.confirming import (
    SETTLED,
    Outcome,
    UnknownPayment,
    payment_of,
    settle_state,
)
from orders.services.paying import ONLINE
from qiaoshou.common.today import now

DAYS_BACK = 4
"""Stripe tells us again and again for three days; a day more than that."""


@dataclass(slots=True)
class Report:
    """What was looked at, what was put right, and what is still wrong."""

    sessions: int = 0
    confirmed: list[str] = field(default_factory=list)
    sent_back: list[str] = field(default_factory=list)
    refunds: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    def counts(self) -> dict[str, int]:
        return {
            "sessions": self.sessions,
            "confirmed": len(self.confirmed),
            "sent_back": len(self.sent_back),
            "refunds": len(self.refunds),
            "wrong": len(self.wrong),
        }


def reconcile(*, days_back: int = DAYS_BACK) -> Report:
    """Every session of the last days that was paid is confirmed in our books.

    A payment of the provider's that belongs to no order of ours, or of the wrong sum,
    is called out. Refunds that were not sent are sent. Safe to repeat; the report names
    payments by order number. Raises GatewayUnavailable.
    """
    report = Report()
    since = now() - dt.timedelta(days=days_back)
    for state in gateway(ONLINE).sessions_since(since):
        report.sessions += 1
        if not state.paid:
            continue
        problem = _settle(state, report)
        if problem is not None and problem.settled_at is None:
            report.wrong.append(state.reference or state.id)
    _send_refunds(report)
    return report


def _settle(state: SessionState, report: Report) -> PaymentAlarm | None:
    """A paid session is in our books; the alarm that it gave, if any."""
    try:
        payment = payment_of(state.id, state.reference)
    except UnknownPayment:
        return raise_alarm(
            kind=PaymentAlarm.Kind.UNKNOWN_PAYMENT,
            subject=state.id,
            order=state.reference,
            received_fen=state.received_fen,
        )
    known = payment.state in SETTLED
    outcome = settle_state(payment, state)
    if outcome == Outcome.WRONG_AMOUNT:
        return PaymentAlarm.objects.get(
            kind=PaymentAlarm.Kind.WRONG_AMOUNT, subject=payment.reference
        )
    if not known:
        done = report.confirmed if outcome == Outcome.CONFIRMED else report.sent_back
        done.append(state.reference)
    return None


def _send_refunds(report: Report) -> None:
    unsent = Refund.objects.filter(
        state__in=refunding.UNSETTLED, payment__method=Payment.Method.STRIPE
    )
    for reference in unsent.order_by("pk").values_list("reference", flat=True):
        try:
            refund = refunding.send(reference=reference)
        except PaymentError:
            report.wrong.append(reference)
            continue
        if refund.state == Refund.State.FAILED:
            report.wrong.append(reference)
        else:
            report.refunds.append(reference)
