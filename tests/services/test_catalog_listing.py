"""Listings: added, priced, checked, published, retired; what Oscar sells of them."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from oscar.core.loading import get_class, get_model

from catalog import listing as listings
from catalog import selectors, stock
from catalog.domain.price_share import CostsAbovePrice
from catalog.listing import NoPieceRate, NotReady
from catalog.models import Listing, ProductText, SearchEntry
from producers.models import CapacityWeek
from tests import catalog_builders as build

pytestmark = pytest.mark.django_db
DAY = build.DAY
StockRecord = get_model("partner", "StockRecord")


@pytest.fixture
def village():
    where = build.village()
    build.minimum_wage(where)
    return where


@pytest.fixture
def base(village):
    return build.base(village)


@pytest.fixture
def makers(base):
    return build.three_makers(base)


@pytest.fixture
def cloth():
    return build.craft()


def two_choices(base):
    return [
        build.choice([base], label="大", price_fen=16_800),
        build.choice([base], label="定做", kind="made_to_order", price_fen=18_600),
    ]


def test_one_choice_is_sold_under_the_product_itself(base, cloth, village):
    listed = build.product(base, cloth)

    product = listed.listing.product
    assert (product.structure, product.title) == ("standalone", "布老虎")
    assert not product.product_class.track_stock
    assert listed.specs[0].product == product
    assert listed.listing.county.name_zh == "开原市"
    assert listed.listing.status == "draft"


def test_several_choices_are_children_with_a_price_each(base, cloth):
    listed = build.product(base, cloth, choices=two_choices(base))

    assert listed.listing.product.structure == "parent"
    assert [spec.product.parent for spec in listed.specs] == [
        listed.listing.product
    ] * 2
    prices = StockRecord.objects.order_by("product_id").values_list(
        "price", "num_in_stock", "partner__code"
    )
    assert list(prices) == [
        (Decimal("168.00"), None, "chamber"),
        (Decimal("186.00"), None, "chamber"),
    ]


def test_the_same_product_added_twice_is_one(base, cloth):
    first = build.product(base, cloth, choices=two_choices(base))
    again = build.product(base, cloth, choices=two_choices(base))

    assert again == first
    assert Listing.objects.count() == 1


def test_a_price_is_positive(base, cloth):
    listed = build.product(base, cloth)

    with pytest.raises(ValueError, match="a price is positive"):
        listings.set_price(product=listed.listing.product_id, fen=0)


def test_terms_hold_every_number_of_a_sale(base, cloth, makers):
    listed = build.product(base, cloth)
    build.on_sale(listed, makers)
    product = listed.listing.product
    build.lot(product, build.place(base), 7)
    build.reserve(product=product.pk, pieces=2, source=stock.Source("order", "o"))

    terms = selectors.terms_of([product.pk], DAY)[product.pk]

    assert (terms.kind, terms.grade, terms.min_lot) == ("ready", 2, 1)
    assert (terms.price_fen, terms.pay_fen, terms.minutes) == (16_800, 8_600, 240)
    assert (terms.free, terms.bases, terms.craft) == (5, frozenset({base.pk}), cloth.pk)
    assert [part.fen for part in terms.public_share] == [
        8_600,
        2_600,
        1_400,
        3_000,
        1_200,
    ]


def test_terms_cost_one_query_whatever_the_number_of_products(
    base, cloth, django_assert_num_queries
):
    products = [
        build.product(base, cloth, slug=f"p{n}", choices=two_choices(base))
        for n in range(5)
    ]
    sold = [spec.product_id for listed in products for spec in listed.specs]

    with django_assert_num_queries(1):
        assert len(selectors.terms_of(sold, DAY)) == 10
    with django_assert_num_queries(1):
        selectors.terms_of_listings([one.listing.product_id for one in products], DAY)


def test_a_share_is_hidden_until_somebody_has_checked_it(base, cloth, makers):
    (spec,) = build.product(base, cloth).specs
    build.measured(spec, makers)

    terms = selectors.terms_of([spec.product_id], DAY)[spec.product_id]

    assert (terms.share, terms.public_share, terms.public_pay_fen) == (None, None, None)
    with pytest.raises(NoPieceRate):
        listings.check_share(spec=spec, on=DAY)


def test_a_checked_share_is_hidden_again_when_the_price_changes(base, cloth, makers):
    listed = build.product(base, cloth)
    build.on_sale(listed, makers)
    product = listed.listing.product_id

    listings.set_price(product=product, fen=17_800)

    terms = selectors.terms_of([product], DAY)[product]
    assert terms.public_share is None
    assert terms.share[3].fen == 4_000


def test_a_share_whose_costs_are_above_the_price_can_not_be_checked(
    base, cloth, makers
):
    listed = build.product(base, cloth)
    build.on_sale(listed, makers)
    listings.set_price(product=listed.listing.product_id, fen=13_799)

    with pytest.raises(CostsAbovePrice) as refusal:
        listings.check_share(spec=listed.specs[0], on=DAY)

    assert refusal.value.missing == 1


def test_a_listing_that_lacks_something_is_not_published_and_says_what(base, cloth):
    listed = build.product(base, cloth)
    ProductText.objects.filter(language="en").delete()
    pk = listed.listing.product_id

    with pytest.raises(NotReady) as refusal:
        listings.publish(listing=listed.listing, on=DAY)

    assert refusal.value.missing == ["text:en", f"minutes:{pk}", f"pay_fen:{pk}"]
    assert Listing.objects.get().status == "draft"


def test_published_listings_are_found_and_retired_ones_are_not(base, cloth, makers):
    listed = build.product(base, cloth)
    assert SearchEntry.objects.count() == 0

    published = build.on_sale(listed, makers)
    assert (published.status, published.published_on) == ("published", DAY)
    assert SearchEntry.objects.filter(kind="product").count() == 2

    retired = listings.retire(listing=published)
    assert (retired.status, retired.published_on) == ("retired", DAY)
    assert SearchEntry.objects.count() == 0


@pytest.mark.parametrize(
    ("change", "constraint"),
    [
        ({"status": "published", "published_on": None}, "listing_published_has_day"),
        ({"status": "sold", "published_on": DAY}, "listing_status_known"),
    ],
)
def test_the_database_refuses_an_impossible_listing(base, cloth, change, constraint):
    build.product(base, cloth)

    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Listing.objects.update(**change)


def test_two_listings_never_share_an_address(base, cloth):
    build.product(base, cloth, slug="a")
    build.product(base, cloth, slug="b")

    with pytest.raises(IntegrityError, match="slug"), transaction.atomic():
        Listing.objects.filter(slug="b").update(slug="a")


def sold(product):
    strategy = get_class("partner.strategy", "Selector")().strategy()
    if product.is_parent:
        return strategy.fetch_for_parent(product)
    return strategy.fetch_for_product(product)


def test_oscar_sells_ready_pieces_up_to_what_is_free(base, cloth, makers):
    listed = build.product(base, cloth)
    build.on_sale(listed, makers)
    product = listed.listing.product
    build.lot(product, build.place(base), 3)
    build.reserve(product=product.pk, pieces=1, source=stock.Source("order", "o"))

    info = sold(product)

    assert (info.price.currency, info.price.incl_tax, info.price.tax) == (
        "CNY",
        Decimal("168.00"),
        Decimal("0.00"),
    )
    assert info.stockrecord.num_in_stock is None
    assert info.availability.is_purchase_permitted(2)[0]
    assert not info.availability.is_purchase_permitted(3)[0]


def test_oscar_sells_made_to_order_without_stock_while_published(base, cloth, makers):
    choices = [build.choice([base], kind="made_to_order")]
    listed = build.product(base, cloth, choices=choices)
    product = listed.listing.product
    assert not sold(product).availability.is_available_to_buy

    build.on_sale(listed, makers)
    assert sold(product).availability.is_purchase_permitted(500)[0]

    listings.retire(listing=listed.listing)
    assert not sold(product).availability.is_available_to_buy


def test_oscar_shows_the_lowest_price_of_a_product_with_choices(base, cloth, makers):
    listed = build.product(base, cloth, choices=two_choices(base))
    build.on_sale(listed, makers)

    info = sold(listed.listing.product)

    assert info.price.incl_tax == Decimal("168.00")
    assert info.availability.is_available_to_buy


def test_a_basket_of_many_lines_is_priced_in_a_fixed_number_of_queries(
    base, cloth, makers, django_assert_num_queries
):
    basket = get_model("basket", "Basket").objects.create()
    at = build.place(base)
    for n in range(4):
        listed = build.product(base, cloth, slug=f"p{n}")
        build.on_sale(listed, makers)
        build.lot(listed.listing.product, at, 9)
        basket.strategy = get_class("partner.strategy", "Selector")().strategy()
        basket.add_product(listed.listing.product, n + 1)
    fresh = get_model("basket", "Basket").objects.get(pk=basket.pk)
    fresh.strategy = get_class("partner.strategy", "Selector")().strategy()
    lines = list(fresh.all_lines())

    with django_assert_num_queries(2):
        prices = [line.purchase_info.price.incl_tax for line in lines]

    assert prices == [Decimal("168.00")] * 4


def week(base, craft, monday, offered, reserved=0):
    return CapacityWeek.objects.create(
        base=base, craft=craft, week=monday, offered=offered, reserved=reserved
    )


def test_a_made_to_order_date_comes_from_the_weeks_that_have_room(base, cloth, makers):
    choices = [build.choice([base], kind="made_to_order")]
    listed = build.product(base, cloth, choices=choices)
    build.on_sale(listed, makers)
    week(base, cloth, dt.date(2026, 11, 23), 9_000)
    week(base, cloth, dt.date(2026, 11, 30), 480, reserved=300)
    week(base, cloth, dt.date(2026, 12, 7), 480)
    terms = selectors.terms_of([listed.listing.product_id], DAY)
    (one,) = terms.values()

    rooms = selectors.week_rooms([one], DAY)

    assert selectors.lead_time_of(one, rooms, DAY).leaves_on == dt.date(2026, 12, 15)
    assert selectors.lead_time_of(one, rooms, DAY, pieces=2).days == 21
    assert selectors.lead_time_of(one, rooms, DAY, pieces=3) is None
