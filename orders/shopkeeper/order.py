"""/shop/dashboard/orders/<ref>/: one order for the shopkeeper, and its money."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from oscar.core.loading import get_model

from orders import policy
from orders.buyer import places
from orders.buyer.packed import packed_in
from orders.models import LineTerms, Payment, Refund, Sale, Shipment
from orders.services import refunding, taking
from orders.services.confirming import Outcome
from orders.shopkeeper import frame
from orders.shopkeeper.forms import PaidBackForm, RefundForm, TakeForm, WordForm

OrderNote = get_model("order", "OrderNote")


def _sale(reference: str) -> Sale:
    return get_object_or_404(
        Sale.objects.select_related("order__contact__pickup_point"),
        reference=reference,
    )


@login_required
@require_safe
def order(request: HttpRequest, number: str) -> HttpResponse:
    """Everything of an order; its address and telephone number stay masked."""
    policy.check(policy.takes_money(request.user))
    return _page(request, _sale(number))


def _page(request: HttpRequest, sale: Sale, **forms: Any) -> HttpResponse:
    payments = list(
        Payment.objects.filter(order=sale.order_id)
        .select_related("confirmed_by")
        .prefetch_related("refunds")
        .order_by("pk")
    )
    payable = [
        payment
        for payment in payments
        if payment.in_yuan and payment.received_fen > payment.refunded_fen
    ]
    left = payable[0].received_fen - payable[0].refunded_fen if payable else 0
    defaults = {
        "take_form": TakeForm(initial={"received": sale.total_fen}),
        "refund_form": RefundForm(
            initial={"payment": payable[0].reference, "amount": left}
        )
        if payable
        else None,
        "note_form": WordForm(),
    }
    return frame.page(
        request,
        "orders/dashboard_order.html",
        {
            "sale": sale,
            "contact": sale.order.contact,
            "lines": _lines(sale),
            "payments": payments,
            "left_fen": left,
            "shipments": _shipments(sale),
            "notes": sale.order.notes.select_related("user").order_by("-date_created"),
            "may_keep": policy.keeps_shop(request.user),
            "may_take": sale.state in {Sale.State.AWAITING_PAYMENT, Sale.State.EXPIRED},
            **defaults,
            **forms,
        },
        status=400 if forms else 200,
    )


def _lines(sale: Sale) -> list[tuple[str, LineTerms]]:
    """What was sold, under the name it was sold by, in the reader's language."""
    rows = LineTerms.objects.filter(line__order=sale.order_id).order_by("line_id")
    return [(row.title(places.language()), row) for row in rows]


def _shipments(sale: Sale) -> list[tuple[Shipment, int]]:
    """The parcels of the order, each with its pieces."""
    rows = list(
        Shipment.objects.filter(order=sale.order_id)
        .exclude(state=Shipment.State.CANCELLED)
        .select_related("from_place__base", "from_place__pickup_point", "pickup_point")
        .order_by("pk")
    )
    held = packed_in(rows)
    return [(row, sum(held[row.pk].values())) for row in rows]


@login_required
@require_POST
def take(request: HttpRequest, number: str) -> HttpResponse:
    """Money came in by hand."""
    policy.check(policy.takes_money(request.user))
    sale = _sale(number)
    form = TakeForm(request.POST)
    if not form.is_valid():
        return _page(request, sale, take_form=form)
    try:
        outcome = taking.take_payment(
            reference=sale.reference,
            method=form.cleaned_data["method"],
            received_fen=form.cleaned_data["received"],
            bank_reference=form.cleaned_data["bank_reference"],
            client_reference=form.cleaned_data["client_reference"],
            by=request.user,
        )
    except taking.NoBankReference:
        form.add_error(
            "bank_reference", _("A transfer needs the reference on the statement")
        )
        return _page(request, sale, take_form=form)
    except taking.AlreadyRecorded:
        form.add_error(
            "bank_reference", _("This line of the statement is recorded already")
        )
        return _page(request, sale, take_form=form)
    _say(request, outcome)
    return redirect("dashboard:order-detail", number=sale.reference)


def _say(request: HttpRequest, outcome: Outcome) -> None:
    if outcome == Outcome.CONFIRMED:
        messages.success(request, _("Recorded; the order is paid."))
    elif outcome == Outcome.WRONG_AMOUNT:
        messages.warning(
            request, _("Recorded, but it is not the sum of the order: not confirmed.")
        )
    else:
        messages.warning(
            request, _("Recorded, but the order does not need it: give it back.")
        )


@login_required
@require_POST
def refund(request: HttpRequest, number: str) -> HttpResponse:
    """Money goes back to the buyer."""
    policy.check(policy.keeps_shop(request.user))
    sale = _sale(number)
    form = RefundForm(request.POST)
    if not form.is_valid():
        return _page(request, sale, refund_form=form)
    payment = get_object_or_404(
        Payment, order=sale.order_id, reference=form.cleaned_data["payment"]
    )
    try:
        refunding.refund_payment(
            payment=payment.reference,
            amount_fen=form.cleaned_data["amount"],
            cause=form.cleaned_data["cause"],
            note=form.cleaned_data["note"],
            client_reference=form.cleaned_data["client_reference"],
            by=request.user,
        )
    except refunding.NotInBooks:
        form.add_error(None, _("Not in the books: give it back at the provider"))
        return _page(request, sale, refund_form=form)
    except refunding.NothingToRefund:
        form.add_error("amount", _("This is more than is left of the payment"))
        return _page(request, sale, refund_form=form)
    messages.success(request, _("The refund is on its way."))
    return redirect("dashboard:order-detail", number=sale.reference)


@login_required
@require_POST
def paid_back(request: HttpRequest, number: str, reference: str) -> HttpResponse:
    """A refund was given by hand."""
    policy.check(policy.keeps_shop(request.user))
    found = get_object_or_404(
        Refund.objects.exclude(payment__method=Payment.Method.STRIPE),
        reference=reference,
        payment__order__number=number,
    )
    form = PaidBackForm(request.POST, auto_id="given_%s")
    if not form.is_valid():
        return _page(request, found.payment.order.sale, given_form=form, given=found)
    try:
        refunding.record_paid_back(reference=found.reference, **form.cleaned_data)
    except refunding.StatementLineTaken:
        form.add_error(
            "bank_reference", _("This line of the statement is recorded already")
        )
        return _page(request, found.payment.order.sale, given_form=form, given=found)
    messages.success(request, _("Noted."))
    return redirect("dashboard:order-detail", number=number)


@login_required
@require_POST
def note(request: HttpRequest, number: str) -> HttpResponse:
    """A word is kept with the order."""
    policy.check(policy.takes_money(request.user))
    sale = _sale(number)
    form = WordForm(request.POST)
    if not form.is_valid():
        return _page(request, sale, note_form=form)
    sale.order.notes.create(
        user=request.user, message=form.cleaned_data["note"], note_type=OrderNote.INFO
    )
    return redirect("dashboard:order-detail", number=sale.reference)
