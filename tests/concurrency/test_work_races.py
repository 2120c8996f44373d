"""Answers, inspections, parcels and plans at once: each deed happens once."""

import dataclasses
import threading
import time
import uuid

import pytest
from django.db import IntegrityError, transaction
from oscar.core.loading import get_model

from orders.models import (
    Assignment,
    Inspection,
    LatePieces,
    Shipment,
    WorkOrder,
)
from orders.services import (
    allocating,
    answering,
    applying,
    inspecting,
    offering,
    shipping,
)
from producers.ledger.models import Entry
from producers.models import MakerHours
from qiaoshou.common.today import clock_at
from tests import work_builders as build
from tests.concurrency import racing

pytestmark = pytest.mark.django_db(transaction=True)
StockRecord = get_model("partner", "StockRecord")
REFUSALS = (
    answering.AlreadyAnswered,
    inspecting.AlreadyInspected,
    shipping.AlreadyGone,
    offering.RuleBroken,
    offering.TooManyPieces,
    allocating.Overtaken,
    IntegrityError,
)


@pytest.fixture
def shop():
    """One woman has time for ten tigers until 6 December, the others have none."""
    with clock_at(build.NOON):
        shop = build.workshop(minutes=9_600)
        MakerHours.objects.filter(maker__in=shop.makers[1:]).update(minutes=0)
        MakerHours.objects.filter(maker=shop.makers[0]).update(minutes=1_400)
        return shop


@pytest.fixture
def leader(shop):
    return build.leader(shop.base)


def at_once(*deeds):
    """See `racing.at_once`; it is noon for every deed."""

    def at_noon(deed):
        def timed():
            with clock_at(build.NOON):
                return deed()

        return timed

    return racing.at_once(*map(at_noon, deeds), refusals=REFUSALS)


def offer(shop, leader, pieces=4):
    with clock_at(build.NOON):
        (row,) = build.offered(shop, pieces, leader)
    return row


def takes(row, leader, pieces):
    def deed():
        answering.take(assignment=row, pieces=pieces, how="phone", by=leader)
        return "taken"

    return deed


def declines(row, leader):
    def deed():
        answering.decline(assignment=row, how="slip", by=leader)
        return "declined"

    return deed


def test_she_and_her_leader_answer_at_once_and_one_answer_stands(shop, leader):
    for _round in range(3):
        row = offer(shop, leader, 2)
        met = at_once(takes(row, leader, 2), declines(row, leader))

        row.refresh_from_db()
        assert sorted(met) == ["AlreadyAnswered", row.state]
        order = WorkOrder.objects.get(pk=row.work_order_id)
        assert order.placed == row.live


def test_five_who_send_the_same_answer_are_told_the_same(shop, leader):
    row = offer(shop, leader)

    assert at_once(*[takes(row, leader, 3)] * 5) == ["taken"] * 5

    row.refresh_from_db()
    assert (row.taken, WorkOrder.objects.get().placed) == (3, 3)


def test_control_with_the_lock_off_the_database_refuses_the_second_answer(
    shop, leader, monkeypatch
):
    row = offer(shop, leader)
    read = threading.Barrier(2)

    def unlocked(assignment):
        found = Assignment.objects.select_related("work_order__demand").get(
            pk=assignment
        )
        read.wait(timeout=30)
        return found.work_order.demand, found.work_order, found

    monkeypatch.setattr(answering, "lock_assignment", unlocked)
    met = at_once(takes(row, leader, 3), takes(row, leader, 1))

    # Both believed that the offer was open; the counters can't hold both answers.
    assert sorted(met) == ["IntegrityError", "taken"]


def test_an_answer_and_the_end_of_its_hour_at_once_leave_one_of_them(shop, leader):
    for _round in range(3):
        row = offer(shop, leader, 2)
        Assignment.objects.filter(pk=row.pk).update(answer_by=build.NOON)
        met = at_once(takes(row, leader, 2), answering.expire_offers)

        row.refresh_from_db()
        assert (met, row.state) in (
            (["taken", 0], "taken"),
            (["AlreadyAnswered", 1], "expired"),
        )


def delivery(shop, leader):
    with clock_at(build.NOON):
        (row,) = build.taken(shop, 4, by=leader)
        return build.delivered(row, 4, leader)


def inspects(brought, leader, once=None):
    def deed():
        inspecting.record_inspection(
            delivery=brought,
            accepted=4,
            rework=0,
            rejected=0,
            client_reference=once or uuid.uuid4(),
            by=leader,
        )
        return "inspected"

    return deed


def stock_of(shop):
    record = StockRecord.objects.get(product=shop.made, num_in_stock__isnull=False)
    return record.num_in_stock, record.num_allocated


def test_two_inspections_of_one_delivery_at_once_pay_once(shop, leader):
    brought = delivery(shop, leader)
    met = at_once(inspects(brought, leader), inspects(brought, leader))

    assert sorted(met) == ["AlreadyInspected", "inspected"]
    assert Entry.objects.filter(what="pay").count() == 1
    assert stock_of(shop) == (4, 4)


def test_one_form_of_an_inspection_sent_five_times_at_once_is_one(shop, leader):
    brought, once = delivery(shop, leader), uuid.uuid4()

    assert at_once(*[inspects(brought, leader, once)] * 5) == ["inspected"] * 5

    assert Inspection.objects.count() == 1
    assert Entry.objects.filter(what="pay").count() == 1
    assert stock_of(shop) == (4, 4)


def test_two_who_send_one_parcel_at_once_send_it_once(shop, leader):
    with clock_at(build.NOON):
        build.paid(shop, 0, ready=2)
    parcel = Shipment.objects.get()

    def sends():
        build.sent(parcel, leader, cost_fen=900)
        return "sent"

    assert sorted(at_once(sends, sends)) == ["AlreadyGone", "sent"]
    assert Entry.objects.filter(what="release").count() == 1
    assert Entry.objects.filter(what="parcel_cost").count() == 1
    assert build.on_the_shelf(shop.record) == (3, 0)


def test_a_parcel_and_the_refund_of_its_order_at_once_leave_stock_right(shop, leader):
    with clock_at(build.NOON):
        build.paid(shop, 0, ready=2)
    parcel = Shipment.objects.get()

    def sends():
        build.sent(parcel, leader)
        return "sent"

    def refunds():
        build.refunded(leader)
        return "refunded"

    met = at_once(sends, refunds)

    assert (met, build.on_the_shelf(shop.record)) in (
        (["sent", "refunded"], (3, 0)),
        (["AlreadyGone", "refunded"], (5, 0)),
    )


def test_a_refund_and_another_orders_parcel_never_wait_for_each_other(shop, leader):
    """Both need the same stock and the same balance, in the same order."""
    for _round in range(4):
        with clock_at(build.NOON):
            going, back = build.paid(shop, 0, ready=1), build.paid(shop, 0, ready=1)
        parcel = Shipment.objects.get(order=going.order_id)

        def sends(parcel=parcel):
            build.sent(parcel, leader)
            return "sent"

        def refunds(back=back):
            build.refunded(leader, sale=back)
            return "refunded"

        assert at_once(sends, refunds) == ["sent", "refunded"]


def test_work_that_is_refunded_while_it_is_found_late_is_not_late(shop, leader):
    MakerHours.objects.update(minutes=0)
    with clock_at(build.NOON):
        build.paid(shop, 4)
    refunded = threading.Event()

    def refunds():
        with transaction.atomic():
            build.refunded(leader)
            refunded.set()
            # So long the plan has to find the order still paid.
            time.sleep(1)
        return "refunded"

    def plans():
        refunded.wait(timeout=30)
        return allocating.allocate_open(cause="command").state

    assert at_once(refunds, plans) == ["refunded", "applied"]
    assert not LatePieces.objects.filter(settled_at=None).exists()


def allocates(sale):
    def deed():
        allocating.allocate(sale.reference)
        return "allocated"

    return deed


def two_orders(shop):
    with clock_at(build.NOON):
        return build.paid(shop, 7), build.paid(shop, 7)


def minutes_placed():
    return sum(row.live * 240 for row in Assignment.objects.all())


def test_two_orders_allocated_at_once_never_give_a_maker_more_than_her_hours(
    shop, leader
):
    first, second = two_orders(shop)
    met = at_once(allocates(first), allocates(second))

    assert met == ["allocated", "allocated"]
    # Ten pieces of four hours are all that 2,400 free minutes hold.
    assert minutes_placed() == 2_400


def test_control_without_the_lock_two_plans_give_her_the_same_hours_twice(
    shop, leader, monkeypatch
):
    first, second = two_orders(shop)
    looked = threading.Barrier(2)
    honest = applying.lock_touched

    def of_one_order_only(seen, plan):
        touched = honest(seen, plan)
        looked.wait(timeout=30)
        return touched

    def half_of_it():
        seen = allocating.snapshot.read(allocating.today())
        mine = first if threading.current_thread().name == "first" else second
        job = build.demand_of(mine).pk
        problem = dataclasses.replace(
            seen.problem,
            jobs=tuple(one for one in seen.problem.jobs if one.id == job),
        )
        seen = dataclasses.replace(seen, problem=problem)
        return seen, allocating.plan_of(seen)

    monkeypatch.setattr(allocating, "lock_placing", lambda: None)
    monkeypatch.setattr(allocating, "look_and_plan", half_of_it)
    monkeypatch.setattr(applying, "lock_touched", of_one_order_only)

    def named(sale, name):
        def deed():
            threading.current_thread().name = name
            return allocates(sale)()

        return deed

    met = at_once(named(first, "first"), named(second, "second"))

    assert met == ["allocated", "allocated"]
    assert minutes_placed() == 14 * 240


def test_a_leaders_change_and_a_plan_at_once_never_overbook_a_maker(shop, leader):
    with clock_at(build.NOON):
        build.placed(shop, 7)
        work = WorkOrder.objects.get()
        other = build.paid(shop, 7)

    def changes():
        offering.change_proposal(
            work_order=work,
            pieces={shop.makers[0].pk: 6},
            reason="少派一件",
            by=leader,
        )
        return "changed"

    met = at_once(changes, allocates(other))

    assert met[0] == "changed"
    assert minutes_placed() == 2_400
