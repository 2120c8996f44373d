"""/workshop/inspections/ and deliveries: what came back is looked at."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from orders.buyer.pieces import pieces_of
from orders.models import Delivery
from orders.services import inspecting
from orders.workshop import frame, photos, refusals
from orders.workshop.inspection_form import InspectionForm
from orders.workshop.todo import title_of
from qiaoshou.common.templatetags.money import yuan

PAGE = 30


@frame.for_leaders
@require_safe
def inspections(request: HttpRequest) -> HttpResponse:
    """Deliveries that wait, the oldest first, and below them what was looked at."""
    base = frame.base_of(request)
    rows = Delivery.objects.filter(assignment__work_order__base=base).select_related(
        "assignment__maker", "assignment__demand"
    )
    waiting = list(rows.filter(inspection=None).order_by("delivered_at", "pk"))
    seen = rows.filter(inspection__isnull=False).select_related("inspection")
    page = Paginator(seen.order_by("-inspection__inspected_at", "-pk"), PAGE).get_page(
        request.GET.get("page")
    )
    goods = pieces_of(
        {row.assignment.demand.product_id for row in [*waiting, *page]},
        get_language() or "zh-hans",
    )

    def cards(found: Any) -> list[dict[str, Any]]:
        return [
            {
                "row": row,
                "title": title_of(goods, row.assignment.demand.product_id),
                "picture": goods[row.assignment.demand.product_id].picture,
            }
            for row in found
        ]

    return frame.page(
        request,
        "workshop/inspections.html",
        "insp",
        {"waiting": cards(waiting), "seen": cards(page), "page": page},
    )


@frame.for_leaders
@require_http_methods(["GET", "HEAD", "POST"])
def inspect(request: HttpRequest, reference: str) -> HttpResponse:
    """One delivery is looked at; every piece of it is accepted, rework or rejected."""
    row = get_object_or_404(
        Delivery.objects.of_leader(request.user)
        .select_related(
            "inspection", "assignment__maker", "assignment__work_order__base"
        )
        .select_related("assignment__demand"),
        reference=reference,
    )
    if request.method != "POST":
        return _page(request, row, InspectionForm(row))
    form = InspectionForm(row, request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, row, form, status=400)
    said = form.cleaned_data
    try:
        inspecting.record_inspection(
            delivery=row,
            accepted=said["accepted"],
            rework=said["rework"],
            rejected=said["rejected"],
            note=said["note"],
            defects=said["defects"],
            photos=photos.fetch(form.kept),
            client_reference=said["client_reference"],
            by=request.user,
        )
    except inspecting.AlreadyInspected as refusal:
        messages.error(request, refusals.said(refusal))
        return redirect("workshop:inspect", row.reference)
    except refusals.OF_INSPECTIONS as refusal:
        form.add_error(None, refusals.said(refusal))
        return _page(request, row, form, status=400)
    photos.forget(form.kept)
    earned = yuan(said["accepted"] * row.assignment.work_order.piece_rate_fen)
    if said["accepted"]:
        text = _("Done. %(maker)s earned %(sum)s yuan.")
        messages.success(request, text % {"maker": row.assignment.maker, "sum": earned})
    else:
        messages.success(request, _("Done."))
    return redirect("workshop:inspections")


def _page(
    request: HttpRequest, row: Delivery, form: InspectionForm, status: int = 200
) -> HttpResponse:
    product = row.assignment.demand.product_id
    piece = pieces_of([product], get_language() or "zh-hans")[product]
    done = getattr(row, "inspection", None)
    return frame.page(
        request,
        "workshop/inspect.html",
        "insp",
        {
            "row": row,
            "title": title_of({product: piece}, product),
            "piece": piece,
            "form": form,
            "done": done,
            "defects": list(done.defects.order_by("pk")) if done else [],
            "shots": list(done.photos.order_by("pk")) if done else [],
            "said": sum(_whole(form[name].value()) for name in COUNTS),
        },
        base=row.assignment.work_order.base,
        status=status,
    )


COUNTS = ("accepted", "rework", "rejected")


def _whole(value: Any) -> int:
    return int(value) if str(value).isdecimal() else 0
