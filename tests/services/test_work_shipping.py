"""Parcels and hand-overs appear by themselves; pieces and money leave together."""

import uuid

import pytest
from oscar.core.loading import get_model

from catalog.models import StockMovement
from orders.models import Payment, Reservation, Shipment, ShipmentLine
from orders.services import refunding, shipping
from producers.ledger.models import Balance, Entry
from producers.models import PickupPoint
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


@pytest.fixture
def shop():
    return build.workshop_of_one()


@pytest.fixture
def leader(shop):
    return build.leader(shop.base)


def made(sale, leader, pieces=None):
    """The tigers to order are taken, made and accepted."""
    work = sale.order.lines.get(terms__kind="made").demands.get().work_orders.get()
    row = work.assignments.get(state="taken")
    return build.inspected(build.delivered(row, pieces or row.taken, leader), leader)


def take_all(sale, leader):
    from orders.services import allocating, answering, offering

    allocating.allocate(sale.reference)
    work = sale.order.lines.get(terms__kind="made").demands.get().work_orders.get()
    for row in offering.send_offers(work_order=work, by=leader):
        answering.take(assignment=row, pieces=row.offered, how="slip", by=leader)


def moves(shipment, what="release"):
    """(account, fen) of the shipment's entry."""
    entry = Entry.objects.get(what=what, source=shipment.reference)
    return sorted(entry.postings.values_list("account__kind", "fen"))


def test_a_parcel_of_ready_pieces_is_planned_with_the_payment(shop):
    sale = build.paid(shop, 0, ready=2)

    parcel = Shipment.objects.get()
    assert (parcel.state, parcel.method, parcel.from_place) == (
        "planned",
        "parcel",
        shop.place,
    )
    assert parcel.address == "辽宁省沈阳市和平区南京街 1 号"
    assert shipping.plan_shipments(sale.reference) == [parcel]


def test_a_sent_parcel_takes_named_lots_and_releases_its_money(shop, leader):
    sale = build.paid(shop, 0, ready=2)
    parcel = build.sent(
        Shipment.objects.get(), leader, carrier="顺丰", tracking="SF1", cost_fen=1_050
    )

    assert (parcel.state, parcel.carrier, parcel.tracking) == ("sent", "顺丰", "SF1")
    assert build.on_the_shelf(shop.record) == (3, 0)
    line = ShipmentLine.objects.get()
    assert (line.pieces, line.lot.maker) == (2, shop.makers[0])
    assert Reservation.objects.get().state == "used"
    # 2 × 168.00: 86 pay, 26 material, 14 base, 12 tax and shipping, 30 chamber; 12.00
    # of shipping is charged below 299.00 only.
    assert moves(parcel) == [
        ("base_payable", -2_800),
        ("chamber_revenue", -6_000),
        ("deferred_revenue", 33_600),
        ("material", -5_200),
        ("tax_parcel", -2_400),
        ("work_in_stock", -17_200),
    ]
    assert moves(parcel, "parcel_cost") == [("bank", -1_050), ("tax_parcel", 1_050)]
    sale.order.refresh_from_db()
    assert sale.order.status == "shipped"
    event = sale.order.shipping_events.get()
    assert (event.event_type.name, event.line_quantities.get().quantity) == ("Sent", 2)


def test_sent_twice_with_one_reference_it_is_one_parcel(shop, leader):
    build.paid(shop, 0, ready=2)
    once = uuid.uuid4()
    for _time in range(2):
        parcel = shipping.send_shipment(
            shipment=Shipment.objects.get(), by=leader, client_reference=once
        )

    assert StockMovement.objects.filter(kind="shipped").count() == 1
    with pytest.raises(shipping.AlreadyGone) as error:
        build.sent(parcel, leader)
    assert error.value.state == "sent"
    assert Entry.objects.filter(what="release").count() == 1


def test_a_mixed_order_goes_in_parts_that_sum_to_what_was_paid(shop, leader):
    sale = build.paid(shop, 3, ready=1)
    take_all(sale, leader)
    first = build.sent(Shipment.objects.get(), leader)
    made(sale, leader, pieces=1)
    second = build.sent(Shipment.objects.get(state="planned"), leader)
    made(sale, leader, pieces=2)
    third = build.sent(Shipment.objects.get(state="planned"), leader)

    for parcel in (first, second, third):
        shipping.mark_arrived(shipment=parcel, by=leader)
        shipping.mark_arrived(shipment=parcel, by=leader)
    deferred = [dict(moves(one))["deferred_revenue"] for one in (first, second, third)]
    assert deferred == [16_800, 18_600, 37_200]
    assert sum(deferred) == sale.total_fen
    assert Balance.objects.get(account__kind="deferred_revenue").fen == 0
    # The opening lot was never paid piece by piece; the three tigers were.
    assert Balance.objects.get(account__kind="work_in_stock").fen == -8_600
    sale.order.refresh_from_db()
    assert sale.order.status == "completed"


def test_charged_shipping_is_earned_with_the_first_parcel(shop, leader):
    sale = build.paid(shop, 1)
    assert sale.shipping_fen == 1_200
    take_all(sale, leader)
    made(sale, leader)
    parcel = build.sent(Shipment.objects.get(), leader)

    assert moves(parcel) == [
        ("base_payable", -1_400),
        ("chamber_revenue", -4_800),
        ("deferred_revenue", 19_800),
        ("material", -2_600),
        ("shipping_charged", -1_200),
        ("tax_parcel", -1_200),
        ("work_in_stock", -8_600),
    ]
    assert Balance.objects.get(account__kind="work_in_stock").fen == 0


def test_one_parcel_waits_until_the_last_piece_is_there(shop, leader):
    wish = orders_builders.wishes(one_parcel=True)
    sale = build.paid(shop, 2, ready=1, wish=wish)
    assert not Shipment.objects.exists()
    take_all(sale, leader)
    made(sale, leader, pieces=1)
    assert shipping.plan_shipments(sale.reference) == []

    made(sale, leader, pieces=1)

    parcel = build.sent(Shipment.objects.get(), leader)
    assert sum(row.pieces for row in parcel.lines.all()) == 3


def test_money_given_back_before_is_the_chambers_loss(shop, leader):
    build.paid(shop, 0, ready=2)
    refunding.refund_payment(
        payment=Payment.objects.get().reference,
        amount_fen=10_000,
        cause="goodwill",
        client_reference=uuid.uuid4(),
        by=leader,
    )
    parcel = build.sent(Shipment.objects.get(), leader)

    found = dict(moves(parcel))
    assert found["deferred_revenue"] == 23_600
    assert found["chamber_revenue"] == 4_000
    assert found["work_in_stock"] == -17_200


def test_a_refunded_order_sends_nothing(shop, leader):
    sale = build.paid(shop, 0, ready=2)
    build.refunded(leader)

    parcel = Shipment.objects.get()
    assert parcel.state == "cancelled"
    with pytest.raises(shipping.AlreadyGone):
        build.sent(parcel, leader)
    assert shipping.plan_shipments(sale.reference) == []
    assert build.on_the_shelf(shop.record) == (5, 0)


def test_what_was_sent_before_the_refund_still_arrives_and_stays_refunded(shop, leader):
    sale = build.paid(shop, 0, ready=2)
    parcel = build.sent(Shipment.objects.get(), leader)
    build.refunded(leader, "returned")

    shipping.mark_arrived(shipment=parcel, by=leader)

    sale.order.refresh_from_db()
    assert sale.order.status == "refunded"
    # What was earned already is the chamber's loss; pay and the base's part stand.
    assert Balance.objects.get(account__kind="refunds").fen == sale.total_fen
    assert Balance.objects.get(account__kind="base_payable").fen == -2_800


@pytest.fixture
def collected(shop):
    """Two ready tigers that are collected at a point of the base where they lie."""
    PickupPoint.objects.filter(pk=shop.point.pk).update(base=shop.base)
    shop.point.refresh_from_db()
    build.paid(shop, 0, ready=2, wish=orders_builders.collects(shop.point))
    return Shipment.objects.get()


def test_what_lies_at_the_point_leaves_stock_when_it_is_handed_over(
    shop, collected, leader
):
    for _time in range(2):
        shipping.make_ready(shipment=collected, by=leader)
    assert build.on_the_shelf(shop.record) == (5, 2)
    assert not Entry.objects.filter(what="release").exists()

    for _time in range(2):
        row = shipping.hand_over(
            shipment=collected, code=collected.pickup_code, by=leader
        )

    assert row.state == "collected"
    assert build.on_the_shelf(shop.record) == (3, 0)
    assert dict(moves(row))["deferred_revenue"] == 33_600
    row.order.refresh_from_db()
    assert row.order.status == "completed"


def test_wrong_codes_are_counted_and_end_the_tries(collected, leader):
    shipping.make_ready(shipment=collected, by=leader)
    wrong = f"{(int(collected.pickup_code) + 1) % 10_000:04d}"
    for left in (4, 3, 2, 1):
        with pytest.raises(shipping.WrongCode) as error:
            shipping.hand_over(shipment=collected, code=wrong, by=leader)
        assert error.value.left == left
    with pytest.raises(shipping.CodeLocked):
        shipping.hand_over(shipment=collected, code=wrong, by=leader)
    with pytest.raises(shipping.CodeLocked):
        shipping.hand_over(shipment=collected, code=collected.pickup_code, by=leader)

    fresh = shipping.renew_code(shipment=collected)
    row = shipping.hand_over(shipment=collected, code=fresh.pickup_code, by=leader)
    assert row.state == "collected"


@pytest.mark.parametrize("code", ["", "虎虎虎虎", "00000"])
def test_a_code_that_is_none_is_a_wrong_one(collected, leader, code):
    shipping.make_ready(shipment=collected, by=leader)
    with pytest.raises(shipping.WrongCode):
        shipping.hand_over(shipment=collected, code=code, by=leader)


def test_what_lies_elsewhere_is_sent_to_the_point_first(shop, leader):
    build.paid(shop, 0, ready=1, wish=orders_builders.collects(shop.point))
    parcel = Shipment.objects.get()
    with pytest.raises(shipping.NotAtThePoint):
        shipping.make_ready(shipment=parcel, by=leader)
    with pytest.raises(shipping.NotReady):
        shipping.hand_over(shipment=parcel, code=parcel.pickup_code, by=leader)

    build.sent(parcel, leader)
    shipping.make_ready(shipment=parcel, by=leader)
    row = shipping.hand_over(shipment=parcel, code=parcel.pickup_code, by=leader)

    assert row.state == "collected"
    assert StockMovement.objects.filter(kind="shipped").count() == 1


def test_a_parcel_is_neither_made_ready_nor_handed_over(shop, leader):
    build.paid(shop, 0, ready=1)
    parcel = Shipment.objects.get()
    with pytest.raises(shipping.NotCollected):
        shipping.make_ready(shipment=parcel, by=leader)
    with pytest.raises(shipping.NotCollected):
        shipping.hand_over(shipment=parcel, code="0000", by=leader)
    with pytest.raises(shipping.NotReady):
        shipping.mark_arrived(shipment=parcel, by=leader)


def test_what_waits_at_the_point_goes_back_when_the_order_is_refunded(
    shop, collected, leader
):
    shipping.make_ready(shipment=collected, by=leader)
    build.refunded(leader)

    collected.refresh_from_db()
    assert collected.state == "cancelled"
    assert build.on_the_shelf(shop.record) == (5, 0)
    with pytest.raises(shipping.NotReady):
        shipping.hand_over(shipment=collected, code=collected.pickup_code, by=leader)


@pytest.mark.parametrize("ready", [False, True])
def test_what_was_sent_to_the_point_is_not_handed_over_after_a_refund(
    shop, leader, ready
):
    build.paid(shop, 0, ready=1, wish=orders_builders.collects(shop.point))
    parcel = build.sent(Shipment.objects.get(), leader)
    if ready:
        shipping.make_ready(shipment=parcel, by=leader)
    build.refunded(leader)

    deed, more = shipping.make_ready, {}
    if ready:
        deed, more = shipping.hand_over, {"code": parcel.pickup_code}
    with pytest.raises(shipping.MoneyGoneBack):
        deed(shipment=parcel, by=leader, **more)

    parcel.refresh_from_db()
    assert (parcel.state, parcel.code_tries) == ("withdrawn", 0)


def test_a_foreign_bases_parcel_is_not_there_for_a_leader(shop, leader):
    build.paid(shop, 0, ready=1)
    other, _women = build.another_base(shop)
    stranger = build.leader(other, email="stranger@example.com")

    assert Shipment.objects.of_leader(leader).count() == 1
    assert Shipment.objects.of_leader(stranger).count() == 0
