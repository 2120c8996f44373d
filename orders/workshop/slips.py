"""The work slip on paper, A6: for hands without a telephone."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from orders.buyer.pieces import pieces_of
from orders.models import Assignment, WorkOrder
from orders.workshop import frame
from orders.workshop.todo import title_of
from producers.selectors import leaders_of
from qiaoshou.common.paper import as_pdf
from qiaoshou.common.today import today

State = Assignment.State
PRINTED = (State.PROPOSED, State.OFFERED, State.TAKEN)
MOST_BOXES, BUNDLE = 40, 5


@dataclass(frozen=True, slots=True)
class Slip:
    """What one slip says."""

    row: Assignment
    pieces: int
    boxes: range
    bundles: bool
    address: str

    @property
    def fen(self) -> int:
        return self.pieces * self.row.work_order.piece_rate_fen


@frame.for_leaders
@require_safe
def slip(request: HttpRequest, reference: str) -> HttpResponse:
    """The slip of one assignment."""
    return _one(request, reference)


@frame.for_leaders
@require_safe
def slip_file(request: HttpRequest, reference: str) -> HttpResponse:
    """The same slip as a PDF file."""
    return as_pdf(_one(request, reference), f"slip-{reference}.pdf")


@frame.for_leaders
@require_safe
def slips(request: HttpRequest, reference: str) -> HttpResponse:
    """The slips of everybody who was asked or makes pieces of a work order."""
    return _all(request, reference)


@frame.for_leaders
@require_safe
def slips_file(request: HttpRequest, reference: str) -> HttpResponse:
    """The same slips as a PDF file, for a copy shop or a telephone that can't print."""
    return as_pdf(_all(request, reference), f"slips-{reference}.pdf")


def _one(request: HttpRequest, reference: str) -> HttpResponse:
    row = get_object_or_404(
        Assignment.objects.of_leader(request.user).select_related(
            "maker", "work_order__base", "work_order__demand"
        ),
        reference=reference,
    )
    file = reverse("workshop:slip-file", args=[row.reference])
    return _print(request, row.work_order, [row], file)


def _all(request: HttpRequest, reference: str) -> HttpResponse:
    order = get_object_or_404(
        WorkOrder.objects.of_leader(request.user).select_related("base", "demand"),
        reference=reference,
    )
    rows = Assignment.objects.filter(work_order=order, state__in=PRINTED)
    return _print(
        request,
        order,
        list(rows.select_related("maker", "work_order").order_by("maker__sort_key")),
        reverse("workshop:slips-file", args=[order.reference]),
    )


def _print(
    request: HttpRequest, order: WorkOrder, rows: Sequence[Assignment], file: str
) -> HttpResponse:
    product = order.demand.product_id
    piece = pieces_of([product], get_language() or "zh-hans")[product]
    leader = leaders_of(order.base).order_by("sort_key", "pk").first()
    return render(
        request,
        "workshop/slips.html",
        {
            "order": order,
            "slips": [_slip(request, row) for row in rows],
            "title": title_of({product: piece}, product),
            "piece": piece,
            "leader": leader,
            "on": today(),
            "file": file,
        },
    )


def _slip(request: HttpRequest, row: Assignment) -> Slip:
    pieces = row.live or row.taken or row.offered or row.proposed
    bundles = pieces > MOST_BOXES
    count = -(-pieces // BUNDLE) if bundles else pieces
    path = reverse("my-work:assignment", args=[row.reference])
    return Slip(row, pieces, range(count), bundles, request.build_absolute_uri(path))
