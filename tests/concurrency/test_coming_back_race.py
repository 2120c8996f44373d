"""Two who record the same pieces as back: they are in stock and in the books once."""

import threading
import uuid

import pytest
from django.db import IntegrityError
from oscar.core.loading import get_model

from orders.models import GoodsBack, Sale, Shipment
from orders.services import shipping, taking_back
from orders.services.taking_back import Found
from producers.ledger.models import Entry
from qiaoshou.common.today import clock_at
from tests import work_builders as build
from tests.concurrency import racing

pytestmark = pytest.mark.django_db(transaction=True)
StockRecord = get_model("partner", "StockRecord")


@pytest.fixture
def leader():
    with clock_at(build.NOON):
        shop = build.workshop()
        build.paid(shop, 0, ready=2)
        return build.leader(shop.base)


@pytest.fixture
def arrived(leader):
    with clock_at(build.NOON):
        row = build.sent(Shipment.objects.get(), leader)
        return shipping.mark_arrived(shipment=row, by=leader)


def comes_back(row, leader, once=None):
    line = row.lines.get()

    def deed():
        with clock_at(build.NOON):
            taking_back.take_back(
                shipment=row,
                found={line.pk: Found(good=2)},
                reason="尺寸不合",
                client_reference=once or uuid.uuid4(),
                by=leader,
            )
        return "back"

    return deed


def at_once(*deeds):
    return racing.at_once(*deeds, refusals=(taking_back.NeverLeft, IntegrityError))


def counted(row):
    record = StockRecord.objects.get(num_in_stock__isnull=False)
    entries = Entry.objects.filter(what="goods_back")
    return record.num_in_stock, row.lines.get().came_back, entries.count()


def test_two_who_record_the_same_pieces_put_them_back_once(arrived, leader):
    met = at_once(comes_back(arrived, leader), comes_back(arrived, leader))

    assert sorted(met) == ["NeverLeft", "back"]
    assert counted(arrived) == (5, 2, 1)


def test_one_form_sent_five_times_at_once_is_one_return(arrived, leader):
    once = uuid.uuid4()

    assert at_once(*[comes_back(arrived, leader, once)] * 5) == ["back"] * 5

    assert GoodsBack.objects.count() == 1
    assert counted(arrived) == (5, 2, 1)


def test_control_with_the_lock_off_the_database_refuses_the_second(
    arrived, leader, monkeypatch
):
    looked = threading.Barrier(2)
    honest = taking_back._check

    def slowly(*facts):
        honest(*facts)
        looked.wait(timeout=30)

    monkeypatch.setattr(
        taking_back, "lock_sale", lambda number: Sale.objects.get(reference=number)
    )
    monkeypatch.setattr(taking_back, "_check", slowly)

    met = at_once(comes_back(arrived, leader), comes_back(arrived, leader))

    # Both believed that the pieces were away; the lot can't hold them twice.
    assert sorted(met) == ["IntegrityError", "back"]
    assert counted(arrived) == (5, 2, 1)
