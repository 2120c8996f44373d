"""What a basket or an order shows of a product: name, picture, and who makes it."""

from collections.abc import Collection
from dataclasses import dataclass

from django.core.files.storage import default_storage
from oscar.core.loading import get_model

from catalog.models import BasesAble, Listing, Lot, ProductPicture
from catalog.shop.people import lot_maker_agreed
from catalog.shop.words import place_of
from catalog.titles import texts_of
from producers.models import Base
from qiaoshou.common.naming import named

Product = get_model("catalogue", "Product")


@dataclass(frozen=True, slots=True)
class Piece:
    """One sellable product as a buyer sees it, in her language."""

    product: int
    title: str
    choice: str
    slug: str
    picture: str
    alt: str
    maker: str
    maker_reference: str
    base: str
    place: str

    @property
    def whole(self) -> str:
        """Title and choice, as makers and leaders call it."""
        return f"{self.title} {self.choice}".strip()


def pieces_of(products: Collection[int], language: str) -> dict[int, Piece]:
    """How each product is shown, by its id: six queries however many there are.

    A maker is named only with her consent; else her base is.
    """
    wanted = set(products)
    parents = dict(Product.objects.filter(pk__in=wanted).values_list("pk", "parent_id"))
    listed = {pk: parent or pk for pk, parent in parents.items()}
    listings = {
        listing.product_id: listing
        for listing in Listing.objects.filter(
            product__in=listed.values()
        ).select_related("county", "origin")
    }
    texts = texts_of({*listed, *listed.values()}, language)
    pictures = _pictures(set(listed.values()), language)
    makers = _makers(wanted, language)
    bases = _bases(wanted, language)
    found = {}
    for pk, shown in listed.items():
        text, own = texts.get(shown), texts.get(pk)
        listing = listings.get(shown)
        maker, reference, base = makers.get(pk, ("", "", bases.get(pk, "")))
        picture, alt = pictures.get(shown, ("", ""))
        found[pk] = Piece(
            product=pk,
            title=text.title if text else "",
            choice=own.choice if own else "",
            slug=listing.slug if listing else "",
            picture=picture,
            alt=alt,
            maker=maker,
            maker_reference=reference,
            base=base,
            place=(
                place_of(listing.county, listing.origin, language) if listing else ""
            ),
        )
    return found


def _pictures(listed: Collection[int], language: str) -> dict[int, tuple[str, str]]:
    rows = (
        ProductPicture.objects.filter(image__product__in=listed)
        .select_related("image")
        .order_by("-image__display_order", "-image")
    )
    return {
        row.image.product_id: (
            default_storage.url(row.small),
            row.alt_en if language == "en" else row.alt_zh,
        )
        for row in rows
    }


def _makers(
    products: Collection[int], language: str
) -> dict[int, tuple[str, str, str]]:
    """Who made the lot that ships next: her name and reference, and the base."""
    rows = (
        Lot.objects.filter(product__in=products, remaining__gt=0)
        .annotate(may_name=lot_maker_agreed())
        .select_related("maker__merged_into", "place__base")
        .order_by("product_id", "made_on", "pk")
        .distinct("product_id")
    )
    found = {}
    for lot in rows:
        base = named(lot.place.base, language) if lot.place.base else ""
        maker = lot.maker and (lot.maker.merged_into or lot.maker)
        found[lot.product_id] = (
            (named(maker, language), maker.reference, base)
            if maker and lot.may_name
            else ("", "", base)
        )
    return found


def _bases(products: Collection[int], language: str) -> dict[int, str]:
    """The base that makes a product; left out where several may make it."""
    able: dict[int, list[Base]] = {}
    pairs = BasesAble.objects.filter(spec__product__in=products, base__closed=None)
    for pair in pairs.select_related("base", "spec").order_by("base_id"):
        able.setdefault(pair.spec.product_id, []).append(pair.base)
    return {
        product: named(bases[0], language)
        for product, bases in able.items()
        if len(bases) == 1
    }
