"""/workshop/work/: the work orders of a base, those to send out first."""

from django.core.paginator import Paginator
from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Sum
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from orders.buyer.pieces import pieces_of
from orders.models import Assignment, WorkOrder
from orders.workshop import frame
from orders.workshop.todo import title_of
from orders.workshop.words import day_said
from producers.models import Base
from qiaoshou.common.today import today

PAGE = 30
State = Assignment.State
TABS = ("open", "done")


@frame.for_leaders
@require_safe
def jobs(request: HttpRequest) -> HttpResponse:
    base = frame.base_of(request)
    tab = "done" if request.GET.get("tab") == "done" else "open"
    page = Paginator(_rows(base, tab), PAGE).get_page(request.GET.get("page"))
    goods = pieces_of(
        {row.demand.product_id for row in page}, get_language() or "zh-hans"
    )
    on = today()
    cards = [
        {
            "order": row,
            "title": title_of(goods, row.demand.product_id),
            "picture": goods[row.demand.product_id].picture,
            # What is closed is neither due nor over: its day is a date.
            "when": date_format(row.due_on, "MONTH_DAY_FORMAT")
            if row.closed_at
            else day_said(row.due_on, on),
            "late": row.due_on <= on and not row.closed_at,
            "left": row.pieces - row.placed,
        }
        for row in page
    ]
    return frame.page(
        request,
        "workshop/jobs.html",
        "jobs",
        {"page": page, "cards": cards, "tabs": _tabs(tab), "tab": tab},
        base=None,
    )


def _rows(base: Base, tab: str) -> QuerySet[WorkOrder]:
    rows = (
        WorkOrder.objects.filter(base=base)
        .select_related("demand")
        .annotate(
            proposed=Count("assignments", filter=Q(assignments__state=State.PROPOSED)),
            offered=Count("assignments", filter=Q(assignments__state=State.OFFERED)),
            taken=Count("assignments", filter=Q(assignments__state=State.TAKEN)),
            accepted=Sum("assignments__accepted", default=0),
            unsent=Exists(
                Assignment.objects.filter(
                    work_order=OuterRef("pk"), state=State.PROPOSED
                )
            ),
        )
    )
    if tab == "done":
        return rows.filter(Q(closed_at__isnull=False) | Q(pieces=0)).order_by(
            F("closed_at").desc(nulls_last=True), "-pk"
        )
    return rows.filter(closed_at=None, pieces__gt=0).order_by("-unsent", "due_on", "pk")


def _tabs(tab: str) -> list[dict[str, object]]:
    at = reverse("workshop:jobs")
    return [
        {"label": _("In progress"), "url": at, "current": tab == "open"},
        {
            "label": pgettext("work orders", "Done"),
            "url": f"{at}?tab=done",
            "current": tab == "done",
        },
    ]
