"""A maker's work in her own words: offers, what she has in hand, what came back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import get_language

from orders.buyer.pieces import Piece, pieces_of
from orders.models import Assignment, Delivery
from orders.workshop.todo import title_of
from orders.workshop.words import Names, in_hand, to_bring
from producers.models import Maker
from producers.selectors import same_person

State = Assignment.State
PAST = (State.CLOSED, State.DECLINED, State.EXPIRED, State.WITHDRAWN)


@dataclass(frozen=True, slots=True)
class Work:
    """One assignment as she reads it; fen and pieces."""

    row: Assignment
    title: str
    piece: Piece
    reason: str

    @property
    def pieces(self) -> int:
        return self.row.taken or self.row.offered

    @property
    def rate_fen(self) -> int:
        rate: int = self.row.work_order.piece_rate_fen
        return rate

    @property
    def fen(self) -> int:
        return self.pieces * self.rate_fen

    @property
    def in_hand(self) -> int:
        return in_hand(self.row)

    @property
    def to_bring(self) -> int:
        return to_bring(self.row)


def works(rows: Sequence[Assignment]) -> list[Work]:
    """These assignments with their names and reasons: eight queries."""
    goods = pieces_of(
        {row.demand.product_id for row in rows}, get_language() or "zh-hans"
    )
    names = Names([row.reason for row in rows])
    return [
        Work(
            row=row,
            title=title_of(goods, row.demand.product_id),
            piece=goods[row.demand.product_id],
            reason=names.said(row.reason),
        )
        for row in rows
    ]


def mine(maker: Maker, *states: str) -> list[Assignment]:
    """Her assignments in these states; a proposal is not hers yet."""
    return list(
        Assignment.objects.filter(
            maker__in=same_person([maker]), state__in=states, offered__gt=0
        )
        .select_related("work_order__base", "demand")
        .order_by("offered_at", "pk")
    )


def came_back(rows: Sequence[Assignment]) -> Mapping[int, Delivery]:
    """The latest inspection that sent pieces back, by assignment: three queries."""
    found: dict[int, Delivery] = {}
    deliveries = (
        Delivery.objects.filter(
            assignment__in=[row.pk for row in rows], inspection__rework__gt=0
        )
        .select_related("inspection")
        .prefetch_related("inspection__defects", "inspection__photos")
        .order_by("pk")
    )
    for row in deliveries:
        found[row.assignment_id] = row
    return found
