"""Pieces come back from a maker, once however often the form is sent."""

from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Max

from orders.models import Assignment, Delivery
from orders.services.offering import changed, lock_assignment
from orders.services.snapshot import in_hand
from qiaoshou.common.today import now

State = Assignment.State


class MoreThanInHand(Exception):
    """More pieces than she has: `in_hand` first ones and `rework` to be mended."""

    def __init__(self, in_hand: int, rework: int) -> None:
        super().__init__(in_hand, rework)
        self.in_hand = in_hand
        self.rework = rework


@transaction.atomic
def record_delivery(
    *,
    assignment: Assignment,
    pieces: int,
    client_reference: UUID,
    by: Any,
    minutes_reported: int | None = None,
    reworked: bool | None = None,
) -> Delivery:
    """So many pieces came back and wait for inspection.

    `reworked` says that they were mended after an inspection; None is read as: first
    pieces while she has any in hand, else mended ones. Minutes she reports are a fact
    beside the standard minutes and never change her pay. Sent twice with one client
    reference it is one delivery. Raises MoreThanInHand, ValueError for less than one.
    """
    if pieces < 1:
        raise ValueError("at least one piece is delivered")
    demand, order, row = lock_assignment(assignment.pk)
    known = Delivery.objects.filter(client_reference=client_reference).first()
    if known is not None:
        return known
    first = in_hand(row)
    again = reworked if reworked is not None else not first
    room = row.rework if again else first
    if row.state != State.TAKEN or pieces > room:
        raise MoreThanInHand(first, row.rework)
    if again:
        row.rework -= pieces
    else:
        row.delivered += pieces
    row.waiting += pieces
    row.save()
    delivery = Delivery.objects.create(
        client_reference=client_reference,
        assignment=row,
        pieces=pieces,
        round=_round(row) if again else 1,
        minutes_reported=minutes_reported,
        delivered_at=now(),
        recorded_by=by,
    )
    changed(demand, order)
    return delivery


def _round(row: Assignment) -> int:
    """One after the last round in which something was found to mend."""
    found = Delivery.objects.filter(assignment=row, inspection__rework__gt=0)
    return (found.aggregate(last=Max("round"))["last"] or 1) + 1
