"""Fork of oscar.apps.shipping.methods: pick-up and parcel; see orders/domain/sale."""

from typing import Any

from django.utils import translation
from django.utils.translation import gettext_lazy as _
from oscar.apps.shipping.methods import (
    Base,
    FixedPrice,
    Free,
    NoShippingRequired,
    OfferDiscount,
    TaxExclusiveOfferDiscount,
    TaxInclusiveOfferDiscount,
)
from oscar.core import prices

from orders import edge
from orders.domain.sale import Rate, parcel_fee

__all__ = [
    "Base",
    "FixedPrice",
    "Free",
    "NoShippingRequired",
    "OfferDiscount",
    "Parcel",
    "PickUp",
    "TaxExclusiveOfferDiscount",
    "TaxInclusiveOfferDiscount",
    "shipping_name",
]


class PickUp(Free):
    """The buyer collects; nothing to pay for it."""

    code = "pickup"
    name = _("Pick-up")


class Parcel(Base):
    """Sent by a carrier at the fee of the day; once an order, however many parcels."""

    code = "parcel"
    name = _("By parcel")

    def __init__(self, rate: Rate) -> None:
        self.rate = rate

    def calculate(self, basket: Any) -> prices.Price:
        fee = parcel_fee(edge.fen(basket.total_incl_tax), self.rate)
        return prices.Price(
            currency=basket.currency or edge.CURRENCY,
            excl_tax=edge.yuan(fee),
            incl_tax=edge.yuan(fee),
        )


def shipping_name(order: Any, language: str) -> str:
    """What the order's way of delivery is called in a language.

    The order's own word for it, in the language of the day it was placed, where the way
    is none of today's.
    """
    names = {way.code: way.name for way in (PickUp, Parcel)}
    with translation.override(language):
        return str(names.get(order.shipping_code, order.shipping_method))
