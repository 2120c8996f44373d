"""/makers/<ref>/ and /t/<serial>/: who made it, as far as she agreed to be shown."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import F, Max, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from catalog.models import Listing, Lot, ProductText
from catalog.shop import selectors
from catalog.shop.people import person
from producers.models import Maker, Membership, Status
from producers.selectors import skills_on, with_public_story
from qiaoshou.common.naming import named
from qiaoshou.common.today import today

PIECES_SHOWN = 6
# Characters that a reader of a printed tag may take for one of Crockford's.
LOOKS_LIKE = str.maketrans("OIL", "011", " -")


@dataclass(frozen=True, slots=True)
class Tag:
    """What a tag says of the piece that it hangs on."""

    serial: str
    title: str
    slug: str
    product: int
    made_on: dt.date
    place: Any
    place_name: str
    maker: int | None


@require_safe
def maker(request: HttpRequest, reference: str) -> HttpResponse:
    found = with_public_story().filter(reference=reference.upper()).first()
    if found is None:
        return render(request, "shop/no_maker.html", {"active": "makers"}, status=404)
    return render(request, "shop/maker.html", about(found, get_language() or ""))


@require_safe
def tag(request: HttpRequest, serial: str) -> HttpResponse:
    language = get_language() or ""
    scanned = tag_of(serial.upper().translate(LOOKS_LIKE), language)
    if scanned is None:
        return render(request, "shop/no_tag.html", {"serial": serial}, status=404)
    found = with_public_story().filter(pk=scanned.maker or 0).first()
    if found is None:
        cards = selectors.cards(language, products=[scanned.product])
        return render(request, "shop/tag.html", {"tag": scanned, "cards": cards})
    return render(request, "shop/maker.html", about(found, language) | {"tag": scanned})


def tag_of(serial: str, language: str) -> Tag | None:
    """The piece that a tag hangs on; None for an unknown tag. One query."""
    listed = Coalesce("product__parent", "product")
    texts = ProductText.objects.filter(product=OuterRef("listed"), language=language)
    listings = Listing.objects.filter(product=OuterRef("listed"))
    lot = (
        Lot.objects.filter(serial=serial)
        .select_related("place__base", "place__pickup_point")
        .annotate(
            listed=listed,
            title=Subquery(texts.values("title")[:1]),
            slug=Subquery(listings.values("slug")[:1]),
            hands=Coalesce("maker__merged_into", "maker"),
        )
        .first()
    )
    if lot is None:
        return None
    place = lot.place.base or lot.place.pickup_point
    return Tag(
        serial=lot.serial,
        title=lot.title or "",
        slug=lot.slug or "",
        product=lot.listed,
        made_on=lot.made_on,
        place=lot.place.base,
        place_name=named(place, language),
        maker=lot.hands,
    )


def about(found: Maker, language: str) -> dict[str, Any]:
    """The context of a maker's page: six queries."""
    lots = (
        Lot.objects.filter(Q(maker=found) | Q(maker__merged_into=found))
        .order_by()
        .values(listed=Coalesce("product__parent", "product"))
        .annotate(made=Sum("pieces"), latest=Max("made_on"))
        .order_by("-latest", "listed")
    )
    made = list(lots)
    membership = (
        Membership.objects.filter(maker=found, role=Membership.Role.MAKER)
        .select_related("base__area")
        .order_by(F("valid_to").desc(nulls_first=True))
        .first()
    )
    base = membership.base if membership else None
    skills = skills_on(today()).filter(maker=found).select_related("craft")
    shown = person(found, language)
    return {
        "active": "makers",
        "person": shown,
        "base": base,
        "base_name": named(base, language) if base else "",
        "base_about": _about_base(base, language),
        "place": named(base.area, language) if base else "",
        "crafts": [named(skill.craft, language) for skill in skills.order_by("-grade")],
        "takes_orders": found.status == Status.ACTIVE,
        "figures": _figures(made),
        "cards": selectors.cards(
            language, products=[row["listed"] for row in made], limit=PIECES_SHOWN
        ),
    }


def _about_base(base: Any, language: str) -> str:
    if base is None:
        return ""
    return str(base.about_en if language == "en" else base.about_zh)


def _figures(made: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What she made on this platform, as the component `numbers.html` reads it."""
    if not made:
        return []
    return [
        {"label": _("pieces made"), "value": sum(row["made"] for row in made)},
        {"label": _("kinds of piece"), "value": len(made)},
    ]
