"""Names of areas, bases, crafts and makers in the reader's language."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.utils.text import slugify
from django.utils.translation import gettext as _

from catalog.domain.price_share import Part, Share

ENGLISH = "en"

PARTS = {
    Part.MAKER: ("maker", lambda: _("Maker's pay")),
    Part.MATERIAL: ("material", lambda: _("Material")),
    Part.BASE: ("base", lambda: _("Base")),
    Part.CHAMBER: ("chamber", lambda: _("Chamber")),
    Part.TAX_SHIPPING: ("tax", lambda: _("Tax and shipping")),
}
HINTS = {
    Part.MATERIAL: lambda: _("cloth, thread, packing"),
    Part.BASE: lambda: _("room, inspection, teaching"),
    Part.CHAMBER: lambda: _("shop, payment, design"),
}


def named(thing: Any, language: str) -> str:
    """The name of an area, base, craft or maker."""
    return str(thing.name_en if language == ENGLISH else thing.name_zh)


def place_of(county: Any, origin: Any, language: str) -> str:
    """County and village as one phrase: 开原市杏花沟村, or Xinghuagou, Kaiyuan."""
    inner, outer = named(origin, language), named(county, language)
    if inner == outer:
        return inner
    return f"{inner}, {outer}" if language == ENGLISH else f"{outer}{inner}"


def place_slug(area: Any) -> str:
    """The last part of an area's address; its code says which area is meant."""
    return f"{slugify(area.name_en) or 'place'}-{area.code}"


def share_parts(share: Sequence[Share]) -> list[dict[str, object]]:
    """The five parts as the component `share.html` reads them."""
    return [
        {
            "key": PARTS[one.part][0],
            "name": PARTS[one.part][1](),
            "hint": HINTS[one.part]() if one.part in HINTS else "",
            "fen": one.fen,
            "percent": one.percent,
        }
        for one in share
    ]


def age(birth: dt.date, today: dt.date) -> int:
    """Whole years on that day."""
    return (
        today.year - birth.year - ((today.month, today.day) < (birth.month, birth.day))
    )
