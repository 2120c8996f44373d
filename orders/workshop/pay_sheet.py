"""/workshop/pay-sheet/: one base and month, to be checked, signed and handed over."""

import datetime as dt
from io import BytesIO

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_POST, require_safe
from openpyxl import Workbook

from orders import edge
from orders.workshop import frame
from orders.workshop.pay_rows import Sheet, months, sheet_of
from orders.workshop.words import hours
from producers.ledger.models import Payout
from producers.models import Base
from producers.services import revealing
from qiaoshou.common.paper import as_pdf
from qiaoshou.common.spreadsheet import inert
from qiaoshou.common.today import today

TONES = {"prepared": "warn", "approved": "info", "closed": "ok"}
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def month_asked(request: HttpRequest) -> dt.date:
    """The first day of `?month=2026-11`, this month without it; none to come."""
    this = today().replace(day=1)
    asked = request.GET.get("month") or request.POST.get("month")
    if not asked:
        return this
    try:
        month = dt.date.fromisoformat(f"{asked}-01")
    except ValueError:
        raise Http404 from None
    if month > this:
        raise Http404
    return month


@frame.for_leaders
@require_safe
def pay_sheet(request: HttpRequest) -> HttpResponse:
    return _page(request)


def _page(request: HttpRequest) -> HttpResponse:
    base = frame.base_of(request)
    month = month_asked(request)
    sheet = sheet_of(base, month)
    return frame.page(
        request,
        "workshop/pay_sheet.html",
        "pay",
        {"sheet": sheet, "tabs": _tabs(base, month), "on": today()},
    )


def _tabs(base: Base, month: dt.date) -> list[dict[str, object]]:
    at = reverse("workshop:pay-sheet")
    return [
        {
            "label": date_format(
                one, "F" if one.year == today().year else "YEAR_MONTH_FORMAT"
            ),
            "url": f"{at}?month={one:%Y-%m}",
            "current": one == month,
            "state": Payout.State(state).label if state else "",
            "tone": TONES.get(state, ""),
        }
        for one, state in months(base)
    ]


@frame.for_leaders
@require_POST
def export(request: HttpRequest) -> HttpResponse:
    """The sheet as a spreadsheet; who took it away stands in the audit trail."""
    base = frame.base_of(request)
    sheet = sheet_of(base, month_asked(request))
    revealing.record_export(table="pay_sheet", rows=len(sheet.lines), by=request.user)
    answer = HttpResponse(_as_xlsx(base, sheet), content_type=XLSX)
    name = f"pay-sheet-{base.reference}-{sheet.month:%Y-%m}.xlsx"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


@frame.for_leaders
@require_POST
def file(request: HttpRequest) -> HttpResponse:
    """The sheet to sign as a PDF file; who took it away stands in the audit trail."""
    base, month = frame.base_of(request), month_asked(request)
    rows = len(sheet_of(base, month).lines)
    revealing.record_export(table="pay_sheet", rows=rows, by=request.user)
    return as_pdf(_page(request), f"pay-sheet-{base.reference}-{month:%Y-%m}.pdf")


def _as_xlsx(base: Base, sheet: Sheet) -> bytes:
    book = Workbook()
    page = book.active
    page.title = f"{sheet.month:%Y-%m}"
    page.append([inert(str(base)), f"{sheet.month:%Y-%m}"])
    page.append(
        [
            pgettext("person", "Name"),
            _("What she made"),
            _("Piecework pay"),
            _("Top-up"),
            _("To be paid (yuan)"),
            _("Hours reported"),
            _("State"),
            _("Signature"),
        ]
    )
    for line in sheet.lines:
        made = "; ".join(
            f"{one.title} {one.pieces} × {edge.yuan(one.rate_fen)}" for one in line.work
        )
        page.append(
            [
                inert(str(line.maker)),
                inert(made),
                edge.yuan(line.piece_fen),
                edge.yuan(line.top_up_fen),
                edge.yuan(line.fen),
                hours(line.minutes) if line.minutes else "",
                line.state,
                "",
            ]
        )
    page.append(
        [
            _("Together"),
            "",
            edge.yuan(sheet.piece_fen),
            edge.yuan(sheet.top_up_fen),
            edge.yuan(sheet.fen),
        ]
    )
    out = BytesIO()
    book.save(out)
    return out.getvalue()
