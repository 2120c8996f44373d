"""/workshop/work/<ref>/: one work order, its proposal, and the word on its slips."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from orders.models import MaterialIssue, WorkOrder
from orders.services import noting, sending
from orders.workshop import frame, refusals
from orders.workshop.forms import NoteForm, ProposalForm
from orders.workshop.proposal import proposal_of


def _order(request: HttpRequest, reference: str) -> WorkOrder:
    """A work order of a base that she leads; of another it does not exist."""
    return get_object_or_404(
        WorkOrder.objects.of_leader(request.user).select_related(
            "base", "demand__line__order__sale", "demand__line__order__contact"
        ),
        reference=reference,
    )


@frame.for_leaders
@require_http_methods(["GET", "HEAD", "POST"])
def work_order(request: HttpRequest, reference: str) -> HttpResponse:
    """The proposal is shown; or changed and sent, as far as its numbers add up."""
    order = _order(request, reference)
    if request.method != "POST":
        return _page(request, order)
    made = proposal_of(order)
    form = ProposalForm(made, request.POST)
    if form.overtaken:
        return _overtaken(request, order, form)
    if not form.is_valid():
        return _page(request, order, form=form)
    try:
        sent = sending.change_and_send(
            work_order=order,
            pieces=form.cleaned_data["pieces"],
            reason=form.cleaned_data["reason"],
            send=form.sends,
            by=request.user,
        )
    except refusals.OF_PROPOSALS as refusal:
        form.add_error(None, refusals.said(refusal))
        return _page(request, order, form=form)
    if form.sends:
        text = ngettext(
            "Sent to %(people)s person. You can still take an offer back below.",
            "Sent to %(people)s people. You can still take an offer back below.",
            len(sent),
        ) % {"people": len(sent)}
        messages.success(request, text)
    else:
        messages.success(request, _("Changed."))
    return redirect("workshop:work-order", order.reference)


def _overtaken(
    request: HttpRequest, order: WorkOrder, form: ProposalForm
) -> HttpResponse:
    """The form was made from an older state: sent twice, or somebody was quicker."""
    if form.sends and not form.proposal.proposed:
        messages.info(request, _("It was sent out already."))
        return redirect("workshop:work-order", order.reference)
    form.add_error(
        None,
        _("Something changed while you looked. Check the numbers and send again."),
    )
    form.data = form.data.copy()
    form.data["version"] = str(order.demand.version)
    return _page(request, order, form=form)


def _page(
    request: HttpRequest, order: WorkOrder, form: ProposalForm | None = None
) -> HttpResponse:
    refused = form is not None
    form = form or ProposalForm(proposal_of(order))
    made = form.proposal
    typed = [_whole(value) for _person, value in [*form.proposed, *form.others]]
    line = order.demand.line
    return frame.page(
        request,
        "workshop/work_order.html",
        "jobs",
        {
            "order": order,
            "made": made,
            "form": form,
            "typed_sum": sum(typed),
            "typed_short": made.to_place - sum(typed),
            "asked_people": sum(1 for pieces in typed if pieces),
            "pay_fen": order.pieces * order.piece_rate_fen,
            "sale": line.order.sale if line else None,
            "buyers_note": line.order.contact.note if line else "",
            "note_form": _note_form(order),
            "materials": MaterialIssue.objects.filter(assignment__work_order=order)
            .select_related("assignment__maker")
            .order_by("pk"),
        },
        base=order.base,
        status=400 if refused else 200,
    )


def _note_form(order: WorkOrder) -> NoteForm:
    line = order.demand.line
    buyers = line.order.contact.note if line else ""
    return NoteForm(initial={"note": order.note or buyers})


def _whole(value: Any) -> int:
    return int(value) if str(value).isdecimal() else 0


@frame.for_leaders
@require_POST
def note(request: HttpRequest, reference: str) -> HttpResponse:
    """The buyer's word stands on the slips as the leader passes it, or not at all."""
    order = _order(request, reference)
    form = NoteForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("At most 200 characters fit on a slip."))
        return redirect("workshop:work-order", order.reference)
    noting.pass_note(work_order=order, note=form.cleaned_data["note"], by=request.user)
    if form.cleaned_data["note"]:
        messages.success(request, _("The makers read it on their slips."))
    else:
        messages.success(request, _("Nothing stands on the slips."))
    return redirect("workshop:work-order", order.reference)
