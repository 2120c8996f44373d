"""Fork of oscar.apps.partner.strategy: sells from stock or to order; see catalog/stock.

The price is that of the sales record (the one without quantities); it includes tax.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.apps import apps
from django.http import HttpRequest
from oscar.apps.partner import availability, prices
from oscar.apps.partner.strategy import PurchaseInfo, Structured


@dataclass(frozen=True, slots=True)
class Offer:
    """What is known of one sellable product: how it is sold, its price, free pieces."""

    kind: str | None
    record: Any | None
    free: int


class Selector:
    """Oscar asks this for the strategy of a request or of a user."""

    def strategy(
        self, request: HttpRequest | None = None, user: Any = None, **kwargs: Any
    ) -> "Shop":
        return Shop(request)


class Shop(Structured):
    """Ready pieces up to what is free; made to order while the product is published.

    How much can be made by when is checked under lock at checkout, not here.
    """

    def __init__(self, request: HttpRequest | None = None) -> None:
        super().__init__(request)
        self._offers: dict[int, Offer] = {}

    def fetch_for_line(self, line: Any, stockrecord: Any = None) -> PurchaseInfo:
        """One basket line; the others are looked up with it, in two queries."""
        if line.product_id not in self._offers:
            basket_lines = line.basket.all_lines()
            self._learn(
                [line.product_id, *(other.product_id for other in basket_lines)]
            )
        return self.fetch_for_product(line.product)

    def select_stockrecord(self, product: Any) -> Any | None:
        return self._offer(product).record

    def select_children_stockrecords(self, product: Any) -> list[tuple[Any, Any]]:
        children = list(product.get_public_children())
        self._learn([child.pk for child in children])
        return [(child, self._offer(child).record) for child in children]

    def pricing_policy(self, product: Any, stockrecord: Any) -> Any:
        if stockrecord is None or stockrecord.price is None:
            return prices.Unavailable()
        return prices.FixedPrice(
            currency=stockrecord.price_currency,
            excl_tax=stockrecord.price,
            tax=Decimal("0.00"),
        )

    def availability_policy(self, product: Any, stockrecord: Any) -> Any:
        offer = self._offer(product)
        if stockrecord is None or stockrecord.price is None or offer.kind is None:
            return availability.Unavailable()
        if offer.kind == "made_to_order":
            return availability.Available()
        return availability.StockRequired(offer.free)

    def parent_pricing_policy(self, product: Any, children_stock: list) -> Any:
        """The lowest price among the choices."""
        priced = [
            (record.price, child.pk, child, record)
            for child, record in children_stock
            if record is not None and record.price is not None
        ]
        if not priced:
            return prices.Unavailable()
        _price, _pk, child, record = min(priced, key=lambda found: found[:2])
        return self.pricing_policy(child, record)

    def parent_availability_policy(self, product: Any, children_stock: list) -> Any:
        policies = [self.availability_policy(*found) for found in children_stock]
        if any(policy.is_available_to_buy for policy in policies):
            return availability.Available()
        return availability.Unavailable()

    def _offer(self, product: Any) -> Offer:
        if product.pk not in self._offers:
            self._learn([product.pk])
        return self._offers[product.pk]

    def _learn(self, products: Iterable[int]) -> None:
        """What there is to know of these products, in two queries for all of them."""
        wanted = sorted({pk for pk in products if pk not in self._offers})
        if not wanted:
            return
        craft_spec = apps.get_model("catalog", "CraftSpec")
        kinds = dict(
            craft_spec.objects.on_sale()
            .filter(product__in=wanted)
            .values_list("product", "kind")
        )
        sales: dict[int, Any] = {}
        free: dict[int, int] = defaultdict(int)
        records = apps.get_model("partner", "StockRecord").objects
        for record in records.filter(product__in=wanted).order_by("pk"):
            if record.num_in_stock is None:
                sales.setdefault(record.product_id, record)
            else:
                free[record.product_id] += record.net_stock_level
        for pk in wanted:
            self._offers[pk] = Offer(kinds.get(pk), sales.get(pk), free[pk])
