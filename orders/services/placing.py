"""A basket becomes an order that awaits payment, with everything in it reserved."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from oscar.core.loading import get_class, get_model

from catalog.models import CraftSpec
from catalog.selectors import Terms, terms_of
from catalog.titles import Title, sold_titles
from orders import edge
from orders.domain import hold
from orders.domain.sale import PieceCosts, shares_at_sale
from orders.models import Contact, LineShare, LineTerms, Sale
from orders.services import reserving, showing
from producers.models import PickupPoint
from qiaoshou.common.reference import new_reference
from qiaoshou.common.today import now, today

Applicator = get_class("offer.applicator", "Applicator")
Basket = get_model("basket", "Basket")
OrderCreator = get_class("order.utils", "OrderCreator")
OrderTotalCalculator = get_class("checkout.calculators", "OrderTotalCalculator")
Repository = get_class("shipping.repository", "Repository")
Selector = get_class("partner.strategy", "Selector")


class BasketEmpty(Exception):
    """There is nothing in the basket, or it was ordered already."""


class NotForSale(Exception):
    """These products can't be sold today: no price, no piece rate, or withdrawn."""

    def __init__(self, products: Sequence[int]) -> None:
        super().__init__(list(products))
        self.products = list(products)


class WayNotOffered(Exception):
    """The way of delivery is not on offer today."""


class ChangedSinceSeen(Exception):
    """The sum or the day is not what the buyer saw; she is to look once more."""


@dataclass(frozen=True, slots=True)
class Wishes:
    """Who buys, and how she wants it; a parcel has an address, a pick-up a point."""

    name: str
    way: str
    language: str
    phone: str = ""
    email: str = ""
    address: str = ""
    pickup_point: PickupPoint | None = None
    note: str = ""
    one_parcel: bool = False


@dataclass(frozen=True, slots=True)
class Seen:
    """What the page showed: the sum of the pieces, and the day of the last of them."""

    goods_fen: int
    promised_on: dt.date


@dataclass(frozen=True, slots=True)
class Bill:
    """The prices of a basket now: pieces, and each way of delivery, in fen."""

    goods_fen: int
    discount_fen: int
    ways: Mapping[str, int]
    methods: Mapping[str, Any] = field(repr=False)

    def total_fen(self, way: str) -> int:
        return self.goods_fen + self.ways[way]


def bill_of(basket: Any, user: Any = None) -> Bill:
    """What the basket costs now; its strategy and offers must have been applied."""
    methods = {
        method.code: method
        for method in Repository().get_shipping_methods(basket=basket, user=user)
    }
    goods = edge.fen(basket.total_incl_tax)
    before = edge.fen(basket.total_incl_tax_excl_discounts)
    return Bill(
        goods_fen=goods,
        discount_fen=before - goods,
        ways={
            code: edge.fen(method.calculate(basket).incl_tax)
            for code, method in methods.items()
        },
        methods=methods,
    )


def price(basket: Any, user: Any = None) -> Any:
    """The basket with today's prices and offers on it."""
    basket.strategy = Selector().strategy(user=user)
    basket.reset_offer_applications()
    if not basket.is_empty:
        Applicator().apply(basket, user or AnonymousUser())
    return basket


@transaction.atomic
def place_order(
    *,
    basket: Any,
    wishes: Wishes,
    client_reference: UUID,
    user: Any = None,
    seen: Seen | None = None,
) -> Sale:
    """An order awaits payment; its stock and capacity are held, its terms are frozen.

    Either everything is held or nothing happens. Raises BasketEmpty, NotForSale,
    WayNotOffered, ChangedSinceSeen and `reserving.CannotReserve`. Sent twice with one
    client reference it is one order.
    """
    buyer = user if user is not None and user.is_authenticated else None
    taken = Basket.objects.select_for_update().filter(pk=basket.pk, status=Basket.OPEN)
    basket = taken.first()
    known = Sale.objects.filter(client_reference=client_reference).first()
    if known is not None:
        return known
    if basket is None or basket.is_empty:
        raise BasketEmpty
    price(basket, buyer)
    terms = _terms(basket)
    bill = bill_of(basket, buyer)
    if wishes.way not in bill.ways:
        raise WayNotOffered
    if seen is not None and seen.goods_fen != bill.goods_fen:
        raise ChangedSinceSeen
    placed_at = now()
    order = _order(basket, bill, wishes, buyer)
    lines = list(order.lines.order_by("pk"))
    sale = Sale.objects.create(
        order=order,
        reference=order.number,
        client_reference=client_reference,
        goods_fen=sum(edge.fen(line.line_price_incl_tax) for line in lines),
        shipping_fen=bill.ways[wishes.way],
        placed_at=placed_at,
        hold_until=hold.hold_until(placed_at),
    )
    _contact(order, wishes, buyer)
    promised = reserving.hold_lines(
        sale=sale,
        wanted=[
            reserving.Wanted(line, line.quantity, terms[line.product_id])
            for line in lines
        ],
        prefer=place_of(wishes.pickup_point),
    )
    if seen is not None and max(promised.values()) > seen.promised_on:
        raise ChangedSinceSeen
    titles = sold_titles(terms)
    for line in lines:
        product = line.product_id
        _freeze_terms(line, titles[product], terms[product], promised[line.pk])
    showing.claim_vouchers(order)
    showing.freeze_basket(basket)
    return sale


def _terms(basket: Any) -> dict[int, Terms]:
    """Today's terms of every product in the basket. Raises NotForSale."""
    lines = basket.all_lines()
    products = {line.product_id for line in lines}
    found = terms_of(products, today())
    on_sale = set(
        CraftSpec.objects.on_sale()
        .filter(product__in=products)
        .values_list("product", flat=True)
    )
    refused = []
    for line in lines:
        terms = found.get(line.product_id)
        if (
            terms is None
            or line.product_id not in on_sale
            or terms.price_fen is None
            or terms.pay_fen is None
            or (terms.made_to_order and terms.minutes is None)
        ):
            refused.append(line.product_id)
    if refused:
        raise NotForSale(refused)
    return found


def _order(basket: Any, bill: Bill, wishes: Wishes, buyer: Any) -> Any:
    """Oscar's order, lines and discounts; nothing is counted before it is paid."""
    creator = OrderCreator()
    method = bill.methods[wishes.way]
    charge = method.calculate(basket)
    order = creator.create_order_model(
        buyer,
        basket,
        None,
        method,
        charge,
        None,
        OrderTotalCalculator().calculate(basket, charge),
        new_reference(),
        "awaiting-payment",
        date_placed=now(),
        **({} if buyer else {"guest_email": wishes.email}),
    )
    for application in basket.offer_applications:
        application["message"] = application["offer"].apply_deferred_benefit(
            basket, order, application
        )
        if application["result"].affects_shipping:
            application["discount"] = method.discount(basket)
            if not application["discount"]:
                continue
        creator.create_discount_model(order, application)
    for line in basket.all_lines():
        creator.create_line_models(order, line)
    return order


def _contact(order: Any, wishes: Wishes, buyer: Any) -> None:
    contact = Contact(
        order=order,
        name=wishes.name,
        email=wishes.email,
        way=wishes.way,
        pickup_point=wishes.pickup_point,
        language=wishes.language,
        note=wishes.note,
        one_parcel=wishes.one_parcel,
        user=buyer,
    )
    contact.phone = wishes.phone
    contact.address = wishes.address
    contact.save()


def place_of(point: PickupPoint | None) -> Any:
    """The stock place at a pick-up point; stock there is taken first."""
    return getattr(point, "stock_place", None) if point is not None else None


def _freeze_terms(line: Any, title: Title, terms: Terms, promised_on: dt.date) -> None:
    sold = edge.fen(line.line_price_incl_tax)
    list_price = edge.fen(line.line_price_before_discounts_incl_tax)
    LineTerms.objects.create(
        line=line,
        product_id=line.product_id,
        title_zh=title.zh,
        title_en=title.en,
        kind=LineTerms.Kind.MADE if terms.made_to_order else LineTerms.Kind.READY,
        pieces=line.quantity,
        list_fen=list_price,
        sold_fen=sold,
        piece_rate_fen=terms.pay_fen,
        minutes=terms.minutes,
        promised_on=promised_on,
    )
    shares = shares_at_sale(
        sold=sold,
        list_price=list_price,
        pieces=line.quantity,
        costs=PieceCosts(
            maker=terms.pay_fen or 0,
            material=terms.material_fen,
            base=terms.base_fen,
            tax_shipping=terms.tax_shipping_fen,
        ),
    )
    LineShare.objects.bulk_create(
        LineShare(line=line, part=part, fen=fen) for part, fen in shares.items()
    )
