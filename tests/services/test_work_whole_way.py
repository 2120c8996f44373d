"""One order from the payment to the door, and every account on the way."""

import uuid

import pytest

from catalog.models import Lot
from orders.models import Assignment, Demand, Shipment, WorkOrder
from orders.services import allocating, answering, offering, shipping
from producers.ledger.models import Balance
from producers.models import MakerHours
from qiaoshou.common.today import clock_at
from tests import work_builders as build

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def noon():
    with clock_at(build.NOON):
        yield
        build.check_counters()


def books():
    """Every account that is not at nothing: (kind, whose) → fen."""
    rows = Balance.objects.exclude(fen=0).select_related(
        "account__maker", "account__base"
    )
    found = {
        (row.kind, row.account.maker or row.account.base or "house"): row.fen
        for row in rows
    }
    assert sum(found.values()) == 0
    return found


def answer(demand, leader):
    """What is proposed is sent, and everybody takes hers."""
    taken = []
    for work in WorkOrder.objects.filter(demand=demand, closed_at=None):
        for row in offering.send_offers(work_order=work, by=leader):
            taken.append(
                answering.take(
                    assignment=row, pieces=row.offered, how="spoken", by=leader
                )
            )
    return taken


def test_from_the_payment_to_the_door_every_fen_is_somewhere():
    shop = build.workshop()
    leader = build.leader(shop.base)
    woman = shop.makers[0]
    MakerHours.objects.filter(maker__in=shop.makers[1:]).update(minutes=0)
    sale = build.paid(shop, 3)
    clearing = ("clearing_counter", "house")
    deferred = ("deferred_revenue", "house")
    assert books() == {clearing: 55_800, deferred: -55_800}

    allocating.allocate(sale.reference)
    demand = Demand.objects.get()
    (first,) = answer(demand, leader)
    assert (first.maker, first.taken) == (woman, 3)

    build.inspected(build.delivered(first, 3, leader), leader, accepted=2, rejected=1)
    pay, hers = ("work_in_stock", "house"), ("maker_payable", woman)
    assert books() == {
        clearing: 55_800,
        deferred: -55_800,
        pay: 17_200,
        hers: -17_200,
    }

    shipping.send_shipment(
        shipment=Shipment.objects.get(),
        by=leader,
        client_reference=uuid.uuid4(),
        cost_fen=900,
    )
    base = ("base_payable", shop.base)
    material, tax = ("material", "house"), ("tax_parcel", "house")
    chamber, bank = ("chamber_revenue", "house"), ("bank", "house")
    assert books() == {
        clearing: 55_800,
        deferred: -18_600,
        hers: -17_200,
        base: -2_800,
        material: -5_200,
        tax: -2_400 + 900,
        bank: -900,
        chamber: -9_600,
    }

    allocating.place_again(demand.reference)
    (second,) = answer(demand, leader)
    assert second.taken == 1
    build.inspected(build.delivered(second, 1, leader), leader)
    shipping.send_shipment(
        shipment=Shipment.objects.get(state="planned"),
        by=leader,
        client_reference=uuid.uuid4(),
        cost_fen=900,
    )

    assert books() == {
        clearing: 55_800,
        hers: -25_800,
        base: -4_200,
        material: -7_800,
        tax: -3_600 + 1_800,
        bank: -1_800,
        chamber: -14_400,
    }
    demand.refresh_from_db()
    assert (demand.state, demand.ordered) == ("closed", 3)
    assert {row.state for row in Assignment.objects.all()} == {"closed"}
    assert not WorkOrder.objects.filter(closed_at=None).exists()
    left = Lot.objects.filter(source_kind="inspection")
    assert [lot.remaining for lot in left] == [0, 0]
    for parcel in Shipment.objects.all():
        shipping.mark_arrived(shipment=parcel, by=leader)
    sale.order.refresh_from_db()
    assert sale.order.status == "completed"
