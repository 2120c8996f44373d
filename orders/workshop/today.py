"""/workshop/: what the leader has to do today, and how her base stands."""

from django.http import HttpRequest, HttpResponse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, npgettext
from django.views.decorators.http import require_safe

from orders.workshop import earnings, frame, shelf
from orders.workshop.todo import Day, day_of
from orders.workshop.words import day_long
from producers.models import Base
from qiaoshou.common.templatetags.money import yuan
from qiaoshou.common.today import today as business_day

GROUPED_FROM = 20
SHOWN = 5


@frame.for_leaders
@require_safe
def today(request: HttpRequest) -> HttpResponse:
    base = frame.base_of(request)
    day = day_of(base)
    return frame.page(
        request,
        "workshop/today.html",
        "today",
        {
            "day": day,
            "on": day_long(business_day()),
            "jobs": day.jobs[:SHOWN],
            "figures": _figures(base, day),
            "shelves": shelf.shelves(base)[:SHOWN],
            "grouped": len(day.tasks) > GROUPED_FROM,
        },
    )


def _figures(base: Base, day: Day) -> list[dict[str, object]]:
    """The headline figures of the base, as `kpis.html` reads them."""
    on = business_day()
    first = on.replace(day=1)
    earned = earnings.at_base(base, first)
    soon = ngettext(
        "%(count)s of them due soon", "%(count)s of them due soon", day.due_soon
    )
    figures: list[dict[str, object]] = [
        {
            "label": _("In hand"),
            "value": day.in_hand,
            "unit": ngettext("piece", "pieces", day.in_hand),
            "note": soon % {"count": day.due_soon},
        },
        {
            "label": _("To be sent out"),
            "value": day.new_orders,
            "unit": npgettext("unit", "work order", "work orders", day.new_orders),
            "note": "",
        },
        {
            "label": _("Pay in %(month)s") % {"month": date_format(on, "F")},
            "value": yuan(earned),
            "unit": _("yuan"),
            "note": "",
        },
    ]
    if day.on_time is not None:
        figures.append(
            {
                "label": _("Brought on time"),
                "value": day.on_time,
                "unit": "%",
                "note": _("of the last 90 days"),
            }
        )
    return figures
