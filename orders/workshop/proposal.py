"""One work order as its leader sees it: who makes how many, why, and who else could."""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Sum
from django.utils.translation import get_language

from catalog.selectors import terms_of
from orders.buyer.pieces import Piece, pieces_of
from orders.models import Assignment, LatePieces, WorkOrder
from orders.workshop import earnings, reasons
from orders.workshop.todo import title_of
from orders.workshop.words import Names
from producers.capacity import monday_of
from producers.models import Maker
from producers.selectors import certified, makers_of
from producers.working_time import free_minutes
from qiaoshou.common.today import today

State = Assignment.State
LIVE = (State.PROPOSED, State.OFFERED, State.TAKEN)
REWORK_DAYS = 90


@dataclass(frozen=True, slots=True)
class Person:
    """A maker beside a work order, with the facts a leader weighs."""

    maker: Maker
    assignment: Assignment | None
    pieces: int
    suggested: int
    reason: str
    busy: int
    asked: int
    earned_fen: int
    looked_at: int
    reworked: int

    @property
    def changed(self) -> bool:
        return self.assignment is not None and self.pieces != self.suggested


@dataclass(frozen=True, slots=True)
class Proposal:
    """Everything the page of a work order shows; fen, minutes and pieces."""

    work_order: WorkOrder
    title: str
    piece: Piece
    proposed: tuple[Person, ...]
    asked: tuple[Person, ...]
    at_work: tuple[Person, ...]
    past: tuple[Person, ...]
    others: tuple[Person, ...]
    late: tuple[tuple[LatePieces, str], ...]
    placed_elsewhere: int
    accepted: int

    @property
    def to_place(self) -> int:
        """Pieces that the proposal should add up to: those with nobody who answered."""
        return self.work_order.pieces - self.placed_elsewhere

    @property
    def room(self) -> int:
        """The most that may be proposed: also pieces that no base has yet."""
        return self.to_place + _not_ordered(self.work_order)

    @property
    def suggested(self) -> int:
        return sum(person.pieces for person in self.proposed)

    @property
    def short(self) -> int:
        return self.to_place - self.suggested

    @property
    def pay_fen(self) -> int:
        return self.to_place * self.work_order.piece_rate_fen

    @property
    def hourly_fen(self) -> int:
        """Pay for an hour at standard minutes, rounded down."""
        return self.work_order.piece_rate_fen * 60 // self.work_order.minutes


def proposal_of(work_order: WorkOrder) -> Proposal:
    """A fixed number of queries however many makers the base has."""
    rows = list(
        Assignment.objects.filter(work_order=work_order)
        .select_related("maker", "run", "changed_by", "answered_by")
        .order_by("pk")
    )
    product = work_order.demand.product_id
    piece = pieces_of([product], get_language() or "zh-hans")[product]
    others = _others(work_order, rows)
    people = _People(work_order, [row.maker for row in rows] + others)
    late = list(LatePieces.objects.filter(demand=work_order.demand_id, settled_at=None))
    refused = reasons.why_not(work_order, [maker.pk for maker in others])
    names = Names(
        [row.reason for row in rows]
        + [row.reason for row in late]
        + list(refused.values())
    )

    def in_state(*states: str) -> tuple[Person, ...]:
        return tuple(
            people.person(row.maker, row, names.said(row.reason))
            for row in rows
            if row.state in states
        )

    return Proposal(
        work_order=work_order,
        title=title_of({product: piece}, product),
        piece=piece,
        proposed=in_state(State.PROPOSED),
        asked=in_state(State.OFFERED),
        at_work=in_state(State.TAKEN, State.CLOSED),
        past=in_state(State.DECLINED, State.EXPIRED, State.WITHDRAWN),
        others=tuple(
            people.person(maker, None, names.said(refused.get(maker.pk, {})))
            for maker in others
        ),
        late=tuple((row, names.said(row.reason, late=True)) for row in late),
        placed_elsewhere=sum(
            row.live - row.rejected for row in rows if row.state != State.PROPOSED
        ),
        accepted=sum(row.accepted for row in rows),
    )


def _not_ordered(work_order: WorkOrder) -> int:
    """Pieces of the demand that stand on no work order."""
    return int(work_order.demand.pieces - work_order.demand.ordered)


def _others(work_order: WorkOrder, rows: Sequence[Assignment]) -> list[Maker]:
    """Certified makers of the base who may still be asked, by name; nobody where
    every piece is with somebody who was asked."""
    with_makers = sum(
        row.live - row.rejected for row in rows if row.state != State.PROPOSED
    )
    room = work_order.pieces - with_makers + _not_ordered(work_order)
    if work_order.closed_at is not None or room < 1:
        return []
    terms = terms_of([work_order.demand.product_id], today()).get(
        work_order.demand.product_id
    )
    if terms is None:
        return []
    barred = {row.maker_id for row in rows if row.state not in _MAY_BE_ASKED_AGAIN}
    able = certified(terms.craft, terms.grade).filter(
        pk__in=makers_of(work_order.base).values("pk")
    )
    return [
        maker for maker in able.order_by("sort_key", "pk") if maker.pk not in barred
    ]


_MAY_BE_ASKED_AGAIN = (State.WITHDRAWN, State.CLOSED)


class _People:
    """The facts of many makers, read together."""

    def __init__(self, work_order: WorkOrder, makers: Sequence[Maker]) -> None:
        on = today()
        keys = {maker.pk for maker in makers}
        first = monday_of(on)
        last = max(first, monday_of(work_order.due_on))
        weeks = range((last - first).days // 7 + 1)
        mondays = [first + dt.timedelta(weeks=week) for week in weeks]
        self.asked: dict[int, int] = dict.fromkeys(keys, 0)
        for (maker, _monday), minutes in free_minutes(keys, mondays).items():
            self.asked[maker] += minutes
        self.busy = open_minutes(keys)
        self.earned = earnings.of_makers(keys, on.replace(day=1))
        self.quality = _quality(keys, on)

    def person(self, maker: Maker, row: Assignment | None, reason: str) -> Person:
        pieces = row.proposed if row and row.state == State.PROPOSED else 0
        if row and row.state != State.PROPOSED:
            pieces = row.live if row.live else row.offered or row.proposed
        looked_at, reworked = self.quality.get(maker.pk, (0, 0))
        return Person(
            maker=maker,
            assignment=row,
            pieces=pieces,
            suggested=suggested(row, pieces),
            reason=reason,
            busy=self.busy.get(maker.pk, 0),
            asked=self.asked.get(maker.pk, 0),
            earned_fen=self.earned.get(maker.pk, 0),
            looked_at=looked_at,
            reworked=reworked,
        )


def suggested(row: Assignment | None, pieces: int) -> int:
    """What the plan gave her before a leader changed it; nothing to whom she added."""
    if row is None or row.changed_by_id is None or row.state != State.PROPOSED:
        return pieces
    shares = row.run.plan["shares"] if row.run else []
    pair = (row.demand_id, row.maker_id)
    return sum(
        share["pieces"] for share in shares if (share["job"], share["maker"]) == pair
    )


def open_minutes(makers: Collection[int]) -> dict[int, int]:
    """Standard minutes of all work each maker is to do; one query."""
    rows = Assignment.objects.filter(maker__in=makers, state__in=LIVE).select_related(
        "work_order"
    )
    busy: dict[int, int] = dict.fromkeys(makers, 0)
    for row in rows:
        left = row.live - row.accepted - row.rejected - row.waiting
        busy[row.maker_id] += max(0, left) * row.work_order.minutes
    return busy


def _quality(makers: Collection[int], on: dt.date) -> Mapping[int, tuple[int, int]]:
    """Pieces looked at and sent back in the last 90 days: a fact, never a reason."""
    rows: Any = (
        Assignment.objects.filter(
            maker__in=makers,
            deliveries__inspection__inspected_at__date__gte=on
            - dt.timedelta(days=REWORK_DAYS),
        )
        .values_list("maker")
        .annotate(
            seen=Sum("deliveries__inspection__delivered"),
            again=Sum("deliveries__inspection__rework"),
        )
        .order_by()
    )
    return {maker: (seen or 0, again or 0) for maker, seen, again in rows}
