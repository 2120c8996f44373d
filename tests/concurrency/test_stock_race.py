"""Twenty buyers at once for the last unit: exactly one gets it."""

import threading

import pytest
from django.db import IntegrityError, connection, transaction
from oscar.core.loading import get_model

from catalog import stock
from catalog.models import Lot, StockMovement
from catalog.stock import Source
from qiaoshou.local import postgres
from tests import catalog_builders as build
from tests.concurrency import racing
from tests.template_database import cluster

pytestmark = pytest.mark.django_db(transaction=True)
BUYERS = 20
StockRecord = get_model("partner", "StockRecord")


@pytest.fixture
def last_tiger():
    base = build.base(build.village())
    tiger = build.product(base, build.craft()).listing.product
    _lot, record = build.lot(tiger, build.place(base), 1)
    return record


def all_at_once(buy):
    """What each of the buyers met: "sold", or the name of the refusal."""

    def buyer(number):
        def tried():
            buy(Source("order", f"buyer-{number}"))
            return "sold"

        return tried

    refusals = (stock.NotEnough, IntegrityError)
    return sorted(racing.at_once(*map(buyer, range(BUYERS)), refusals=refusals))


@pytest.fixture
def lock_off(monkeypatch):
    """Stock is read without its lock, and every buyer decides before any writes."""
    decided = threading.Barrier(BUYERS)

    def unlocked(**which):
        found = list(StockRecord.objects.order_by("pk").filter(**which))
        decided.wait(timeout=30)
        return found

    monkeypatch.setattr(stock, "_locked", unlocked)


def numbers(record):
    record = StockRecord.objects.get(pk=record.pk)
    return record.num_in_stock, record.num_allocated


def test_one_of_twenty_buyers_gets_the_last_unit(last_tiger):
    met = all_at_once(
        lambda source: build.reserve(
            product=last_tiger.product_id, pieces=1, source=source
        )
    )

    assert met == ["NotEnough"] * 19 + ["sold"]
    assert numbers(last_tiger) == (1, 1)
    assert StockMovement.objects.filter(kind="reserved").count() == 1


def test_control_without_lock_and_check_all_twenty_get_it(last_tiger, lock_off):
    name = connection.settings_dict["NAME"]
    with postgres.connect(cluster(), name) as owner:
        owner.execute("ALTER TABLE partner_stockrecord DROP CONSTRAINT "
                      "stock_reserved_within_stock")  # fmt: skip
        owner.execute("ALTER TABLE catalog_stockmovement DROP CONSTRAINT "
                      "stock_movement_after_possible")  # fmt: skip

    met = all_at_once(
        lambda source: build.reserve(
            product=last_tiger.product_id, pieces=1, source=source
        )
    )

    assert met == ["sold"] * 20
    assert numbers(last_tiger) == (1, 20)


def test_without_the_lock_the_database_still_sells_one_only(last_tiger, lock_off):
    met = all_at_once(
        lambda source: build.reserve(
            product=last_tiger.product_id, pieces=1, source=source
        )
    )

    assert met == ["IntegrityError"] * 19 + ["sold"]
    assert numbers(last_tiger) == (1, 1)


def test_twenty_orders_of_two_products_in_either_order_never_block_each_other():
    base = build.base(build.village())
    of = build.craft()
    at = build.place(base)
    pair = []
    for slug in ("tiger", "sachet"):
        piece = build.product(base, of, slug=slug).listing.product
        _lot, record = build.lot(piece, at, BUYERS)
        pair.append(record)

    def buy(source):
        order = pair if int(source.reference.split("-")[1]) % 2 else pair[::-1]
        with transaction.atomic():
            stock.reserve_many(
                wanted={record.product_id: 1 for record in order}, source=source
            )

    assert all_at_once(buy) == ["sold"] * 20
    assert [numbers(record) for record in pair] == [(20, 20), (20, 20)]


def test_the_same_delivery_received_twenty_times_at_once_is_one_lot():
    base = build.base(build.village())
    tiger = build.product(base, build.craft()).listing.product
    at = build.place(base)

    met = all_at_once(lambda _source: build.lot(tiger, at, 5, reference="inspection-1"))

    assert met == ["sold"] * 20
    assert Lot.objects.count() == 1
    assert StockRecord.objects.get(product=tiger, partner=at.partner).num_in_stock == 5
