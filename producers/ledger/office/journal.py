"""/office/journal/: entries by day, kind and source; an entry; the balances."""

from typing import Any

import django_filters
from django.contrib import messages
from django.core.paginator import Paginator
from django.db import IntegrityError
from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Sum
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy
from django.views.decorators.http import require_http_methods, require_safe
from wagtail.admin.filters import DateRangePickerWidget, WagtailFilterSet
from wagtail.admin.ui.tables import Column, TitleColumn

from producers.ledger import policy
from producers.ledger.journal import OF_ORDERS, OF_PAYOUTS, CantReverse
from producers.ledger.journal import reverse as undo
from producers.ledger.models import Account, Balance, Entry, Posting
from producers.ledger.office.frame import (
    BooksIndex,
    BooksPolicy,
    Yuan,
    check,
    journal_crumbs,
    only,
)
from producers.ledger.office.payout import ReasonForm
from producers.ledger.tables.journal import OF_BASES, OF_MAKERS, Kind, What
from producers.ledger.templatetags.ledger import exact
from producers.office.frame import computed
from qiaoshou.common.broken_rules import rule_broken

A_PAGE = 100
OWNED = OF_MAKERS + OF_BASES


def _touching(**which: Any) -> Exists:
    return Exists(Posting.objects.filter(entry=OuterRef("pk"), **which))


SOURCES = {
    "inspection": pgettext_lazy("source of an entry", "inspection"),
    "payment": pgettext_lazy("source of an entry", "payment"),
    "payout": pgettext_lazy("source of an entry", "payout"),
    "payout_line": pgettext_lazy("source of an entry", "line of a payout"),
    "refund": pgettext_lazy("source of an entry", "refund"),
    "shipment": pgettext_lazy("source of an entry", "shipment"),
}


class EntryFilters(WagtailFilterSet):
    on = django_filters.DateFromToRangeFilter(
        label=gettext_lazy("Day"), widget=DateRangePickerWidget
    )
    what = django_filters.ChoiceFilter(
        choices=What.choices,
        label=gettext_lazy("What happened"),
        empty_label=gettext_lazy("All"),
    )
    kind = django_filters.ChoiceFilter(
        choices=Kind.choices,
        label=gettext_lazy("Kind of account"),
        empty_label=gettext_lazy("All"),
        method="of_kind",
    )
    order = django_filters.CharFilter(
        label=gettext_lazy("Order number"), method="of_order"
    )
    account = django_filters.NumberFilter(
        label=pgettext_lazy("ledger", "Account"), method="of_account"
    )

    class Meta:
        model = Entry
        fields = ("on", "what", "kind", "order", "account")

    def of_kind(self, rows: QuerySet, name: str, kind: str) -> QuerySet:
        return rows.filter(_touching(account__kind=kind))

    def of_order(self, rows: QuerySet, name: str, number: str) -> QuerySet:
        return rows.filter(_touching(about=number.strip().upper()))

    def of_account(self, rows: QuerySet, name: str, account: Any) -> QuerySet:
        return rows.filter(_touching(account=int(account)))


class EntryList(BooksIndex):
    model = Entry
    permission_policy = BooksPolicy(Entry)
    template_name = "producers/ledger/list.html"
    results_template_name = "producers/ledger/list_results.html"
    index_url_name = "ledger_journal"
    index_results_url_name = "ledger_journal_results"
    page_title = gettext_lazy("Journal")
    header_icon = "list-ul"
    filterset_class = EntryFilters
    search_fields = ("reference", "source")
    default_ordering = ("-on", "-pk")
    verbose_name_plural = gettext_lazy("entries of the journal")
    list_export = ("on", "get_what_display", "moved_fen", "reference", "source_kind")
    export_headings = {
        "get_what_display": gettext_lazy("what"),
        "moved_fen": gettext_lazy("fen"),
    }

    @property
    def columns(self) -> list[Column]:
        return [
            TitleColumn(
                "get_what_display", label=_("What happened"), get_url=entry_address
            ),
            computed("on", _("Day"), "on", lambda row: date_format(row.on)),
            Yuan("moved_fen", label=_("Yuan")),
            Column("reference", label=pgettext("ledger", "Reference")),
            computed("undone", _("Correction"), None, _correction),
        ]

    @staticmethod
    def prepared(rows: QuerySet) -> QuerySet:
        return rows.select_related("reversed_by", "reverses").annotate(
            moved_fen=Sum("postings__fen", filter=Q(postings__fen__gt=0), default=0)
        )

    def sums(self, rows: QuerySet) -> list[tuple[str, str]]:
        found = Posting.objects.filter(
            fen__gt=0, entry__in=rows.order_by().values("pk")
        )
        return [
            (
                _("Moved in these entries"),
                exact(found.aggregate(fen=Sum("fen", default=0))["fen"]),
            )
        ]


def entry_address(entry: Entry) -> str:
    return reverse("ledger_entry", args=(entry.pk,))


def _correction(entry: Entry) -> str:
    if entry.reverses_id is not None:
        return _("corrects %(reference)s") % {"reference": entry.reverses.reference}
    return _("corrected") if hasattr(entry, "reversed_by") else ""


@require_http_methods(["GET", "HEAD", "POST"])
@only("see_journal")
def entry(request: HttpRequest, pk: int) -> HttpResponse:
    """One entry with its postings; a POST corrects it as a whole."""
    row = get_object_or_404(
        Entry.objects.select_related("reverses", "reversed_by"), pk=pk
    )
    form = ReasonForm()
    if request.method == "POST":
        check(request.user, "reverse")
        form = ReasonForm(request.POST)
        if form.is_valid() and _corrected(request, row, form):
            return redirect("ledger_entry", pk=pk)
    undone = hasattr(row, "reversed_by")
    context = {
        "entry": row,
        "postings": row.postings.select_related(
            "account__maker", "account__base", "base", "area", "craft"
        ).order_by("pk"),
        "source_kind": SOURCES.get(row.source_kind, row.source_kind),
        "sum": row.postings.aggregate(fen=Sum("fen", default=0))["fen"],
        "undone": row.reversed_by if undone else None,
        "may_reverse": policy.may(request.user, "reverse")
        and not undone
        and row.reverses_id is None
        and row.what not in OF_PAYOUTS + OF_ORDERS,
        "of_payout": row.what in OF_PAYOUTS,
        "of_order": row.what in OF_ORDERS,
        "form": form,
        "header_title": row.get_what_display(),
        "header_icon": "list-ul",
        "breadcrumbs_items": journal_crumbs(
            {"url": "", "label": row.get_what_display()}
        ),
    }
    return render(request, "producers/ledger/entry.html", context)


def _corrected(request: HttpRequest, row: Entry, form: ReasonForm) -> bool:
    try:
        # A row of its own: what is tried and refused must not show on the page's.
        mistake = Entry.objects.get(pk=row.pk)
        undo(entry=mistake, reason=form.cleaned_data["reason"], by=request.user)
    except CantReverse:
        form.add_error(None, _("This entry can’t be corrected here."))
        return False
    except IntegrityError as refusal:
        if rule_broken(refusal) not in ("balance_not_overdrawn", "order_not_overdrawn"):
            raise
        words = _("Part of this money was given on already. Take that back first.")
        form.add_error(None, words)
        return False
    messages.success(request, _("Corrected: another entry undoes this one."))
    return True


@require_safe
@only("see_journal")
def balances(request: HttpRequest) -> HttpResponse:
    """Every kind of account with its balance; debit and credit are equal."""
    found = {
        row["kind"]: row
        for row in Balance.objects.values("kind").annotate(
            owners=Count("account", filter=~Q(fen=0)), total=Sum("fen")
        )
    }
    rows = []
    for kind in Kind:
        fen = found.get(kind, {}).get("total", 0)
        rows.append(
            {
                "kind": kind,
                "label": kind.label,
                "debit": max(fen, 0),
                "credit": max(-fen, 0),
                "owners": found.get(kind, {}).get("owners", 0),
                "owned": kind in OWNED,
            }
        )
    context = {
        "rows": rows,
        "debit": sum(row["debit"] for row in rows),
        "credit": sum(row["credit"] for row in rows),
        "header_title": _("Balances"),
        "header_icon": "list-ul",
        "breadcrumbs_items": journal_crumbs({"url": "", "label": _("Balances")}),
    }
    return render(request, "producers/ledger/balances.html", context)


@require_safe
@only("see_journal")
def owners(request: HttpRequest, kind: str) -> HttpResponse:
    """The accounts of one kind that makers or bases own, largest first."""
    if kind not in OWNED:
        raise Http404
    rows = (
        Account.objects.filter(kind=kind)
        .exclude(balance__fen=0)
        .select_related("maker", "base", "balance")
        .order_by("balance__fen", "pk")
    )
    total = Balance.objects.filter(kind=kind).aggregate(fen=Sum("fen", default=0))
    label = Kind(kind).label
    context = {
        "kind": kind,
        "page": Paginator(rows, A_PAGE).get_page(request.GET.get("p")),
        "fen": -total["fen"],
        "header_title": label,
        "header_icon": "list-ul",
        "breadcrumbs_items": journal_crumbs(
            {"url": reverse("ledger_balances"), "label": _("Balances")},
            {"url": "", "label": label},
        ),
    }
    return render(request, "producers/ledger/owners.html", context)
