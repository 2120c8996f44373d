"""Stock and capacity are held for the lines of an order, kept, and let go.

The rows of a sale are guarded by the lock of its Sale; stock is locked by
`catalog.stock` and capacity by `producers.capacity`, in that order, last of all.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import F

from catalog import stock
from catalog.domain.lead_time import INSPECTION_DAYS, SENDING_DAYS, span
from catalog.selectors import Terms
from orders.models import Demand, Reservation, Sale
from orders.services.stopping import stop_asking
from orders.services.withdrawing import withdraw_shipments
from producers import capacity
from qiaoshou.common.today import today

HELD, KEPT, RELEASED = (
    Reservation.State.HELD,
    Reservation.State.KEPT,
    Reservation.State.RELEASED,
)
SUNDAY = dt.timedelta(days=6)


class CannotReserve(Exception):
    """Too little is free: `free` says how many pieces there are, by product id."""

    def __init__(self, free: Mapping[int, int]) -> None:
        super().__init__(dict(free))
        self.free = dict(free)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Pieces of one order line, with the terms that its product is sold on today.

    `minutes` per piece are those of the sale, where it was made before today.
    """

    line: Any
    pieces: int
    terms: Terms
    minutes: int | None = None


def hold_lines(
    *, sale: Sale, wanted: Sequence[Wanted], prefer: Any = None, state: str = HELD
) -> dict[int, dt.date]:
    """Everything wanted is reserved, or nothing; the promised day by order line id.

    Ready pieces come from stock, the preferred place first; the others take minutes of
    capacity weeks and become a demand. The caller holds the sale's lock. Raises
    CannotReserve.
    """
    ready = [one for one in wanted if not one.terms.made_to_order]
    made = [one for one in wanted if one.terms.made_to_order]
    expires = sale.hold_until if state == HELD else None
    short: dict[int, int] = {}
    rows: list[Reservation] = []
    try:
        rows += _stock_rows(sale, ready, prefer)
    except stock.NotEnough as error:
        short |= error.free
    promised = {one.line.pk: today() + dt.timedelta(days=SENDING_DAYS) for one in ready}
    try:
        rooms = capacity.reserve(wishes=[_wish(one) for one in made])
    except capacity.NotEnoughRoom as error:
        one = next(one for one in made if one.line.pk == error.key)
        short[one.terms.product] = one.pieces - error.missing
    if short:
        raise CannotReserve(short)
    for one in made:
        rows += [
            Reservation(
                line=one.line,
                capacity_week_id=room.id,
                pieces=room.pieces,
                minutes=room.minutes,
            )
            for room in rooms[one.line.pk]
        ]
        due = max(room.week for room in rooms[one.line.pk]) + SUNDAY
        promised[one.line.pk] = due + dt.timedelta(days=INSPECTION_DAYS)
        _want(one, due, state)
    for row in rows:
        row.state, row.expires_at = state, expires
    Reservation.objects.bulk_create(rows)
    return promised


def keep(sale: Sale) -> int:
    """What was held stays reserved; how many demands are now open."""
    _rows(sale, HELD).update(state=KEPT, expires_at=None)
    return _demands(sale, Demand.State.HELD).update(
        state=Demand.State.OPEN, version=F("version") + 1
    )


def let_go(sale: Sale) -> None:
    """Whatever is still reserved for the order is free again; its demands are closed.

    Work that a maker took goes on: its pieces will enter stock as free ones. Of a week
    of capacity only the minutes of pieces not yet made are given back.
    """
    stop_asking(sale)
    withdraw_shipments(sale)
    rows = list(_rows(sale, HELD, KEPT).select_related("line__terms"))
    held = [(row.stock_record_id, row.pieces) for row in rows if row.stock_record_id]
    if held:
        stock.release(held=held, source=stock.Source("order", sale.reference))
    minutes: dict[int, int] = defaultdict(int)
    for row in rows:
        if row.capacity_week_id:
            open_minutes = row.pieces * (row.line.terms.minutes or 0)
            minutes[row.capacity_week_id] += min(row.minutes, open_minutes)
    if minutes:
        capacity.release(minutes=minutes)
    _rows(sale, HELD, KEPT).update(state=RELEASED, expires_at=None)


def _rows(sale: Sale, *states: str) -> Any:
    return Reservation.objects.filter(
        line__order=sale.order_id, state__in=states
    ).order_by("pk")


def _demands(sale: Sale, *states: str) -> Any:
    return Demand.objects.filter(line__order=sale.order_id, state__in=states)


def _stock_rows(sale: Sale, ready: Sequence[Wanted], prefer: Any) -> list[Reservation]:
    """Reservations of stock, dealt out to the lines that want the same product."""
    asked: dict[int, int] = defaultdict(int)
    for one in ready:
        asked[one.terms.product] += one.pieces
    if not asked:
        return []
    held = stock.reserve_many(
        wanted=asked, source=stock.Source("order", sale.reference), prefer=prefer
    )
    rows = []
    for one in ready:
        rest, shelves = one.pieces, held[one.terms.product]
        while rest:
            record, pieces = shelves.pop(0)
            part = min(rest, pieces)
            rows.append(Reservation(line=one.line, stock_record=record, pieces=part))
            rest -= part
            if pieces > part:
                shelves.insert(0, (record, pieces - part))
    return rows


def _wish(one: Wanted) -> capacity.Wish:
    first, end = span(today())
    return capacity.Wish(
        key=one.line.pk,
        craft=one.terms.craft,
        bases=one.terms.bases,
        pieces=one.pieces,
        minutes=one.minutes or one.terms.minutes or 0,
        first=first,
        last=end - dt.timedelta(weeks=1),
    )


def _want(one: Wanted, due_on: dt.date, state: str) -> None:
    """The line's demand: made at the sale, or taken up again after its hold ended."""
    as_state = Demand.State.HELD if state == HELD else Demand.State.OPEN
    again = Demand.objects.filter(line=one.line, state=Demand.State.CLOSED)
    if not again.update(due_on=due_on, state=as_state, version=F("version") + 1):
        Demand.objects.create(
            line=one.line,
            product_id=one.terms.product,
            pieces=one.pieces,
            due_on=due_on,
            state=as_state,
        )
