"""Small named things for tests of the catalogue: areas, makers, products, stock."""

import datetime as dt
from collections import namedtuple

from catalog import listing as listings
from catalog import stock
from catalog.listing import Choice, Text
from catalog.making import rates
from catalog.models import StockPlace
from producers.models import (
    Base,
    CapacityWeek,
    Consent,
    ConsentText,
    Craft,
    Maker,
    MakerText,
    Membership,
    Skill,
)
from qiaoshou.common.models import Area, ReferenceValue

DAY = dt.date(2026, 11, 24)
NOON = dt.datetime(2026, 11, 24, 12, tzinfo=dt.UTC)
Shop = namedtuple("Shop", "village base place makers crafts")
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


def reserve(*, product, pieces, **other):
    """`pieces` of one product are reserved: (stock record, pieces) of each place."""
    return stock.reserve_many(wanted={product: pieces}, **other)[product]


def consent(person, *, withdrawn=None):
    """She agreed to her public story; `withdrawn` is when she took it back."""
    text = ConsentText.objects.filter(purpose="public_story").order_by("version").last()
    return Consent.objects.create(
        maker=person,
        purpose="public_story",
        text=text,
        how="paper",
        withdrawn=withdrawn,
        withdrawn_how="paper" if withdrawn else "",
    )


def story(
    person, sentence="眼睛要最后缝。", told="十七岁那年冬天，她做了第一只布老虎。"
):
    for language in ("zh-hans", "en"):
        MakerText.objects.create(
            maker=person, language=language, sentence=sentence, story=told
        )


def week(where, of_craft, monday, offered, reserved=0):
    return CapacityWeek.objects.create(
        base=where, craft=of_craft, week=monday, offered=offered, reserved=reserved
    )


def shop(products=3):
    """A village shop: so many tigers in stock, from Wang Guilan, who agreed."""
    where = village()
    minimum_wage(where)
    at = base(where)
    makers = three_makers(at)
    consent(makers[0])
    story(makers[0])
    shelf = place(at)
    crafts = [craft(), craft("剪纸", "Paper-cut", "paper-cut")]
    Skill.objects.create(
        maker=makers[0],
        craft=crafts[0],
        grade=4,
        certified_on=dt.date(2024, 5, 6),
        evidence="certificate 31",
    )
    for number in range(products):
        listed = product(
            at,
            crafts[number % 2],
            slug=f"tiger-{number}",
            choices=[
                choice([at], price_fen=10_000 + number * 100 + 6_800, label="现货"),
                choice([at], kind="made_to_order", price_fen=18_600, label="定做"),
            ],
        )
        on_sale(listed, makers)
        lot(listed.specs[0].product, shelf, 7, maker=makers[0])
    for one in crafts:
        week(at, one, DAY + dt.timedelta(days=6), 9_600)
    return Shop(where, at, shelf, makers, crafts)
