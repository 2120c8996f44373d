"""Sends a buyer to the payment page, again if need be, or gives her basket back."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from orders.buyer import places
from orders.buyer.seeing import sale_or_404
from orders.models import Sale
from orders.payments.gateway import GatewayRefused, GatewayUnavailable
from orders.services import expiring
from orders.services import paying as service


def to_payment(request: HttpRequest, sale: Sale) -> HttpResponse:
    """The payment page; where it can't be opened, the order page says so."""
    language = places.language()
    order_page: Any = places.order_path(sale.reference, language)
    try:
        url = service.open_payment(
            reference=sale.reference,
            addresses=places.addresses_of(request, sale.reference, language),
            language=language,
        )
    except (GatewayUnavailable, GatewayRefused) as error:
        messages.error(request, error.for_buyer)
    except service.TooLateToOpen:
        messages.warning(
            request,
            _("There is too little time left to pay. Change the order, then pay anew."),
        )
    except service.NotAwaitingPayment:
        pass
    else:
        return _see_other(url)
    return _see_other(order_page)


def _see_other(url: str) -> HttpResponse:
    response = HttpResponseRedirect(url)
    response.status_code = 303
    return response


@places.sends_to_payment
@require_POST
def pay(request: HttpRequest, reference: str) -> HttpResponse:
    """On to the payment page of an order that awaits payment."""
    return to_payment(request, sale_or_404(request, reference))


@require_POST
def give_up(request: HttpRequest, reference: str) -> HttpResponse:
    """The unpaid order is cancelled and its pieces are in the basket again."""
    sale = sale_or_404(request, reference)
    try:
        sale = expiring.give_up(reference=sale.reference)
    except expiring.ProviderSilent:
        messages.error(
            request,
            _("The payment page can't be closed just now. Please try again shortly."),
        )
        return redirect(places.order_path(reference, places.language()))
    if sale.state == Sale.State.PAID:
        messages.info(request, _("Your payment had already come in."))
        return redirect(places.order_path(reference, places.language()))
    return redirect("basket:summary")
