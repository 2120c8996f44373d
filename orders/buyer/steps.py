"""What has happened to an order, step by step, with who and where.

A fixed number of queries however many lines, makers and parcels an order has.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.db.models import Exists, F, OuterRef, Sum
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from orders.buyer.packed import Packed, packed_in
from orders.buyer.pieces import Piece, pieces_of
from orders.models import (
    Assignment,
    Demand,
    Inspection,
    LatePieces,
    LineShare,
    LineTerms,
    Payment,
    Refund,
    Sale,
    Shipment,
)
from producers.selectors import with_public_story
from qiaoshou.common.naming import named

DONE, NOW = "done", "now"
GONE = (
    Shipment.State.ARRIVED,
    Shipment.State.COLLECTED,
    Shipment.State.RETURNED,
    Shipment.State.WITHDRAWN,
)


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the timeline; `state` is done, now, or "" for what is to come."""

    state: str
    title: str
    text: str = ""
    at: dt.datetime | None = None
    about: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Worker:
    """Somebody who makes, or made, pieces of this order; named with her consent."""

    name: str
    reference: str
    base: str
    pieces: int
    taken: bool
    at: dt.datetime | None


@dataclass(frozen=True, slots=True)
class OrderLine:
    """One line of the order, as it was sold, and the last that is known of it."""

    piece: Piece
    title: str
    pieces: int
    fen: int
    made_to_order: bool
    promised_on: dt.date
    state: str


@dataclass(frozen=True, slots=True)
class Story:
    """An order as its buyer's page tells it."""

    headline: str
    lead: str
    steps: tuple[Step, ...]
    lines: tuple[OrderLine, ...]
    workers: tuple[Worker, ...]
    shipments: tuple[Shipment, ...]
    refunds: tuple[Refund, ...]
    pay_fen: int
    promised_on: dt.date
    now: Step | None


def story_of(sale: Sale, language: str) -> Story:
    """Everything the order's page shows."""
    terms = list(
        LineTerms.objects.filter(line__order=sale.order_id)
        .select_related("line")
        .order_by("line_id")
    )
    shown = pieces_of([row.product_id for row in terms], language)
    shipments = tuple(
        Shipment.objects.filter(order=sale.order_id)
        .exclude(state=Shipment.State.CANCELLED)
        .select_related("from_place__base", "from_place__pickup_point", "pickup_point")
        .order_by("pk")
    )
    packed = packed_in(shipments)
    workers = _workers(sale, language)
    lines = tuple(
        _line(row, row.title(language), shown[row.product_id], shipments, packed)
        for row in terms
    )
    promised = max(row.promised_on for row in terms)
    steps = _steps(sale, terms, workers, shipments, packed, promised)
    now = next((step for step in steps if step.state == NOW), None)
    came_back = any(row.state == Shipment.State.RETURNED for row in shipments)
    headline, lead = _headline(sale, now, promised, came_back=came_back)
    return Story(
        headline=headline,
        lead=lead,
        steps=steps,
        lines=lines,
        workers=workers,
        shipments=shipments,
        refunds=tuple(
            Refund.objects.filter(payment__order=sale.order_id)
            .exclude(state=Refund.State.FAILED)
            .order_by("pk")
        ),
        pay_fen=LineShare.objects.filter(
            line__order=sale.order_id, part=LineShare.Part.MAKER
        ).aggregate(fen=Sum("fen"))["fen"]
        or 0,
        promised_on=promised,
        now=now,
    )


def _workers(sale: Sale, language: str) -> tuple[Worker, ...]:
    rows = (
        Assignment.objects.filter(
            demand__line__order=sale.order_id,
            state__in=[
                Assignment.State.OFFERED,
                Assignment.State.TAKEN,
                Assignment.State.CLOSED,
            ],
        )
        .annotate(
            may_name=Exists(with_public_story().filter(pk=OuterRef("maker"))),
        )
        .select_related("maker", "work_order__base")
        .order_by("answered_at", "pk")
    )
    found: dict[tuple[str, str, bool], Worker] = {}
    for row in rows:
        worker = Worker(
            name=named(row.maker, language) if row.may_name else "",
            reference=row.maker.reference if row.may_name else "",
            base=named(row.work_order.base, language),
            pieces=row.live,
            taken=row.state != Assignment.State.OFFERED,
            at=row.answered_at,
        )
        # Those who are not named stand together under their base.
        key = (worker.reference, worker.base, worker.taken)
        known = found.get(key)
        found[key] = (
            replace(worker, pieces=known.pieces + worker.pieces) if known else worker
        )
    return tuple(found.values())


def _line(
    row: LineTerms,
    title: str,
    piece: Piece,
    shipments: Sequence[Shipment],
    packed: Packed,
) -> OrderLine:
    states = {
        str(Shipment.State(shipment.state).label)
        for shipment in shipments
        if row.line_id in packed[shipment.pk]
    }
    parted = sum(held.get(row.line_id, 0) for held in packed.values())
    made = row.kind == LineTerms.Kind.MADE
    waiting = _("Being made") if made else _("In stock, kept for you")
    return OrderLine(
        piece=piece,
        title=title,
        pieces=row.pieces,
        fen=row.sold_fen,
        made_to_order=made,
        promised_on=row.promised_on,
        state=_(", ").join(
            sorted(states) + ([] if states and parted >= row.pieces else [waiting])
        ),
    )


def _steps(
    sale: Sale,
    terms: Sequence[LineTerms],
    workers: Sequence[Worker],
    shipments: Sequence[Shipment],
    packed: Packed,
    promised: dt.date,
) -> tuple[Step, ...]:
    if sale.paid_at is None:
        return ()
    steps = [_paid(sale)]
    wanted = sum(row.pieces for row in terms if row.kind == LineTerms.Kind.MADE)
    if wanted:
        steps += _making(sale, wanted, workers, promised)
    steps += _leaving(sale, terms, shipments, packed, steps[-1].state == DONE, promised)
    return tuple(steps)


def _paid(sale: Sale) -> Step:
    payment = Payment.objects.filter(
        order=sale.order_id, state=Payment.State.PAID
    ).first()
    how = payment.get_method_display() if payment else ""
    return Step(DONE, _("Paid"), how, at=sale.paid_at)


def _making(
    sale: Sale, wanted: int, workers: Sequence[Worker], promised: dt.date
) -> list[Step]:
    """Given to makers, made, inspected: of the pieces made to order."""
    taken = [worker for worker in workers if worker.taken]
    placed = sum(worker.pieces for worker in taken)
    seen = Inspection.objects.filter(
        delivery__assignment__demand__line__order=sale.order_id
    ).order_by("inspected_at")
    checked = list(seen)
    accepted = sum(row.accepted for row in checked)
    due = Demand.objects.filter(line__order=sale.order_id).order_by("-due_on").first()
    all_placed, all_made = placed >= wanted, accepted >= wanted
    given = Step(
        DONE if all_placed or all_made else NOW,
        _("Given to %(names)s") % {"names": _names(taken)}
        if taken
        else _("Looking for who has time"),
        _(", ").join(dict.fromkeys(worker.base for worker in taken))
        if taken
        else _("The base asks its makers; each may say no without losing anything."),
        at=taken[-1].at if all_placed and taken else None,
    )
    making = Step(
        DONE if all_made else NOW if all_placed else "",
        _("Being made"),
        " ".join(
            said
            for said in (_progress(accepted, wanted) if accepted else "", _delay(sale))
            if said and not all_made
        ),
        about=None if all_made or due is None else due.due_on,
    )
    inspection = Step(
        DONE if all_made else "",
        _("Inspected"),
        _("The leader of the base looks at every piece."),
        at=checked[-1].inspected_at if all_made and checked else None,
    )
    return [given, making, inspection]


def _delay(sale: Sale) -> str:
    """The new day of pieces for which nobody has time before the promised one."""
    late = (
        LatePieces.objects.filter(
            demand__line__order=sale.order_id,
            settled_at=None,
            possible_on__gt=F("demand__due_on"),
        )
        .order_by("-possible_on")
        .first()
    )
    if late is None or late.possible_on is None:
        return ""
    return _("Some of it takes longer than we said: it is made by %(day)s.") % {
        "day": date_format(late.possible_on, "DATE_FORMAT")
    }


def _progress(accepted: int, wanted: int) -> str:
    return ngettext(
        "%(accepted)s of %(wanted)s piece is ready",
        "%(accepted)s of %(wanted)s pieces are ready",
        wanted,
    ) % {"accepted": accepted, "wanted": wanted}


def _leaving(
    sale: Sale,
    terms: Sequence[LineTerms],
    shipments: Sequence[Shipment],
    packed: Packed,
    ready: bool,
    promised: dt.date,
) -> list[Step]:
    """Sent or handed over: one step for each parcel, and one for what is to come."""
    pickup = sale.order.contact.way == "pickup"
    wanted = sum(row.pieces for row in terms)
    parts = {pk: sum(held.values()) for pk, held in packed.items()}
    split = len(shipments) > 1 or sum(parts.values()) < wanted
    steps = [
        _parcel(shipment, parts[shipment.pk] if split else 0) for shipment in shipments
    ]
    if sum(parts.values()) < wanted and not _all_gone(sale, shipments):
        packing = ready and not any(step.state == NOW for step in steps)
        then = _("Ready to collect") if pickup else _("Sent")
        steps.append(
            Step(
                NOW if packing else "",
                _("Being packed") if packing else then,
                str(sale.order.contact.pickup_point) if pickup else "",
                about=promised,
            )
        )
    return steps


def _all_gone(sale: Sale, shipments: Sequence[Shipment]) -> bool:
    """Refunded: what has not left by then stays."""
    return sale.state == Sale.State.REFUNDED and bool(shipments)


def _parcel(shipment: Shipment, pieces: int) -> Step:
    """One parcel or hand-over; its pieces are counted where there are several."""
    where = shipment.pickup_point or shipment.from_place
    said = [str(where)]
    if pieces:
        count = ngettext("%(pieces)s piece", "%(pieces)s pieces", pieces)
        said.insert(0, count % {"pieces": pieces})
    if shipment.tracking:
        said.append(f"{shipment.carrier} {shipment.tracking}".strip())
    text = pgettext("between a name and a place", ", ").join(said)
    if shipment.state in GONE:
        return Step(DONE, shipment.get_state_display(), text, shipment.ended_at)
    return Step(
        NOW,
        shipment.get_state_display(),
        text,
        at=shipment.sent_at,
        about=None if shipment.sent_at else shipment.promised_on,
    )


def _names(workers: Sequence[Worker]) -> str:
    names = dict.fromkeys(worker.name or worker.base for worker in workers)
    return _(", ").join(names)


def _headline(
    sale: Sale, now: Step | None, promised: dt.date, *, came_back: bool
) -> tuple[str, str]:
    """The page's first sentence, and the next one."""
    words = {
        Sale.State.AWAITING_PAYMENT: (
            _("Waiting for your payment"),
            _("The pieces are kept for you meanwhile."),
        ),
        Sale.State.EXPIRED: (
            _("Not paid in time"),
            _("Nothing was charged. The pieces are back in your basket."),
        ),
        Sale.State.CANCELLED: (
            _("Cancelled"),
            _("Nothing was charged. The pieces are back in your basket."),
        ),
        Sale.State.REFUNDED: (
            _("Refunded"),
            _("The money goes back the way it came."),
        ),
    }
    if sale.state in words:
        return words[Sale.State(sale.state)]
    if now is None and came_back:
        return _("It came back to us"), _("The chamber talks to you about the money.")
    if now is None:
        return _("Everything has reached you"), _("We hope it brings you joy.")
    day = _("Leaves about %(day)s.") % {"day": date_format(promised, "DATE_FORMAT")}
    return now.title, day if now.about or not now.text else now.text
