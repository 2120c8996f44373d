"""/workshop/parcels/: what leaves the base, as a parcel or over the counter."""

from typing import Any

from django.core.paginator import Paginator
from django.db.models import Case, IntegerField, QuerySet, Value, When
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from orders.buyer.packed import packed_in
from orders.models import Shipment
from orders.workshop import frame
from orders.workshop.parcel_deeds import Counter
from producers.models import Base

PAGE = 30
State = Shipment.State
OPEN = (State.PLANNED, State.READY, State.SENT)


@frame.for_leaders
@require_safe
def parcels(request: HttpRequest) -> HttpResponse:
    """What is to go first, then what is on its way, then what has arrived."""
    base = frame.base_of(request)
    page = Paginator(_rows(base), PAGE).get_page(request.GET.get("page"))
    held = packed_in(list(page))
    return frame.page(
        request,
        "workshop/parcels.html",
        "parcels",
        {
            "page": page,
            "cards": [(row, sum(held[row.pk].values())) for row in page],
            "open": OPEN,
        },
    )


def _rows(base: Base) -> QuerySet[Shipment]:
    return (
        frame.shipments_at(base)
        .exclude(state=State.CANCELLED)
        .select_related("order__contact", "pickup_point", "from_place")
        .annotate(
            turn=Case(
                *(When(state=state, then=Value(at)) for at, state in enumerate(OPEN)),
                default=Value(len(OPEN)),
                output_field=IntegerField(),
            ),
        )
        .order_by("turn", "promised_on", "-pk")
    )


def _find(request: HttpRequest, reference: str) -> Shipment:
    """A shipment from a base that she leads; from another it does not exist."""
    return get_object_or_404(
        Shipment.objects.of_leader(request.user).select_related(
            "order__contact",
            "pickup_point__base",
            "from_place__base",
            "from_place__pickup_point",
        ),
        reference=reference,
    )


def _page(
    request: HttpRequest, row: Shipment, context: dict[str, Any], status: int
) -> HttpResponse:
    """The base of hers that it leaves from, or at whose point it is collected."""
    point = row.pickup_point
    near = {row.from_place.base_id, point.base_id if point else None}
    base = next((one for one in request.bases if one.pk in near), request.bases[0])
    return frame.page(
        request,
        "workshop/parcel.html",
        "parcels",
        {"back": "workshop:parcels", **context},
        base=base,
        status=status,
    )


def _sends(request: HttpRequest, row: Shipment) -> bool:
    """It leaves from a base of hers, or from a pick-up point of such a base."""
    point = row.from_place.pickup_point
    near = {row.from_place.base_id, point.base_id if point else None}
    return any(base.pk in near for base in request.bases)


WORKSHOP = Counter("workshop", frame.for_leaders, _find, _page, _sends)
