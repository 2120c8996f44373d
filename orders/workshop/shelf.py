"""What stands on the shelves of a base: stock, what is promised, its lots."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _
from oscar.core.loading import get_model

from catalog.models import CraftSpec, Lot
from orders.buyer.pieces import pieces_of
from producers.models import Base

FEW, NEARLY_NONE = 10, 3
LOTS_SHOWN = 30


@dataclass(frozen=True, slots=True)
class Shelf:
    """One product at a base: pieces at hand and how many of them are promised."""

    record: int
    product: int
    title: str
    picture: str
    at_hand: int
    promised: int
    made_to_order: bool

    @property
    def free(self) -> int:
        return self.at_hand - self.promised

    @property
    def tone(self) -> str:
        if self.made_to_order:
            return ""
        return "bad" if self.free <= NEARLY_NONE else "warn" if self.free < FEW else ""

    @property
    def said(self) -> str:
        """How it is sold, or how few are left; what is made to order needs no stock."""
        if self.made_to_order:
            return str(CraftSpec.Kind.MADE_TO_ORDER.label)
        if self.free <= NEARLY_NONE:
            return _("nearly gone") if self.free else _("none free")
        return _("fewer than %(few)s") % {"few": FEW} if self.free < FEW else ""


def records(base: Base) -> Any:
    """The stock records of the base that hold quantities."""
    return get_model("partner", "StockRecord").objects.filter(
        partner__stock_place__base=base, num_in_stock__isnull=False
    )


def shelves(base: Base) -> list[Shelf]:
    """Every product that the base holds or held, the scarcest first.

    What is made to order stands last: none of it has to be at hand.
    """
    rows = list(records(base).order_by("product_id"))
    goods = pieces_of({row.product_id for row in rows}, get_language() or "zh-hans")
    made = set(
        CraftSpec.objects.filter(
            product__in=goods, kind=CraftSpec.Kind.MADE_TO_ORDER
        ).values_list("product", flat=True)
    )
    found = []
    for row in rows:
        piece = goods[row.product_id]
        found.append(
            Shelf(
                record=row.pk,
                product=row.product_id,
                title=piece.whole,
                picture=piece.picture,
                at_hand=row.num_in_stock,
                promised=row.num_allocated or 0,
                made_to_order=row.product_id in made,
            )
        )
    return sorted(
        found, key=lambda shelf: (shelf.made_to_order, shelf.free, shelf.title)
    )


@dataclass(frozen=True, slots=True)
class Batch:
    """A lot with pieces left: who made it, and the number of its tags."""

    serial: str
    title: str
    maker: str
    made_on: Any
    pieces: int
    remaining: int


def batches(base: Base) -> list[Batch]:
    """The newest lots of the base with pieces left."""
    rows = (
        Lot.objects.filter(place__base=base, remaining__gt=0)
        .select_related("maker")
        .order_by("-made_on", "-pk")[:LOTS_SHOWN]
    )
    found = list(rows)
    goods = pieces_of({row.product_id for row in found}, get_language() or "zh-hans")
    return [
        Batch(
            serial=row.serial,
            title=goods[row.product_id].whole,
            maker=str(row.maker or ""),
            made_on=row.made_on,
            pieces=row.pieces,
            remaining=row.remaining,
        )
        for row in found
    ]
