"""What a product is called in its reader's language."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils.translation import get_language
from oscar.core.loading import get_model

from catalog.models import ProductText

Product = get_model("catalogue", "Product")


def texts_of(products: Collection[int], language: str) -> dict[int, ProductText]:
    """The text in her language, or the other one where there is none."""
    rows = ProductText.objects.filter(product__in=products)
    return {
        row.product_id: row
        for row in sorted(rows, key=lambda row: row.language == language)
    }


def titles_of(products: Collection[int]) -> dict[int, str]:
    """Today's title of each product, for the active reader: two queries however many.

    A product that nothing is written of keeps the name that the shop's table has. What
    was sold has its own title, in its terms.
    """
    spoken = get_language() or settings.LANGUAGE_CODE
    rows = Product.objects.filter(pk__in=products).select_related("parent")
    found = {row.pk: row for row in rows}
    parents = {row.parent_id for row in rows if row.parent_id}
    texts = texts_of({*found, *parents}, spoken)
    titles = {}
    for pk, row in found.items():
        text = texts.get(pk) or texts.get(row.parent_id)
        titles[pk] = text.title if text else row.get_title()
    return titles


@dataclass(frozen=True, slots=True)
class Title:
    """What a product is called in each language; neither is empty."""

    zh: str
    en: str


def sold_titles(products: Collection[int]) -> dict[int, Title]:
    """What goes on an order's line: the title on the product's page, and the choice.

    Three queries however many products there are.
    """
    rows = Product.objects.filter(pk__in=products).select_related("parent")
    found = list(rows)
    known = {row.pk for row in found} | {row.parent_id for row in found}
    zh, en = texts_of(known, "zh-hans"), texts_of(known, "en")
    return {row.pk: Title(_whole(row, zh), _whole(row, en)) for row in found}


def _whole(row: Any, texts: Mapping[int, ProductText]) -> str:
    own = texts.get(row.pk)
    shown = texts.get(row.parent_id) or own
    # The shop's table lets a product have no name; a line that is sold has one.
    title = (shown.title if shown else row.get_title()).strip() or str(row.pk)
    return f"{title} {own.choice if own else ''}".strip()
