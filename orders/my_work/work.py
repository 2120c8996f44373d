"""/my-work/: what she is asked, what she has in hand, and her answers."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST, require_safe

from orders.models import Assignment
from orders.my_work import frame
from orders.my_work.pay import month_of
from orders.my_work.rows import PAST, State, came_back, mine, works
from orders.services import answering
from orders.workshop import refusals
from orders.workshop.assignment import deliveries_of
from orders.workshop.forms import Count
from qiaoshou.common.today import today

PHONE = Assignment.How.PHONE
HISTORY = 30


class SomeForm(forms.Form):
    """How many of the offered pieces she makes."""

    pieces = Count(label=gettext_lazy("How many you make"), least=1)

    def __init__(self, offered: int, data: Any = None) -> None:
        super().__init__(data, initial={"pieces": offered})
        self.offered = offered

    def clean_pieces(self) -> int:
        pieces: int = self.cleaned_data["pieces"]
        if pieces > self.offered:
            raise forms.ValidationError(
                _("You were offered %(offered)s; you can take up to that many.")
                % {"offered": self.offered}
            )
        return pieces


class DeclineForm(forms.Form):
    """Not this time; she need not say why."""

    reason = forms.CharField(
        label=gettext_lazy("Why, if you like to say"), required=False, max_length=200
    )


@frame.for_makers
@require_safe
def work(request: HttpRequest) -> HttpResponse:
    """Offers, the oldest first; then what came back, and what she has in hand."""
    rows = works(mine(request.maker, State.OFFERED, State.TAKEN))
    taken = [one for one in rows if one.row.state == State.TAKEN]
    back = came_back([one.row for one in taken])
    return frame.page(
        request,
        "my_work/work.html",
        "work",
        {
            "offers": [one for one in rows if one.row.state == State.OFFERED],
            "rework": [
                (one, back[one.row.pk])
                for one in taken
                if one.row.rework and one.row.pk in back
            ],
            "in_hand": sorted(
                (one for one in taken if one.in_hand),
                key=lambda one: (one.row.due_on, one.row.pk),
            ),
            "month": month_of(request.maker, today().replace(day=1)),
            "on": today(),
        },
    )


def _mine(request: HttpRequest, reference: str) -> Assignment:
    """An assignment that was sent to her; those of others do not exist for her."""
    return get_object_or_404(
        Assignment.objects.of_maker(request.user).select_related(
            "work_order__base", "demand"
        ),
        reference=reference,
    )


@frame.for_makers
@require_safe
def assignment(request: HttpRequest, reference: str) -> HttpResponse:
    """One piece of work: why she, what she can answer, what came back of it."""
    return _page(request, _mine(request, reference))


def _page(request: HttpRequest, row: Assignment, **forms_: Any) -> HttpResponse:
    (one,) = works([row])
    open_ = row.state == State.OFFERED
    context = {
        "one": one,
        "row": row,
        "deliveries": deliveries_of([row.pk]),
        "some_form": SomeForm(row.offered) if open_ else None,
        "decline_form": DeclineForm() if open_ else None,
        "do": request.GET.get("do", ""),
    }
    return frame.page(
        request,
        "my_work/assignment.html",
        "work",
        context | forms_,
        status=400 if forms_ else 200,
    )


@frame.for_makers
@require_POST
def take(request: HttpRequest, reference: str) -> HttpResponse:
    """She makes all of it, or some."""
    row = _mine(request, reference)
    form = SomeForm(row.offered, request.POST)
    if not form.is_valid():
        return _page(request, row, some_form=form, do="some")
    pieces = form.cleaned_data["pieces"]
    try:
        answering.take(assignment=row, pieces=pieces, how=PHONE, by=request.user)
    except refusals.OF_ANSWERS as refusal:
        messages.error(request, refusals.said(refusal))
    else:
        text = ngettext(
            "Good. You make %(pieces)s piece.",
            "Good. You make %(pieces)s pieces.",
            pieces,
        ) % {"pieces": pieces}
        messages.success(request, text)
    return redirect("my-work:work")


@frame.for_makers
@require_POST
def decline(request: HttpRequest, reference: str) -> HttpResponse:
    """Not this time; it never counts against her."""
    row = _mine(request, reference)
    form = DeclineForm(request.POST)
    if not form.is_valid():
        return _page(request, row, decline_form=form, do="decline")
    try:
        answering.decline(
            assignment=row,
            how=PHONE,
            by=request.user,
            reason=form.cleaned_data["reason"],
        )
    except refusals.OF_ANSWERS as refusal:
        messages.error(request, refusals.said(refusal))
    else:
        messages.success(request, _("Fine. It won’t affect later jobs."))
    return redirect("my-work:work")


@frame.for_makers
@require_safe
def history(request: HttpRequest) -> HttpResponse:
    """What is behind her, the newest first."""
    rows = mine(request.maker, *PAST)
    newest = sorted(rows, key=lambda row: row.offered_at, reverse=True)[:HISTORY]
    return frame.page(request, "my_work/history.html", "work", {"works": works(newest)})
