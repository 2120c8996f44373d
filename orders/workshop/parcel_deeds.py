"""What is done with one parcel, at the workshop and at the shopkeeper's desk alike."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from orders import policy
from orders.models import Shipment
from orders.services import revealing, shipping
from orders.workshop import refusals
from orders.workshop.packing import contents
from orders.workshop.parcel_forms import CodeForm, SendForm

State, Method = Shipment.State, Shipment.Method


@dataclass(frozen=True, slots=True)
class Counter:
    """Where parcels are handled: who may, which are hers, how a page looks there.

    `at` is the namespace of its addresses; `find` answers 404 for what is not hers;
    `sends` says whether it is hers to send, and not only to hand over at her point.
    """

    at: str
    guard: Callable[[Any], Any]
    find: Callable[[HttpRequest, str], Shipment]
    page: Callable[[HttpRequest, Shipment, dict[str, Any], int], HttpResponse]
    sends: Callable[[HttpRequest, Shipment], bool]


def addresses(counter: Counter, prefix: str) -> list[URLPattern]:
    """The addresses of one parcel at this counter."""
    deeds: list[tuple[str, Any, str, Any]] = [
        ("", show, "parcel", require_safe),
        ("label/", label, "label", require_POST),
        ("send/", send, "send", require_POST),
        ("ready/", ready, "ready", require_POST),
        ("hand-over/", hand_over, "hand-over", require_POST),
        ("code/", renew, "renew-code", require_POST),
        ("arrived/", arrived, "arrived", require_POST),
    ]
    return [
        path(
            f"{prefix}<str:reference>/{tail}",
            counter.guard(method(partial(deed, counter))),
            name=name,
        )
        for tail, deed, name, method in deeds
    ]


def show(counter: Counter, request: HttpRequest, reference: str) -> HttpResponse:
    return _page(counter, request, counter.find(request, reference))


def _page(
    counter: Counter, request: HttpRequest, row: Shipment, **forms: Any
) -> HttpResponse:
    here = shipping.at_the_point(row)
    planned = row.state == State.PLANNED
    pickup = row.method == Method.PICKUP
    context = {
        "at": counter.at,
        "row": row,
        "contact": row.order.contact,
        "contents": contents(row),
        "send_form": SendForm()
        if planned and not here and counter.sends(request, row)
        else None,
        "may_be_ready": pickup and (row.state == State.SENT or (planned and here)),
        "code_form": CodeForm() if row.state == State.READY else None,
        "locked": row.code_tries >= shipping.CODE_TRIES,
    }
    return counter.page(request, row, context | forms, 400 if forms else 200)


def label(counter: Counter, request: HttpRequest, reference: str) -> HttpResponse:
    """The address is shown once, to be printed; the audit trail says who looked."""
    row = counter.find(request, reference)
    if row.method != Method.PARCEL or row.state != State.PLANNED:
        return redirect(f"{counter.at}:parcel", row.reference)
    recipient = revealing.reveal_recipient(shipment=row, by=request.user)
    return render(
        request,
        "workshop/label.html",
        {
            "at": counter.at,
            "row": row,
            "recipient": recipient,
            "contents": contents(row),
        },
    )


def send(counter: Counter, request: HttpRequest, reference: str) -> HttpResponse:
    """The parcel is with the carrier."""
    row = counter.find(request, reference)
    policy.check(counter.sends(request, row))
    form = SendForm(request.POST)
    if not form.is_valid():
        return _page(counter, request, row, send_form=form)
    try:
        shipping.send_shipment(shipment=row, by=request.user, **form.cleaned_data)
    except refusals.OF_SHIPMENTS as refusal:
        form.add_error(None, refusals.said(refusal))
        return _page(counter, request, row, send_form=form)
    messages.success(request, _("On its way. The buyer sees it on her order."))
    return redirect(f"{counter.at}:parcel", row.reference)


def ready(counter: Counter, request: HttpRequest, reference: str) -> HttpResponse:
    """The pieces wait at the pick-up point; the buyer sees her code."""
    row = counter.find(request, reference)
    deed = partial(shipping.make_ready, shipment=row, by=request.user)
    return _move(counter, request, row, deed, _("Ready. The buyer sees her code now."))


def arrived(counter: Counter, request: HttpRequest, reference: str) -> HttpResponse:
    """The parcel has reached the buyer."""
    row = counter.find(request, reference)
    deed = partial(shipping.mark_arrived, shipment=row, by=request.user)
    return _move(counter, request, row, deed, _("Noted: it has arrived."))


def renew(counter: Counter, request: HttpRequest, reference: str) -> HttpResponse:
    """The buyer has a new code, after too many wrong ones."""
    row = counter.find(request, reference)
    deed = partial(shipping.renew_code, shipment=row)
    return _move(
        counter, request, row, deed, _("There is a new code; the buyer sees it.")
    )


def _move(
    counter: Counter,
    request: HttpRequest,
    row: Shipment,
    deed: Callable[[], Any],
    said: str,
) -> HttpResponse:
    try:
        deed()
    except refusals.OF_SHIPMENTS as refusal:
        messages.error(request, refusals.said(refusal))
    else:
        messages.success(request, said)
    return redirect(f"{counter.at}:parcel", row.reference)


def hand_over(counter: Counter, request: HttpRequest, reference: str) -> HttpResponse:
    """Whoever knows the code of four digits has the pieces."""
    row = counter.find(request, reference)
    form = CodeForm(request.POST)
    if not form.is_valid():
        return _page(counter, request, row, code_form=form)
    try:
        shipping.hand_over(
            shipment=row, code=form.cleaned_data["code"], by=request.user
        )
    except refusals.OF_SHIPMENTS as refusal:
        form.add_error("code", refusals.said(refusal))
        row.refresh_from_db()
        return _page(counter, request, row, code_form=form)
    messages.success(request, _("Handed over."))
    return redirect(f"{counter.at}:parcel", row.reference)
