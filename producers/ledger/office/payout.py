"""/office/payouts/NUMBER/: one payout, and every deed that it allows."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import BadRequest
from django.db.models import Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from producers.ledger import bank_answer, payouts, policy
from producers.ledger.models import Payout, PayoutLine
from producers.ledger.office.frame import check, only, payout_crumbs
from producers.ledger.office.payouts import month_name
from producers.ledger.selectors import payout_rows
from producers.ledger.words import refusal_words
from qiaoshou.common.csv_rows import BadRows


class ApproveForm(forms.Form):
    looked = forms.BooleanField(
        label=gettext_lazy("I have compared makers and sums with the pay sheet")
    )


class ReasonForm(forms.Form):
    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=payouts.WORDS)


class AnswerForm(forms.Form):
    """The bank's answer, pasted or as a file."""

    text = forms.CharField(
        label=gettext_lazy("Paste the bank’s answer"),
        help_text=gettext_lazy(
            "One row a line: line number, bank reference; or line number, nothing, and "
            "why it failed."
        ),
        required=False,
        strip=False,
        max_length=bank_answer.LARGEST_BYTES,
        widget=forms.Textarea(attrs={"rows": 5, "spellcheck": "false"}),
    )
    file = forms.FileField(label=gettext_lazy("Or choose its CSV file"), required=False)
    answers: list[bank_answer.Answer]

    def clean(self) -> dict[str, Any]:
        text, file = self.cleaned_data.get("text", ""), self.cleaned_data.get("file")
        if bool(text.strip()) == bool(file):
            raise forms.ValidationError(_("Paste the answer or choose a file."))
        try:
            if file:
                text = bank_answer.decoded(file.read(bank_answer.LARGEST_BYTES + 1))
            self.answers = bank_answer.read_answer(text)
        except BadRows as wrong:
            raise forms.ValidationError(in_rows(wrong)) from wrong
        return self.cleaned_data


def in_rows(wrong: BadRows) -> list[str]:
    words = _("Row %(row)d: %(fault)s")
    return [words % {"row": row, "fault": fault} for row, fault in wrong.rows]


@dataclass(frozen=True, slots=True)
class Trouble:
    """What could not be done with one line, and what was typed."""

    line: str
    deed: str
    typed: str
    words: str


def found(reference: str) -> Payout:
    return get_object_or_404(
        Payout.objects.select_related(
            "base__area", "prepared_by", "approved_by", "withdrawn_by"
        ),
        reference=reference,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@only("see_payouts")
def one(request: HttpRequest, reference: str) -> HttpResponse:
    """The payout with its lines; a POST names its deed."""
    payout = found(reference)
    if request.method != "POST":
        return _page(request, payout)
    deed = DEEDS.get(request.POST.get("deed", ""))
    if deed is None:
        raise BadRequest("no such deed")
    return deed(request, payout)


def _approve(request: HttpRequest, payout: Payout) -> HttpResponse:
    check(request.user, "settle")
    form = ApproveForm(request.POST)
    if form.is_valid():
        try:
            payouts.approve_payout(payout=payout, by=request.user)
            return _done(request, payout, _("Approved. The pay is on its way."))
        except payouts.Refused as refusal:
            form.add_error(None, refusal_words(refusal))
    return _page(request, found(payout.reference), approve_form=form)


def _withdraw(request: HttpRequest, payout: Payout) -> HttpResponse:
    check(request.user, "withdraw")
    form = ReasonForm(request.POST)
    if form.is_valid():
        try:
            payouts.withdraw_payout(payout=payout, by=request.user, **form.cleaned_data)
            return _done(
                request, payout, _("Withdrawn. Everything in it is due as before.")
            )
        except payouts.Refused as refusal:
            form.add_error(None, refusal_words(refusal))
    return _page(request, found(payout.reference), withdraw_form=form)


def _confirm(request: HttpRequest, payout: Payout) -> HttpResponse:
    return _settle(
        request,
        payout,
        lambda line, typed: payouts.confirm_line(
            line=line, by=request.user, bank_reference=typed
        ),
        _("%(maker)s is paid."),
    )


def _fail(request: HttpRequest, payout: Payout) -> HttpResponse:
    return _settle(
        request,
        payout,
        lambda line, typed: payouts.fail_line(line=line, by=request.user, reason=typed),
        _("Failed. %(maker)s is owed her pay again, and is in the next payout."),
    )


def _settle(
    request: HttpRequest,
    payout: Payout,
    settle: Callable[[PayoutLine, str], PayoutLine],
    words: str,
) -> HttpResponse:
    check(request.user, "settle")
    asked = request.POST.get("line", "").replace("\0", "")
    line = get_object_or_404(payout.lines, reference=asked)
    typed = request.POST.get("typed", "").replace("\0", "").strip()
    try:
        settled = settle(line, typed)
    except payouts.Refused as refusal:
        deed = request.POST["deed"]
        trouble = Trouble(line.reference, deed, typed, refusal_words(refusal))
        return _page(request, found(payout.reference), trouble=trouble)
    return _done(request, payout, words % {"maker": settled.maker})


def _answer(request: HttpRequest, payout: Payout) -> HttpResponse:
    check(request.user, "settle")
    form = AnswerForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            settled = bank_answer.settle_by_answer(
                payout=payout, answers=form.answers, by=request.user
            )
            words = _("%(count)d lines are settled.") % {"count": len(settled)}
            return _done(request, payout, words)
        except BadRows as wrong:
            form.add_error(None, forms.ValidationError(in_rows(wrong)))
    return _page(request, found(payout.reference), answer_form=form)


DEEDS = {
    "approve": _approve,
    "withdraw": _withdraw,
    "confirm": _confirm,
    "fail": _fail,
    "answer": _answer,
}


def _done(request: HttpRequest, payout: Payout, words: str) -> HttpResponse:
    messages.success(request, words)
    return redirect("ledger_payout", reference=payout.reference)


def _page(request: HttpRequest, payout: Payout, **forms_: Any) -> HttpResponse:
    user = request.user
    prepared = payout.state == Payout.State.PREPARED
    approved = payout.state == Payout.State.APPROVED
    keeps = policy.may(user, "settle")
    sums = dict(payout.lines.order_by().values_list("state").annotate(fen=Sum("fen")))
    title = f"{payout.base} · {month_name(payout.month)}"
    context = {
        "payout": payout,
        "rows": payout_rows(payout),
        "sums": [
            (state.label, sums[state]) for state in PayoutLine.State if state in sums
        ],
        "may_approve": prepared and policy.may(user, "approve", payout),
        "own": prepared and keeps and payout.prepared_by_id == user.pk,
        "may_withdraw": prepared and policy.may(user, "withdraw"),
        "may_settle": approved and keeps,
        "may_take": approved and policy.may(user, "take_bank_file"),
        "may_reveal": keeps,
        "approve_form": ApproveForm(),
        "withdraw_form": ReasonForm(),
        "answer_form": AnswerForm(),
        "header_title": title,
        "header_icon": "form",
        "breadcrumbs_items": payout_crumbs({"url": "", "label": title}),
        **forms_,
    }
    return render(request, "producers/ledger/payout.html", context)
