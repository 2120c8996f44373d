"""The only writer of stock: pieces in, reserved, released, shipped, back, counted.

Every function must run inside a transaction or opens its own; each locks the stock
records it needs in one statement in primary-key order, then lots in primary-key order
(docs/locking.md). Every change of a number is explained by one StockMovement.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import F, Sum
from django.db.models.functions import Coalesce
from oscar.core.loading import get_model

from catalog.domain import stock as rule
from catalog.models import Lot, StockMovement, StockPlace
from qiaoshou.common.today import today

StockRecord = get_model("partner", "StockRecord")
Kind = StockMovement.Kind


class NotEnough(Exception):
    """Fewer free pieces than asked for; `free` says how many, by product id."""

    def __init__(self, free: Mapping[int, int]) -> None:
        super().__init__(dict(free))
        self.free = dict(free)


class NotReserved(Exception):
    """More pieces were to be released or shipped than are reserved at a record."""


class CountBelowReserved(Exception):
    """Fewer pieces were counted than are promised to orders: `reserved` of them."""

    def __init__(self, reserved: int) -> None:
        super().__init__(reserved)
        self.reserved = reserved


class CountOvertaken(Exception):
    """The stock changed while it was counted: `at_hand` pieces are there by now."""

    def __init__(self, at_hand: int) -> None:
        super().__init__(at_hand)
        self.at_hand = at_hand


@dataclass(frozen=True, slots=True)
class Source:
    """What a change of stock comes from: the kind of paper and its reference."""

    kind: str
    reference: str


@transaction.atomic
def reserve_many(
    *,
    wanted: Mapping[int, int],
    source: Source,
    prefer: StockPlace | None = None,
    by: object | None = None,
) -> dict[int, list[tuple[StockRecord, int]]]:
    """All the wanted pieces (product id → pieces) are reserved, or none.

    Returned by product id are the records that gave them, with their pieces. Taken
    from the preferred place first, then from as few places as can be. Not safe to
    repeat by itself: the caller writes what is returned as its reservations in the
    same transaction, under its own client reference. Raises NotEnough.
    """
    if min(wanted.values(), default=1) < 1:
        raise ValueError("at least one piece")
    at: dict[int, list[StockRecord]] = defaultdict(list)
    for record in _locked(product__in=list(wanted), num_in_stock__isnull=False):
        at[record.product_id].append(record)
    chosen, short = {}, {}
    for product, pieces in wanted.items():
        shelves = [
            rule.Shelf(record.pk, _free(record), _is_at(record, prefer))
            for record in at[product]
        ]
        picks = rule.pick(shelves, pieces)
        if picks is None:
            short[product] = sum(shelf.free for shelf in shelves)
        else:
            chosen[product] = picks
    if short:
        raise NotEnough(short)
    held: dict[int, list[tuple[StockRecord, int]]] = {}
    for product, picks in chosen.items():
        records = {record.pk: record for record in at[product]}
        held[product] = [(records[pk], pieces) for pk, pieces in picks]
        for record, pieces in held[product]:
            _change(record, Kind.RESERVED, source, reserved=pieces, by=by)
    return held


@transaction.atomic
def release(
    *,
    held: Sequence[tuple[int, int]],
    source: Source,
    by: object | None = None,
) -> None:
    """Reserved pieces (stock record id, pieces) are free again. Raises NotReserved.

    Safe only under the caller's own state: it releases a reservation once.
    """
    for record, pieces in _with_pieces(held):
        if pieces > (record.num_allocated or 0):
            raise NotReserved(record.pk)
        _change(record, Kind.RELEASED, source, reserved=-pieces, by=by)


@transaction.atomic
def take_for_shipping(
    *,
    held: Sequence[tuple[int, int]],
    source: Source,
    by: object | None = None,
) -> dict[int, list[tuple[Lot, int]]]:
    """Reserved pieces (record id, pieces) have left; by record id, from which lots.

    The oldest lots go first. Repeated with the same source it takes nothing more and
    returns what was taken. Raises NotReserved.
    """
    wanted = _with_pieces(held)
    taken: dict[int, list[tuple[Lot, int]]] = defaultdict(list)
    earlier = StockMovement.objects.filter(
        kind=Kind.SHIPPED,
        record__in=[record.pk for record, _ in wanted],
        source_kind=source.kind,
        source_reference=source.reference,
    )
    for movement in earlier.select_related("lot").order_by("pk"):
        taken[movement.record_id].append((movement.lot, -movement.in_stock))
    lots = _lots([record for record, _ in wanted if record.pk not in taken])
    for record, pieces in wanted:
        if record.pk in taken:
            continue
        if pieces > (record.num_allocated or 0):
            raise NotReserved(record.pk)
        for lot, part in _oldest_first(lots[record.pk], pieces):
            _draw(lot, part)
            _change(
                record, Kind.SHIPPED, source, in_stock=-part, reserved=-part, lot=lot,
                by=by,
            )  # fmt: skip
            taken[record.pk].append((lot, part))
    return dict(taken)


@transaction.atomic
def receive(
    *,
    product: int,
    place: StockPlace,
    pieces: int,
    made_on: dt.date,
    source: Source,
    maker: object | None = None,
    reserved: int = 0,
    by: object | None = None,
) -> tuple[Lot, StockRecord]:
    """Accepted pieces are in stock as one lot; `reserved` of them belong to orders.

    Both numbers of the record change in one UPDATE. Repeated with the same source it
    returns the lot that is there.
    """
    if pieces < 1 or not 0 <= reserved <= pieces:
        raise ValueError("at least one piece, and no more reserved than received")
    record = _record(product=product, place=place)
    lot = Lot.objects.filter(
        source_kind=source.kind, source_reference=source.reference
    ).first()
    if lot is not None:
        return lot, record
    lot = Lot.objects.create(
        source_kind=source.kind,
        source_reference=source.reference,
        maker=maker,
        made_on=made_on,
        place=place,
        product_id=product,
        pieces=pieces,
        remaining=pieces,
    )
    _change(
        record,
        Kind.RECEIVED,
        source,
        in_stock=pieces,
        reserved=reserved,
        lot=lot,
        by=by,
    )
    return lot, record


@transaction.atomic
def take_back(
    *, lots: Mapping[int, int], source: Source, by: object | None = None
) -> None:
    """Pieces that had left (lot id → pieces) are in their lots again, free to be sold.

    A lot never holds more than came in: the database refuses. Repeated with the same
    source it changes nothing.
    """
    if min(lots.values(), default=1) < 1:
        raise ValueError("at least one piece")
    moved = StockMovement.objects.filter(lot__in=lots)
    at = dict(moved.values_list("lot", "record"))
    records = {record.pk: record for record in _locked(pk__in=set(at.values()))}
    if StockMovement.objects.filter(
        kind=Kind.RETURNED, source_kind=source.kind, source_reference=source.reference
    ).exists():
        return
    found = Lot.objects.select_for_update(no_key=True).filter(pk__in=lots)
    for lot in found.order_by("pk"):
        _draw(lot, -lots[lot.pk])
        record = records[at[lot.pk]]
        _change(record, Kind.RETURNED, source, in_stock=lots[lot.pk], lot=lot, by=by)


@transaction.atomic
def count(
    *,
    product: int,
    place: StockPlace,
    found: int,
    source: Source,
    seen: int | None = None,
    reason: str = "",
    by: object | None = None,
) -> int:
    """The stock of a product at a place is what was counted; the difference, in pieces.

    Missing pieces come off the oldest lots; found ones are a lot without a maker.
    `seen` is the number on record when the counting began: pieces that came or left
    since were not counted. Repeated with the same source it changes nothing. Raises
    CountOvertaken, CountBelowReserved.
    """
    if found < 0:
        raise ValueError("a count is not negative")
    record = _record(product=product, place=place)
    earlier = StockMovement.objects.filter(
        record=record,
        kind=Kind.COUNTED,
        source_kind=source.kind,
        source_reference=source.reference,
    )
    if earlier.exists():
        return earlier.aggregate(total=Sum("in_stock"))["total"]
    if seen is not None and seen != record.num_in_stock:
        raise CountOvertaken(record.num_in_stock)
    if found < (record.num_allocated or 0):
        raise CountBelowReserved(record.num_allocated)
    difference = found - record.num_in_stock
    if difference > 0:
        lot = Lot.objects.create(
            source_kind=source.kind,
            source_reference=source.reference,
            made_on=today(),
            place=place,
            product_id=product,
            pieces=difference,
            remaining=difference,
        )
        _change(
            record, Kind.COUNTED, source, in_stock=difference, lot=lot, reason=reason,
            by=by,
        )  # fmt: skip
    for lot, part in _oldest_first(_lots([record])[record.pk], -difference):
        _draw(lot, part)
        _change(
            record, Kind.COUNTED, source, in_stock=-part, lot=lot, reason=reason, by=by
        )
    return difference


def _free(record: StockRecord) -> int:
    return record.num_in_stock - (record.num_allocated or 0)


def _is_at(record: StockRecord, place: StockPlace | None) -> bool:
    return place is not None and record.partner_id == place.partner_id


def _locked(**which: object) -> list[StockRecord]:
    """The stock records, locked in primary-key order until the transaction ends."""
    records = StockRecord.objects.select_for_update(no_key=True).order_by("pk")
    return list(records.filter(**which))


def _with_pieces(held: Sequence[tuple[int, int]]) -> list[tuple[StockRecord, int]]:
    """The locked records with the pieces asked of each, added up."""
    pieces: dict[int, int] = defaultdict(int)
    for pk, part in held:
        if part < 1:
            raise ValueError("at least one piece")
        pieces[pk] += part
    return [(record, pieces[record.pk]) for record in _locked(pk__in=list(pieces))]


def _record(*, product: int, place: StockPlace) -> StockRecord:
    """The locked record of a product at a place; made if it was not there."""
    StockRecord.objects.bulk_create(
        [
            StockRecord(
                product_id=product,
                partner_id=place.partner_id,
                partner_sku=str(product),
                num_in_stock=0,
                num_allocated=0,
            )
        ],
        ignore_conflicts=True,
    )
    (record,) = _locked(product=product, partner=place.partner_id)
    return record


def _lots(records: Sequence[StockRecord]) -> dict[int, list[Lot]]:
    """The locked lots with pieces left, by record id, oldest first."""
    by_shelf = {(record.product_id, record.partner_id): record.pk for record in records}
    lots: dict[int, list[Lot]] = defaultdict(list)
    found = (
        Lot.objects.select_for_update(of=("self",), no_key=True)
        .select_related("place", "maker")
        .filter(
            remaining__gt=0,
            product__in=[record.product_id for record in records],
            place__partner__in=[record.partner_id for record in records],
        )
        .order_by("pk")
    )
    for lot in found:
        record = by_shelf.get((lot.product_id, lot.place.partner_id))
        if record is not None:
            lots[record].append(lot)
    for shelf in lots.values():
        shelf.sort(key=lambda lot: (lot.made_on, lot.pk))
    return lots


def _oldest_first(lots: Sequence[Lot], pieces: int) -> list[tuple[Lot, int]]:
    """What each lot gives, from the oldest on, until `pieces` are together."""
    given = []
    for lot in lots:
        if pieces < 1:
            break
        part = min(lot.remaining, pieces)
        given.append((lot, part))
        pieces -= part
    return given


def _draw(lot: Lot, pieces: int) -> None:
    Lot.objects.filter(pk=lot.pk).update(remaining=F("remaining") - pieces)
    lot.remaining -= pieces


def _change(
    record: StockRecord,
    kind: Kind,
    source: Source,
    *,
    in_stock: int = 0,
    reserved: int = 0,
    lot: Lot | None = None,
    reason: str = "",
    by: object | None = None,
) -> None:
    """Both numbers of a record change in one UPDATE, and a movement says why."""
    StockRecord.objects.filter(pk=record.pk).update(
        num_in_stock=F("num_in_stock") + in_stock,
        num_allocated=Coalesce("num_allocated", 0) + reserved,
    )
    record.num_in_stock += in_stock
    record.num_allocated = (record.num_allocated or 0) + reserved
    StockMovement.objects.create(
        record=record,
        kind=kind,
        in_stock=in_stock,
        reserved=reserved,
        in_stock_after=record.num_in_stock,
        reserved_after=record.num_allocated,
        lot=lot,
        source_kind=source.kind,
        source_reference=source.reference,
        reason=reason,
        by=by,
    )
