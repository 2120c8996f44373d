"""What leaves the office of a payout: the bank's file, and the sheet to sign."""

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from producers.ledger.bank_file import CSV, XLSX, take_bank_file
from producers.ledger.models import Payout, PayoutLine
from producers.ledger.office.frame import only, payout_crumbs
from producers.ledger.office.payout import found
from producers.ledger.office.payouts import address
from producers.ledger.payouts import NotApproved
from producers.ledger.selectors import payout_rows
from producers.ledger.words import refusal_words
from producers.office.frame import show_refusal
from producers.office.reveal import PurposeForm

TYPES = {
    CSV: "text/csv; charset=utf-8",
    XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


class BankFileForm(PurposeForm):
    form = forms.ChoiceField(
        label=gettext_lazy("Kind of file"),
        choices=[(XLSX, "Excel (xlsx)"), (CSV, "CSV")],
        initial=XLSX,
        widget=forms.RadioSelect,
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@only("take_bank_file")
def bank_file(request: HttpRequest, reference: str) -> HttpResponse:
    """Asks what the file is for; a POST with a purpose is answered by the file."""
    payout = found(reference)
    form = BankFileForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            content = take_bank_file(
                payout=payout, by=request.user, **form.cleaned_data
            )
            return _download(payout, form.cleaned_data["form"], content)
        except NotApproved as refusal:
            form.add_error(None, refusal_words(refusal))
        except ValidationError as error:
            show_refusal(form, error)
    lines = payout.lines.filter(state=PayoutLine.State.OPEN)
    context = {
        "payout": payout,
        "form": form,
        "rows": lines.exclude(account_kind=PayoutLine.AccountKind.CASH).count(),
        "cash": lines.filter(account_kind=PayoutLine.AccountKind.CASH).count(),
        "header_title": _("File for the bank"),
        "header_icon": "download",
        "breadcrumbs_items": payout_crumbs(
            {"url": address(payout), "label": str(payout.base)},
            {"url": "", "label": _("File for the bank")},
        ),
    }
    return render(request, "producers/ledger/bank_file.html", context)


def _download(payout: Payout, form: str, content: bytes) -> HttpResponse:
    name = f"payout-{payout.month:%Y-%m}-{payout.reference}.{form}"
    return HttpResponse(
        content,
        content_type=TYPES[form],
        headers={
            "Content-Disposition": f'attachment; filename="{name}"',
            "X-Content-Type-Options": "nosniff",
        },
    )


@require_safe
@only("see_payouts")
def sheet(request: HttpRequest, reference: str) -> HttpResponse:
    """The pay sheet on A4, with a column to sign."""
    payout = found(reference)
    rows = payout_rows(payout)
    context = {
        "payout": payout,
        "rows": rows,
        "pay_fen": sum(row.earned.pay_fen for row in rows),
        "top_up_fen": sum(row.earned.top_up_fen for row in rows),
        "earlier_fen": sum(row.earlier_fen for row in rows),
        "back": address(payout),
    }
    return render(request, "producers/ledger/sheet.html", context)
