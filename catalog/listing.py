"""Products are listed, priced, checked, published and retired here."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from django.db import transaction
from oscar.core.loading import get_model

from catalog import search
from catalog.domain.price_share import Costs, price_share
from catalog.models import (
    BasesAble,
    CraftSpec,
    Listing,
    MakingStep,
    ProductText,
)
from catalog.selectors import terms_of, terms_of_listings
from qiaoshou.common.models import Area
from qiaoshou.common.today import today

CHAMBER = "chamber"
PRODUCT_CLASS = "handicraft"
LANGUAGES = ("zh-hans", "en")


class NotReady(Exception):
    """The listing lacks what its page needs; `missing` names it in codes."""

    def __init__(self, missing: Sequence[str]) -> None:
        super().__init__(list(missing))
        self.missing = list(missing)


class NoPieceRate(Exception):
    """A share can't be checked before the product has a price and a piece rate."""


@dataclass(frozen=True, slots=True)
class Text:
    """What is said of a product, or of one of its choices, in one language."""

    title: str
    story: str = ""
    materials: str = ""
    measures: str = ""
    care: str = ""
    choice: str = ""


@dataclass(frozen=True, slots=True)
class Choice:
    """One sellable product: how it is made and what it costs."""

    kind: str
    price_fen: int
    grade: int
    material_fen: int
    base_fen: int
    tax_shipping_fen: int
    weight_grams: int
    bases: Sequence[int]
    texts: Mapping[str, Text]
    min_lot: int = 1
    hs_code: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """One step of making, told on the page."""

    name_zh: str
    name_en: str
    text_zh: str = ""
    text_en: str = ""
    minutes: int | None = None


@dataclass(frozen=True, slots=True)
class Listed:
    """A listing with its sellable products, in the order of their choices."""

    listing: Listing
    specs: list[CraftSpec] = field(default_factory=list)


def chamber() -> object:
    """Oscar's partner that sells everything and holds no stock."""
    partner, _new = get_model("partner", "Partner").objects.get_or_create(
        code=CHAMBER, defaults={"name": CHAMBER}
    )
    return partner


@transaction.atomic
def add_product(
    *,
    slug: str,
    craft: object,
    origin: Area,
    texts: Mapping[str, Text],
    choices: Sequence[Choice],
    steps: Sequence[Step] = (),
) -> Listed:
    """A draft listing with its choices and their prices.

    One choice is sold under the product itself; more are its children. Repeated with
    the same slug it changes nothing and returns what is there.
    """
    known = Listing.objects.filter(slug=slug).first()
    if known is not None:
        sold = [row.spec for row in terms_of_listings([known.product_id], today())[
            known.product_id]]  # fmt: skip
        specs = CraftSpec.objects.in_bulk(sold)
        return Listed(known, [specs[pk] for pk in sorted(sold)])
    if not choices:
        raise ValueError("a product has at least one choice")
    product_rows = get_model("catalogue", "Product").objects
    several = len(choices) > 1
    product = product_rows.create(
        structure="parent" if several else "standalone",
        product_class=_product_class(),
        title=texts["zh-hans"].title,
        slug=slug,
        upc=slug,
    )
    _write_texts(product, texts)
    MakingStep.objects.bulk_create(
        MakingStep(
            product=product,
            position=position,
            minutes=step.minutes,
            name_zh=step.name_zh,
            name_en=step.name_en,
            text_zh=step.text_zh,
            text_en=step.text_en,
        )
        for position, step in enumerate(steps, 1)
    )
    listing = Listing.objects.create(
        product=product, slug=slug, craft=craft, origin=origin, county=_county(origin)
    )
    specs = []
    for number, choice in enumerate(choices, 1):
        sold = product
        if several:
            sold = product_rows.create(
                structure="child",
                parent=product,
                title=choice.texts["zh-hans"].title,
                slug=f"{slug}-{number}",
                upc=f"{slug}-{number}",
            )
            _write_texts(sold, choice.texts)
        specs.append(_specify(sold, choice))
    search.index_listing(listing)
    return Listed(listing, specs)


def _specify(product: object, choice: Choice) -> CraftSpec:
    spec = CraftSpec.objects.create(
        product=product,
        kind=choice.kind,
        grade=choice.grade,
        min_lot=choice.min_lot,
        material_fen=choice.material_fen,
        base_fen=choice.base_fen,
        tax_shipping_fen=choice.tax_shipping_fen,
        weight_grams=choice.weight_grams,
        hs_code=choice.hs_code,
    )
    BasesAble.objects.bulk_create(
        BasesAble(spec=spec, base_id=base) for base in sorted(choice.bases)
    )
    set_price(product=product.pk, fen=choice.price_fen)
    return spec


def _write_texts(product: object, texts: Mapping[str, Text]) -> None:
    ProductText.objects.bulk_create(
        ProductText(
            product=product,
            language=language,
            title=texts[language].title,
            story=texts[language].story,
            materials=texts[language].materials,
            measures=texts[language].measures,
            care=texts[language].care,
            choice=texts[language].choice,
        )
        for language in LANGUAGES
    )


def _product_class() -> object:
    """The one class of products; Oscar never touches stock, `catalog.stock` does."""
    found, _new = get_model("catalogue", "ProductClass").objects.get_or_create(
        slug=PRODUCT_CLASS,
        defaults={"name": "手工制品", "track_stock": False, "requires_shipping": True},
    )
    return found


def _county(origin: Area) -> Area:
    """The county that an area lies in; an area above counties stands for itself."""
    above = [origin.path[:end] for end in range(4, len(origin.path) + 1, 4)]
    county = Area.objects.filter(path__in=above, tier=Area.Tier.COUNTY).first()
    return county or origin


@transaction.atomic
def set_price(*, product: int, fen: int) -> None:
    """The sellable product costs this much, tax included, from now on.

    A share that was checked for another price is hidden until it is checked again.
    """
    if fen < 1:
        raise ValueError("a price is positive")
    get_model("partner", "StockRecord").objects.update_or_create(
        product_id=product,
        num_in_stock=None,
        defaults={
            "partner": chamber(),
            "partner_sku": str(product),
            "price": Decimal(fen) / 100,
            "price_currency": "CNY",
        },
    )


@transaction.atomic
def check_share(
    *, spec: CraftSpec, by: object | None = None, on: dt.date | None = None
) -> None:
    """Somebody vouches for how the price is shared; its page may show it.

    Holds for the price and pay of that day only. Raises NoPieceRate and
    CostsAbovePrice.
    """
    day = on or today()
    terms = terms_of([spec.product_id], day)[spec.product_id]
    if terms.price_fen is None or terms.pay_fen is None:
        raise NoPieceRate(spec.pk)
    price_share(
        terms.price_fen,
        Costs(terms.pay_fen, spec.material_fen, spec.base_fen, spec.tax_shipping_fen),
    )
    CraftSpec.objects.filter(pk=spec.pk).update(
        share_checked_on=day,
        share_checked_by=by,
        checked_price_fen=terms.price_fen,
        checked_pay_fen=terms.pay_fen,
    )


@transaction.atomic
def publish(*, listing: Listing, on: dt.date | None = None) -> Listing:
    """The listing is in the shop and is found. Raises NotReady."""
    locked = Listing.objects.select_for_update(no_key=True).get(pk=listing.pk)
    if locked.status == Listing.Status.PUBLISHED:
        return locked
    day = on or today()
    missing = _missing(locked, day)
    if missing:
        raise NotReady(missing)
    locked.status = Listing.Status.PUBLISHED
    locked.published_on = locked.published_on or day
    locked.save(update_fields=["status", "published_on"])
    search.index_listing(locked)
    return locked


def _missing(listing: Listing, day: dt.date) -> list[str]:
    """What the page would lack: texts, choices, prices, minutes, rates, bases."""
    texts = ProductText.objects.filter(product=listing.product_id)
    missing = [
        f"text:{language}"
        for language in LANGUAGES
        if language not in set(texts.values_list("language", flat=True))
    ]
    choices = terms_of_listings([listing.product_id], day)[listing.product_id]
    if not choices:
        missing.append("choice")
    for terms in choices:
        for name in ("price_fen", "minutes", "pay_fen", "bases"):
            if not getattr(terms, name):
                missing.append(f"{name}:{terms.product}")
    return missing


@transaction.atomic
def retire(*, listing: Listing) -> Listing:
    """The listing has left the shop; its page, its orders and its lots stay."""
    locked = Listing.objects.select_for_update(no_key=True).get(pk=listing.pk)
    if locked.status != Listing.Status.RETIRED:
        locked.status = Listing.Status.RETIRED
        locked.published_on = locked.published_on or today()
        locked.save(update_fields=["status", "published_on"])
        search.index_listing(locked)
    return locked
