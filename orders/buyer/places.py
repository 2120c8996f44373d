"""Addresses of a buyer's own pages, and where the payment page may be."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language

from orders.services.paying import Addresses
from qiaoshou.common.templatetags.look import in_language

STRIPE_API = "api.stripe.com"
STRIPE_PAGE = "https://checkout.stripe.com"

View = Callable[..., HttpResponse]


def language() -> str:
    return get_language() or settings.LANGUAGE_CODE


def order_path(reference: str, language: str) -> str:
    return in_language(f"/orders/{reference}/", language)


def addresses_of(request: HttpRequest, reference: str, language: str) -> Addresses:
    """Where the payment page sends the buyer back to."""
    back = in_language(f"/checkout/return/{reference}/", language)
    return Addresses(
        success=request.build_absolute_uri(back),
        cancel=request.build_absolute_uri(order_path(reference, language)),
    )


def payment_page_origin() -> str:
    """The origin of the page where online payments are made."""
    base = urlsplit(settings.STRIPE_API_BASE)
    if base.hostname == STRIPE_API:
        return STRIPE_PAGE
    return f"{base.scheme}://{base.netloc}"


def sends_to_payment(view: View) -> View:
    """A form on this page may end at the payment page, which the browser must allow."""

    @wraps(view)
    def allowed(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        response._csp_update = {"form-action": [payment_page_origin()]}
        return response

    return allowed
