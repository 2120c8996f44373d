"""Small named things for tests of the catalogue: areas, makers, products, stock."""

import datetime as dt

from catalog import listing as listings
from catalog import stock
from catalog.listing import Choice, Text
from catalog.making import rates
from catalog.models import StockPlace
from producers.models import Base, Craft, Maker, Membership
from qiaoshou.common.models import Area, ReferenceValue

DAY = dt.date(2026, 11, 24)
TITLES = {"布老虎": "Cloth tiger", "满族刺绣香囊": "Manchu embroidered sachet"}


def area(name_zh="杏花沟村", name_en="Xinghuagou", *, parent=None, tier="village"):
    fields = {
        "tier": tier,
        "name_zh": name_zh,
        "name_en": name_en,
        "sort_key": name_en.lower(),
        "kind": "村",
        "scheme": "test",
        "code": name_en,
        "vintage": "2026",
    }
    return parent.add_child(**fields) if parent else Area.add_root(**fields)


def village():
    """杏花沟村 in 八棵树镇, 开原市, 铁岭市."""
    city = area("铁岭市", "Tieling", tier="city")
    county = area("开原市", "Kaiyuan", parent=city, tier="county")
    township = area("八棵树镇", "Bakeshu", parent=county, tier="township")
    return area(parent=township)


def minimum_wage(where, fen=1_900, *, since=dt.date(2026, 1, 1), until=None):
    return ReferenceValue.objects.create(
        kind="minimum_hourly",
        area=where,
        value=fen,
        unit="fen_per_hour",
        valid_from=since,
        valid_to=until,
        source="invented for this test",
        invented=True,
    )


def base(where, name_zh="杏花沟巧娘基地", name_en="Xinghuagou base"):
    return Base.objects.create(
        tier="village",
        area=where,
        name_zh=name_zh,
        name_en=name_en,
        sort_key=name_en.lower(),
        opened=dt.date(2020, 1, 1),
    )


def craft(name_zh="布艺", name_en="Cloth work", slug="cloth-work"):
    return Craft.add_root(
        slug=slug, name_zh=name_zh, name_en=name_en, sort_key=slug, standing_note=""
    )


def maker(where, name_zh="王桂兰", name_en="Wang Guilan", *, status="active"):
    person = Maker.objects.create(
        name_zh=name_zh, name_en=name_en, sort_key=name_en.lower(), status=status
    )
    Membership.objects.create(
        maker=person, base=where, role="maker", valid_from=dt.date(2023, 1, 1)
    )
    return person


def texts(title, *, choice="", story=""):
    english = TITLES.get(title, f"Piece {title}")
    return {
        "zh-hans": Text(title, story=story, materials="老棉布", choice=choice),
        "en": Text(english, story="", materials="Old cotton", choice=choice),
    }


def choice(bases, *, kind="ready", price_fen=16_800, title="布老虎", label="", **more):
    fields = {
        "grade": 2,
        "material_fen": 2_600,
        "base_fen": 1_400,
        "tax_shipping_fen": 1_200,
        "weight_grams": 260,
    } | more
    return Choice(
        kind=kind,
        price_fen=price_fen,
        bases=[one.pk for one in bases],
        texts=texts(title, choice=label),
        **fields,
    )


def product(
    made_at, of_craft, *, slug="cloth-tiger", title="布老虎", choices=None, steps=()
):
    """A draft listing; without `choices` one that is sold from stock."""
    return listings.add_product(
        slug=slug,
        craft=of_craft,
        origin=made_at.area,
        texts=texts(title),
        choices=choices or [choice([made_at], title=title)],
        steps=steps,
    )


def three_makers(where):
    names = [
        ("王桂兰", "Wang Guilan"),
        ("赵秀云", "Zhao Xiuyun"),
        ("关玉芝", "Guan Yuzhi"),
    ]
    return [maker(where, *name) for name in names]


def measured(spec, makers, minutes=240, *, day=DAY):
    """A time study in which every maker needed the same minutes."""
    return rates.record_time_study(
        spec=spec,
        studied_on=day,
        samples={one.pk: minutes for one in makers},
        reference=f"study-{spec.pk}-{day}-{minutes}",
    )


def on_sale(listed, makers, *, minutes=240, rate=8_600, day=DAY):
    """Measured, with a rate, its share checked, published."""
    for spec in listed.specs:
        measured(spec, makers, minutes, day=day)
        rates.set_piece_rate(
            spec=spec, fen=rate, valid_from=day, reference=f"rate-{spec.pk}-{day}"
        )
        listings.check_share(spec=spec, on=day)
    return listings.publish(listing=listed.listing, on=day)


def place(where):
    from oscar.core.loading import get_model

    partner = get_model("partner", "Partner").objects.create(name=where.name_en)
    return StockPlace.objects.create(base=where, partner=partner)


def lot(
    of_product, at, pieces=1, *, maker=None, made_on=DAY, reference=None, reserved=0
):
    """Pieces received at a place; (lot, stock record)."""
    return stock.receive(
        product=of_product.pk,
        place=at,
        pieces=pieces,
        made_on=made_on,
        maker=maker,
        reserved=reserved,
        source=stock.Source("opening", reference or f"{of_product.pk}-{made_on}"),
    )
