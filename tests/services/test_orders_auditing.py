"""Pay in the books is held against what inspections accepted."""

import pytest

from orders.services.auditing import audit
from producers.ledger.journal import reverse
from producers.ledger.pay import pay_for_pieces
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
