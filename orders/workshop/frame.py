"""The frame of the workshop: who leads which base, and what the menu counts."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.cache import never_cache

from orders import policy
from orders.models import Assignment, Delivery, Shipment, WorkOrder
from producers.models import Base
from producers.selectors import bases_led_by

CHOSEN = "workshop_base"
View = Callable[..., HttpResponse]


@dataclass(frozen=True, slots=True)
class Place:
    """One entry of the menu."""

    key: str
    icon: str
    label: str
    url: str
    count: int = 0


def for_leaders(view: View) -> View:
    """Only who leads a base comes in; `request.bases` are those that she leads."""

    @never_cache
    @login_required
    @wraps(view)
    def inside(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        bases = list(bases_led_by(request.user).order_by("sort_key", "pk"))
        policy.check(bool(bases))
        request.bases = bases
        return view(request, *args, **kwargs)

    return inside


def base_of(request: HttpRequest) -> Base:
    """The base whose day she looks at; who leads two chooses, and it is remembered."""
    by_reference = {base.reference: base for base in request.bases}
    asked = request.GET.get("base", "")
    if asked:
        if asked not in by_reference:
            raise Http404
        request.session[CHOSEN] = asked
    return by_reference.get(request.session.get(CHOSEN, ""), request.bases[0])


def menu(base: Base) -> list[Place]:
    """The pages of the workshop with what waits on each: three queries."""
    to_send = (
        WorkOrder.objects.filter(
            base=base, assignments__state=Assignment.State.PROPOSED
        )
        .distinct()
        .count()
    )
    to_inspect = Delivery.objects.filter(
        assignment__work_order__base=base, inspection=None
    ).count()
    to_go = (
        shipments_at(base)
        .filter(state__in=[Shipment.State.PLANNED, Shipment.State.READY])
        .count()
    )
    at = {name: reverse(f"workshop:{name}") for name in PAGES}
    return [
        Place("today", "home", _("Today"), at["today"]),
        Place("jobs", "scissors", pgettext("menu", "Work"), at["jobs"], to_send),
        Place("insp", "check", _("Inspection"), at["inspections"], to_inspect),
        Place("stock", "box", pgettext("menu", "Stock"), at["stock"]),
        Place("pay", "yuan", _("Pay sheet"), at["pay-sheet"]),
        Place("parcels", "truck", _("Parcels"), at["parcels"], to_go),
        Place("makers", "people", pgettext("menu", "Makers"), at["makers"]),
    ]


def shipments_at(base: Base) -> QuerySet[Shipment]:
    """What leaves from the base, or is collected at a pick-up point of its own."""
    return Shipment.objects.filter(
        Q(from_place__base=base)
        | Q(from_place__pickup_point__base=base)
        | Q(pickup_point__base=base)
    )


PAGES = ("today", "jobs", "inspections", "stock", "pay-sheet", "parcels", "makers")


def page(
    request: HttpRequest,
    template: str,
    active: str,
    context: dict[str, Any],
    *,
    base: Base | None = None,
    status: int = 200,
) -> HttpResponse:
    """A page of the workshop with its menu; `base` where the page is of one base."""
    own = base or base_of(request)
    return render(
        request,
        template,
        {
            "rail": menu(own),
            "rail_name": str(own),
            "active": active,
            "base": own,
            "bases": request.bases if base is None else [],
            **context,
        },
        status=status,
    )
