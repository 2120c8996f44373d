"""The ground the demo stands on: areas, invented reference values, crafts, pages."""

import datetime as dt
from urllib.parse import urlsplit

from django.conf import settings

from orders.models import ShippingRate
from producers.management.commands.load_crafts import TIELING as CRAFTS
from producers.models import Craft
from producers.services.caution import set_caution
from producers.services.crafts import load_crafts
from producers.services.places import open_base, open_pickup_point
from qiaoshou.cms.setup import make_site
from qiaoshou.common.loading_areas import TIELING, load_areas
from qiaoshou.common.models import Area, ReferenceValue
from qiaoshou.common.reference_values import record_reference_value
from qiaoshou.demo.products import add_crafts
from qiaoshou.demo.sizes import places
from qiaoshou.demo.world import World

CITY = "211200"
SOURCE = "演示用的虚构数值，不是公布值 / invented for demonstration, not published"
MINIMUM_FEN = 1_900
LINE_FEN = 900_000
INCOME_FEN = 2_300_000
PERCENT_SOLD = 80
PARCEL_FEN, FREE_FROM_FEN = 1_200, 29_900
# Prices of a month in thousandths of those a year before, January to December.
CPI = (1_005, 1_009, 1_001, 1_002, 1_001, 1_000, 1_002, 1_004, 999, 1_003, 1_002, 1_004)
EPOCH = 3 * 365


def lay_ground(world: World) -> None:
    """Areas, values, crafts, parcel fee, caution and first pages are there."""
    load_areas(TIELING)
    world.areas = {area.code: area for area in Area.objects.exclude(code="")}
    _reference_values(world)
    load_crafts(text=CRAFTS.read_text(encoding="utf-8-sig"))
    world.crafts = {craft.slug: craft for craft in Craft.objects.all()} | add_crafts()
    since = world.start - dt.timedelta(days=EPOCH)
    ShippingRate.objects.get_or_create(
        valid_from=since,
        defaults={"fee_fen": PARCEL_FEN, "free_from_fen": FREE_FROM_FEN},
    )
    set_caution(percent=PERCENT_SOLD, since=since)
    address = urlsplit(settings.SITE_URL)
    make_site(hostname=address.hostname or "localhost", port=address.port or 80)


def _reference_values(world: World) -> None:
    """One value of each kind, and a price index for every month up to this one."""
    first = (world.start - dt.timedelta(days=EPOCH)).replace(day=1)
    kinds = ReferenceValue.Kind
    for kind, value in (
        (kinds.MINIMUM_HOURLY, MINIMUM_FEN),
        (kinds.MONITORING_LINE, LINE_FEN),
        (kinds.PUBLISHED_INCOME, INCOME_FEN),
    ):
        _value(world, kind, value, first, None)
    month = first
    while month <= world.today:
        following = (month + dt.timedelta(days=32)).replace(day=1)
        _value(world, kinds.CPI, CPI[month.month - 1], month, following)
        month = following


def _value(
    world: World, kind: str, value: int, since: dt.date, until: dt.date | None
) -> None:
    record_reference_value(
        kind=kind,
        area=world.areas[CITY],
        value=value,
        valid_from=since,
        valid_to=until,
        source=SOURCE,
        invented=True,
    )


def open_places(world: World) -> None:
    """The bases at every level and the points where buyers collect are open."""
    opened = world.start - dt.timedelta(days=EPOCH)
    for row in world.size.base_rows():
        world.bases[row["key"]] = open_base(
            tier=row["tier"],
            area=world.areas[row["area"]],
            parent=world.bases.get(row["parent"] or ""),
            name_zh=row["name_zh"],
            name_en=row["name_en"],
            about_zh=row["about_zh"],
            about_en=row["about_en"],
            opened=opened,
            minutes_a_week=row["minutes"],
        )
    for row in places()["pickup_points"]:
        world.points[row["key"]] = open_pickup_point(
            area=world.areas[row["area"]],
            base=world.bases.get(row["base"] or ""),
            opened=opened,
            **{
                name: row[name]
                for name in (
                    "name_zh",
                    "name_en",
                    "address_zh",
                    "address_en",
                    "hours_zh",
                    "hours_en",
                )
            },
        )


def villages_of_bases(world: World) -> dict[str, list[str]]:
    """By base: the codes of the villages where its women live, its own one first."""
    found: dict[str, list[str]] = {}
    for row in world.size.base_rows():
        above = [world.areas[code] for code in row["home"]]
        codes = [
            village.code
            for area in above
            for village in area.get_children().filter(tier="village").order_by("code")
        ]
        own = row["area"] if row["tier"] == "village" else codes[0]
        found[row["key"]] = [own, *(code for code in codes if code != own)]
    return found
