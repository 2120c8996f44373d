"""Pieces that had left and came back: stock again or lost, in the books and in stock.

Rule: docs/rules/returns.md. The sale's lock guards its shipments and their lines.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction

from catalog import stock
from orders.domain.coming_back import check_whole
from orders.models import GoodsBack, GoodsBackLine, Shipment, ShipmentLine
from orders.services import shipping, showing
from orders.services.booking_back import book_back
from orders.services.paying import lock_sale
from qiaoshou.common.today import now

State = Shipment.State
SOURCE = "goods_back"
REACHED = (State.ARRIVED, State.COLLECTED)
AWAY = (State.SENT, State.READY, State.WITHDRAWN, *REACHED)


class NeverLeft(Exception):
    """Nothing of the shipment can come back; `state` says why."""

    def __init__(self, state: str) -> None:
        super().__init__(state)
        self.state = state


class NothingBack(Exception):
    """No piece was named."""


class NoReason(Exception):
    """It was not said why they came back."""


class MoreThanLeft(Exception):
    """More came back than is still away: `left` pieces of the shipment's line."""

    def __init__(self, line: int, left: int) -> None:
        super().__init__(line, left)
        self.line, self.left = line, left


@dataclass(frozen=True, slots=True)
class Found:
    """Pieces of one line of a shipment that came back, in pieces."""

    good: int = 0
    spoilt: int = 0

    @property
    def pieces(self) -> int:
        return self.good + self.spoilt


@transaction.atomic
def take_back(
    *,
    shipment: Shipment,
    found: Mapping[int, Found],
    reason: str,
    client_reference: UUID,
    by: Any,
) -> GoodsBack:
    """Pieces of the shipment (by its line's id) are back; good ones are free stock.

    Once all of it came back the shipment stands as returned. Makers' pay is never
    touched. Sent twice with one client reference it is one return. Raises NeverLeft,
    NothingBack, NoReason, MoreThanLeft, and NotWhole where it has not reached the
    buyer and some of it is missing.
    """
    number = Shipment.objects.values_list("order__number", flat=True).get(
        pk=shipment.pk
    )
    sale = lock_sale(number)
    known = GoodsBack.objects.filter(client_reference=client_reference).first()
    if known is not None:
        return known
    row = Shipment.objects.select_related("order").get(pk=shipment.pk)
    lines = list(row.lines.select_related("lot").order_by("pk"))
    _check(row, lines, found, reason)
    back = GoodsBack.objects.create(
        client_reference=client_reference,
        shipment=row,
        reason=reason.strip(),
        recorded_by=by,
    )
    named = [line for line in lines if found.get(line.pk, Found()).pieces]
    for line in named:
        line.came_back += found[line.pk].pieces
        line.save(update_fields=["came_back"])
    GoodsBackLine.objects.bulk_create(
        GoodsBackLine(
            goods_back=back,
            shipment_line=line,
            good=found[line.pk].good,
            spoilt=found[line.pk].spoilt,
        )
        for line in named
    )
    if all(line.came_back == line.pieces for line in lines):
        row.state, row.ended_at = State.RETURNED, row.ended_at or now()
        row.save()
    shipping.complete_if_done(sale)
    _show(row, back, named, found)
    _put_back(back, named, found, by)
    book_back(sale, back)
    return back


def _check(
    row: Shipment, lines: list[ShipmentLine], found: Mapping[int, Found], reason: str
) -> None:
    if row.state not in AWAY or not lines:
        raise NeverLeft(row.state)
    if not reason.strip():
        raise NoReason
    if (
        min((n for one in found.values() for n in (one.good, one.spoilt)), default=0)
        < 0
    ):
        raise ValueError("pieces are not negative")
    if set(found) - {line.pk for line in lines}:
        raise ValueError("a line of another shipment")
    for line in lines:
        left = line.pieces - line.came_back
        if found.get(line.pk, Found()).pieces > left:
            raise MoreThanLeft(line.pk, left)
    pieces = sum(one.pieces for one in found.values())
    if not pieces:
        raise NothingBack
    check_whole(
        sent=sum(line.pieces for line in lines),
        before=sum(line.came_back for line in lines),
        now=pieces,
        reached=row.state in REACHED,
    )


def _put_back(
    back: GoodsBack, named: list[ShipmentLine], found: Mapping[int, Found], by: Any
) -> None:
    """Good pieces are in their lots again; two lines may have shared one."""
    lots: dict[int, int] = {}
    for line in named:
        if found[line.pk].good:
            lots[line.lot_id] = lots.get(line.lot_id, 0) + found[line.pk].good
    if lots:
        stock.take_back(lots=lots, source=stock.Source(SOURCE, back.reference), by=by)


def _show(
    row: Shipment,
    back: GoodsBack,
    named: list[ShipmentLine],
    found: Mapping[int, Found],
) -> None:
    """Oscar's pages list what came back."""
    pieces: dict[int, int] = {}
    for line in named:
        pieces[line.line_id] = pieces.get(line.line_id, 0) + found[line.pk].pieces
    showing.show_shipping(row.order, "Came back", pieces, back.reference)
