"""What a leader has to do today, read from the tables in a fixed number of queries."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Count, F, Q, Sum
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from orders.buyer.pieces import Piece, pieces_of
from orders.models import (
    Assignment,
    Delivery,
    Demand,
    LatePieces,
    Shipment,
    WorkOrder,
)
from orders.workshop.frame import shipments_at
from orders.workshop.words import Names, day_said, in_hand
from producers.models import Base
from qiaoshou.common.today import ZONE, today

State = Assignment.State
ON_TIME_DAYS = 90
SOON = 3


@dataclass(frozen=True, slots=True)
class Task:
    """One thing to do: when, what, and the way to it."""

    day: dt.date
    when: str
    tone: str
    title: str
    text: str
    url: str
    icon: str = "chev"


@dataclass(frozen=True, slots=True)
class Job:
    """A work order in progress: how much of it has been accepted."""

    reference: str
    title: str
    picture: str
    accepted: int
    pieces: int
    due_on: dt.date
    late: bool


@dataclass(frozen=True, slots=True)
class Day:
    """A leader's day at one base."""

    tasks: tuple[Task, ...]
    jobs: tuple[Job, ...]
    in_hand: int
    due_soon: int
    new_orders: int
    on_time: int | None


def day_of(base: Base) -> Day:
    """What waits at the base, the most urgent first."""
    on = today()
    live = _live(base)
    waiting = _waiting(base)
    orders = _open_orders(base)
    late = _late(base)
    goods = _goods(
        [order.demand.product_id for order in orders]
        + [row.demand.product_id for row in late]
        + [row.assignment.demand.product_id for row in waiting]
    )
    tasks = [
        *_to_inspect(waiting, goods, on),
        *_to_send(live, goods, on),
        *_short(orders, goods, on),
        *_not_placed(late, goods, on),
        *_unanswered(live, goods, on),
        *_overdue(live, goods, on),
        *_to_go(base, on),
    ]
    taken = [row for row in live if row.state == State.TAKEN]
    soon = on + dt.timedelta(days=SOON)
    return Day(
        tasks=tuple(sorted(tasks, key=lambda task: task.day)),
        jobs=tuple(
            _job(order, goods, on)
            for order in orders
            if order.accepted or order.taken_pieces
        ),
        in_hand=sum(in_hand(row) for row in taken),
        due_soon=sum(in_hand(row) for row in taken if row.due_on <= soon),
        new_orders=len(
            {row.work_order_id for row in live if row.state == State.PROPOSED}
        ),
        on_time=_on_time(base, on),
    )


def _live(base: Base) -> list[Assignment]:
    return list(
        Assignment.objects.filter(
            work_order__base=base,
            state__in=[State.PROPOSED, State.OFFERED, State.TAKEN],
        )
        .select_related("maker", "work_order", "demand")
        .order_by("due_on", "pk")
    )


def _waiting(base: Base) -> list[Delivery]:
    return list(
        Delivery.objects.filter(assignment__work_order__base=base, inspection=None)
        .select_related("assignment__maker", "assignment__demand")
        .order_by("delivered_at", "pk")
    )


def _open_orders(base: Base) -> list[WorkOrder]:
    taken = Q(assignments__state=State.TAKEN)
    return list(
        WorkOrder.objects.filter(base=base, closed_at=None, pieces__gt=0)
        .select_related("demand")
        .annotate(
            accepted=Sum("assignments__accepted", default=0),
            taken_pieces=Sum("assignments__taken", filter=taken, default=0),
        )
        .order_by("due_on", "pk")
    )


def _late(base: Base) -> list[LatePieces]:
    """What could not be placed of products that this base may make."""
    return list(
        LatePieces.objects.filter(
            settled_at=None,
            demand__state=Demand.State.OPEN,
            demand__product__craft_spec__bases=base,
        )
        .select_related("demand")
        .order_by("demand__due_on", "pk")
    )


def _goods(products: Iterable[int]) -> Mapping[int, Piece]:
    return pieces_of(set(products), get_language() or "zh-hans")


def title_of(goods: Mapping[int, Piece], product: int) -> str:
    """The name of a product as makers call it."""
    piece = goods.get(product)
    return piece.whole if piece else ""


def _task(
    day: dt.date, on: dt.date, title: str, text: str, url: str, icon: str = "chev"
) -> Task:
    left = (day - on).days
    tone = "bad" if left <= 0 else "warn" if left == 1 else ""
    return Task(day, day_said(day, on), tone, title, text, url, icon)


def _to_inspect(
    rows: Sequence[Delivery], goods: Mapping[int, Piece], on: dt.date
) -> list[Task]:
    if not rows:
        return []
    first = rows[0]
    text = _("%(maker)s: %(pieces)s × %(what)s waiting for you") % {
        "maker": first.assignment.maker,
        "pieces": first.pieces,
        "what": title_of(goods, first.assignment.demand.product_id),
    }
    title = ngettext(
        "Inspect %(count)s delivery", "Inspect %(count)s deliveries", len(rows)
    ) % {"count": len(rows)}
    url = (
        reverse("workshop:inspect", args=[first.reference])
        if len(rows) == 1
        else reverse("workshop:inspections")
    )
    return [_task(on, on, title, text, url)]


def _to_send(
    rows: Sequence[Assignment], goods: Mapping[int, Piece], on: dt.date
) -> list[Task]:
    by_order: dict[int, list[Assignment]] = {}
    for row in rows:
        if row.state == State.PROPOSED:
            by_order.setdefault(row.work_order_id, []).append(row)
    tasks = []
    for part in by_order.values():
        work_order = part[0].work_order
        title = _("Check who makes it: %(what)s × %(pieces)s") % {
            "what": title_of(goods, part[0].demand.product_id),
            "pieces": sum(row.proposed for row in part),
        }
        text = ngettext(
            "%(people)s person, due %(day)s",
            "%(people)s people, due %(day)s",
            len(part),
        ) % {
            "people": len(part),
            "day": date_format(work_order.due_on, "MONTH_DAY_FORMAT"),
        }
        url = reverse("workshop:work-order", args=[work_order.reference])
        tasks.append(_task(on, on, title, text, url))
    return tasks


def _short(
    orders: Sequence[WorkOrder], goods: Mapping[int, Piece], on: dt.date
) -> list[Task]:
    """Work orders of which some pieces are with nobody."""
    return [
        _task(
            min(order.due_on, on + dt.timedelta(days=1)),
            on,
            _("Nobody has %(pieces)s × %(what)s yet")
            % {
                "pieces": order.pieces - order.placed,
                "what": title_of(goods, order.demand.product_id),
            },
            _("Due %(day)s") % {"day": date_format(order.due_on, "MONTH_DAY_FORMAT")},
            reverse("workshop:work-order", args=[order.reference]),
        )
        for order in orders
        if order.placed < order.pieces
    ]


def _not_placed(
    rows: Sequence[LatePieces], goods: Mapping[int, Piece], on: dt.date
) -> list[Task]:
    """Pieces for which nobody was found, and why: more hours may help."""
    names = Names([row.reason for row in rows])
    return [
        _task(
            max(row.demand.due_on, on),
            on,
            _("Nobody could be found for %(pieces)s × %(what)s")
            % {
                "pieces": row.pieces,
                "what": title_of(goods, row.demand.product_id),
            },
            names.said(row.reason, late=True),
            reverse("workshop:makers"),
            "people",
        )
        for row in rows
    ]


def _unanswered(
    rows: Sequence[Assignment], goods: Mapping[int, Piece], on: dt.date
) -> list[Task]:
    return [
        _task(
            row.answer_by.astimezone(ZONE).date(),
            on,
            _("%(maker)s has not answered yet") % {"maker": row.maker},
            _("%(what)s × %(pieces)s, sent %(day)s; ring her")
            % {
                "what": title_of(goods, row.demand.product_id),
                "pieces": row.offered,
                "day": date_format(row.offered_at.astimezone(ZONE), "MONTH_DAY_FORMAT"),
            },
            reverse("workshop:assignment", args=[row.reference]),
            "phone",
        )
        for row in rows
        if row.state == State.OFFERED
    ]


def _overdue(
    rows: Sequence[Assignment], goods: Mapping[int, Piece], on: dt.date
) -> list[Task]:
    return [
        _task(
            row.due_on,
            on,
            _("%(maker)s still has %(pieces)s × %(what)s")
            % {
                "maker": row.maker,
                "pieces": in_hand(row) - row.waiting,
                "what": title_of(goods, row.demand.product_id),
            },
            _("Due %(day)s") % {"day": date_format(row.due_on, "MONTH_DAY_FORMAT")},
            reverse("workshop:assignment", args=[row.reference]),
            "clock",
        )
        for row in rows
        if row.state == State.TAKEN and row.due_on <= on and in_hand(row) > row.waiting
    ]


def _to_go(base: Base, on: dt.date) -> list[Task]:
    """Parcels to send, pick-ups to make ready, and those that somebody will fetch."""
    rows = (
        shipments_at(base)
        .filter(state__in=[Shipment.State.PLANNED, Shipment.State.READY])
        .order_by("promised_on", "pk")
    )
    send, ready, fetch = [], [], []
    for row in rows:
        if row.state == Shipment.State.READY:
            fetch.append(row)
        elif row.method == Shipment.Method.PARCEL:
            send.append(row)
        else:
            ready.append(row)
    first = _("The first is promised for %(day)s")
    found = [
        (
            send,
            ngettext("Send %(count)s parcel", "Send %(count)s parcels", len(send)),
            first,
        ),
        (
            ready,
            ngettext(
                "Make %(count)s pick-up ready",
                "Make %(count)s pick-ups ready",
                len(ready),
            ),
            first,
        ),
        (
            fetch,
            ngettext(
                "%(count)s pick-up to hand over",
                "%(count)s pick-ups to hand over",
                len(fetch),
            ),
            _("Ask for the code of four digits"),
        ),
    ]
    tasks = []
    for part, title, text in found:
        if not part:
            continue
        promised = part[0].promised_on
        url = (
            reverse("workshop:parcel", args=[part[0].reference])
            if len(part) == 1
            else reverse("workshop:parcels")
        )
        said = {"count": len(part), "day": date_format(promised, "MONTH_DAY_FORMAT")}
        # A buyer comes when she comes: what waits for her is never overdue.
        day = max(promised, on) if part is fetch else promised
        tasks.append(_task(day, on, title % said, text % said, url))
    return tasks


def _job(order: WorkOrder, goods: Mapping[int, Piece], on: dt.date) -> Job:
    piece = goods.get(order.demand.product_id)
    return Job(
        reference=order.reference,
        title=title_of(goods, order.demand.product_id),
        picture=piece.picture if piece else "",
        accepted=order.accepted,
        pieces=order.pieces,
        due_on=order.due_on,
        late=order.due_on <= on + dt.timedelta(days=1),
    )


def _on_time(base: Base, on: dt.date) -> int | None:
    """Percent of first deliveries in the last 90 days that came by their day."""
    counted = Delivery.objects.filter(
        assignment__work_order__base=base,
        round=1,
        delivered_at__date__gte=on - dt.timedelta(days=ON_TIME_DAYS),
    ).aggregate(
        all=Count("pk"),
        good=Count("pk", filter=Q(delivered_at__date__lte=F("assignment__due_on"))),
    )
    if not counted["all"]:
        return None
    return int(counted["good"] * 100 // counted["all"])
