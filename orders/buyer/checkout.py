"""/checkout/: one page from the basket to the payment page, and the way back."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from orders.buyer import keys, paying, places
from orders.buyer.bag import Bag, bag_of
from orders.buyer.forms import CheckoutForm
from orders.domain import hold
from orders.models import Contact, Payment, Sale
from orders.payments.gateway import PaymentError
from orders.services import confirming, placing, reserving
from orders.services.paying import ONLINE
from qiaoshou.common.today import today


@never_cache
@places.sends_to_payment
@require_http_methods(["GET", "HEAD", "POST"])
def checkout(request: HttpRequest) -> HttpResponse:
    """What the order costs and needs; sent off, it is placed and goes to payment."""
    if request.method == "POST":
        known = _known(request)
        if known is not None:
            return paying.to_payment(request, known)
    bag = bag_of(request.basket, places.language(), request.user)
    if not bag.orderable or bag.bill is None:
        if bag.lines:
            messages.warning(request, _("Something has changed; please look it over."))
        return redirect("basket:summary")
    if request.GET.get("part") == "sum":
        return render(request, "buyer/_sum.html", _sum(bag, request.GET.get("way")))
    if request.method != "POST":
        form = CheckoutForm(initial=_initial(request, bag), bill=bag.bill, day=today())
        return _page(request, bag, form)
    form = CheckoutForm(request.POST, bill=bag.bill, day=today())
    if not form.is_valid():
        return _page(request, bag, form)
    try:
        sale = placing.place_order(
            basket=request.basket,
            wishes=form.wishes(places.language()),
            client_reference=form.cleaned_data["client_reference"],
            user=request.user,
            seen=form.seen(),
        )
    except placing.ChangedSinceSeen:
        return _again(
            request,
            _("The sum or the day has changed since you saw it. Please check again."),
        )
    except (placing.NotForSale, reserving.CannotReserve):
        messages.warning(
            request,
            _("Somebody was quicker: look at what is left. Nothing was charged."),
        )
        return redirect("basket:summary")
    except placing.WayNotOffered:
        return _again(request, _("This way of delivery is not on offer today."))
    except placing.BasketEmpty:
        return redirect("basket:summary")
    keys.remember(request, sale.reference)
    return paying.to_payment(request, sale)


def _known(request: HttpRequest) -> Sale | None:
    """The order that this very form made before: it was sent twice."""
    try:
        reference = uuid.UUID(request.POST.get("client_reference", ""))
    except ValueError:
        return None
    sale = Sale.objects.filter(client_reference=reference).first()
    return sale if sale is not None and keys.may_see(request, sale) else None


def _initial(request: HttpRequest, bag: Bag) -> dict[str, Any]:
    """What is known of her already, and a form that was not sent before."""
    user: Any = request.user
    ways = list(bag.bill.ways) if bag.bill else []
    known = (
        {"name": user.full_name, "email": user.email or "", "phone": user.phone}
        if user.is_authenticated
        else {}
    )
    return {
        **known,
        "way": Contact.Way.PARCEL if Contact.Way.PARCEL in ways else ways[0],
        "goods_fen": bag.bill.goods_fen if bag.bill else 0,
        "promised_on": bag.promised_on,
        "client_reference": uuid.uuid4(),
    }


def _again(request: HttpRequest, problem: str) -> HttpResponse:
    """The page once more with all she typed, and what is true now."""
    placing.price(request.basket, request.user)
    bag = bag_of(request.basket, places.language(), request.user)
    if not bag.orderable or bag.bill is None:
        messages.warning(request, problem)
        return redirect("basket:summary")
    typed = request.POST.copy()
    typed["goods_fen"] = str(bag.bill.goods_fen)
    typed["promised_on"] = str(bag.promised_on)
    form = CheckoutForm(typed, bill=bag.bill, day=today())
    form.add_error(None, problem)
    return _page(request, bag, form)


def _page(request: HttpRequest, bag: Bag, form: CheckoutForm) -> HttpResponse:
    way = form["way"].value() or Contact.Way.PARCEL
    return render(
        request,
        "buyer/checkout.html",
        {
            "bag": bag,
            "form": form,
            "ways": _ways(bag, form, way),
            "said_minutes": hold.SAID_MINUTES,
            **_sum(bag, way),
        },
    )


def _sum(bag: Bag, way: str | None) -> dict[str, Any]:
    """What the order costs with this way of delivery; no total for an unknown one."""
    if bag.bill is None or way not in bag.bill.ways:
        return {"bag": bag, "total_fen": None}
    return {
        "bag": bag,
        "way_name": Contact.Way(way).label,
        "way_fen": bag.bill.ways[way],
        "total_fen": bag.bill.total_fen(way),
    }


def _ways(bag: Bag, form: CheckoutForm, chosen: str) -> list[dict[str, Any]]:
    """The ways of delivery with their price, as the page lists them."""
    words = {
        Contact.Way.PICKUP: _("Ready pieces can be collected once we call you"),
        Contact.Way.PARCEL: _("All over China in 2 to 4 days after it leaves"),
    }
    return [
        {
            "code": code,
            "name": name,
            "text": words[Contact.Way(code)],
            "fen": bag.bill.ways[code] if bag.bill else 0,
            "checked": code == chosen,
        }
        for code, name in form.fields["way"].choices
    ]


@never_cache
@require_safe
def come_back(request: HttpRequest, reference: str) -> HttpResponse:
    """Back from the payment page: the provider is asked, and the page waits for it.

    Without her own session the page says nothing of the order.
    """
    sale = get_object_or_404(Sale.objects.select_related("order"), reference=reference)
    if sale.state != Sale.State.PAID:
        _ask_provider(sale)
        sale.refresh_from_db()
    hers = keys.may_see(request, sale)
    waiting = sale.state == Sale.State.AWAITING_PAYMENT
    if not waiting and hers:
        target = places.order_path(reference, places.language())
        if request.htmx:
            return HttpResponse(headers={"HX-Redirect": target})
        return redirect(target)
    template = "buyer/_waiting.html" if request.htmx else "buyer/return.html"
    return render(
        request,
        template,
        {"sale": sale if hers else None, "waiting": waiting, "reference": reference},
    )


def _ask_provider(sale: Sale) -> None:
    """What the provider says of the sale's open payments is acted upon."""
    open_payments = Payment.objects.filter(
        order=sale.order_id, method=ONLINE, session_id__isnull=False
    ).exclude(state__in=confirming.SETTLED)
    for session in open_payments.values_list("session_id", flat=True):
        try:
            confirming.settle_session(session)
        except PaymentError:
            # The webhook or the nightly reconciliation will tell us.
            return
