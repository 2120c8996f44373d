"""Puts the demo's invented pieces into the shop, through the services of real use."""

import datetime as dt
import json
import random
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

from catalog import listing as listings
from catalog import media, stock
from catalog.listing import Choice, Listed, Step, Text
from catalog.making import rates
from catalog.models import CraftSpec
from catalog.stock_places import stock_place_of
from producers.models import Base, Craft, Maker, Membership
from producers.selectors import skills_on
from producers.services.sorting import sort_key
from qiaoshou.demo import pictures

DATA = Path(__file__).with_name("data") / "products.json"
LANGUAGES = ("zh-hans", "en")
OBSERVED = 5
SPREAD = (-12, -5, 0, 6, 15)
OLDEST_LOT = 60


@dataclass(frozen=True, slots=True)
class Hands:
    """Who can make pieces of one craft: her base, herself, her grade."""

    base: Base
    maker: Maker
    grade: int


def load_products(
    *,
    crafts: Mapping[str, Craft],
    bases: Sequence[Base],
    day: dt.date,
    seed: int,
    by: Any = None,
    slugs: Collection[str] | None = None,
) -> list[Listed]:
    """Some forty pieces are measured, rated, checked, in stock and published on `day`.

    `crafts` are by slug. Made by bases whose makers are certified in the craft on that
    day; what nobody is certified for is sold from the stock of the first bases, or left
    out where it is only made to order. Stands on a minimum wage of at most 20 yuan an
    hour on record at the bases. With `slugs` only these are loaded. Repeating it
    changes nothing.
    """
    rng = random.Random(seed)
    known = dict(crafts) | add_crafts()
    hands = _hands(bases, day)
    listed = []
    for row in _data()["products"]:
        if slugs is not None and row["slug"] not in slugs:
            continue
        craft = known[row["craft"]]
        able = [one for one in hands[craft.pk] if one.grade >= row["grade"]]
        if able or row["stock"]:
            listed.append(_load(row, craft, able, bases, day, rng, by))
    return listed


def add_crafts() -> dict[str, Craft]:
    """The crafts that the demo adds to the tree, by slug; for skills in them."""
    return {row["slug"]: _craft(row) for row in _data()["crafts"]}


def _data() -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(DATA.read_text(encoding="utf-8"))
    return loaded


def _craft(row: Mapping[str, str]) -> Craft:
    """A craft that the demo adds to the tree."""
    found = Craft.objects.filter(slug=row["slug"]).first()
    return found or Craft.add_root(
        slug=row["slug"],
        name_zh=row["name_zh"],
        name_en=row["name_en"],
        sort_key=sort_key(row["name_zh"]),
        standing_note="invented for demonstration",
    )


def _hands(bases: Sequence[Base], day: dt.date) -> dict[int, list[Hands]]:
    """Craft id → the certified makers of these bases, best grade first."""
    by_base = {base.pk: base for base in bases}
    member_of = dict(
        Membership.objects.filter(
            base__in=by_base, role=Membership.Role.MAKER, valid_to=None
        ).values_list("maker", "base")
    )
    hands: dict[int, list[Hands]] = defaultdict(list)
    certificates = skills_on(day).filter(maker__in=member_of).select_related("maker")
    for skill in certificates.order_by("-grade", "maker__sort_key", "maker_id"):
        base = by_base[member_of[skill.maker_id]]
        hands[skill.craft_id].append(Hands(base, skill.maker, skill.grade))
    return hands


def _load(
    row: Mapping[str, Any],
    craft: Craft,
    able: Sequence[Hands],
    bases: Sequence[Base],
    day: dt.date,
    rng: random.Random,
    by: Any,
) -> Listed:
    at = sorted({one.base for one in able}, key=lambda base: base.sort_key)
    rng.shuffle(at)
    at = at or list(bases[:2])
    near = [one for one in able if one.base == at[0]]
    choices = [
        choice
        for choice in row["choices"]
        if able or choice["kind"] == CraftSpec.Kind.READY
    ]
    listed = listings.add_product(
        slug=row["slug"],
        craft=craft,
        origin=at[0].area,
        texts={language: Text(**row[language]) for language in LANGUAGES},
        choices=[_choice(row, choice, at) for choice in choices],
        steps=[Step(**step) for step in row["steps"]],
    )
    _show(row, listed)
    for number, spec in enumerate(listed.specs):
        _rate(row, spec, able or _anybody(at), day, f"{row['slug']}-{number}", by)
    _stock(row, listed, near, at, day, rng)
    listings.publish(listing=listed.listing, on=day)
    return listed


def _choice(
    row: Mapping[str, Any], choice: Mapping[str, Any], at: Sequence[Base]
) -> Choice:
    texts = {
        language: Text(title=row[language]["title"], measures=row[language]["measures"])
        for language in LANGUAGES
    }
    return Choice(
        kind=choice["kind"],
        price_fen=choice["price_fen"],
        grade=row["grade"],
        material_fen=row["material_fen"],
        base_fen=choice["base_fen"],
        tax_shipping_fen=choice["tax_shipping_fen"],
        weight_grams=row["weight_grams"],
        bases=[base.pk for base in at],
        texts=texts,
        min_lot=row["min_lot"],
        hs_code=row["hs_code"],
    )


def _show(row: Mapping[str, Any], listed: Listed) -> None:
    """The pictures, each labelled as the illustration that it is."""
    for number, picture in enumerate(row["pictures"]):
        drawing = pictures.variation(
            picture["file"],
            hue=picture["hue"],
            flip=picture["flip"],
            crop=picture["crop"],
        )
        media.add_picture(
            product=listed.listing.product,
            file=BytesIO(drawing),
            name=f"{row['slug']}-{number}.webp",
            alt_zh=f"示意图：{row['zh-hans']['title']}",
            alt_en=f"Illustration: {row['en']['title']}",
            reference=f"{row['slug']}-{number}",
            illustration=True,
            credit=pictures.CREDIT,
        )


def _anybody(at: Sequence[Base]) -> list[Hands]:
    """The members of the bases, whatever they are certified in."""
    members = Membership.objects.filter(
        base__in=at, role=Membership.Role.MAKER, valid_to=None
    ).select_related("maker", "base")
    return [Hands(one.base, one.maker, 0) for one in members.order_by("pk")]


def _rate(
    row: Mapping[str, Any],
    spec: CraftSpec,
    able: Sequence[Hands],
    day: dt.date,
    reference: str,
    by: Any,
) -> None:
    """A time study whose median is the piece's minutes, its rate and its share."""
    watched = [one.maker for one in able[:OBSERVED]]
    if len(watched) % 2 == 0:
        watched = watched[:-1]
    middle = len(SPREAD) // 2
    shifts = SPREAD[middle - len(watched) // 2 : middle + len(watched) // 2 + 1]
    minutes = row["minutes"]
    rates.record_time_study(
        spec=spec,
        studied_on=day,
        samples={
            maker.pk: minutes + minutes * shift // 100
            for maker, shift in zip(watched, shifts, strict=True)
        },
        reference=f"study-{reference}",
        by=by,
    )
    rates.set_piece_rate(
        spec=spec,
        fen=row["pay_fen"],
        valid_from=day,
        reference=f"rate-{reference}",
        by=by,
    )
    listings.check_share(spec=spec, by=by, on=day)


def _stock(
    row: Mapping[str, Any],
    listed: Listed,
    able: Sequence[Hands],
    at: Sequence[Base],
    day: dt.date,
    rng: random.Random,
) -> None:
    """Opening lots at the place of origin, with a maker where one is certified."""
    ready = next((s for s in listed.specs if s.kind == CraftSpec.Kind.READY), None)
    left, number = row["stock"], 0
    while ready is not None and left > 0:
        pieces = min(left, rng.randint(2, 6) * row["min_lot"])
        one = able[number % len(able)] if able else None
        stock.receive(
            product=ready.product_id,
            place=stock_place_of(at[0]),
            pieces=pieces,
            made_on=day - dt.timedelta(days=rng.randint(1, OLDEST_LOT)),
            maker=one.maker if one else None,
            source=stock.Source("opening", f"{row['slug']}-{number}"),
        )
        left, number = left - pieces, number + 1
