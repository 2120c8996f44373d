"""Stock: received, reserved, released, shipped and counted, each change explained."""

import datetime as dt

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import Sum
from oscar.core.loading import get_model

from catalog import stock
from catalog.models import Lot, StockMovement
from catalog.selectors import free_pieces
from catalog.stock import Source
from tests import catalog_builders as build

pytestmark = pytest.mark.django_db
StockRecord = get_model("partner", "StockRecord")
ORDER = Source("order", "0123456789")
EARLY, LATE = dt.date(2026, 11, 3), dt.date(2026, 11, 17)


@pytest.fixture
def base():
    return build.base(build.village())


@pytest.fixture
def place(base):
    return build.place(base)


@pytest.fixture
def tiger(base):
    return build.product(base, build.craft()).listing.product


def numbers(record):
    record = StockRecord.objects.get(pk=record.pk)
    return record.num_in_stock, record.num_allocated


def explained(record):
    """What the movements of a record add up to."""
    sums = StockMovement.objects.filter(record=record).aggregate(
        pieces=Sum("in_stock"), kept=Sum("reserved")
    )
    return sums["pieces"], sums["kept"]


def at_commit():
    """What is checked at the end of a transaction is checked now."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def test_received_pieces_are_one_lot_in_stock(tiger, place):
    lot, record = build.lot(tiger, place, 7)

    at_commit()
    assert numbers(record) == (7, 0)
    assert (lot.pieces, lot.remaining, len(lot.serial)) == (7, 7, 10)
    assert explained(record) == (7, 0)


def test_pieces_made_for_an_order_come_in_reserved(tiger, place):
    _lot, record = build.lot(tiger, place, 5, reserved=3)

    assert numbers(record) == (5, 3)
    assert free_pieces([tiger.pk]) == {tiger.pk: 2}


def test_the_same_source_received_twice_is_one_lot(tiger, place):
    first, record = build.lot(tiger, place, 7, reference="inspection-1")
    again, _record = build.lot(tiger, place, 7, reference="inspection-1")

    assert again == first
    assert numbers(record) == (7, 0)
    assert StockMovement.objects.count() == 1


@pytest.mark.parametrize(("pieces", "reserved"), [(0, 0), (2, 3), (2, -1)])
def test_nothing_or_more_reserved_than_received_is_refused(
    tiger, place, pieces, reserved
):
    with pytest.raises(ValueError, match="at least one piece"):
        build.lot(tiger, place, pieces, reserved=reserved)

    assert Lot.objects.count() == 0


def test_reserved_pieces_are_no_longer_free(tiger, place):
    _lot, record = build.lot(tiger, place, 7)

    held = build.reserve(product=tiger.pk, pieces=3, source=ORDER)

    assert [(one.pk, pieces) for one, pieces in held] == [(record.pk, 3)]
    assert numbers(record) == (7, 3)
    assert free_pieces([tiger.pk]) == {tiger.pk: 4}
    assert explained(record) == (7, 3)


def test_more_than_is_free_is_refused_with_what_is_free_and_changes_nothing(
    tiger, place
):
    _lot, record = build.lot(tiger, place, 2)

    with pytest.raises(stock.NotEnough) as refusal:
        build.reserve(product=tiger.pk, pieces=3, source=ORDER)

    assert refusal.value.free == {tiger.pk: 2}
    assert numbers(record) == (2, 0)


def test_a_product_that_was_never_in_stock_is_refused(tiger):
    with pytest.raises(stock.NotEnough) as refusal:
        build.reserve(product=tiger.pk, pieces=1, source=ORDER)

    assert refusal.value.free == {tiger.pk: 0}


def test_of_several_products_all_are_reserved_or_none(base, tiger, place):
    other = build.product(base, build.craft(slug="knot"), slug="knot").listing.product
    _lot, tigers = build.lot(tiger, place, 5)
    build.lot(other, place, 1)

    with pytest.raises(stock.NotEnough) as refusal:
        stock.reserve_many(wanted={tiger.pk: 2, other.pk: 2}, source=ORDER)

    assert refusal.value.free == {other.pk: 1}
    assert numbers(tigers) == (5, 0)


def test_pieces_come_from_the_preferred_place_then_from_as_few_as_can_be(tiger, place):
    hotel = build.place(build.base(place.base.area, "龙山酒店", "Longshan hotel"))
    third = build.place(build.base(place.base.area, "清河酒店", "Qinghe hotel"))
    _lot, at_base = build.lot(tiger, place, 4, reference="a")
    _lot, at_hotel = build.lot(tiger, hotel, 1, reference="b")
    build.lot(tiger, third, 2, reference="c")

    held = build.reserve(product=tiger.pk, pieces=4, source=ORDER, prefer=hotel)

    assert [(record.pk, pieces) for record, pieces in held] == [
        (at_hotel.pk, 1),
        (at_base.pk, 3),
    ]


def test_released_pieces_are_free_again(tiger, place):
    _lot, record = build.lot(tiger, place, 7)
    build.reserve(product=tiger.pk, pieces=3, source=ORDER)

    stock.release(held=[(record.pk, 2)], source=ORDER)

    assert numbers(record) == (7, 1)
    assert explained(record) == (7, 1)


def test_more_than_is_reserved_can_not_be_released(tiger, place):
    _lot, record = build.lot(tiger, place, 7)
    build.reserve(product=tiger.pk, pieces=3, source=ORDER)

    with pytest.raises(stock.NotReserved):
        stock.release(held=[(record.pk, 2), (record.pk, 2)], source=ORDER)

    assert numbers(record) == (7, 3)


def test_the_oldest_lots_ship_first_and_are_named(tiger, place):
    young, record = build.lot(tiger, place, 3, made_on=LATE)
    old, _record = build.lot(tiger, place, 2, made_on=EARLY)
    build.reserve(product=tiger.pk, pieces=4, source=ORDER)

    taken = stock.take_for_shipping(
        held=[(record.pk, 4)], source=Source("shipment", "S1")
    )

    at_commit()
    assert taken == {record.pk: [(old, 2), (young, 2)]}
    assert numbers(record) == (1, 0)
    assert list(
        Lot.objects.order_by("made_on").values_list("remaining", flat=True)
    ) == [
        0,
        1,
    ]
    assert explained(record) == (1, 0)


def test_the_same_shipment_twice_takes_once_and_answers_the_same(tiger, place):
    lot, record = build.lot(tiger, place, 5)
    build.reserve(product=tiger.pk, pieces=4, source=ORDER)
    shipment = Source("shipment", "S1")

    stock.take_for_shipping(held=[(record.pk, 2)], source=shipment)
    again = stock.take_for_shipping(held=[(record.pk, 2)], source=shipment)

    assert again == {record.pk: [(lot, 2)]}
    assert numbers(record) == (3, 2)


def test_pieces_that_are_not_reserved_do_not_ship(tiger, place):
    _lot, record = build.lot(tiger, place, 5)

    with pytest.raises(stock.NotReserved):
        stock.take_for_shipping(held=[(record.pk, 1)], source=Source("shipment", "S1"))

    assert numbers(record) == (5, 0)


def test_pieces_missing_in_a_count_come_off_the_oldest_lots(tiger, place):
    young, record = build.lot(tiger, place, 3, made_on=LATE)
    old, _record = build.lot(tiger, place, 2, made_on=EARLY)

    difference = stock.count(
        product=tiger.pk,
        place=place,
        found=2,
        source=Source("stocktake", "T1"),
        reason="moths",
    )

    at_commit()
    old.refresh_from_db()
    young.refresh_from_db()
    assert (difference, old.remaining, young.remaining) == (-3, 0, 2)
    assert numbers(record) == (2, 0)
    assert explained(record) == (2, 0)


def test_pieces_found_in_a_count_are_a_lot_without_a_maker(tiger, place):
    _lot, record = build.lot(tiger, place, 3)

    difference = stock.count(
        product=tiger.pk, place=place, found=5, source=Source("stocktake", "T1")
    )

    at_commit()
    found = Lot.objects.get(source_kind="stocktake")
    assert (difference, found.remaining, found.maker) == (2, 2, None)
    assert numbers(record) == (5, 0)


def test_the_same_count_twice_changes_stock_once(tiger, place):
    _lot, record = build.lot(tiger, place, 3)
    once = {"product": tiger.pk, "place": place, "source": Source("stocktake", "T1")}

    assert stock.count(found=1, **once) == -2
    assert stock.count(found=1, **once) == -2
    assert numbers(record) == (1, 0)


@pytest.mark.parametrize(("came", "in_stock"), [(0, 9), (3, 13)])
def test_pieces_that_came_while_it_was_counted_are_not_lost(
    tiger, place, came, in_stock
):
    _lot, record = build.lot(tiger, place, 10)
    counted = {"found": 9, "seen": 10, "source": Source("stocktake", "T1")}
    if came:
        build.lot(tiger, place, came, made_on=LATE)
        with pytest.raises(stock.CountOvertaken) as refusal:
            stock.count(product=tiger.pk, place=place, **counted)
        assert refusal.value.at_hand == in_stock
    else:
        for _time in range(2):
            assert stock.count(product=tiger.pk, place=place, **counted) == -1

    assert numbers(record) == (in_stock, 0)


def test_a_count_below_what_is_promised_is_refused(tiger, place):
    _lot, record = build.lot(tiger, place, 3)
    build.reserve(product=tiger.pk, pieces=2, source=ORDER)

    with pytest.raises(stock.CountBelowReserved) as refusal:
        stock.count(
            product=tiger.pk, place=place, found=1, source=Source("stocktake", "T1")
        )

    assert refusal.value.reserved == 2
    assert numbers(record) == (3, 2)


@pytest.mark.parametrize(
    ("in_stock", "allocated"), [(1, 2), (None, 1), (3, -1), (None, 0)]
)
def test_the_database_refuses_more_reserved_than_there_is(
    tiger, place, in_stock, allocated
):
    _lot, record = build.lot(tiger, place, 3)

    with (
        pytest.raises(IntegrityError, match="stock_reserved_within_stock"),
        transaction.atomic(),
    ):
        StockRecord.objects.filter(pk=record.pk).update(
            num_in_stock=in_stock, num_allocated=allocated
        )


def test_the_database_refuses_stock_that_no_lot_explains(tiger, place):
    _lot, record = build.lot(tiger, place, 3)

    StockRecord.objects.filter(pk=record.pk).update(num_in_stock=4)

    with pytest.raises(IntegrityError, match="is 4, its lots hold 3"):
        at_commit()


def test_the_database_refuses_a_lot_that_is_not_in_stock(tiger, place):
    lot, _record = build.lot(tiger, place, 3)

    Lot.objects.filter(pk=lot.pk).update(remaining=2)

    with pytest.raises(IntegrityError, match="is 3, its lots hold 2"):
        at_commit()


@pytest.mark.parametrize("remaining", [-1, 4])
def test_a_lot_never_holds_less_than_nothing_or_more_than_came_in(
    tiger, place, remaining
):
    lot, _record = build.lot(tiger, place, 3)

    with pytest.raises(IntegrityError, match="remaining"), transaction.atomic():
        Lot.objects.filter(pk=lot.pk).update(remaining=remaining)


def test_a_product_has_one_sales_record(tiger):
    other = get_model("partner", "Partner").objects.create(name="another")

    with (
        pytest.raises(IntegrityError, match="stock_one_sales_record"),
        transaction.atomic(),
    ):
        StockRecord.objects.create(product=tiger, partner=other, partner_sku="x")


def test_a_product_has_one_record_at_a_place(tiger, place):
    build.lot(tiger, place, 3)

    with (
        pytest.raises(IntegrityError, match="stock_record_once"),
        transaction.atomic(),
    ):
        StockRecord.objects.create(
            product=tiger, partner=place.partner, partner_sku="x", num_in_stock=0
        )
