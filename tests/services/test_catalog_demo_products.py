"""The demo's pieces: believable, lawful, labelled, the same for the same seed."""

import datetime as dt
import json
from collections import Counter

import pytest
from django.core.files.storage import default_storage
from django.db.models import Sum

from catalog.domain.piece_rate import lowest_rate
from catalog.models import CraftSpec, Listing, Lot, ProductPicture, SearchEntry
from catalog.selectors import terms_of_listings
from producers.models import Skill
from qiaoshou.demo.products import DATA, load_products
from tests import catalog_builders as build

ROWS = json.loads(DATA.read_text(encoding="utf-8"))["products"]
DAY = build.DAY


def test_there_are_about_forty_pieces_over_at_least_eight_crafts():
    assert len(ROWS) == 42
    assert len({row["craft"] for row in ROWS}) == 13
    assert len({row["slug"] for row in ROWS}) == 42


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["slug"])
def test_a_piece_is_told_in_both_languages_and_its_parts_fit_its_price(row):
    for language in ("zh-hans", "en"):
        assert all(row[language].values())
    assert not any("一" <= letter <= "鿿" for letter in "".join(row["en"].values()))
    assert row["pay_fen"] >= lowest_rate(2_000, row["minutes"])
    for choice in row["choices"]:
        others = row["pay_fen"] + row["material_fen"]
        others += choice["base_fen"] + choice["tax_shipping_fen"]
        assert others < choice["price_fen"]
    if row["steps"]:
        assert sum(step["minutes"] for step in row["steps"]) == row["minutes"]


@pytest.fixture
def loaded(db, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    where = build.village()
    build.minimum_wage(where.get_root(), 2_000)
    base = build.base(where)
    makers = [*build.three_makers(base), build.maker(base, "李凤云", "Li Fengyun")]
    crafts = {}
    for slug in dict.fromkeys(row["craft"] for row in ROWS):
        if slug in ("knotting", "patchwork"):
            continue
        crafts[slug] = build.craft(slug, slug, slug)
        for one in makers[: 2 if slug == "insoles" else 4]:
            Skill.objects.create(
                maker=one,
                craft=crafts[slug],
                grade=4,
                certified_on=dt.date(2024, 1, 1),
                evidence="31",
            )

    def load():
        return load_products(crafts=crafts, bases=[base], day=DAY, seed=7)

    return load


@pytest.fixture
def few(monkeypatch, tmp_path):
    """Six rows instead of all: one of each way a piece can be sold."""
    slugs = (
        "cloth-tiger-hutou",
        "cloth-tiger-big",
        "straw-coasters",
        "endless-knot",
        "patchwork-quilt",
        "window-papercuts",
    )
    data = json.loads(DATA.read_text(encoding="utf-8"))
    data["products"] = [row for row in ROWS if row["slug"] in slugs]
    path = tmp_path / "products.json"
    path.write_text(json.dumps(data), encoding="utf-8")
    monkeypatch.setattr("qiaoshou.demo.products.DATA", path)


def test_every_piece_is_published_measured_rated_checked_and_found(few, loaded):
    listed = loaded()

    assert Listing.objects.filter(status="published").count() == 5
    choices = terms_of_listings([one.listing.product_id for one in listed], DAY)
    assert all(one.public_share for found in choices.values() for one in found)
    assert SearchEntry.objects.filter(kind="product").count() == 10
    tiger = choices[listed[0].listing.product_id]
    assert [(one.kind, one.price_fen, one.pay_fen, one.minutes) for one in tiger] == [
        ("ready", 16_800, 8_600, 240),
        ("made_to_order", 18_600, 8_600, 240),
    ]


def test_opening_stock_names_its_makers_and_adds_up(few, loaded):
    loaded()

    stock = dict(
        Lot.objects.values_list("product__upc").annotate(pieces=Sum("remaining"))
    )
    assert stock == {
        "cloth-tiger-hutou-1": 9,
        "straw-coasters": 28,
        "endless-knot": 32,
        "window-papercuts": 40,
    }
    nameless = Lot.objects.filter(maker=None).values_list("product__upc", flat=True)
    assert set(nameless) == {"endless-knot"}


def test_what_nobody_is_certified_for_is_sold_from_stock_or_not_at_all(few, loaded):
    loaded()

    assert not Listing.objects.filter(slug="patchwork-quilt").exists()

    kinds = CraftSpec.objects.filter(product__upc="endless-knot").values_list("kind")
    assert list(kinds) == [("ready",)]


def test_every_picture_is_labelled_and_its_sizes_are_there(few, loaded):
    loaded()

    pictures = ProductPicture.objects.all()
    assert Counter(picture.illustration for picture in pictures) == {True: 12}
    for picture in pictures:
        assert picture.alt_zh.startswith("示意图：")
        assert picture.alt_en.startswith("Illustration: ")
        assert default_storage.exists(picture.square)
        assert default_storage.exists(picture.small)


def test_loading_again_changes_nothing(few, loaded):
    def everything():
        return (
            list(Lot.objects.order_by("pk").values_list("serial", "remaining")),
            Listing.objects.count(),
            ProductPicture.objects.count(),
            CraftSpec.objects.count(),
        )

    loaded()
    before = everything()
    loaded()

    assert everything() == before
