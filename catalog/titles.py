"""What a product is called in its reader's language."""

from collections.abc import Collection

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


def titles_of(products: Collection[int], language: str = "") -> dict[int, str]:
    """The full title of each product, by its id: two queries however many.

    Without a language it is that of the active reader. A product that nothing is
    written of keeps the name that the shop's table has.
    """
    spoken = language or get_language() or settings.LANGUAGE_CODE
    rows = Product.objects.filter(pk__in=products).select_related("parent")
    found = {row.pk: row for row in rows}
    parents = {row.parent_id for row in rows if row.parent_id}
    texts = texts_of({*found, *parents}, spoken)
    titles = {}
    for pk, row in found.items():
        text = texts.get(pk) or texts.get(row.parent_id)
        titles[pk] = text.title if text else row.get_title()
    return titles
