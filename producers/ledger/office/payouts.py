"""/office/payouts/: the list of payouts, and the page that prepares them."""

import datetime as dt
import uuid
from typing import Any

import django_filters
from django.contrib import messages
from django.db.models import Q, QuerySet, Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext
from django.views.decorators.http import require_http_methods
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, StatusTagColumn, TitleColumn
from wagtail.admin.widgets.button import HeaderButton

from producers.domain.payout import PREPARED, first_of, month_before
from producers.ledger import payouts, policy
from producers.ledger.due import OfBase, due_everywhere
from producers.ledger.models import Payout, PayoutLine
from producers.ledger.office.frame import (
    BooksIndex,
    BooksPolicy,
    Yuan,
    only,
    payout_crumbs,
)
from producers.ledger.templatetags.ledger import exact
from producers.ledger.words import TO_MEND, refusal_words, why_left_out
from producers.models import Base
from producers.office.frame import computed
from qiaoshou.common.today import today

MONTHS = 12
PAID, FAILED = Q(lines__state="paid"), Q(lines__state="failed")


def month_name(day: dt.date) -> str:
    return date_format(day, "YEAR_MONTH_FORMAT")


def months_of_payouts() -> list[tuple[str, str]]:
    rows = Payout.objects.order_by("-month").values_list("month", flat=True).distinct()
    return [(day.isoformat(), month_name(day)) for day in rows]


class PayoutFilters(WagtailFilterSet):
    month = django_filters.ChoiceFilter(
        choices=months_of_payouts,
        label=gettext_lazy("Month"),
        empty_label=gettext_lazy("All"),
    )
    base = django_filters.ModelChoiceFilter(
        queryset=Base.objects.filter(payouts__isnull=False)
        .distinct()
        .order_by("sort_key"),
        label=gettext_lazy("Base"),
    )
    state = django_filters.ChoiceFilter(
        choices=Payout.State.choices,
        label=gettext_lazy("State"),
        empty_label=gettext_lazy("All"),
    )

    class Meta:
        model = Payout
        fields = ("month", "base", "state")


class PayoutList(BooksIndex):
    model = Payout
    permission_policy = BooksPolicy(Payout)
    template_name = "producers/ledger/list.html"
    results_template_name = "producers/ledger/list_results.html"
    index_url_name = "ledger_payouts"
    index_results_url_name = "ledger_payouts_results"
    page_title = gettext_lazy("Payouts")
    header_icon = "form"
    filterset_class = PayoutFilters
    search_fields = ("reference", "base__name_zh", "base__name_en")
    default_ordering = ("-month", "base__sort_key", "-pk")
    verbose_name_plural = gettext_lazy("payouts")
    list_export = (
        "reference",
        "base",
        "month",
        "makers",
        "fen",
        "paid_fen",
        "failed_fen",
        "get_state_display",
        "prepared_by",
        "approved_by",
        "ended_at",
    )
    export_headings = {
        "get_state_display": gettext_lazy("state"),
        "paid_fen": gettext_lazy("paid in fen"),
        "failed_fen": gettext_lazy("failed in fen"),
    }

    @property
    def columns(self) -> list[Column]:
        return [
            TitleColumn("base", label=_("Base"), get_url=address, sort_key="base"),
            computed("month", _("Month"), "month", lambda row: month_name(row.month)),
            StatusTagColumn(
                "get_state_display",
                label=_("State"),
                primary=lambda row: row.state == Payout.State.PREPARED,
            ),
            Column("makers", label=_("Makers"), sort_key="makers"),
            Yuan("fen", label=_("Sum in yuan"), sort_key="fen"),
            Yuan("paid_fen", label=pgettext("pay", "Paid")),
            Yuan("failed_fen", label=pgettext("pay", "Failed")),
            Column("prepared_by", label=_("Prepared by")),
            Column("approved_by", label=_("Approved by")),
            Column("reference", label=_("Number")),
        ]

    @staticmethod
    def prepared(rows: QuerySet) -> QuerySet:
        return rows.select_related("base", "prepared_by", "approved_by").annotate(
            paid_fen=Sum("lines__fen", filter=PAID, default=0),
            failed_fen=Sum("lines__fen", filter=FAILED, default=0),
        )

    @property
    def header_buttons(self) -> list[HeaderButton]:
        if not policy.may(self.request.user, "prepare"):
            return []
        where = reverse("ledger_prepare")
        return [HeaderButton(_("Prepare payouts"), url=where, icon_name="plus")]

    def sums(self, rows: QuerySet) -> list[tuple[str, str]]:
        chosen = Payout.objects.filter(pk__in=rows.order_by().values("pk"))
        lines = PayoutLine.objects.filter(payout__in=chosen).exclude(state="withdrawn")
        found = lines.aggregate(
            total=Sum("fen", default=0),
            paid=Sum("fen", filter=Q(state="paid"), default=0),
            failed=Sum("fen", filter=Q(state="failed"), default=0),
            waiting=Sum("fen", filter=Q(state="open"), default=0),
        )
        return [
            (_("In these payouts"), exact(found["total"])),
            (pgettext("pay", "Paid"), exact(found["paid"])),
            (_("To be paid"), exact(found["waiting"])),
            (pgettext("pay", "Failed"), exact(found["failed"])),
        ]


def address(payout: Payout) -> str:
    return reverse("ledger_payout", args=(payout.reference,))


def _months() -> list[dt.date]:
    """The months that can be chosen: the running one and those before."""
    found = [first_of(today())]
    while len(found) < MONTHS:
        found.append(month_before(found[-1]))
    return found


def _chosen(request: HttpRequest) -> dt.date:
    """The month asked for; the last one where none or none of these is named."""
    asked = request.POST.get("month") or request.GET.get("month")
    months = _months()
    return next((day for day in months if f"{day:%Y-%m}" == asked), months[1])


@require_http_methods(["GET", "HEAD", "POST"])
@only("prepare")
def prepare(request: HttpRequest) -> HttpResponse:
    """What is due at each base for the month; a click prepares one base or all."""
    month = _chosen(request)
    if request.method == "POST":
        _prepare(request, month)
        return redirect(f"{reverse('ledger_prepare')}?month={month:%Y-%m}")
    due = due_everywhere(month)
    waiting = Payout.objects.filter(month=month, state=Payout.State.PREPARED)
    waits = {payout.base_id: payout for payout in waiting}
    rows = [_shown(one, waits.get(one.base.pk)) for one in due]
    ready = [row for row in rows if row["makers"] and not row["waits"]]
    title = _("Pay that is due, %(month)s") % {"month": month_name(month)}
    context = {
        "month": month,
        "months": [(f"{day:%Y-%m}", month_name(day)) for day in _months()],
        "running": month == first_of(today()),
        "rows": rows,
        "ready": len(ready),
        "fen": sum(row["fen"] for row in ready),
        "makers": sum(row["makers"] for row in ready),
        "left_out": sum(len(row["left_out"]) for row in rows),
        "click": uuid.uuid4(),
        "header_title": title,
        "header_icon": "form",
        "breadcrumbs_items": payout_crumbs({"url": "", "label": title}),
    }
    return render(request, "producers/ledger/prepare.html", context)


def _shown(one: OfBase, waits: Payout | None) -> dict[str, Any]:
    """One base; where a payout of the month waits, with what stands in that one."""
    return {
        "base": one.base,
        "fen": waits.fen if waits else one.fen,
        "makers": waits.makers if waits else len(one.lines),
        "waits": waits,
        "left_out": [
            {
                "maker": due.maker,
                "fen": due.fen,
                "why": why_left_out(due),
                "mend": due.reason in TO_MEND,
                "account": due.account,
            }
            for due in one.left_out
            if not (waits and due.reason == PREPARED)
        ],
    }


def _prepare(request: HttpRequest, month: dt.date) -> None:
    """Prepares the base that was clicked, or every base; says what came of each."""
    try:
        click = uuid.UUID(request.POST.get("click", ""))
    except ValueError:
        messages.error(request, _("The page was too old. Nothing was prepared."))
        return
    bases = [one.base for one in due_everywhere(month) if one.lines]
    asked = request.POST.get("base", "")
    if asked:
        # One click can come twice: the first may have left nothing that is due.
        bases = list(Base.objects.filter(pk=asked)) if asked.isdecimal() else []
    made, fen = 0, 0
    for base in bases:
        try:
            payout = payouts.prepare_payout(
                base=base,
                month=month,
                by=request.user,
                client_reference=uuid.uuid5(click, f"{base.pk} {month:%Y-%m}"),
            )
            made, fen = made + 1, fen + payout.fen
        except payouts.AlreadyPrepared as refusal:
            if asked:
                messages.warning(request, refusal_words(refusal))
        except payouts.NothingToPay as refusal:
            messages.warning(request, f"{base}: {refusal_words(refusal)}")
    if made:
        messages.success(
            request,
            _("%(payouts)d prepared, %(yuan)s yuan. Somebody else approves them.")
            % {"payouts": made, "yuan": exact(fen)},
        )
    elif not bases:
        messages.warning(request, _("Nothing was to be prepared."))
