"""Buyers of the demo: they fill baskets, order, pay at the counter, or don't."""

import datetime as dt
import json
import random
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from django.db import transaction
from oscar.core.loading import get_class, get_model

from catalog.models import CraftSpec
from catalog.selectors import free_pieces
from orders.models import Payment, Refund, Sale
from orders.services import bagging, expiring, placing, refunding, taking
from orders.services.placing import NotForSale, Wishes
from orders.services.reserving import CannotReserve
from qiaoshou.demo import names
from qiaoshou.demo.haste import may_be_refused
from qiaoshou.demo.world import World, at, reference
from qiaoshou.demo.year import Year

BUYERS = Path(__file__).with_name("data") / "buyers.json"
Basket = get_model("basket", "Basket")
Product = get_model("catalogue", "Product")
Selector = get_class("partner.strategy", "Selector")
# Orders in a hundred by month: New Year, Duanwu and the travellers of summer.
SEASON = (10, 9, 5, 6, 9, 10, 9, 9, 8, 9, 7, 9)
TRIES = 6
FIRST_DAY = 14
Wanted = list[tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Fate:
    """What becomes of an order: it is paid, unless its number says otherwise."""

    expires: bool = False
    given_up: bool = False
    cancelled: bool = False
    goodwill: bool = False
    trade: bool = False
    own: bool = False

    @classmethod
    def of(cls, number: int) -> "Fate":
        """Every twentieth or so has another fate; `own` is the demo buyer's."""
        return cls(
            expires=number % 21 == 6,
            given_up=number % 50 == 13,
            cancelled=number % 48 == 17,
            goodwill=number % 40 == 20,
            trade=number % 12 == 10,
            own=number % 11 == 9,
        )


@dataclass(frozen=True, slots=True)
class Sold:
    """One sellable product as a buyer sees it."""

    product: int
    slug: str
    kind: str
    craft: str
    min_lot: int
    minutes: int


class Buying:
    """Draws the orders of the year and does what their buyers would do."""

    def __init__(self, world: World, year: Year, paid: Callable[[Sale], None]) -> None:
        self.world, self.year, self.paid = world, year, paid
        self.words: dict[str, Any] = json.loads(BUYERS.read_text(encoding="utf-8"))
        self.for_sale = [_sold(spec) for spec in _specs()]
        self.placed: list[str] = []

    def plan(self, orders: int) -> None:
        """So many orders stand in the queue, more of them in the busy months."""
        dice, world = self.world.dice("orders"), self.world
        days = [
            world.start + dt.timedelta(days=day)
            for day in range(FIRST_DAY, world.size.days - 1)
        ]
        weights = [SEASON[day.month - 1] for day in days]
        chosen = sorted(dice.choices(days, weights, k=orders))
        for number, day in enumerate(chosen, 1):
            moment = at(day, dice.randint(9, 19), dice.randint(0, 59))
            self.year.at(moment, self.order, number, moment)

    def order(self, number: int, moment: dt.datetime) -> None:
        """One order is placed, of what can still be had."""
        dice, fate = self.world.dice(f"order {number}"), Fate.of(number)
        wishes = self.wishes(dice, number, fate)
        sale = None
        for _try in range(TRIES):
            sale = self.place(dice, self.wanted(dice, fate, moment), wishes, fate.own)
            if sale is not None:
                break
        if sale is None:
            sale = self.whatever_there_is(dice, wishes, fate.own)
        self.placed.append(sale.reference)
        self.go_on(dice, number, sale, fate, moment)

    def go_on(
        self,
        dice: random.Random,
        number: int,
        sale: Sale,
        fate: Fate,
        moment: dt.datetime,
    ) -> None:
        soon = moment + dt.timedelta(minutes=dice.randint(2, 20))
        if fate.expires:
            over = sale.hold_until + dt.timedelta(minutes=1)
            self.year.at(over, self.expire, sale.reference)
        elif fate.given_up:
            self.year.at(soon, self.give_up, sale.reference)
        else:
            self.year.at(soon, self.pay, sale.reference, number, fate)

    def place(
        self, dice: random.Random, wanted: Wanted, wishes: Wishes, own: bool
    ) -> Sale | None:
        """The order, or None where that much is not to be had; then nothing is left."""
        user = self.world.people["buyer"] if own else None
        try:
            with may_be_refused(), transaction.atomic():
                basket = Basket.objects.create(owner=user)
                basket.strategy = Selector().strategy(user=user)
                products = Product.objects.in_bulk([pk for pk, _pieces in wanted])
                for product, pieces in wanted:
                    bagging.add_pieces(
                        basket=basket,
                        product=products[product],
                        pieces=pieces,
                        client_reference=reference(dice),
                    )
                return placing.place_order(
                    basket=basket,
                    wishes=wishes,
                    client_reference=reference(dice),
                    user=user,
                )
        except (CannotReserve, NotForSale, bagging.NotForSale):
            return None

    def whatever_there_is(self, dice: random.Random, wishes: Wishes, own: bool) -> Sale:
        for one in reversed(self.for_sale):
            sale = self.place(dice, [(one.product, 1)], wishes, own)
            if sale is not None:
                return sale
        raise RuntimeError("the whole shop is sold out")

    def wanted(self, dice: random.Random, fate: Fate, moment: dt.datetime) -> Wanted:
        """What she puts into her basket: some things at hand, some to be made."""
        made = [
            one for one in self.for_sale if one.kind == CraftSpec.Kind.MADE_TO_ORDER
        ]
        if fate.trade:
            small = [one for one in made if one.minutes <= 300]
            return [(dice.choice(small).product, dice.randint(10, 30))]
        free = free_pieces([one.product for one in self.for_sale])
        ready = [one for one in self.for_sale if free[one.product] > 3]
        lines = dice.choice((1, 1, 1, 1, 2, 2))
        chosen: dict[int, int] = {}
        for _line in range(lines):
            shelf = made if dice.random() < 0.55 or not ready else ready
            one = dice.choice(shelf)
            most = 5 if shelf is made else 2
            chosen[one.product] = dice.randint(1, most)
        return list(chosen.items())

    def wishes(self, dice: random.Random, number: int, fate: Fate) -> Wishes:
        """Who she is, and how she wants it; a third collect, a few write English."""
        words = self.words
        english = not fate.own and not fate.trade and dice.random() < 0.12
        abroad = "abroad" if english else "places"
        wishes = Wishes(
            name=dice.choice(words["english" if english else "chinese"]),
            way="parcel",
            language="en" if english else "zh-hans",
            phone="" if english else names.telephone(90_000_000 + number),
            email=f"guest-{number}@demo.example" if english else "",
            address=dice.choice(words[abroad]),
            note="" if english else dice.choice(words["notes"]),
            one_parcel=fate.trade,
        )
        if fate.trade:
            return replace(wishes, name=dice.choice(words["trade"]), note="")
        if fate.own:
            buyer = self.world.people["buyer"]
            wishes = replace(wishes, name=buyer.full_name, email=buyer.email or "")
        if dice.random() < 0.35:
            point = self.world.points[dice.choice(sorted(self.world.points))]
            wishes = replace(wishes, way="pickup", address="", pickup_point=point)
        return wishes

    @may_be_refused()
    def pay(self, sale_number: str, number: int, fate: Fate) -> None:
        """The money comes in at the counter, that of trade buyers by bank."""
        dice = self.world.dice(f"payment {number}")
        sale = Sale.objects.get(reference=sale_number)
        method = Payment.Method.TRANSFER if fate.trade else Payment.Method.COUNTER
        taking.take_payment(
            reference=sale.reference,
            method=method,
            received_fen=sale.total_fen,
            client_reference=reference(dice),
            by=self.world.people["shopkeeper"],
            bank_reference=f"DEMO-IN-{number:05d}" if fate.trade else "",
        )
        moment = Sale.objects.get(pk=sale.pk).paid_at or self.world.end
        if fate.cancelled:
            later = moment + dt.timedelta(minutes=25)
            self.year.at(later, self.refund, sale.reference, number, "cancelled")
            return
        if fate.goodwill:
            later = moment + dt.timedelta(days=24)
            self.year.at(later, self.refund, sale.reference, number, "goodwill")
        self.paid(sale)

    @may_be_refused()
    def refund(self, sale_number: str, number: int, cause: str) -> None:
        """The shopkeeper gives money back by hand: all of it, or a tenth."""
        dice = self.world.dice(f"refund {number}")
        payment = Payment.objects.get(
            order__number=sale_number, state=Payment.State.PAID
        )
        everything = payment.received_fen
        whole = cause == Refund.Cause.CANCELLED
        refund = refunding.refund_payment(
            payment=payment.reference,
            amount_fen=everything if whole else everything // 1000 * 100,
            cause=cause,
            client_reference=reference(dice),
            by=self.world.people["shopkeeper"],
            note="买家改了主意" if whole else "寄到时盒子压坏了",
        )
        transfer = payment.method == Payment.Method.TRANSFER
        refunding.record_paid_back(
            reference=refund.reference,
            bank_reference=f"DEMO-BACK-{number:05d}" if transfer else None,
        )

    @may_be_refused()
    def expire(self, sale_number: str) -> None:
        expiring.expire(reference=sale_number)

    @may_be_refused()
    def give_up(self, sale_number: str) -> None:
        expiring.give_up(reference=sale_number)


def _specs() -> Any:
    return (
        CraftSpec.objects.on_sale()
        .select_related("product__parent")
        .order_by("product__upc")
    )


def _sold(spec: CraftSpec) -> Sold:
    listed = spec.product.parent or spec.product
    return Sold(
        product=spec.product_id,
        slug=listed.upc,
        kind=spec.kind,
        craft=listed.listing.craft.slug,
        min_lot=spec.min_lot,
        minutes=spec.time_studies.latest("studied_on").minutes,
    )
