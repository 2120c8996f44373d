"""/basket/: what is in it, changing it, and putting pieces in."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)
from oscar.core.loading import get_model

from orders.buyer import keys, places
from orders.buyer.bag import bag_of
from orders.buyer.forms import AddForm, ChangeForm, VoucherForm
from orders.models import Sale
from orders.services import bagging, placing
from qiaoshou.accounts import limits

Product = get_model("catalogue", "Product")
Basket = get_model("basket", "Basket")
# Its field has this id, in every answer.
VOUCHER = "voucher_%s"


@require_safe
def summary(request: HttpRequest) -> HttpResponse:
    """The basket; what was given back from an order that ended is in it again."""
    _take_back(request)
    return _page(request, VoucherForm(auto_id=VOUCHER))


def _page(request: HttpRequest, voucher_form: VoucherForm) -> HttpResponse:
    return render(
        request,
        "buyer/basket.html",
        {
            "bag": bag_of(request.basket, places.language(), request.user),
            "voucher_form": voucher_form,
            "waiting": _waiting(request),
            "active": "basket",
        },
    )


@require_POST
def put(request: HttpRequest) -> HttpResponse:
    """So many more pieces of one product; then the basket."""
    form = AddForm(request.POST)
    if not form.is_valid():
        for problems in form.errors.values():
            messages.error(request, problems[0])
        return redirect("basket:summary")
    product = get_object_or_404(Product, pk=form.cleaned_data["product"])
    try:
        bagging.add_pieces(
            basket=request.basket,
            product=product,
            pieces=form.cleaned_data["pieces"],
            client_reference=form.cleaned_data["client_reference"],
        )
    except bagging.NotForSale:
        messages.error(request, _("This piece can't be bought at the moment."))
    except bagging.BagFull:
        messages.error(request, _("The basket is full; order what is in it first."))
    else:
        messages.success(request, _("It is in your basket."))
    return redirect("basket:summary")


@require_POST
def change(request: HttpRequest, line: int) -> HttpResponse:
    """One line has another number of pieces, or is gone."""
    form = ChangeForm(request.POST)
    problem = ""
    if "remove" in request.POST:
        bagging.set_pieces(basket=request.basket, line=line, pieces=0)
    elif form.is_valid():
        bagging.set_pieces(
            basket=request.basket, line=line, pieces=form.cleaned_data["pieces"]
        )
    else:
        problem = _("Quantity: %(problem)s") % {"problem": form.errors["pieces"][0]}
    if request.htmx:
        placing.price(request.basket, request.user)
        bag = bag_of(request.basket, places.language(), request.user)
        # A code that she has typed but not sent yet comes along and stays.
        typed = VoucherForm(initial={"code": _code(request)}, auto_id=VOUCHER)
        return render(
            request,
            "buyer/_bag.html",
            {"bag": bag, "problem": problem, "voucher_form": typed},
        )
    if problem:
        messages.error(request, problem)
    return redirect("basket:summary")


@require_http_methods(["GET", "HEAD", "POST"])
def voucher(request: HttpRequest) -> HttpResponse:
    """A voucher lowers the price of this basket, or is taken out of it again.

    A code that is refused stands in its field again, with the reason beside it; who
    comes back to that page is led to the basket.
    """
    if request.method != "POST":
        return redirect("basket:summary")
    if "remove" in request.POST:
        bagging.drop_voucher(basket=request.basket, code=_code(request))
        return redirect("basket:summary")
    if not request.basket.pk or request.basket.is_empty:
        messages.error(
            request, _("Put a piece into your basket, then use the voucher.")
        )
        return redirect("basket:summary")
    form = VoucherForm({"code": _code(request)}, auto_id=VOUCHER)
    if form.is_valid():
        problem = _use_voucher(request, form.cleaned_data["code"])
        if problem:
            form.add_error("code", problem)
    if form.errors:
        form.fields["code"].widget.attrs["autofocus"] = True
        return _page(request, form)
    messages.success(request, _("The voucher is taken into account."))
    return redirect("basket:summary")


def _code(request: HttpRequest) -> str:
    return request.POST.get("code", "").replace("\0", "").strip()


def _use_voucher(request: HttpRequest, code: str) -> str:
    """Why the code is refused, if it is; wrong ones are counted against guessing."""
    person, basket = request.user, request.basket
    who = f"person {person.pk}" if person.is_authenticated else f"basket {basket.pk}"
    try:
        take_back = limits.count_try(request, deed="voucher", who=who)
        bagging.use_voucher(basket=basket, code=code, user=person)
    except limits.TooManyTries:
        return _("Too many wrong codes. Please wait an hour, then try again.")
    except bagging.VoucherRefused as refusal:
        return str(refusal)
    take_back()
    return ""


def _mine(request: HttpRequest, *states: str) -> list[Sale]:
    known = Sale.objects.filter(
        reference__in=keys.remembered(request), state__in=states
    )
    return list(known.select_related("order__basket").order_by("placed_at"))


def _waiting(request: HttpRequest) -> Sale | None:
    """The order of this browser that still awaits payment, if there is one."""
    return next(iter(_mine(request, Sale.State.AWAITING_PAYMENT)[-1:]), None)


def _take_back(request: HttpRequest) -> None:
    """A guest's cookie forgot the basket of an ended order; its pieces come back."""
    ended = _mine(request, Sale.State.EXPIRED, Sale.State.CANCELLED)
    returned = [
        sale.order.basket
        for sale in ended
        if sale.order.basket
        and sale.order.basket.status == Basket.OPEN
        and sale.order.basket.owner_id is None
        and sale.order.basket_id != request.basket.pk
    ]
    if returned and bagging.take_back(into=request.basket, returned=returned):
        placing.price(request.basket, request.user)
        messages.info(request, _("The pieces of your unpaid order are back here."))
