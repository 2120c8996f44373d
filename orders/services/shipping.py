"""Parcels and hand-overs: planned by themselves, sent, ready, handed over, arrived.

Every deed takes the sale's lock first, which guards its reservations and shipments; the
pieces leave stock by `catalog.stock` and their money is released with them.
"""

import secrets
from typing import Any
from uuid import UUID

from django.db import transaction

from catalog import stock
from catalog.models import StockPlace
from orders.models import (
    LineTerms,
    Reservation,
    Sale,
    Shipment,
    ShipmentLine,
)
from orders.services import releasing, showing, withdrawing
from orders.services.paying import lock_sale
from qiaoshou.common.today import now

State, Method = Shipment.State, Shipment.Method
CODE_TRIES = 5
SOURCE = "shipment"


class AlreadyGone(Exception):
    """The shipment has left, was handed over or cancelled before; `state` says what."""

    def __init__(self, state: str) -> None:
        super().__init__(state)
        self.state = state


class NothingToSend(Exception):
    """Nothing of the order lies at this place any more."""


class NotCollected(Exception):
    """The shipment is a parcel, and this is done with what is collected only."""


class NotAtThePoint(Exception):
    """The pieces lie elsewhere: they are sent to the pick-up point first."""


class NotReady(Exception):
    """It can't be handed over yet; `state` says what it is."""

    def __init__(self, state: str) -> None:
        super().__init__(state)
        self.state = state


class MoneyGoneBack(Exception):
    """The buyer was refunded the whole order; nothing of it is handed over."""


class WrongCode(Exception):
    """The pick-up code is another one; `left` more tries."""

    def __init__(self, left: int) -> None:
        super().__init__(left)
        self.left = left


class CodeLocked(Exception):
    """Too many wrong codes; the shopkeeper or leader makes a new one."""


@transaction.atomic
def plan_shipments(reference: str) -> list[Shipment]:
    """What of a paid order can go now is planned: one shipment for each stock place.

    All in one parcel, where the buyer asked for it, waits until every piece is there.
    Asked again it is the same. Raises Sale.DoesNotExist.
    """
    return plan_for(lock_sale(reference))


def plan_for(sale: Sale) -> list[Shipment]:
    """As `plan_shipments`; the caller holds the sale's lock."""
    if sale.state != Sale.State.PAID:
        return []
    contact = sale.order.contact
    kept = list(
        Reservation.objects.filter(
            line__order=sale.order_id, state=Reservation.State.KEPT
        ).select_related("stock_record", "line")
    )
    if contact.one_parcel and any(row.stock_record_id is None for row in kept):
        return []
    lines: dict[int, set[int]] = {}
    for row in kept:
        if row.stock_record_id is not None:
            lines.setdefault(row.stock_record.partner_id, set()).add(row.line_id)
    waiting = {row.from_place_id: row for row in withdrawing.not_gone(sale)}
    promised = dict(
        LineTerms.objects.filter(line__order=sale.order_id).values_list(
            "line", "promised_on"
        )
    )
    found = []
    for place in StockPlace.objects.filter(partner__in=lines).order_by("pk"):
        known = waiting.get(place.pk)
        if known is None:
            day = max(promised[line] for line in lines[place.partner_id])
            known = _plan(sale, place, day)
        found.append(known)
    return found


def _plan(sale: Sale, place: StockPlace, promised_on: Any) -> Shipment:
    contact = sale.order.contact
    row = Shipment(
        order_id=sale.order_id,
        from_place=place,
        method=Method(contact.way),
        promised_on=promised_on,
    )
    if row.method == Method.PICKUP:
        row.pickup_point = contact.pickup_point
        row.pickup_code = _new_code()
    else:
        row.address = contact.address
    row.save()
    return row


def _new_code() -> str:
    return f"{secrets.randbelow(10_000):04d}"


@transaction.atomic
def send_shipment(
    *,
    shipment: Shipment,
    by: Any,
    client_reference: UUID,
    carrier: str = "",
    tracking: str = "",
    cost_fen: int = 0,
) -> Shipment:
    """The parcel is on its way to the buyer, or to her pick-up point.

    Its pieces left stock, from named lots, and their money is earned: in the same
    transaction. `cost_fen` is what the carrier takes. Sent twice with one client
    reference it is one parcel. Raises AlreadyGone, NothingToSend, ValueError.
    """
    if cost_fen < 0:
        raise ValueError("a carrier takes no less than nothing")
    sale, row = _lock(shipment)
    if row.sent_reference == client_reference:
        return row
    if row.state != State.PLANNED:
        raise AlreadyGone(row.state)
    row.state, row.sent_at, row.sent_reference = State.SENT, now(), client_reference
    row.carrier, row.tracking = carrier.strip(), tracking.strip()
    row.cost_fen = cost_fen
    row.save()
    _take(sale, row, by)
    if cost_fen:
        releasing.book_parcel(row)
    return row


@transaction.atomic
def make_ready(*, shipment: Shipment, by: Any) -> Shipment:
    """The pieces wait for the buyer at her pick-up point.

    Pieces that lie there already stay in stock until they are handed over. Said twice
    it is the same. Raises NotCollected, MoneyGoneBack, NotAtThePoint, AlreadyGone and
    NothingToSend.
    """
    sale, row = _lock(shipment)
    if row.method != Method.PICKUP:
        raise NotCollected
    if row.state == State.READY:
        return row
    if row.state == State.WITHDRAWN:
        raise MoneyGoneBack
    if row.state == State.PLANNED:
        if not at_the_point(row):
            raise NotAtThePoint
        if not _kept_at(row):
            raise NothingToSend
        row.sent_at = now()
    elif row.state != State.SENT:
        raise AlreadyGone(row.state)
    row.state = State.READY
    row.save()
    _show(sale, row, "Ready to collect")
    return row


def at_the_point(shipment: Shipment) -> bool:
    """Whether what is collected lies at the pick-up point, or at the base it is of."""
    place, point = shipment.from_place, shipment.pickup_point
    if point is None:
        return False
    if place.pickup_point_id is not None:
        return bool(place.pickup_point_id == point.pk)
    return bool(place.base_id == point.base_id)


def hand_over(*, shipment: Shipment, code: str, by: Any) -> Shipment:
    """The buyer showed her code and has her pieces.

    Handed over before, nothing happens. A wrong code counts, also when the request
    fails, and after five of them a new one is needed (`renew_code`). Raises
    NotCollected, NotReady, MoneyGoneBack, WrongCode and CodeLocked.
    """
    with transaction.atomic():
        sale, row = _lock(shipment)
        if row.method != Method.PICKUP:
            raise NotCollected
        if row.state == State.COLLECTED:
            return row
        if row.state == State.WITHDRAWN:
            raise MoneyGoneBack
        if row.state != State.READY:
            raise NotReady(row.state)
        if row.code_tries >= CODE_TRIES:
            raise CodeLocked
        right = secrets.compare_digest(row.pickup_code.encode(), code.strip().encode())
        if right:
            row.state, row.ended_at = State.COLLECTED, now()
        else:
            row.code_tries += 1
        row.save()
        if right and not row.lines.exists():
            _take(sale, row, by)
        if right:
            _show(sale, row, "Collected")
            complete_if_done(sale)
    if not right:
        if row.code_tries >= CODE_TRIES:
            raise CodeLocked
        raise WrongCode(CODE_TRIES - row.code_tries)
    return row


@transaction.atomic
def renew_code(*, shipment: Shipment) -> Shipment:
    """The buyer has a new pick-up code, and as many tries as at first.

    Raises NotCollected, AlreadyGone.
    """
    _sale, row = _lock(shipment)
    if row.method != Method.PICKUP:
        raise NotCollected
    if row.state not in {State.PLANNED, State.SENT, State.READY}:
        raise AlreadyGone(row.state)
    row.pickup_code, row.code_tries = _new_code(), 0
    row.save()
    return row


@transaction.atomic
def mark_arrived(*, shipment: Shipment, by: Any) -> Shipment:
    """The parcel has reached the buyer. Said twice it is the same.

    Raises NotReady where it has not been sent, or is collected at a point.
    """
    sale, row = _lock(shipment)
    if row.state == State.ARRIVED:
        return row
    if row.method != Method.PARCEL or row.state != State.SENT:
        raise NotReady(row.state)
    row.state, row.ended_at = State.ARRIVED, now()
    row.save()
    _show(sale, row, "Arrived")
    complete_if_done(sale)
    return row


def _lock(shipment: Shipment) -> tuple[Sale, Shipment]:
    """The sale, locked, and the shipment as it is now."""
    number = Shipment.objects.values_list("order__number", flat=True).get(
        pk=shipment.pk
    )
    sale = lock_sale(number)
    row = Shipment.objects.select_related(
        "from_place__base", "from_place__pickup_point", "pickup_point", "order"
    ).get(pk=shipment.pk)
    return sale, row


def _kept_at(row: Shipment) -> list[Reservation]:
    """Reserved pieces of the order that lie at the shipment's place."""
    kept = Reservation.objects.filter(
        line__order=row.order_id,
        state=Reservation.State.KEPT,
        stock_record__partner=row.from_place.partner_id,
    )
    return list(kept.select_related("line").order_by("pk"))


def _take(sale: Sale, row: Shipment, by: Any) -> None:
    """The pieces have left from named lots, and their money is released."""
    kept = _kept_at(row)
    if not kept:
        raise NothingToSend
    before = _left_before(sale)
    taken = stock.take_for_shipping(
        held=[(one.stock_record_id, one.pieces) for one in kept],
        source=stock.Source(SOURCE, row.reference),
        by=by,
    )
    parts: dict[tuple[int, int], int] = {}
    lots = {lot.pk: lot for shelf in taken.values() for lot, _pieces in shelf}
    for one in kept:
        shelf, rest = taken[one.stock_record_id], one.pieces
        while rest:
            lot, pieces = shelf.pop(0)
            part = min(rest, pieces)
            key = (one.line_id, lot.pk)
            parts[key] = parts.get(key, 0) + part
            rest -= part
            if pieces > part:
                shelf.insert(0, (lot, pieces - part))
    ShipmentLine.objects.bulk_create(
        ShipmentLine(shipment=row, line_id=line, lot=lots[lot], pieces=pieces)
        for (line, lot), pieces in parts.items()
    )
    Reservation.objects.filter(pk__in=[one.pk for one in kept]).update(
        state=Reservation.State.USED
    )
    releasing.book_release(
        sale,
        row,
        before,
        [(line, lots[lot], pieces) for (line, lot), pieces in parts.items()],
    )
    if row.state == State.SENT:
        _show(sale, row, "Sent")
    if not _still_here(sale):
        showing.show_status(sale.order, "shipped")


def _left_before(sale: Sale) -> dict[int, int]:
    """Pieces of each line that left in earlier shipments."""
    found: dict[int, int] = {}
    rows = ShipmentLine.objects.filter(line__order=sale.order_id)
    for line, pieces in rows.values_list("line", "pieces"):
        found[line] = found.get(line, 0) + pieces
    return found


def _still_here(sale: Sale) -> bool:
    """Whether anything of the order is still reserved, ready or to be made."""
    return Reservation.objects.filter(
        line__order=sale.order_id, state=Reservation.State.KEPT
    ).exists()


def _show(sale: Sale, row: Shipment, what: str) -> None:
    """Oscar's pages list what happened to these pieces."""
    pieces: dict[int, int] = {}
    for part in ShipmentLine.objects.filter(shipment=row):
        pieces[part.line_id] = pieces.get(part.line_id, 0) + part.pieces
    showing.show_shipping(sale.order, what, pieces, row.reference)


def complete_if_done(sale: Sale) -> None:
    """Once nothing more is under way to the buyer, the order stands as completed.

    Unless it was refunded, or nothing of it reached her.
    """
    if sale.state != Sale.State.PAID or _still_here(sale):
        return
    states = set(
        Shipment.objects.filter(order=sale.order_id).values_list("state", flat=True)
    )
    under_way = states & {State.PLANNED, State.SENT, State.READY}
    if not under_way and states & {State.ARRIVED, State.COLLECTED}:
        showing.show_status(sale.order, "completed")
