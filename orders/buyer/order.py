"""/orders/: one order with its steps, finding an order, and a buyer's own list."""

from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from catalog.shop.words import ENGLISH
from orders.buyer import keys, places
from orders.buyer.forms import FindForm
from orders.buyer.listed import listed
from orders.buyer.seeing import sale_or_404
from orders.buyer.steps import story_of
from orders.domain import hold
from orders.models import Sale
from orders.tables.contact import PHONE
from qiaoshou.common import crypto
from qiaoshou.common.phones import whole_phone
from qiaoshou.common.today import now

PAGE = 20


@never_cache
@places.sends_to_payment
@require_safe
def order(request: HttpRequest, reference: str) -> HttpResponse:
    """An order and every step of it; a guest's signed link opens it once for all."""
    token = request.GET.get(keys.TOKEN)
    if token is not None:
        if keys.opens(token, reference):
            keys.remember(request, reference)
        return redirect(places.order_path(reference, places.language()))
    sale = sale_or_404(request, reference)
    may_pay = sale.state == Sale.State.AWAITING_PAYMENT and hold.may_open(
        now(), sale.hold_until
    )
    return render(
        request,
        "buyer/order.html",
        {
            "sale": sale,
            "contact": sale.order.contact,
            "pickup": _point(sale),
            "story": story_of(sale, places.language()),
            "pay_by": hold.said_until(sale.placed_at),
            "may_pay": may_pay or _page_open(sale),
            "active": "orders",
        },
    )


def _point(sale: Sale) -> str:
    """The pick-up point with its address, in the reader's language."""
    point = sale.order.contact.pickup_point
    if point is None:
        return ""
    if places.language() == ENGLISH:
        return f"{point.name_en}, {point.address_en}"
    return f"{point.name_zh}，{point.address_zh}"


def _page_open(sale: Sale) -> bool:
    """A payment page that was opened before can still be used."""
    return (
        sale.state == Sale.State.AWAITING_PAYMENT
        and sale.order.payments.filter(state="open", expires_at__gt=now()).exists()
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def find(request: HttpRequest) -> HttpResponse:
    """An order is found by its number and the buyer's telephone or e-mail."""
    if request.method == "POST":
        form = FindForm(request.POST)
        if form.is_valid():
            sale = _found(form.cleaned_data["reference"], form.cleaned_data["reach"])
            if sale is not None:
                keys.remember(request, sale.reference)
                return redirect(places.order_path(sale.reference, places.language()))
            form.add_error(
                None, _("No order has this number with this telephone or e-mail.")
            )
    else:
        form = FindForm()
    recent = Sale.objects.filter(reference__in=keys.remembered(request))
    return render(
        request,
        "buyer/find.html",
        {
            "form": form,
            "recent": listed(recent.order_by("-placed_at")[:PAGE], places.language()),
            "active": "orders",
        },
    )


def _found(reference: str, reach: str) -> Sale | None:
    reach = reach.strip()
    sales = Sale.objects.filter(reference=reference)
    if "@" in reach:
        return sales.filter(order__contact__email__iexact=reach).first()
    try:
        number = whole_phone(reach)
    except ValidationError:
        return None
    index = crypto.blind_index(number, column=PHONE)
    return sales.filter(order__contact__phone_index=index).first()


@never_cache
@login_required
@require_safe
def account(request: HttpRequest) -> HttpResponse:
    """The orders of the person who is signed in, newest first."""
    mine = Sale.objects.filter(order__user=request.user.pk).order_by(
        "-placed_at", "-pk"
    )
    page = Paginator(mine, PAGE).get_page(request.GET.get("page"))
    rows = listed(page.object_list, places.language())
    return render(
        request,
        "buyer/account.html",
        {"page": page, "rows": rows, "active": "orders"},
    )
