"""Work for stock, what capacity hears of it, rates, and jobs behind it."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import translation
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from catalog.making import rates
from catalog.models import Lot
from orders.models import (
    AllocationSetting,
    Assignment,
    Demand,
    Inspection,
    WorkOrder,
)
from orders.services import (
    allocating,
    answering,
    choosing,
    inspecting,
    offering,
)
from orders.services.other_work import minutes_of_other_work
from orders.tasks import expire_offers
from producers import capacity
from producers.ledger.models import Entry
from producers.models import CapacityWeek
from qiaoshou.common.today import clock_at
from tests import work_builders as build
from tests.orders_builders import NEXT_MONDAY, jobs

pytestmark = pytest.mark.django_db
AFTER = NEXT_MONDAY + dt.timedelta(weeks=1)


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


def test_work_for_stock_is_placed_paid_and_enters_stock_as_free(shop, leader):
    build.for_stock(shop, reference="STKTARGET1")

    allocating.place_again("STKTARGET1")
    work = WorkOrder.objects.get()
    assert (work.pieces, work.piece_rate_fen, work.minutes) == (3, 8_600, 240)
    (row,) = offering.send_offers(work_order=work, by=leader)
    answering.take(assignment=row, pieces=3, how="slip", by=leader)
    build.inspected(build.delivered(row, 3, leader), leader)

    shop.record.refresh_from_db()
    assert (shop.record.num_in_stock, shop.record.num_allocated) == (8, 0)
    assert Lot.objects.get(source_kind="inspection").maker == shop.makers[0]
    assert Demand.objects.get().state == "closed"


def test_capacity_is_told_of_work_that_no_sale_stands_behind(shop, leader):
    build.for_stock(shop, 3)
    allocating.allocate_open(cause="nightly")
    build.taken(shop, 2, by=leader)
    woman = shop.makers[0].pk

    # Three for stock; the two of a paid order have their own reservation.
    assert minutes_of_other_work([woman], NEXT_MONDAY, AFTER) == {
        (woman, NEXT_MONDAY): 720
    }
    assert minutes_of_other_work([woman], AFTER, AFTER + dt.timedelta(weeks=1)) == {
        (woman, AFTER): 720
    }
    assert minutes_of_other_work([], NEXT_MONDAY, AFTER) == {}


def test_what_a_refunded_order_still_makes_is_such_work_too(shop, leader):
    (row,) = build.taken(shop, 2, by=leader)
    build.refunded(leader)
    build.delivered(row, 1, leader)

    found = minutes_of_other_work([row.maker_id], NEXT_MONDAY, AFTER)
    assert found == {(row.maker_id, NEXT_MONDAY): 240}


def test_the_nightly_offer_leaves_that_time_out(shop):
    week = CapacityWeek.objects.filter(pk=shop.week.pk)
    capacity.propose_offers(weeks=1)
    before = week.get().offered
    build.for_stock(shop, 3)
    allocating.allocate_open(cause="nightly")

    capacity.propose_offers(weeks=1)

    assert before - week.get().offered == 720 * 80 // 100


def test_a_rate_that_rose_after_the_sale_is_paid_and_one_that_fell_is_not(shop):
    sale = build.paid(shop, 1)
    rates.set_piece_rate(
        spec=shop.made.craft_spec,
        fen=9_000,
        valid_from=dt.date(2026, 11, 25),
        reference="higher",
    )
    with clock_at(build.NOON + dt.timedelta(days=1)):
        allocating.allocate(sale.reference)
        assert WorkOrder.objects.get().piece_rate_fen == 9_000
        later = build.paid(shop, 1)
    rates.set_piece_rate(
        spec=shop.made.craft_spec,
        fen=8_800,
        valid_from=dt.date(2026, 11, 26),
        reference="lower",
    )
    with clock_at(build.NOON + dt.timedelta(days=2)):
        allocating.allocate(later.reference)

    found = WorkOrder.objects.order_by("pk").values_list("piece_rate_fen", flat=True)
    assert list(found) == [9_000, 9_000]


@translation.override("en")
def test_what_held_before_today_is_not_changed_afterwards(leader):
    choosing.set_choices(
        valid_from=dt.date(2026, 11, 24),
        monitored_percent=200,
        floor_minutes=240,
        by=leader,
    )
    for _time in range(2):
        choosing.set_choices(
            valid_from=dt.date(2026, 11, 24),
            monitored_percent=180,
            floor_minutes=240,
            by=leader,
        )
    with pytest.raises(ValidationError, match="before today"):
        choosing.set_choices(
            valid_from=dt.date(2026, 11, 23),
            monitored_percent=180,
            floor_minutes=240,
            by=leader,
        )
    with pytest.raises(ValidationError, match="between 100 and 300"):
        choosing.set_choices(
            valid_from=dt.date(2026, 12, 1),
            monitored_percent=99,
            floor_minutes=240,
            by=leader,
        )
    assert AllocationSetting.objects.get().monitored_percent == 180


class Stopped(RuntimeError):
    """The machine stops here."""


def test_stopped_in_the_middle_of_an_acceptance_nothing_of_it_is_left(
    shop, leader, monkeypatch
):
    (row,) = build.taken(shop, 2, by=leader)
    brought = build.delivered(row, 2, leader)

    def stop(*_args, **_named):
        raise Stopped

    with monkeypatch.context() as broken:
        broken.setattr(inspecting, "pay_for_pieces", stop)
        with pytest.raises(Stopped):
            build.inspected(brought, leader)
    row.refresh_from_db()
    assert (row.waiting, row.accepted) == (2, 0)
    assert not Inspection.objects.exists()
    assert not Lot.objects.filter(source_kind="inspection").exists()
    assert not Entry.objects.filter(what="pay").exists()

    build.inspected(brought, leader)
    assert Entry.objects.filter(what="pay").count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_decline_and_the_job_that_places_again_are_kept_or_lost_together(
    shop, leader
):
    (row,) = build.offered(shop, 2, leader)
    before = len(jobs("place_again"))

    def declined_and_stopped():
        with transaction.atomic():
            answering.decline(assignment=row, how="slip", by=leader)
            raise Stopped

    with pytest.raises(Stopped):
        declined_and_stopped()

    assert len(jobs("place_again")) == before
    row.refresh_from_db()
    assert row.state == "offered"


@pytest.mark.django_db(transaction=True)
def test_a_worker_allocates_a_paid_order_and_ends_offers_whose_hour_has_passed(
    shop, leader
):
    sale = build.paid(shop, 2)
    work("allocate_order")
    assert build.demand_of(sale).ordered == 2
    (row,) = offering.send_offers(work_order=WorkOrder.objects.get(), by=leader)
    Assignment.objects.filter(pk=row.pk).update(
        answer_by=dt.datetime(2020, 1, 1, tzinfo=dt.UTC)
    )
    expire_offers.defer(timestamp=0)

    assert set(work("expire_offers", "place_again")) == {
        ("expire_offers", "succeeded"),
        ("place_again", "succeeded"),
    }
    row.refresh_from_db()
    assert row.state == "expired"
    assert build.demand_of(sale).ordered == 0


def work(*names):
    """What a worker does with the queue; the states of the jobs of these names."""
    with app.replace_connector(app.connector.get_worker_connector()) as at_work:
        at_work.run_worker(
            wait=False, install_signal_handlers=False, listen_notify=False
        )
    done = ProcrastinateJob.objects.filter(task_name__in=names).order_by("id")
    return list(done.values_list("task_name", "status"))
