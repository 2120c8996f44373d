"""Pieces that had left come back once: good ones are stock and in the books again."""

import uuid

import pytest
from django.db import IntegrityError, connection, transaction
from oscar.core.loading import get_model

from catalog import stock
from catalog.models import Lot, StockMovement
from orders.domain.coming_back import NotWhole
from orders.models import GoodsBack, Shipment, ShipmentLine
from orders.services import auditing, shipping, taking_back
from orders.services.taking_back import Found
from producers.ledger.models import Balance, Entry
from qiaoshou.common.today import clock_at
from tests import orders_builders
from tests import work_builders as build

pytestmark = pytest.mark.django_db
StockRecord = get_model("partner", "StockRecord")


@pytest.fixture(autouse=True)
def noon():
    with clock_at(build.NOON):
        yield
        build.check_counters()
        assert auditing.audit() == []


@pytest.fixture
def shop():
    return build.workshop()


@pytest.fixture
def leader(shop):
    return build.leader(shop.base)


@pytest.fixture
def parcel(shop, leader):
    """Two ready tigers, sent to the buyer."""
    build.paid(shop, 0, ready=2)
    return build.sent(Shipment.objects.get(), leader)


@pytest.fixture
def arrived(parcel, leader):
    return shipping.mark_arrived(shipment=parcel, by=leader)


@pytest.fixture
def at_the_hotel(shop, leader):
    """A ready tiger, sent to a point that keeps no stock, and ready there."""
    build.paid(shop, 0, ready=1, wish=orders_builders.collects(shop.point))
    row = build.sent(Shipment.objects.get(), leader)
    return shipping.make_ready(shipment=row, by=leader)


def back(shipment, leader, good=0, spoilt=0, **other):
    line = shipment.lines.get()
    said = {"reason": "尺寸不合", "client_reference": uuid.uuid4()} | other
    return taking_back.take_back(
        shipment=shipment, found={line.pk: Found(good, spoilt)}, by=leader, **said
    )


def at_the_shelf(shop):
    return *build.on_the_shelf(shop.record), Lot.objects.get().remaining


def balances(*kinds):
    found = dict(Balance.objects.values_list("account__kind", "fen"))
    return [found.get(kind, 0) for kind in kinds]


def test_the_table_of_the_page_good_pieces_are_stock_and_spoilt_ones_are_not(
    shop, arrived, leader
):
    assert at_the_shelf(shop) == (3, 0, 3)

    back(arrived, leader, good=1)
    assert at_the_shelf(shop) == (4, 0, 4)
    arrived.refresh_from_db()
    assert (arrived.state, arrived.lines.get().came_back) == ("arrived", 1)

    back(arrived, leader, spoilt=1)
    assert at_the_shelf(shop) == (4, 0, 4)
    arrived.refresh_from_db()
    assert (arrived.state, arrived.lines.get().came_back) == ("returned", 2)
    movement = StockMovement.objects.get(kind="returned")
    assert (movement.in_stock, movement.reserved, movement.lot) == (
        1,
        0,
        arrived.lines.get().lot,
    )
    events = arrived.order.shipping_events.filter(event_type__name="Came back")
    assert [event.line_quantities.get().quantity for event in events] == [1, 1]


def test_what_comes_back_good_is_worth_its_pay_and_material_again(arrived, leader):
    build.refunded(leader, "returned")
    before = balances("maker_payable", "base_payable", "tax_parcel")
    assert balances("refunds", "work_in_stock", "material") == [33_600, -17_200, -5_200]

    back(arrived, leader, good=2)

    # 2 × (86 pay + 26 material) of the 336.00 that was given back.
    assert balances("refunds", "work_in_stock", "material") == [11_200, 0, 0]
    assert balances("maker_payable", "base_payable", "tax_parcel") == before
    entry = Entry.objects.get(what="goods_back")
    assert sorted(entry.postings.values_list("account__kind", "fen", "about")) == [
        ("material", 5_200, ""),
        ("refunds", -22_400, arrived.order.number),
        ("work_in_stock", 17_200, ""),
    ]


def test_spoilt_pieces_move_no_money(arrived, leader):
    back(arrived, leader, spoilt=2)

    assert not Entry.objects.filter(what="goods_back").exists()


def test_a_tiger_made_to_order_is_worth_what_its_maker_was_paid(shop, leader):
    row = build.taken(shop, 1, leader)[0]
    build.inspected(build.delivered(row, 1, leader), leader)
    parcel = build.sent(Shipment.objects.get(), leader)
    shipping.mark_arrived(shipment=parcel, by=leader)

    back(parcel, leader, good=1)

    assert balances("work_in_stock", "maker_payable") == [8_600, -8_600]


def test_sold_again_the_piece_names_its_maker_and_its_pay_leaves_once_more(
    shop, arrived, leader
):
    back(arrived, leader, good=2)
    build.paid(shop, 0, ready=5)
    again = build.sent(Shipment.objects.get(state="planned"), leader)

    assert again.lines.get().lot == arrived.lines.get().lot
    assert at_the_shelf(shop) == (0, 0, 0)
    # Seven tigers left, two came back: five were planned at 86.00 each.
    assert balances("work_in_stock") == [-43_000]


def test_sent_twice_with_one_reference_it_came_back_once(shop, arrived, leader):
    once = uuid.uuid4()
    first = back(arrived, leader, good=1, client_reference=once)
    second = back(arrived, leader, good=1, client_reference=once)

    assert first == second
    assert at_the_shelf(shop) == (4, 0, 4)


@pytest.mark.parametrize("state", ["planned", "cancelled", "returned"])
def test_what_never_left_or_is_back_already_does_not_come_back(shop, leader, state):
    build.paid(shop, 0, ready=1)
    row = Shipment.objects.get()
    if state == "cancelled":
        build.refunded(leader)
    if state == "returned":
        back(build.sent(row, leader), leader, good=1)

    with pytest.raises(taking_back.NeverLeft) as refused:
        taking_back.take_back(
            shipment=row, found={}, reason="x", client_reference=uuid.uuid4(), by=leader
        )
    assert refused.value.state == state


@pytest.mark.parametrize(
    ("found", "refused"),
    [
        ({"good": 3}, taking_back.MoreThanLeft),
        ({"good": 1, "spoilt": 2}, taking_back.MoreThanLeft),
        ({}, taking_back.NothingBack),
        ({"good": 1, "reason": "  "}, taking_back.NoReason),
        ({"good": -1, "spoilt": 2}, ValueError),
    ],
)
def test_what_can_not_be_changes_nothing(shop, arrived, leader, found, refused):
    with pytest.raises(refused):
        back(arrived, leader, **found)

    assert at_the_shelf(shop) == (3, 0, 3)
    assert not GoodsBack.objects.exists()


def test_a_parcel_on_its_way_comes_back_whole_or_not_at_all(shop, parcel, leader):
    with pytest.raises(NotWhole):
        back(parcel, leader, good=1)

    back(parcel, leader, good=1, spoilt=1)

    parcel.refresh_from_db()
    assert (parcel.state, parcel.ended_at) == ("returned", build.NOON)
    assert at_the_shelf(shop) == (4, 0, 4)


@pytest.mark.parametrize("first", ["arrives", "comes back"])
def test_of_two_parcels_one_refused_the_order_is_completed_whichever_came_first(
    shop, leader, first
):
    row = build.taken(shop, 1, leader, ready=1)[0]
    build.sent(Shipment.objects.get(), leader)
    build.inspected(build.delivered(row, 1, leader), leader)
    refused = build.sent(Shipment.objects.get(state="planned"), leader)
    other = Shipment.objects.exclude(pk=refused.pk).get()

    if first == "arrives":
        shipping.mark_arrived(shipment=other, by=leader)
        back(refused, leader, good=1)
    else:
        back(refused, leader, good=1)
        shipping.mark_arrived(shipment=other, by=leader)

    other.order.refresh_from_db()
    assert other.order.status == "completed"


def test_an_order_of_which_nothing_arrived_is_not_completed(parcel, leader):
    back(parcel, leader, good=2)

    parcel.order.refresh_from_db()
    assert parcel.order.status == "shipped"


def test_a_ready_pick_up_of_a_refunded_order_is_withdrawn_and_fetched_back(
    shop, at_the_hotel, leader
):
    build.refunded(leader)

    at_the_hotel.refresh_from_db()
    assert at_the_hotel.state == "withdrawn"
    # It lies at the hotel: sold before it is back it would be promised twice over.
    assert at_the_shelf(shop) == (4, 0, 4)
    with pytest.raises(shipping.MoneyGoneBack):
        shipping.hand_over(
            shipment=at_the_hotel, code=at_the_hotel.pickup_code, by=leader
        )

    back(at_the_hotel, leader, good=1)

    at_the_hotel.refresh_from_db()
    assert at_the_hotel.state == "returned"
    assert at_the_shelf(shop) == (5, 0, 5)
    # Of the 168.00 given back its 86.00 pay and 26.00 material are with us again.
    assert balances("refunds", "work_in_stock", "material") == [5_600, 0, 0]


def test_pieces_of_another_shipment_are_an_error(shop, arrived, leader):
    other = ShipmentLine.objects.get().pk + 1
    with pytest.raises(ValueError, match="another shipment"):
        taking_back.take_back(
            shipment=arrived,
            found={other: Found(1)},
            reason="x",
            client_reference=uuid.uuid4(),
            by=leader,
        )


def refused(constraint, statement, *values):
    def at_once():
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement, values)
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")

    with pytest.raises(IntegrityError, match=constraint):
        at_once()


def test_the_database_refuses_a_counter_that_lies(arrived, leader):
    line = arrived.lines.get()
    more = "UPDATE orders_shipmentline SET came_back = %s WHERE id = %s"
    refused("shipment_line_back_within_sent", more, 3, line.pk)
    refused("0 were recorded", more, 1, line.pk)
    back(arrived, leader, good=1)
    refused("1 were recorded", more, 0, line.pk)
    refused(
        "counts 1 pieces back, 2 were recorded",
        "INSERT INTO orders_goodsbackline"
        " (goods_back_id, shipment_line_id, good, spoilt) VALUES (%s, %s, 0, 1)",
        another_return(arrived, leader).pk,
        line.pk,
    )


def another_return(shipment, leader):
    return GoodsBack.objects.create(
        client_reference=uuid.uuid4(), shipment=shipment, reason="x", recorded_by=leader
    )


def test_the_database_refuses_a_lot_with_more_than_came_in(arrived):
    lot = arrived.lines.get().lot
    refused(
        "lot_remaining_within_pieces",
        "UPDATE catalog_lot SET remaining = 6 WHERE id = %s",
        lot.pk,
    )
    source = stock.Source("goods_back", "TWICE")
    for _time in range(2):
        stock.take_back(lots={lot.pk: 1}, source=source)
    assert Lot.objects.get().remaining == 4
    moved = StockMovement.objects.get(source_reference="TWICE")
    moved.pk = None
    with (
        pytest.raises(IntegrityError, match="stock_movement_out_once"),
        transaction.atomic(),
    ):
        moved.save()
