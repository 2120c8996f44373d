"""The leader sends proposals as offers, changes them with a reason, takes them back."""

import dataclasses
import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models import F, Sum

from orders.domain import leaders_change as rule
from orders.domain.allocation import Share
from orders.models import Assignment, Demand, WorkOrder
from orders.services import applying, snapshot
from orders.services.allocating import lock_placing
from orders.tasks import place_again
from qiaoshou.common.today import now, today

State = Assignment.State
ANSWER_HOURS = 24


class NothingPlaced(Exception):
    """The work order is closed: there is nothing to send or to change."""


class NoReason(Exception):
    """A leader's change needs a reason in words."""


class AlreadyAsked(Exception):
    """This maker has an offer of this work that she has not answered yet."""

    def __init__(self, maker: int) -> None:
        super().__init__(maker)
        self.maker = maker


class SaidNo(Exception):
    """This maker declined this work or did not answer, and is not asked again."""

    def __init__(self, maker: int) -> None:
        super().__init__(maker)
        self.maker = maker


class TooManyPieces(Exception):
    """More pieces than the base may still make: `room` of them."""

    def __init__(self, room: int) -> None:
        super().__init__(room)
        self.room = room


class RuleBroken(Exception):
    """A hard rule stands against it; `maker` is her number, `reason` code and facts."""

    def __init__(self, maker: int, reason: Any) -> None:
        super().__init__(maker, reason)
        self.maker = maker
        self.reason = reason


class NotOffered(Exception):
    """The assignment is no longer a proposal or an open offer; `state` says what."""

    def __init__(self, state: str) -> None:
        super().__init__(state)
        self.state = state


def lock_work(work_order: int) -> tuple[Demand, WorkOrder, list[Assignment]]:
    """The demand, the work order and its assignments, locked in this order."""
    demand = WorkOrder.objects.values_list("demand", flat=True).get(pk=work_order)
    locked = Demand.objects.select_for_update(no_key=True).get(pk=demand)
    order = WorkOrder.objects.select_for_update(no_key=True).get(pk=work_order)
    rows = list(
        Assignment.objects.select_for_update(no_key=True)
        .filter(work_order=work_order)
        .order_by("pk")
    )
    return locked, order, rows


def lock_assignment(assignment: int) -> tuple[Demand, WorkOrder, Assignment]:
    """The demand, the work order and this assignment, locked in this order."""
    order, demand = Assignment.objects.values_list(
        "work_order", "work_order__demand"
    ).get(pk=assignment)
    return (
        Demand.objects.select_for_update(no_key=True).get(pk=demand),
        WorkOrder.objects.select_for_update(no_key=True).get(pk=order),
        Assignment.objects.select_for_update(no_key=True).get(pk=assignment),
    )


def changed(demand: Demand, order: WorkOrder, *, fewer: int = 0) -> None:
    """The demand has a new version, and `fewer` pieces are placed under the order.

    While pieces of it are placed with nobody, a job places them again: an answer may
    have made room.
    """
    Demand.objects.filter(pk=demand.pk).update(version=F("version") + 1)
    if fewer:
        WorkOrder.objects.filter(pk=order.pk).update(placed=F("placed") - fewer)
    if demand.state == Demand.State.OPEN:
        placed = WorkOrder.objects.filter(demand=demand).aggregate(all=Sum("placed"))
        if (placed["all"] or 0) < demand.pieces:
            place_again.defer(reference=demand.reference)


@transaction.atomic
def send_offers(
    *, work_order: WorkOrder, by: Any, answer_hours: int = ANSWER_HOURS
) -> list[Assignment]:
    """Every proposal of the work order is an offer, to be answered in so many hours.

    Who sent it stands with the offer. Returns those that were sent now; sent twice, the
    second finds none. Raises ValueError for less than one hour.
    """
    if answer_hours < 1:
        raise ValueError("an answer needs at least an hour")
    demand, order, rows = lock_work(work_order.pk)
    at = now()
    sent = []
    for row in rows:
        if row.state == State.PROPOSED:
            row.state, row.offered, row.offered_at = State.OFFERED, row.proposed, at
            row.offered_by, row.answer_by = by, at + dt.timedelta(hours=answer_hours)
            row.save()
            sent.append(row)
    if sent:
        changed(demand, order)
    return sent


@transaction.atomic
def change_proposal(
    *, work_order: WorkOrder, pieces: Mapping[int, int], reason: str, by: Any
) -> list[Assignment]:
    """These makers (by id) are proposed so many pieces; 0 takes a proposal away.

    Who is not named keeps what she has. Checked against the hard rules with the
    domain's own book: nobody overrules a certificate, hours, the base's capacity, the
    minimum lot or a no. Pieces that nobody has any more are placed again by a job. Sent
    twice it changes once. Returns the proposals of the work order. Raises NoReason,
    NothingPlaced, AlreadyAsked, SaidNo, TooManyPieces, RuleBroken, ValueError.
    """
    words = reason.strip()
    if not words:
        raise NoReason
    if min(pieces.values(), default=0) < 0:
        raise ValueError("pieces are not negative")
    lock_placing()
    demand, order, rows = lock_work(work_order.pk)
    if order.closed_at is not None or demand.state != Demand.State.OPEN:
        raise NothingPlaced
    proposals = {row.maker_id: row for row in rows if row.state == State.PROPOSED}
    wanted = {
        maker: count
        for maker, count in pieces.items()
        if count != (proposals[maker].proposed if maker in proposals else 0)
    }
    if not wanted:
        return list(proposals.values())
    _check_pairs(order, wanted)
    before = sum(row.proposed for row in proposals.values())
    after = before + sum(
        count - (proposals[maker].proposed if maker in proposals else 0)
        for maker, count in wanted.items()
    )
    room = order.pieces - order.placed + demand.pieces - demand.ordered
    if after - before > room:
        raise TooManyPieces(before + room)
    _check_rules(order, wanted, proposals)
    for maker, count in sorted(wanted.items()):
        row = proposals.get(maker)
        if row is not None and not count:
            applying.withdraw(row, by=by, reason=words)
            continue
        if row is None:
            row = Assignment(
                work_order=order,
                demand=demand,
                maker_id=maker,
                due_on=order.due_on,
                proposed_at=now(),
            )
        row.proposed, row.changed_by, row.change_reason = count, by, words
        row.reason = {}
        row.save()
    _count(demand, order, after - before)
    return list(
        Assignment.objects.filter(work_order=order, state=State.PROPOSED)
        .select_related("maker")
        .order_by("pk")
    )


def _check_pairs(order: WorkOrder, wanted: Mapping[int, int]) -> None:
    """Nobody of these has answered no, or has a question of this demand open."""
    rows = Assignment.objects.filter(demand=order.demand_id, maker__in=wanted)
    for row in rows.order_by("pk"):
        if row.state in {State.DECLINED, State.EXPIRED}:
            raise SaidNo(row.maker_id)
        elsewhere = row.state == State.PROPOSED and row.work_order_id != order.pk
        if row.state == State.OFFERED or elsewhere:
            raise AlreadyAsked(row.maker_id)


def _check_rules(
    order: WorkOrder, wanted: Mapping[int, int], proposals: Mapping[int, Assignment]
) -> None:
    """The domain's book has room for what the leader wants. Raises RuleBroken."""
    seen = snapshot.read(today())
    other = []
    for share in seen.problem.kept + seen.standing:
        row = proposals.get(share.maker)
        before = 0
        if share.job == order.demand_id and share.maker in wanted and row is not None:
            before = row.proposed
        if share.pieces > before:
            other.append(dataclasses.replace(share, pieces=share.pieces - before))
    given = [
        Share(order.demand_id, maker, count, rule.BY_LEADER, order.base_id)
        for maker, count in sorted(wanted.items())
        if count
    ]
    broken = rule.broken_rule(seen.problem, other, given)
    if broken is not None:
        raise RuleBroken(*broken)


def _count(demand: Demand, order: WorkOrder, more: int) -> None:
    """Counters after a change of `more` pieces; what nobody has is placed again."""
    placed = order.placed + more
    pieces = max(order.pieces, placed)
    ordered = demand.ordered + pieces - order.pieces
    WorkOrder.objects.filter(pk=order.pk).update(placed=placed, pieces=pieces)
    Demand.objects.filter(pk=demand.pk).update(
        ordered=ordered, version=F("version") + 1
    )
    if placed < pieces:
        place_again.defer(reference=demand.reference)


@transaction.atomic
def withdraw_offer(*, assignment: Assignment, reason: str, by: Any) -> Assignment:
    """A proposal or an unanswered offer is taken back; its pieces are placed again.

    Taken back already, nothing happens. Raises NoReason and NotOffered.
    """
    words = reason.strip()
    if not words:
        raise NoReason
    demand, order, row = lock_assignment(assignment.pk)
    if row.state == State.WITHDRAWN:
        return row
    if row.state not in {State.PROPOSED, State.OFFERED}:
        raise NotOffered(row.state)
    pieces = row.live
    applying.withdraw(row, by=by, reason=words)
    changed(demand, order, fewer=pieces)
    return row
