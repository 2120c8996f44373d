"""What a maker answers to an offer: she takes, takes some, declines, gives back.

The answer is hers; whoever records it only writes down how it came. A decline or a
silence bars the pair for good and never lowers her standing.
"""

from typing import Any
from uuid import UUID, uuid4

from django.db import transaction

from orders.models import Assignment, GiveBack
from orders.services.offering import NoReason, changed, lock_assignment
from orders.services.snapshot import in_hand
from qiaoshou.common.today import now

State = Assignment.State


class AlreadyAnswered(Exception):
    """The offer was answered otherwise, expired or was taken back; `state` says."""

    def __init__(self, state: str) -> None:
        super().__init__(state)
        self.state = state


class NotThatMany(Exception):
    """More pieces than she was offered or has in hand: `pieces` of them."""

    def __init__(self, pieces: int) -> None:
        super().__init__(pieces)
        self.pieces = pieces


@transaction.atomic
def take(*, assignment: Assignment, pieces: int, how: str, by: Any) -> Assignment:
    """She makes so many of the pieces; the rest of the offer is placed again.

    An offer whose hour has passed can be taken until it has expired. Taken before with
    the same pieces, nothing happens. Raises NotThatMany, AlreadyAnswered, and
    ValueError for less than one piece.
    """
    if pieces < 1:
        raise ValueError("she takes at least one piece, or declines")
    demand, order, row = lock_assignment(assignment.pk)
    if row.state in {State.TAKEN, State.CLOSED} and row.taken == pieces:
        return row
    if row.state != State.OFFERED:
        raise AlreadyAnswered(row.state)
    if pieces > row.offered:
        raise NotThatMany(row.offered)
    row.state, row.taken = State.TAKEN, pieces
    _answered(row, how, by)
    changed(demand, order, fewer=row.offered - pieces)
    return row


@transaction.atomic
def decline(
    *, assignment: Assignment, how: str, by: Any, reason: str = ""
) -> Assignment:
    """She does not make these pieces; they are placed again, never with her.

    Declined before, nothing happens. Raises AlreadyAnswered.
    """
    demand, order, row = lock_assignment(assignment.pk)
    if row.state == State.DECLINED:
        return row
    if row.state != State.OFFERED:
        raise AlreadyAnswered(row.state)
    row.state, row.ended_at = State.DECLINED, now()
    if reason.strip():
        row.reason = {**row.reason, "declined": reason.strip()[:200]}
    _answered(row, how, by)
    changed(demand, order, fewer=row.offered)
    return row


def _answered(row: Assignment, how: str, by: Any) -> None:
    row.answered_at, row.answered_by, row.how = now(), by, how
    row.save()


@transaction.atomic
def give_back(
    *,
    assignment: Assignment,
    pieces: int,
    reason: str,
    by: Any,
    client_reference: UUID | None = None,
) -> Assignment:
    """Pieces that she took and can't make are placed again, with somebody else.

    She was ill, or the day was missed. Pay for what she delivered stays. Sent twice
    with one client reference it happens once. Raises NoReason, NotThatMany,
    AlreadyAnswered where she has nothing in hand, ValueError for less than one piece.
    """
    words = reason.strip()
    if not words:
        raise NoReason
    if pieces < 1:
        raise ValueError("at least one piece is given back")
    demand, order, row = lock_assignment(assignment.pk)
    once = client_reference or uuid4()
    if GiveBack.objects.filter(client_reference=once).exists():
        return row
    if row.state != State.TAKEN:
        raise AlreadyAnswered(row.state)
    if pieces > in_hand(row):
        raise NotThatMany(in_hand(row))
    GiveBack.objects.create(
        client_reference=once,
        assignment=row,
        pieces=pieces,
        reason=words,
        given_back_at=now(),
        recorded_by=by,
    )
    row.given_back += pieces
    close_if_done(row)
    row.save()
    changed(demand, order, fewer=pieces)
    return row


def close_if_done(row: Assignment) -> None:
    """The assignment is finished once nothing of it is anybody's to make or look at."""
    done = row.given_back + row.accepted + row.rejected
    if not row.waiting and not row.rework and row.taken == done:
        row.state, row.ended_at = State.CLOSED, now()


def expire_offers() -> int:
    """Offers not answered by their hour are over; how many."""
    late = Assignment.objects.filter(state=State.OFFERED, answer_by__lte=now())
    count = 0
    for assignment in late.order_by("pk").values_list("pk", flat=True):
        count += _expire(assignment)
    return count


@transaction.atomic
def _expire(assignment: int) -> int:
    """One offer, unless she answered at the last moment."""
    demand, order, row = lock_assignment(assignment)
    if row.state != State.OFFERED or row.answer_by is None or row.answer_by > now():
        return 0
    row.state, row.ended_at = State.EXPIRED, now()
    row.save()
    changed(demand, order, fewer=row.offered)
    return 1
