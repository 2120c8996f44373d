"""What shop pages, and the front page, show of products: cards and price shares."""

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.core.files.storage import default_storage
from django.db.models import (
    CharField,
    Count,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
)
from django.db.models.functions import Coalesce, JSONObject
from django.utils.translation import pgettext
from oscar.core.loading import get_model

from catalog.models import (
    BasesAble,
    CraftSpec,
    Listing,
    Lot,
    ProductPicture,
    ProductText,
)
from catalog.selectors import Terms, lead_time_of, terms_of_listings, week_rooms
from catalog.shop.people import lot_maker_agreed
from catalog.shop.words import ENGLISH, phrase, place_of, share_parts
from producers.models import Craft
from qiaoshou.common.models import Area
from qiaoshou.common.naming import named
from qiaoshou.common.today import today

NEW_DAYS = 14


@dataclass(frozen=True, slots=True)
class Card:
    """One product in a list; `days` until it leaves where it is made to order."""

    slug: str
    title: str
    picture: str
    alt: str
    maker_name: str
    maker_ref: str
    base_name: str
    place: str
    price_fen: int | None
    pay_fen: int | None
    ready: bool
    days: int | None
    badge: str
    illustration: bool


def published() -> QuerySet[Listing]:
    return Listing.objects.filter(status=Listing.Status.PUBLISHED)


def newest(*, ready: bool | None = None) -> QuerySet[Listing]:
    """Published listings, newest first; of one kind only where `ready` says so."""
    listings = published().order_by("-published_on", "-pk")
    if ready is None:
        return listings
    return listings.filter(in_stock() if ready else to_order())


def choices_of_listing() -> QuerySet:
    """For a subquery of a queryset of listings: the product and its choices.

    Written so that both halves of the OR go through an index.
    """
    listed = OuterRef(OuterRef("product"))
    products = get_model("catalogue", "Product").objects
    return products.filter(Q(pk=listed) | Q(parent=listed)).order_by().values("pk")


def in_stock() -> Exists:
    """For a queryset of listings: a ready choice has free pieces."""
    records = get_model("partner", "StockRecord").objects
    return Exists(
        records.filter(
            product__in=choices_of_listing(),
            product__craft_spec__kind=CraftSpec.Kind.READY,
            num_in_stock__gt=Coalesce(F("num_allocated"), 0),
        )
    )


def to_order() -> Exists:
    """For a queryset of listings: a choice is made to order."""
    return Exists(
        CraftSpec.objects.filter(
            product__in=choices_of_listing(),
            kind=CraftSpec.Kind.MADE_TO_ORDER,
            product__is_public=True,
        )
    )


def cards(
    language: str,
    *,
    ready: bool | None = None,
    products: Sequence[int] | None = None,
    listings: Sequence[int] | None = None,
    of: Q | None = None,
    limit: int | None = None,
) -> list[Card]:
    """Cards of published products: three queries however many.

    Of the given products or listings in the given order, else the newest; `of` is a
    further condition on listings.
    """
    found = _with_face(newest(ready=ready), language)
    if of is not None:
        found = found.filter(of)
    if products is not None:
        found = found.filter(product__in=products)
    if listings is not None:
        found = found.filter(pk__in=listings)
    rows = list(found if limit is None else found[:limit])
    if products is not None:
        rows.sort(key=lambda row: products.index(row.product_id))
    if listings is not None:
        rows.sort(key=lambda row: listings.index(row.pk))
    day = today()
    choices = terms_of_listings([row.product_id for row in rows], day)
    rooms = week_rooms([one for found in choices.values() for one in found], day)
    return [_card(row, choices[row.product_id], rooms, language, day) for row in rows]


def _with_face(listings: QuerySet[Listing], language: str) -> QuerySet[Listing]:
    """Listings with title, first picture, the lot that ships next and a base."""
    texts = ProductText.objects.filter(product=OuterRef("product"), language=language)
    pictures = ProductPicture.objects.filter(
        image__product=OuterRef("product")
    ).order_by("image__display_order", "pk")
    bases = BasesAble.objects.filter(
        spec__product__in=choices_of_listing(), base__closed=None
    ).order_by("pk")
    return listings.select_related("origin", "county").annotate(
        shown_title=Subquery(texts.values("title")[:1]),
        face=ArraySubquery(
            pictures.values(
                json=JSONObject(
                    square="square",
                    alt_zh="alt_zh",
                    alt_en="alt_en",
                    illustration="illustration",
                )
            )[:1]
        ),
        next_lot=ArraySubquery(next_lots().values(json=lot_facts())[:1]),
        first_base=ArraySubquery(
            bases.values(
                json=JSONObject(name_zh="base__name_zh", name_en="base__name_en")
            )[:1]
        ),
    )


def next_lots() -> QuerySet[Lot]:
    """For a queryset of listings: the lots of ready choices, the next to ship first."""
    return Lot.objects.filter(
        product__in=choices_of_listing(),
        product__craft_spec__kind=CraftSpec.Kind.READY,
        remaining__gt=0,
    ).order_by("made_on", "pk")


def lot_facts() -> JSONObject:
    """A lot as a mapping: its maker where she may be named, and its base."""
    return JSONObject(
        serial="serial",
        made_on="made_on",
        agreed=lot_maker_agreed(),
        maker_ref=Coalesce("maker__merged_into__reference", "maker__reference"),
        maker_zh=Coalesce("maker__merged_into__name_zh", "maker__name_zh"),
        maker_en=Coalesce("maker__merged_into__name_en", "maker__name_en"),
        base_zh="place__base__name_zh",
        base_en="place__base__name_en",
        village_zh="place__base__area__name_zh",
        village_en="place__base__area__name_en",
        county_zh=Subquery(county_of("place__base__area").values("name_zh")[:1]),
        county_en=Subquery(county_of("place__base__area").values("name_en")[:1]),
    )


def county_of(area: str) -> QuerySet[Area]:
    """For a queryset whose rows lead to an `area`: the county that it lies in."""
    below = ExpressionWrapper(OuterRef(f"{area}__path"), output_field=CharField())
    return (
        Area.objects.filter(tier=Area.Tier.COUNTY)
        .alias(below=below)
        .filter(below__startswith=F("path"))
    )


def in_words(facts: dict[str, Any], stem: str, language: str) -> str:
    """A text that stands in `facts` in both languages, in one of them."""
    suffix = "en" if language == ENGLISH else "zh"
    return facts.get(f"{stem}_{suffix}") or ""


def shown_first(choices: Sequence[Terms]) -> Terms | None:
    """The choice a page begins with: in stock, else to order; then the cheapest."""
    return min(
        choices,
        key=lambda one: (
            not (one.free > 0 and not one.made_to_order),
            not one.made_to_order,
            one.price_fen or 0,
            one.product,
        ),
        default=None,
    )


def _card(
    row: Any, choices: list[Terms], rooms: Any, language: str, day: dt.date
) -> Card:
    first = shown_first(choices)
    face = row.face[0] if row.face else {}
    ready = any(one.free > 0 and not one.made_to_order for one in choices)
    lot = row.next_lot[0] if ready and row.next_lot else {}
    base = row.first_base[0] if row.first_base else {}
    agreed = bool(lot.get("agreed"))
    lead = lead_time_of(first, rooms, day) if first and not ready else None
    is_new = row.published_on >= day - dt.timedelta(days=NEW_DAYS)
    return Card(
        slug=row.slug,
        title=row.shown_title or row.slug,
        picture=default_storage.url(face["square"]) if face else "",
        alt=in_words(face, "alt", language),
        maker_name=in_words(lot, "maker", language) if agreed else "",
        maker_ref=lot["maker_ref"] if agreed else "",
        base_name=in_words(lot, "base", language) or in_words(base, "name", language),
        place=_place(row, lot, language),
        price_fen=first.price_fen if first else None,
        pay_fen=first.public_pay_fen if first else None,
        ready=ready,
        days=lead.days if lead else None,
        badge=pgettext("piece", "New") if is_new and ready else "",
        illustration=bool(face.get("illustration")),
    )


def _place(row: Any, lot: dict[str, Any], language: str) -> str:
    """Where the lot that ships next was made, else where the product comes from."""
    village = in_words(lot, "village", language)
    if not village:
        return place_of(row.county, row.origin, language)
    return phrase(in_words(lot, "county", language), village, language)


@dataclass(frozen=True, slots=True)
class SharedPrice:
    """A product whose price share may be shown, as the component reads it."""

    slug: str
    title: str
    picture: str
    price_fen: int
    parts: list[dict[str, object]]


def shared(language: str, product: int | None = None) -> SharedPrice | None:
    """The price share of a product, or of the newest in stock that has been checked.

    None where there is none that may be shown. Two queries.
    """
    listings = newest() if product else newest(ready=True)
    if product:
        listings = listings.filter(product=product)
    rows = list(_with_face(listings, language)[:12])
    choices = terms_of_listings([row.product_id for row in rows], today())
    for row in rows:
        first = shown_first(choices[row.product_id])
        if first is None or first.public_share is None:
            continue
        return SharedPrice(
            slug=row.slug,
            title=row.shown_title or row.slug,
            picture=default_storage.url(row.face[0]["square"]) if row.face else "",
            price_fen=first.price_fen or 0,
            parts=share_parts(first.public_share),
        )
    return None


@dataclass(frozen=True, slots=True)
class CraftTile:
    """A craft with the number of its published pieces and the newest one's picture."""

    id: int
    slug: str
    name: str
    pieces: int
    picture: str


def craft_tiles(
    language: str, *, crafts: Collection[int] | None = None, limit: int | None = None
) -> list[CraftTile]:
    """Crafts with published pieces, those with most first: one query.

    Of the given crafts in the given order, also those without pieces.
    """
    pictures = ProductPicture.objects.filter(
        image__product__listing__craft=OuterRef("pk"),
        image__product__listing__status=Listing.Status.PUBLISHED,
    ).order_by(
        "-image__product__listing__published_on", "-image__product__listing", "pk"
    )
    counted = Craft.objects.annotate(
        shown=Count("listings", filter=Q(listings__status=Listing.Status.PUBLISHED)),
        face=Subquery(pictures.values("square")[:1]),
    )
    if crafts is None:
        rows = list(counted.filter(shown__gt=0).order_by("-shown", "path")[:limit])
    else:
        order = list(crafts)
        rows = sorted(
            counted.filter(pk__in=order), key=lambda craft: order.index(craft.pk)
        )
    return [
        CraftTile(
            craft.pk,
            craft.slug,
            named(craft, language),
            craft.shown,
            default_storage.url(craft.face) if craft.face else "",
        )
        for craft in rows
    ]
