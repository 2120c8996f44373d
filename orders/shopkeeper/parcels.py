"""/shop/dashboard/parcels/<ref>/: the shopkeeper sends, makes ready and hands over."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404

from orders import policy
from orders.models import Shipment
from orders.services import taking_back
from orders.shopkeeper import frame
from orders.workshop.parcel_deeds import Counter


def _for_keepers(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Only who runs the shop comes in."""

    @login_required
    @wraps(view)
    def inside(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        policy.check(policy.keeps_shop(request.user))
        return view(request, *args, **kwargs)

    return inside


def _find(_request: HttpRequest, reference: str) -> Shipment:
    return get_object_or_404(
        Shipment.objects.select_related(
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
    return frame.page(
        request,
        "workshop/parcel.html",
        {
            "back": "dashboard:order-detail",
            "may_come_back": row.state in taking_back.AWAY and row.lines.exists(),
            "returns": row.goods_back.select_related("recorded_by")
            .annotate(good=Sum("lines__good"), spoilt=Sum("lines__spoilt"))
            .order_by("pk"),
            **context,
        },
        status=status,
    )


def _sends(_request: HttpRequest, _row: Shipment) -> bool:
    return True


DESK = Counter("shopkeeper", _for_keepers, _find, _page, _sends)
