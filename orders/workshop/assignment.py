"""/workshop/assignments/<ref>/: one maker's part, and what happened to it."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from orders.buyer.pieces import pieces_of
from orders.models import Assignment, Delivery, MaterialIssue
from orders.services import answering, delivering, offering
from orders.workshop import frame, refusals
from orders.workshop.forms import (
    AnswerForm,
    DeliveryForm,
    GiveBackForm,
    IssueForm,
    WordForm,
)
from orders.workshop.todo import title_of
from orders.workshop.words import Names, to_bring
from qiaoshou.common.today import today

State = Assignment.State


def her_part(request: HttpRequest, reference: str) -> Assignment:
    """An assignment at a base that she leads; of another it does not exist."""
    return get_object_or_404(
        Assignment.objects.of_leader(request.user).select_related(
            "maker", "work_order__base", "demand", "answered_by", "changed_by"
        ),
        reference=reference,
    )


@frame.for_leaders
@require_safe
def assignment(request: HttpRequest, reference: str) -> HttpResponse:
    return show(request, her_part(request, reference))


def deliveries_of(assignments: Any) -> list[Delivery]:
    """What came back of these assignments, with what was found, oldest first."""
    return list(
        Delivery.objects.filter(assignment__in=assignments)
        .select_related("inspection", "recorded_by")
        .prefetch_related("inspection__defects", "inspection__photos")
        .order_by("delivered_at", "pk")
    )


def sent_before(form: forms.Form, rows: Any) -> Any:
    """The row that this very form made when it came the first time, None for a new one.

    Sent twice, it finds less in hand than it was filled in for.
    """
    known = rows.filter(
        client_reference=form.cleaned_data.get("client_reference")
    ).first()
    same = known is not None and str(known.pieces) == form.data.get("pieces")
    return known if same else None


def show(request: HttpRequest, row: Assignment, **forms_: Any) -> HttpResponse:
    product = row.demand.product_id
    piece = pieces_of([product], get_language() or "zh-hans")[product]
    in_hand = row.state == State.TAKEN
    left = to_bring(row)
    context = {
        "row": row,
        "title": title_of({product: piece}, product),
        "piece": piece,
        "reason": Names([row.reason]).said(row.reason),
        "left": left,
        "overdue": in_hand and left > 0 and row.due_on < today(),
        "deliveries": deliveries_of([row.pk]),
        "materials": list(MaterialIssue.objects.filter(assignment=row).order_by("pk")),
        "answer_form": AnswerForm(row) if row.state == State.OFFERED else None,
        "word_form": WordForm()
        if row.state in {State.PROPOSED, State.OFFERED}
        else None,
        "delivery_form": DeliveryForm(left, row.rework)
        if in_hand and left + row.rework
        else None,
        "give_back_form": GiveBackForm(left) if in_hand and left else None,
        "issue_form": IssueForm() if in_hand else None,
    }
    return frame.page(
        request,
        "workshop/assignment.html",
        "jobs",
        context | forms_,
        base=row.work_order.base,
        status=400 if forms_ else 200,
    )


@frame.for_leaders
@require_POST
def answer(request: HttpRequest, reference: str) -> HttpResponse:
    """What the maker said is on record: she takes all, some, or nothing of it."""
    row = her_part(request, reference)
    form = AnswerForm(row, request.POST)
    if not form.is_valid():
        return show(request, row, answer_form=form)
    said = form.cleaned_data
    try:
        if said["answer"] == "decline":
            answering.decline(
                assignment=row, how=said["how"], by=request.user, reason=said["reason"]
            )
            messages.success(
                request, _("Noted. The pieces are placed again; she loses nothing.")
            )
        else:
            answering.take(
                assignment=row, pieces=said["pieces"], how=said["how"], by=request.user
            )
            messages.success(request, _("Noted: she makes them."))
    except refusals.OF_ANSWERS as refusal:
        form.add_error(None, refusals.said(refusal))
        return show(request, row, answer_form=form)
    return redirect("workshop:assignment", row.reference)


@frame.for_leaders
@require_POST
def withdraw(request: HttpRequest, reference: str) -> HttpResponse:
    """An offer that was not answered is taken back."""
    row = her_part(request, reference)
    form = WordForm(request.POST)
    if not form.is_valid():
        return show(request, row, word_form=form)
    try:
        offering.withdraw_offer(
            assignment=row, reason=form.cleaned_data["reason"], by=request.user
        )
    except refusals.OF_PROPOSALS as refusal:
        form.add_error(None, refusals.said(refusal))
        return show(request, row, word_form=form)
    messages.success(request, _("Taken back. The pieces are placed again."))
    return redirect("workshop:work-order", row.work_order.reference)


@frame.for_leaders
@require_POST
def give_back(request: HttpRequest, reference: str) -> HttpResponse:
    """Pieces that she can't make after all are placed again."""
    row = her_part(request, reference)
    form = GiveBackForm(to_bring(row), request.POST)
    if not form.is_valid():
        if sent_before(form, row.give_backs.all()) is not None:
            return redirect("workshop:assignment", row.reference)
        return show(request, row, give_back_form=form)
    try:
        answering.give_back(assignment=row, by=request.user, **form.cleaned_data)
    except refusals.OF_ANSWERS as refusal:
        form.add_error(None, refusals.said(refusal))
        return show(request, row, give_back_form=form)
    messages.success(request, _("Noted. The pieces are placed again."))
    return redirect("workshop:assignment", row.reference)


@frame.for_leaders
@require_POST
def deliver(request: HttpRequest, reference: str) -> HttpResponse:
    """Pieces that she brought wait for inspection, which comes next."""
    row = her_part(request, reference)
    form = DeliveryForm(to_bring(row), row.rework, request.POST)
    if not form.is_valid():
        known = sent_before(form, row.deliveries.all())
        if known is not None:
            return redirect("workshop:inspect", known.reference)
        return show(request, row, delivery_form=form)
    try:
        made = delivering.record_delivery(
            assignment=row,
            pieces=form.cleaned_data["pieces"],
            client_reference=form.cleaned_data["client_reference"],
            by=request.user,
            minutes_reported=form.minutes,
            reworked=form.cleaned_data["reworked"],
        )
    except refusals.OF_DELIVERIES as refusal:
        form.add_error(None, refusals.said(refusal))
        return show(request, row, delivery_form=form)
    text = ngettext(
        "%(pieces)s piece is here. Look at it now or later.",
        "%(pieces)s pieces are here. Look at them now or later.",
        made.pieces,
    ) % {"pieces": made.pieces}
    messages.success(request, text)
    return redirect("workshop:inspect", made.reference)
