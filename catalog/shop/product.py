"""/p/<slug>/: one product, its choices, who makes it, and how the price is shared."""

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.core.files.storage import default_storage
from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce, JSONObject
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from catalog.domain import piece_rate
from catalog.models import Listing, MakingStep, ProductPicture, ProductText
from catalog.selectors import Terms, lead_time_of, terms_of_listings, week_rooms
from catalog.shop import selectors
from catalog.shop.linked_data import product_data
from catalog.shop.people import Person, lot_maker_agreed, person
from catalog.shop.words import ENGLISH, phrase, place_of, place_slug, share_parts
from producers.models import Base
from producers.selectors import with_public_story
from qiaoshou.common.naming import named
from qiaoshou.common.today import today

MOST_AT_ONCE = 99


@dataclass(frozen=True, slots=True)
class Choice:
    """One way to buy the product; `leaves_on` is None where it can't be had now."""

    id: int
    label: str
    made_to_order: bool
    price_fen: int | None
    free: int
    leaves_on: dt.date | None
    on: bool

    @property
    def can_buy(self) -> bool:
        return self.price_fen is not None and self.leaves_on is not None

    @property
    def most(self) -> int:
        """The most pieces that one basket line may ask for."""
        return MOST_AT_ONCE if self.made_to_order else min(self.free, MOST_AT_ONCE)


@dataclass(frozen=True, slots=True)
class Hands:
    """Who makes it: the maker of the lot that ships next, or the bases that may."""

    person: Person | None
    others: int
    base: Base | None
    base_name: str
    base_place: str
    place: str
    serial: str
    made_on: dt.date | None


@dataclass(frozen=True, slots=True)
class Pay:
    """The arithmetic of pay beside the price share."""

    pay_fen: int
    minutes: int
    hourly_fen: int
    minimum_hourly_fen: int
    studied_on: dt.date
    checked_on: dt.date


@require_safe
def product(request: HttpRequest, slug: str) -> HttpResponse:
    language = get_language() or ""
    row = whole_listings(slug).first()
    if row is None:
        raise Http404
    day = today()
    terms = terms_of_listings([row.product_id], day)[row.product_id]
    rooms = week_rooms(terms, day)
    shown = _shown(terms, request.GET.get("choice", ""))
    text = _texts(row.own_texts, language).get(row.product_id, {})
    names = _texts(row.choice_texts, language)
    hands = _hands(row, shown, language)
    on_sale = row.status == Listing.Status.PUBLISHED
    choices = [
        _choice(one, names, lead_time_of(one, rooms, day), one is shown)
        for one in sorted(terms, key=lambda one: (one.made_to_order, one.product))
    ]
    chosen = next((one for one in choices if one.on), None)
    context = {
        "active": "shop",
        "listing": row,
        "text": text,
        "pictures": _pictures(row.pictures, language),
        "choices": choices,
        "chosen": chosen,
        "on_sale": on_sale,
        "can_buy": on_sale and chosen is not None and chosen.can_buy,
        "hands": hands,
        "place": place_of(row.county, row.origin, language),
        "place_slug": place_slug(row.origin),
        "craft_name": named(row.craft, language),
        "parts": share_parts(shown.public_share)
        if shown and shown.public_share
        else [],
        "pay": _pay(shown),
        "minutes": shown.minutes if shown else None,
        "steps": _steps(row.steps, language),
        "client_reference": uuid.uuid4(),
    }
    context["linked_data"] = product_data(request, context)
    return render(request, "shop/product.html", context)


def whole_listings(slug: str) -> QuerySet[Listing]:
    """The listing with texts, pictures, steps and lots: all in one query."""
    texts = ProductText.objects.values(
        json=JSONObject(
            product="product_id",
            language="language",
            title="title",
            story="story",
            materials="materials",
            measures="measures",
            care="care",
            choice="choice",
        )
    )
    pictures = ProductPicture.objects.order_by("image__display_order", "pk").values(
        json=JSONObject(
            square="square",
            small="small",
            alt_zh="alt_zh",
            alt_en="alt_en",
            illustration="illustration",
            credit="credit",
        )
    )
    steps = MakingStep.objects.order_by("position").values(
        json=JSONObject(
            minutes="minutes",
            name_zh="name_zh",
            name_en="name_en",
            text_zh="text_zh",
            text_en="text_en",
        )
    )
    return (
        Listing.objects.exclude(status=Listing.Status.DRAFT)
        .filter(slug=slug)
        .select_related("product", "craft", "origin", "county")
        .annotate(
            own_texts=ArraySubquery(texts.filter(product=OuterRef("product"))),
            choice_texts=ArraySubquery(
                texts.filter(
                    Q(product__parent=OuterRef("product"))
                    | Q(product=OuterRef("product"))
                )
            ),
            pictures=ArraySubquery(pictures.filter(image__product=OuterRef("product"))),
            steps=ArraySubquery(steps.filter(product=OuterRef("product"))),
            lots=ArraySubquery(selectors.next_lots().values(json=_lot_facts())),
        )
    )


def _lot_facts() -> JSONObject:
    return JSONObject(
        product="product_id",
        serial="serial",
        made_on="made_on",
        maker=Coalesce("maker__merged_into", "maker"),
        agreed=lot_maker_agreed(),
        base="place__base_id",
    )


def _hands(row: Any, shown: Terms | None, language: str) -> Hands:
    """Two queries for the maker and one for the base, whoever it is."""
    made_to_order = shown is None or shown.made_to_order
    lots = [
        lot for lot in row.lots if not made_to_order and lot["product"] == shown.product
    ]
    first = lots[0] if lots else {}
    makers = {lot["maker"] for lot in lots if lot["maker"]}
    agreed = first.get("maker") if first.get("agreed") else None
    maker = with_public_story().filter(pk=agreed or 0).first()
    able = sorted(shown.bases) if shown else []
    bases = _bases().in_bulk({pk for pk in (first.get("base"), *able[:1]) if pk})
    base = bases.get(first.get("base")) or (bases.get(able[0]) if able else None)
    return Hands(
        person=person(maker, language) if maker else None,
        others=len(makers) - 1 if maker else 0,
        base=base,
        base_name=named(base, language) if base else "",
        base_place=named(base.area, language) if base else "",
        place=_place(row, base, language),
        serial=first.get("serial", ""),
        made_on=dt.date.fromisoformat(first["made_on"]) if first else None,
    )


def _bases() -> QuerySet[Base]:
    counties = selectors.county_of("area")
    return Base.objects.select_related("area").annotate(
        county_zh=Subquery(counties.values("name_zh")[:1]),
        county_en=Subquery(counties.values("name_en")[:1]),
    )


def _place(row: Any, base: Any, language: str) -> str:
    """Where it is made, else where the product comes from."""
    if base is None:
        return place_of(row.county, row.origin, language)
    county = base.county_en if language == ENGLISH else base.county_zh
    return phrase(county or "", named(base.area, language), language)


def _texts(rows: list[dict[str, Any]], language: str) -> dict[int, dict[str, Any]]:
    """Texts by product id, in this language, or the other where one is missing."""
    found: dict[int, dict[str, Any]] = {}
    for row in rows:
        if row["product"] not in found or row["language"] == language:
            found[row["product"]] = row
    return found


def _shown(terms: list[Terms], asked: str) -> Terms | None:
    """The choice that the visitor asked for, else the one to begin with."""
    by_id = {str(one.product): one for one in terms}
    return by_id.get(asked) or selectors.shown_first(terms)


def _choice(one: Terms, names: dict[int, Any], lead: Any, on: bool) -> Choice:
    return Choice(
        id=one.product,
        label=names.get(one.product, {}).get("choice", ""),
        made_to_order=one.made_to_order,
        price_fen=one.price_fen,
        free=one.free,
        leaves_on=lead.leaves_on if lead else None,
        on=on,
    )


def _pictures(rows: list[dict[str, Any]], language: str) -> list[dict[str, Any]]:
    return [
        {
            "url": default_storage.url(row["square"]),
            "alt": selectors.in_words(row, "alt", language),
            "illustration": row["illustration"],
            "credit": row["credit"],
        }
        for row in rows
    ]


def _steps(rows: list[dict[str, Any]], language: str) -> list[dict[str, Any]]:
    return [
        {
            "name": selectors.in_words(row, "name", language),
            "text": selectors.in_words(row, "text", language),
            "minutes": row["minutes"],
        }
        for row in rows
    ]


def _pay(shown: Terms | None) -> Pay | None:
    """The arithmetic, only where the share may be shown."""
    if shown is None or shown.public_share is None:
        return None
    if (
        shown.minutes is None
        or shown.pay_fen is None
        or shown.minimum_hourly_fen is None
        or shown.studied_on is None
        or shown.share_checked_on is None
    ):
        return None
    return Pay(
        pay_fen=shown.pay_fen,
        minutes=shown.minutes,
        hourly_fen=piece_rate.hourly_pay(shown.pay_fen, shown.minutes),
        minimum_hourly_fen=shown.minimum_hourly_fen,
        studied_on=shown.studied_on,
        checked_on=shown.share_checked_on,
    )
