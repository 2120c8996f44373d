"""What the office's pages show of the shop and its makers, and what they may choose."""

from collections.abc import Iterable, Sequence

from django.db.models import QuerySet
from oscar.core.loading import get_model

from producers.models import Consent, Craft, Maker

ROW = 4


def public_products() -> QuerySet:
    """Sellable products that are published; sizes and choices are not among them."""
    product = get_model("catalogue", "Product")
    return product.objects.browsable().filter(is_public=True).order_by("title", "pk")


def public_makers() -> QuerySet:
    """Makers who agree to their public story today."""
    return Maker.objects.filter(
        merged_into=None,
        consents__purpose=Consent.Purpose.PUBLIC_STORY,
        consents__withdrawn=None,
    ).order_by("sort_key", "pk")


def open_crafts() -> QuerySet:
    """Crafts and families of crafts that are still in use."""
    return Craft.objects.filter(closed=None).order_by("path")


def newest() -> list:
    return []


def made_to_order() -> list:
    return []


def chosen(products: Sequence) -> list:
    return []


def shared(product: object | None) -> dict | None:
    return None


def tiles(tiles: Iterable) -> list[dict]:
    return []


def featured(maker: object | None) -> dict | None:
    return None
