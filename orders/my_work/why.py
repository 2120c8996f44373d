"""/my-work/others/: work of her craft that went to others, and why not to her."""

from collections.abc import Sequence

from django.db.models import Exists, OuterRef
from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from orders.buyer.pieces import pieces_of
from orders.models import Assignment, WorkOrder
from orders.my_work import frame
from orders.workshop import reasons
from orders.workshop.todo import title_of
from orders.workshop.words import Names
from producers.models import Maker
from producers.selectors import base_of, same_person, skills_on
from qiaoshou.common.today import today

SHOWN = 6


@frame.for_makers
@require_safe
def others(request: HttpRequest) -> HttpResponse:
    orders = _orders(request.maker)
    goods = pieces_of(
        {order.demand.product_id for order in orders}, get_language() or "zh-hans"
    )
    found = reasons.why_not_me(orders, request.maker.pk)
    names = Names(found.values())
    return frame.page(
        request,
        "my_work/others.html",
        "work",
        {
            "rows": [
                {
                    "title": title_of(goods, order.demand.product_id),
                    "piece": goods[order.demand.product_id],
                    "pieces": order.pieces,
                    "due_on": order.due_on,
                    "reason": names.said(found[order.demand_id]),
                }
                for order in orders
                if order.demand_id in found
            ]
        },
    )


def _orders(maker: Maker) -> Sequence[WorkOrder]:
    """Open work orders of her base and crafts that she has no part in, newest first."""
    base = base_of(maker)
    if base is None:
        return []
    crafts = list(
        skills_on(today()).filter(maker=maker).values_list("craft", flat=True)
    )
    hers = Assignment.objects.filter(
        demand=OuterRef("demand"), maker__in=same_person([maker])
    )
    listed = WorkOrder.objects.filter(base=base, closed_at=None, pieces__gt=0).exclude(
        Exists(hers)
    )
    of_craft = listed.filter(
        demand__product__listing__craft__in=crafts
    ) | listed.filter(demand__product__parent__listing__craft__in=crafts)
    return list(of_craft.select_related("demand").order_by("-pk")[:SHOWN])
