"""The books are held against what inspections accepted and what came back."""

import uuid

import pytest

from orders.models import GoodsBack, ShipmentLine
from orders.services.auditing import audit
from producers.ledger.journal import Move, enter, reverse
from producers.ledger.pay import pay_for_pieces
from producers.ledger.tables.journal import Kind, What
from qiaoshou.common.today import clock_at
from tests import orders_builders as build
from tests.orders_rows import one_of_each

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def noon():
    with clock_at(build.NOON):
        yield


@pytest.fixture
def shop():
    return build.shop()


@pytest.fixture
def delivery(shop):
    """Two pieces came back, and one of them was accepted."""
    return one_of_each(shop, build.person())["Delivery"]


def pay(shop, source, pieces=1):
    return pay_for_pieces(
        maker=shop.makers[0],
        base=shop.base,
        craft=shop.craft,
        pieces=pieces,
        rate_fen=8_600,
        source_kind="inspection",
        source=source,
    )


def test_accepted_pieces_without_their_pay_are_named(delivery):
    assert audit() == [
        "pay is accepted pieces times the rate: "
        f"delivery {delivery.reference}: 1 pieces accepted at 8600 fen, 0 fen were "
        "booked"
    ]


def test_pay_for_more_than_was_accepted_is_named(shop, delivery):
    pay(shop, delivery.reference, 2)

    assert audit() == [
        "pay is accepted pieces times the rate: "
        f"delivery {delivery.reference}: 1 pieces accepted at 8600 fen, 17200 fen were "
        "booked"
    ]


def test_pay_as_accepted_is_right_and_so_is_its_correction(shop, delivery):
    entry = pay(shop, delivery.reference)
    assert audit() == []

    reverse(entry=entry, reason="not hers", by=build.person("two@example.org"))
    assert audit() == []


def test_pay_for_nothing_on_record_is_named(shop, delivery):
    pay(shop, delivery.reference)
    pay(shop, "NOWHERE000")

    assert audit() == [
        "pay is of pieces that were inspected: "
        "entry pay:inspection:NOWHERE000 pays for no inspection on record"
    ]


def test_good_pieces_that_are_not_in_stock_are_named(shop, delivery):
    pay(shop, delivery.reference)
    line = ShipmentLine.objects.get()
    back = GoodsBack.objects.create(
        client_reference=uuid.uuid4(),
        shipment=line.shipment,
        reason="尺寸不合",
        recorded_by=delivery.recorded_by,
    )
    back.lines.create(shipment_line=line, good=1, spoilt=0)
    ShipmentLine.objects.update(pieces=2, came_back=2)

    assert audit() == [
        "what came back good is in stock: "
        f"return {back.reference}: 1 good pieces, 0 came into stock"
    ]


def test_worth_of_pieces_that_did_not_come_back_good_is_named(shop, delivery):
    pay(shop, delivery.reference)
    spoilt = GoodsBack.objects.get()
    enter(
        what=What.GOODS_BACK,
        reference="goods-back:WRONG",
        source_kind="goods_back",
        source=spoilt.reference,
        moves=[Move(Kind.MATERIAL, 2_600), Move(Kind.REFUNDS, -2_600, "ORDER")],
    )

    assert audit() == [
        "only what came back good is worth anything again: "
        "entry goods-back:WRONG is of no good pieces on record"
    ]
