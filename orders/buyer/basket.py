"""/basket/: what is in it, changing it, and putting pieces in."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from oscar.core.loading import get_model

from orders.buyer import keys, places
from orders.buyer.bag import bag_of
from orders.buyer.forms import AddForm, ChangeForm
from orders.models import Sale
from orders.services import bagging, placing
from qiaoshou.accounts import limits

Product = get_model("catalogue", "Product")
Basket = get_model("basket", "Basket")


@require_safe
def summary(request: HttpRequest) -> HttpResponse:
    """The basket; what was given back from an order that ended is in it again."""
    _take_back(request)
    bag = bag_of(request.basket, places.language(), request.user)
    waiting = _waiting(request)
    return render(
        request,
        "buyer/basket.html",
        {"bag": bag, "waiting": waiting, "active": "basket"},
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
        return render(request, "buyer/_bag.html", {"bag": bag, "problem": problem})
    if problem:
        messages.error(request, problem)
    return redirect("basket:summary")


@require_POST
def voucher(request: HttpRequest) -> HttpResponse:
    """A voucher lowers the price of this basket, or is taken out of it again."""
    code = request.POST.get("code", "").replace("\0", "").strip()
    if "remove" in request.POST:
        bagging.drop_voucher(basket=request.basket, code=code)
    elif not request.basket.pk:
        messages.error(
            request, _("Put a piece into your basket, then use the voucher.")
        )
    elif not code:
        messages.error(request, _("Type the code of your voucher first."))
    else:
        _use_voucher(request, code)
    return redirect("basket:summary")


def _use_voucher(request: HttpRequest, code: str) -> None:
    """Wrong codes are counted, so that nobody finds one by guessing."""
    person, basket = request.user, request.basket
    who = f"person {person.pk}" if person.is_authenticated else f"basket {basket.pk}"
    try:
        take_back = limits.count_try(request, deed="voucher", who=who)
        bagging.use_voucher(basket=basket, code=code, user=person)
    except limits.TooManyTries:
        messages.error(
            request, _("Too many wrong codes. Please wait an hour, then try again.")
        )
    except bagging.VoucherRefused as refusal:
        messages.error(request, str(refusal))
    else:
        take_back()
        messages.success(request, _("The voucher is taken into account."))


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
