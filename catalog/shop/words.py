"""Places and parts of a price in the words of the shop's pages."""

from collections.abc import Sequence
from typing import Any

from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from catalog.domain.price_share import Part, Share
from qiaoshou.common.naming import named

ENGLISH = "en"

PARTS = {
    Part.MAKER: ("maker", lambda: pgettext("part of a price", "Maker's pay")),
    Part.MATERIAL: ("material", lambda: pgettext("part of a price", "Material")),
    Part.BASE: ("base", lambda: pgettext("part of a price", "Base")),
    Part.CHAMBER: ("chamber", lambda: pgettext("part of a price", "Chamber")),
    Part.TAX_SHIPPING: ("tax", lambda: pgettext("part of a price", "Tax and shipping")),
}
HINTS = {
    Part.MATERIAL: lambda: _("with packing"),
    Part.BASE: lambda: _("room, inspection, teaching"),
    Part.CHAMBER: lambda: _("shop, payment, design"),
}


def place_of(county: Any, origin: Any, language: str) -> str:
    """County and village of a product's origin as one phrase."""
    return phrase(named(county, language), named(origin, language), language)


def phrase(county: str, village: str, language: str) -> str:
    """开原市杏花沟村, or Xinghuagou, Kaiyuan; one name where both are the same."""
    if not county or county == village:
        return village
    return f"{village}, {county}" if language == ENGLISH else f"{county}{village}"


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
