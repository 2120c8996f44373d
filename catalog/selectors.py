"""What is known of sellable products on a day, in one query however many."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from oscar.core.loading import get_model

from catalog.domain import lead_time
from catalog.domain.lead_time import LeadTime, WeekRoom
from catalog.domain.price_share import (
    Costs,
    CostsAbovePrice,
    Share,
    price_share,
    still_checked,
)
from catalog.models import BasesAble, CraftSpec, PieceRate, TimeStudy
from producers.models import CapacityWeek


@dataclass(frozen=True, slots=True)
class Terms:
    """One sellable product as it may be sold on a day; fen, minutes and pieces.

    `price_fen`, `pay_fen` and `minutes` are None where none is on record.
    """

    product: int
    parent: int | None
    spec: int
    kind: str
    craft: int
    grade: int
    min_lot: int
    weight_grams: int
    hs_code: str
    price_fen: int | None
    pay_fen: int | None
    minutes: int | None
    studied_on: dt.date | None
    minimum_hourly_fen: int | None
    material_fen: int
    base_fen: int
    tax_shipping_fen: int
    free: int
    bases: frozenset[int]
    share_checked_on: dt.date | None
    checked_price_fen: int | None
    checked_pay_fen: int | None

    @property
    def made_to_order(self) -> bool:
        return self.kind == CraftSpec.Kind.MADE_TO_ORDER

    @property
    def share(self) -> tuple[Share, ...] | None:
        """The five parts of the price, whether checked or not; None without price or
        pay, or where the costs are above the price."""
        if self.price_fen is None or self.pay_fen is None:
            return None
        costs = Costs(
            self.pay_fen, self.material_fen, self.base_fen, self.tax_shipping_fen
        )
        try:
            return price_share(self.price_fen, costs)
        except CostsAbovePrice:
            return None

    @property
    def public_share(self) -> tuple[Share, ...] | None:
        """The share as a page may show it: only while what was checked still holds."""
        holds = self.price_fen is not None and still_checked(
            self.checked_price_fen, self.checked_pay_fen, self.price_fen, self.pay_fen
        )
        return self.share if holds else None

    @property
    def public_pay_fen(self) -> int | None:
        """The pay as cards show it: None where the share may not be shown."""
        return self.pay_fen if self.public_share else None


def terms_of(products: Collection[int], day: dt.date) -> dict[int, Terms]:
    """The terms of these sellable products by product id: one query.

    A product without a craft specification is not in the answer. Whether it is
    published is not asked here.
    """
    return {
        terms.product: terms
        for terms in _terms(CraftSpec.objects.filter(product__in=products), day)
    }


def crafts_of(products: Collection[int]) -> dict[int, int]:
    """The craft (its primary key) of these sellable products by product id: one query.

    A product without a craft specification is not in the answer.
    """
    return dict(
        CraftSpec.objects.filter(product__in=products).values_list(
            "product",
            Coalesce("product__listing__craft", "product__parent__listing__craft"),
        )
    )


def terms_of_listings(listed: Collection[int], day: dt.date) -> dict[int, list[Terms]]:
    """The terms of every choice of these listed products, by listed product id.

    One query. A choice that is not public is left out; cheapest first.
    """
    choices: dict[int, list[Terms]] = defaultdict(list)
    products = get_model("catalogue", "Product").objects
    sold = products.filter(Q(pk__in=listed) | Q(parent__in=listed), is_public=True)
    specs = CraftSpec.objects.filter(product__in=sold.order_by().values("pk"))
    for terms in _terms(specs, day):
        choices[terms.parent or terms.product].append(terms)
    for found in choices.values():
        found.sort(key=lambda terms: (terms.price_fen or 0, terms.product))
    return choices


def light_choices() -> dict[int, list[tuple[str, int | None, int]]]:
    """Kind, price in fen and free pieces of everything on sale, by listed product id.

    One query, for facets over the whole shop.
    """
    choices: dict[int, list[tuple[str, int | None, int]]] = defaultdict(list)
    rows = (
        CraftSpec.objects.on_sale()
        .annotate(
            sales_price=Subquery(_sales_records().values("price")[:1]),
            free_pieces=Subquery(_free_records()),
            listed=Coalesce("product__parent", "product"),
        )
        .values_list("listed", "kind", "sales_price", "free_pieces")
    )
    for listed, kind, price, free in rows:
        fen = None if price is None else int(price * 100)
        choices[listed].append((kind, fen, free or 0))
    return choices


def _terms(specs: QuerySet[CraftSpec], day: dt.date) -> list[Terms]:
    rows = list(
        specs.annotate(
            sales_price=Subquery(_sales_records().values("price")[:1]),
            free_pieces=Subquery(_free_records()),
            pay=Subquery(_rates(day).values("fen")[:1]),
            minimum=Subquery(_rates(day).values("minimum_hourly_fen")[:1]),
            standard_minutes=Subquery(_studies(day).values("minutes")[:1]),
            measured_on=Subquery(_studies(day).values("studied_on")[:1]),
            own_craft=F("product__listing__craft"),
            parent_craft=F("product__parent__listing__craft"),
            parent_product=F("product__parent"),
            able_bases=ArraySubquery(
                BasesAble.objects.filter(spec=OuterRef("pk"), base__closed=None).values(
                    "base"
                )
            ),
        ).order_by("pk")
    )
    return [_one(spec) for spec in rows]


def _one(spec: CraftSpec) -> Terms:
    price = spec.sales_price
    return Terms(
        product=spec.product_id,
        parent=spec.parent_product,
        spec=spec.pk,
        kind=spec.kind,
        craft=spec.own_craft or spec.parent_craft,
        grade=spec.grade,
        min_lot=spec.min_lot,
        weight_grams=spec.weight_grams,
        hs_code=spec.hs_code,
        price_fen=None if price is None else int(price * 100),
        pay_fen=spec.pay,
        minutes=spec.standard_minutes,
        studied_on=spec.measured_on,
        minimum_hourly_fen=spec.minimum,
        material_fen=spec.material_fen,
        base_fen=spec.base_fen,
        tax_shipping_fen=spec.tax_shipping_fen,
        free=spec.free_pieces or 0,
        bases=frozenset(spec.able_bases),
        share_checked_on=spec.share_checked_on,
        checked_price_fen=spec.checked_price_fen,
        checked_pay_fen=spec.checked_pay_fen,
    )


def _sales_records() -> QuerySet:
    """The record that holds the price: the one without quantities."""
    return get_model("partner", "StockRecord").objects.filter(
        product=OuterRef("product"), num_in_stock=None
    )


def _free_records() -> QuerySet:
    return (
        get_model("partner", "StockRecord")
        .objects.filter(product=OuterRef("product"), num_in_stock__isnull=False)
        .order_by()
        .values("product")
        .annotate(free=Sum(F("num_in_stock") - Coalesce("num_allocated", 0)))
        .values("free")
    )


def free_pieces(products: Collection[int]) -> dict[int, int]:
    """Pieces that could be sold now, by product id; no lock, one query."""
    free = dict.fromkeys(products, 0)
    rows = (
        get_model("partner", "StockRecord")
        .objects.filter(product__in=free, num_in_stock__isnull=False)
        .values_list("product")
        .annotate(free=Sum(F("num_in_stock") - Coalesce("num_allocated", 0)))
    )
    return free | dict(rows)


def _rates(day: dt.date) -> QuerySet[PieceRate]:
    return PieceRate.objects.filter(
        Q(valid_to=None) | Q(valid_to__gt=day),
        spec=OuterRef("pk"),
        valid_from__lte=day,
    )


def _studies(day: dt.date) -> QuerySet[TimeStudy]:
    return TimeStudy.objects.filter(spec=OuterRef("pk"), studied_on__lte=day).order_by(
        "-studied_on", "-pk"
    )


def week_rooms(
    terms: Collection[Terms], today: dt.date
) -> dict[tuple[int, int], list[WeekRoom]]:
    """What may still be sold to order, by (base, craft): one query."""
    first, last = lead_time.span(today)
    rooms: dict[tuple[int, int], list[WeekRoom]] = defaultdict(list)
    rows = CapacityWeek.objects.filter(
        craft__in={one.craft for one in terms if one.made_to_order},
        base__in={base for one in terms for base in one.bases},
        week__gte=first,
        week__lt=last,
        offered__gt=F("reserved"),
    ).values_list("base", "craft", "week", "offered", "reserved")
    for base, craft, week, offered, reserved in rows:
        rooms[base, craft].append(WeekRoom(base, week, offered - reserved))
    return rooms


def lead_time_of(
    terms: Terms,
    rooms: dict[tuple[int, int], list[WeekRoom]],
    today: dt.date,
    pieces: int = 1,
) -> LeadTime | None:
    """When `pieces` would leave, or None where they can't be promised."""
    if not terms.made_to_order:
        return lead_time.from_stock(terms.free, pieces, today)
    if terms.minutes is None:
        return None
    weeks = [
        room for base in terms.bases for room in rooms.get((base, terms.craft), ())
    ]
    return lead_time.to_order(weeks, terms.minutes, pieces, today)
