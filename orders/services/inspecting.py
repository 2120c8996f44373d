"""The leader looks at what came back: accepted pieces are paid and lie in stock.

One transaction, in the order of docs/locking.md: sale, demand, work order, assignment,
stock, balances. Rule and worked table: docs/rules/work.md.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, BinaryIO
from uuid import UUID

from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import F, Sum

from catalog import stock
from catalog.selectors import crafts_of
from catalog.stock_places import stock_place_of
from orders.models import (
    Assignment,
    Defect,
    Delivery,
    Demand,
    Inspection,
    InspectionPhoto,
    LatePieces,
    Reservation,
    Sale,
    WorkOrder,
)
from orders.services import applying, shipping
from orders.services.answering import close_if_done
from orders.services.offering import changed, lock_assignment
from orders.services.paying import lock_sale
from producers.ledger.pay import pay_for_pieces
from producers.models import Craft
from qiaoshou.common import pictures
from qiaoshou.common.today import now, today

SOURCE = "inspection"
MOST_PHOTOS = 6


class CountsDontAddUp(Exception):
    """`said` pieces were accepted, reworked or rejected, `delivered` came back."""

    def __init__(self, delivered: int, said: int) -> None:
        super().__init__(delivered, said)
        self.delivered = delivered
        self.said = said


class AlreadyInspected(Exception):
    """Somebody has inspected this delivery; what she found stands."""


class WrongDefect(Exception):
    """A fault has no known kind, no pieces, more than came back, or is not said."""


class TooManyPhotos(Exception):
    """More photos than an inspection keeps: `most`."""

    def __init__(self, most: int) -> None:
        super().__init__(most)
        self.most = most


@dataclass(frozen=True, slots=True)
class Fault:
    """One kind of fault (a value of Defect.Kind) on so many pieces."""

    kind: str
    pieces: int
    note: str = ""


def record_inspection(
    *,
    delivery: Delivery,
    accepted: int,
    rework: int,
    rejected: int,
    client_reference: UUID,
    by: Any,
    note: str = "",
    defects: Sequence[Fault] = (),
    photos: Sequence[BinaryIO] = (),
) -> Inspection:
    """What became of every piece that came back stands, and follows at once.

    Accepted pieces are owed to her at the work order's rate and lie in the base's
    stock, reserved as far as the order still needs them. Pieces to mend are hers again,
    rejected ones are placed anew by a job. Sent twice with one client reference it is
    one inspection. Raises CountsDontAddUp, AlreadyInspected, WrongDefect,
    TooManyPhotos, pictures.NotAPicture and pictures.PictureTooLarge; then nothing has
    changed.
    """
    said = accepted + rework + rejected
    if min(accepted, rework, rejected) < 0 or said != delivery.pieces:
        raise CountsDontAddUp(delivery.pieces, said)
    for fault in defects:
        _check_fault(fault, delivery.pieces)
    if len(photos) > MOST_PHOTOS:
        raise TooManyPhotos(MOST_PHOTOS)
    # Pictures are read before anything is locked.
    plain = [pictures.plain_webp(photo) for photo in photos]
    with transaction.atomic():
        return _record(
            delivery,
            Inspection(
                client_reference=client_reference,
                delivered=delivery.pieces,
                accepted=accepted,
                rework=rework,
                rejected=rejected,
                note=note.strip(),
                inspected_by=by,
            ),
            defects,
            plain,
        )


def _check_fault(fault: Fault, delivered: int) -> None:
    unsaid = fault.kind == Defect.Kind.OTHER and not fault.note.strip()
    if fault.kind not in Defect.Kind.values or unsaid:
        raise WrongDefect(fault.kind)
    if not 1 <= fault.pieces <= delivered:
        raise WrongDefect(fault.kind)


def _record(
    delivery: Delivery,
    found: Inspection,
    defects: Sequence[Fault],
    pictures: Sequence[bytes],
) -> Inspection:
    sale = _sale_of(delivery)
    demand, order, row = lock_assignment(delivery.assignment_id)
    known = Inspection.objects.filter(client_reference=found.client_reference).first()
    if known is not None:
        return known
    if Inspection.objects.filter(delivery=delivery).exists():
        raise AlreadyInspected(delivery.reference)
    found.delivery, found.inspected_at = delivery, now()
    found.save()
    Defect.objects.bulk_create(
        Defect(inspection=found, kind=one.kind, pieces=one.pieces, note=one.note)
        for one in defects
    )
    for number, picture in enumerate(pictures, 1):
        name = f"{delivery.reference}-{number}.webp"
        InspectionPhoto.objects.create(
            inspection=found, picture=ContentFile(picture, name=name), taken_at=now()
        )
    row.waiting -= found.delivered
    row.accepted += found.accepted
    row.rework += found.rework
    row.rejected += found.rejected
    close_if_done(row)
    row.save()
    _close_demand(demand)
    changed(demand, order, fewer=found.rejected)
    applying.close_finished([order.pk])
    if found.accepted:
        _accept(found, sale, demand, order, row)
    return found


def _sale_of(delivery: Delivery) -> Sale | None:
    """The sale whose reservations are needed, locked; None for work for stock."""
    number = Delivery.objects.values_list(
        "assignment__demand__line__order__number", flat=True
    ).get(pk=delivery.pk)
    return lock_sale(number) if number else None


def _close_demand(demand: Demand) -> None:
    """The demand is closed once every piece of it was accepted."""
    rows = Assignment.objects.filter(demand=demand)
    done = rows.aggregate(all=Sum("accepted"))["all"] or 0
    if demand.state == Demand.State.OPEN and done == demand.pieces:
        demand.state = Demand.State.CLOSED
        Demand.objects.filter(pk=demand.pk).update(state=demand.state)
        LatePieces.objects.filter(demand=demand, settled_at=None).update(
            settled_at=now()
        )


def _accept(
    found: Inspection,
    sale: Sale | None,
    demand: Demand,
    order: WorkOrder,
    row: Assignment,
) -> None:
    """Accepted pieces lie in stock, she is owed her pay, what can go is planned."""
    reference = found.delivery.reference
    needed = _take_over(demand, found.accepted)
    _lot, record = stock.receive(
        product=demand.product_id,
        place=stock_place_of(order.base),
        pieces=found.accepted,
        made_on=today(),
        maker=row.maker,
        reserved=needed,
        source=stock.Source(SOURCE, reference),
        by=found.inspected_by,
    )
    if needed:
        _keep(demand, record, needed)
    craft = crafts_of([demand.product_id])[demand.product_id]
    pay_for_pieces(
        maker=row.maker,
        base=order.base,
        craft=Craft.objects.get(pk=craft),
        pieces=found.accepted,
        rate_fen=order.piece_rate_fen,
        source_kind=SOURCE,
        source=reference,
    )
    if sale is not None and needed:
        shipping.plan_for(sale)


def _take_over(demand: Demand, accepted: int) -> int:
    """How many of the accepted pieces the order line still needs; its capacity rows
    fall by them, their minutes stay. The sale's lock is held."""
    if demand.line_id is None:
        return 0
    rows = Reservation.objects.filter(
        line=demand.line_id,
        state=Reservation.State.KEPT,
        capacity_week__isnull=False,
    )
    left = accepted
    for row in rows.order_by("pk"):
        part = min(left, row.pieces)
        left -= part
        row.pieces -= part
        if not row.pieces:
            row.state = Reservation.State.USED
        if part:
            row.save()
    return accepted - left


def _keep(demand: Demand, record: Any, pieces: int) -> None:
    """The pieces are reserved as stock for the line."""
    kept = Reservation.objects.filter(
        line=demand.line_id, stock_record=record, state=Reservation.State.KEPT
    )
    if not kept.update(pieces=F("pieces") + pieces):
        Reservation.objects.create(
            line_id=demand.line_id,
            stock_record=record,
            pieces=pieces,
            state=Reservation.State.KEPT,
        )
