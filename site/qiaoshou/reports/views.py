"""/reports/: the gains of her areas, for officers; page, CSV and spreadsheet."""

import datetime as dt
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from producers.income import policy, reading
from qiaoshou.common import audit
from qiaoshou.common.models import Area
from qiaoshou.common.naming import named
from qiaoshou.reports import charts, gain
from qiaoshou.reports.columns import carried, shown
from qiaoshou.reports.exporting import FORMATS
from qiaoshou.reports.page import crumbs, headline, kpis, notes, rail
from qiaoshou.reports.period import PeriodForm, in_words


def _area(request: HttpRequest, pk: int | None) -> Area:
    """The area asked for, or the first of her own; 403 for who is no officer."""
    policy.check_reads_incomes(request.user)
    if pk is None:
        own = policy.own_areas(request.user).first()
        if own is None:
            raise Http404
        return own
    return get_object_or_404(policy.reported_areas(request.user), pk=pk)


def _read(
    request: HttpRequest, area: Area, first: dt.date, until: dt.date
) -> gain.GainReport:
    return gain.read(area, first, until, visible=policy.households_for(request.user))


@never_cache
@login_required
@require_safe
def gains(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """One area with the areas below it; in a village each household, once audited."""
    area = _area(request, pk)
    form = PeriodForm(request.GET)
    first, until = form.months
    report = _read(request, area, first, until)
    if report.households:
        reading.record_read(
            households=report.households,
            purpose=_("Report of gains"),
            by=request.user,
        )
    query = f"first={first:%Y-%m}&last={_last(until):%Y-%m}"
    return render(
        request,
        "reports/gain.html",
        {
            "area": area,
            "area_name": named(area),
            "report": report,
            "form": form,
            "period": in_words(first, until),
            "query": query,
            "crumbs": crumbs(request.user, area, query),
            "others": _others(request, area, query),
            "headline": headline(report),
            "kpis": kpis(report),
            "notes": notes(report),
            "charts": _charts(report),
            "table": _table(report, query),
            **rail(area),
        },
    )


def _charts(report: gain.GainReport) -> list[charts.Chart]:
    monthly = {month: one.average for month, one in report.tally.monthly.items()}
    drawn = (charts.spread(report.averages), charts.by_month(monthly))
    return [one for one in drawn if one is not None]


def _last(until: dt.date) -> dt.date:
    return (until - dt.timedelta(days=1)).replace(day=1)


def _others(request: HttpRequest, area: Area, query: str) -> list[dict[str, Any]]:
    """Her own areas as tabs, where she has several."""
    own = list(policy.own_areas(request.user))
    if len(own) < 2:
        return []
    return [
        {
            "label": named(one),
            "url": f"{reverse('reports:gain', args=[one.pk])}?{query}",
            "current": area.path.startswith(one.path),
        }
        for one in own
    ]


def _table(report: gain.GainReport, query: str) -> dict[str, Any]:
    """The columns' figures as the table component takes them."""
    first = _("Household") if report.of_village else _("Area")

    def name(line: gain.Line) -> str | dict[str, str]:
        if line.area is not None:
            url = f"{reverse('reports:gain', args=[line.area.pk])}?{query}"
            return {"text": line.name, "url": url}
        if line.household is not None:
            reference = line.household.reference
            return {
                "text": line.name,
                "url": reverse("income_household", args=[reference]),
            }
        return line.name

    return {
        "head": [
            {"label": first},
            *({"label": one.label, "number": one.number} for one in report.columns),
        ],
        "rows": [
            [name(line), *(shown(one, line.figures) for one in report.columns)]
            for line in report.lines
        ],
        "foot": [
            _("Together"),
            *(shown(one, report.total) if one.number else "" for one in report.columns),
        ],
    }


@never_cache
@login_required
@require_safe
def export(request: HttpRequest, pk: int, ending: str) -> HttpResponse:
    """The same figures as a file, small areas merged; who took it is in the audit."""
    area = _area(request, pk)
    form = PeriodForm(request.GET)
    if form.errors:
        return HttpResponse(
            " ".join(error for errors in form.errors.values() for error in errors),
            status=400,
            content_type="text/plain; charset=utf-8",
        )
    first, until = form.months
    lines = gain.carried_lines(_read(request, area, first, until))
    columns = [one for one in gain.AREA_COLUMNS if one.carried]
    months = f"{first:%Y-%m}", f"{_last(until):%Y-%m}"
    rows = [
        [_("Area"), _("From"), _("To"), *(str(one.label) for one in columns)],
        *(
            [
                line.name,
                *months,
                *(carried(one, line.figures, money=line.money) for one in columns),
            ]
            for line in lines
        ),
    ]
    audit.record(
        deed="export_report",
        subject=f"area:{area.code}",
        purpose=_("Report of gains"),
        facts={"rows": len(lines), "first": months[0], "last": months[1], "as": ending},
        by=request.user,
    )
    return FORMATS[ending](f"gain-{area.code}-{months[0]}-{months[1]}", rows)
