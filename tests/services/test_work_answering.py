"""She takes, takes some, declines, gives back; what it touched is planned again."""

import datetime as dt
import uuid

import pytest

from orders.models import Assignment, Demand, GiveBack, WorkOrder
from orders.services import allocating, answering
from orders.services.offering import NoReason
from producers.models import MakerHours
from qiaoshou.common.today import clock_at
from tests import work_builders as build
from tests.orders_builders import jobs

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def noon():
    with clock_at(build.NOON):
        yield
        build.check_counters()


@pytest.fixture
def shop():
    return build.workshop()


@pytest.fixture
def leader(shop):
    return build.leader(shop.base)


@pytest.fixture
def offer(shop, leader):
    """Four tigers, all offered to one woman who alone has the hours."""
    MakerHours.objects.filter(maker__in=shop.makers[1:]).update(minutes=140)
    build.offered(shop, 4, leader)
    return Assignment.objects.order_by("-offered", "pk")[0]


def test_she_takes_all(offer, leader):
    answering.take(assignment=offer, pieces=offer.offered, how="phone", by=leader)

    offer.refresh_from_db()
    assert (offer.state, offer.taken, offer.how) == ("taken", offer.offered, "phone")
    assert offer.answered_by == leader
    assert jobs("place_again") == []


def test_taken_twice_with_the_same_pieces_it_is_taken_once(offer, leader):
    for _time in range(2):
        answering.take(assignment=offer, pieces=1, how="slip", by=leader)

    assert jobs("place_again") == [offer.demand.reference]
    with pytest.raises(answering.AlreadyAnswered):
        answering.take(assignment=offer, pieces=2, how="slip", by=leader)


def test_taking_some_ends_the_offer_for_the_rest_which_others_get(shop, offer, leader):
    assert offer.offered >= 2
    answering.take(assignment=offer, pieces=1, how="spoken", by=leader)
    work = WorkOrder.objects.get()
    assert (work.pieces, work.placed) == (4, 4 - offer.offered + 1)

    allocating.place_again(offer.demand.reference)

    offer.refresh_from_db()
    assert (offer.state, offer.live) == ("taken", 1)
    again = Assignment.objects.filter(state="proposed")
    assert offer.maker_id not in {row.maker_id for row in again}


def test_more_than_was_offered_is_refused(offer, leader):
    with pytest.raises(answering.NotThatMany) as error:
        answering.take(assignment=offer, pieces=5, how="slip", by=leader)
    assert error.value.pieces == offer.offered


def test_a_decline_plans_again_only_what_it_touched(shop, leader):
    rows = build.offered(shop, 6, leader)
    other = build.placed(shop, 5)
    untouched = list(Assignment.objects.exclude(pk=rows[0].pk).values().order_by("pk"))

    answering.decline(assignment=rows[0], how="phone", by=leader, reason="太忙")
    assert jobs("place_again") == [rows[0].demand.reference]
    allocating.place_again(rows[0].demand.reference)

    known = [row["id"] for row in untouched]
    assert list(Assignment.objects.filter(pk__in=known).values().order_by("pk")) == (
        untouched
    )
    rows[0].refresh_from_db()
    assert (rows[0].state, rows[0].live) == ("declined", 0)
    demand = Demand.objects.get(pk=rows[0].demand_id)
    assert (demand.pieces, demand.ordered) == (6, 6)
    fresh = Assignment.objects.filter(demand=demand, state="proposed")
    assert rows[0].maker_id not in {row.maker_id for row in fresh}
    assert sum(live for *_who, live in build.shares(of=other)) == 5


def test_when_everybody_declines_the_pieces_are_late_and_say_so(shop, leader):
    for _round in range(3):
        for row in build.offered(shop, 4, leader) if not _round else _sent(leader):
            answering.decline(assignment=row, how="slip", by=leader)
        allocating.place_again(Demand.objects.get().reference)

    demand = Demand.objects.get()
    late = demand.late.get(settled_at=None)
    assert (late.pieces, late.reason["code"]) == (4, "DECLINED")
    assert demand.ordered == 0
    assert all(order.closed_at for order in WorkOrder.objects.all())


def _sent(leader):
    from orders.services import offering

    sent = []
    for work in WorkOrder.objects.filter(closed_at=None):
        sent += offering.send_offers(work_order=work, by=leader)
    return sent


def test_an_offer_that_nobody_answered_expires_and_bars_the_pair(shop, offer, leader):
    with clock_at(build.NOON + dt.timedelta(hours=24)):
        expired = answering.expire_offers()
        assert answering.expire_offers() == 0

    offer.refresh_from_db()
    assert (offer.state, offer.live) == ("expired", 0)
    assert expired == Assignment.objects.filter(state="expired").count()
    assert jobs("place_again") == [offer.demand.reference] * expired


def test_before_its_hour_an_offer_does_not_expire(offer):
    with clock_at(build.NOON + dt.timedelta(hours=23, minutes=59)):
        assert answering.expire_offers() == 0


def test_an_expired_offer_can_no_longer_be_taken(offer, leader):
    with clock_at(build.NOON + dt.timedelta(hours=24)):
        answering.expire_offers()
        with pytest.raises(answering.AlreadyAnswered) as error:
            answering.take(assignment=offer, pieces=1, how="slip", by=leader)
    assert error.value.state == "expired"


def test_an_ill_maker_gives_back_what_she_has_not_delivered(shop, offer, leader):
    answering.take(assignment=offer, pieces=offer.offered, how="slip", by=leader)
    once = uuid.uuid4()
    for _time in range(2):
        answering.give_back(
            assignment=offer,
            pieces=offer.offered,
            reason="住院",
            by=leader,
            client_reference=once,
        )

    offer.refresh_from_db()
    assert (offer.state, offer.given_back, offer.live) == ("closed", offer.offered, 0)
    assert GiveBack.objects.get().reason == "住院"
    allocating.place_again(offer.demand.reference)
    again = Assignment.objects.filter(state="proposed")
    assert offer.maker_id not in {row.maker_id for row in again}


def test_part_of_what_she_took_can_be_given_back(offer, leader):
    answering.take(assignment=offer, pieces=offer.offered, how="slip", by=leader)
    answering.give_back(assignment=offer, pieces=1, reason="赶不上", by=leader)

    offer.refresh_from_db()
    assert (offer.state, offer.live) == ("taken", offer.offered - 1)
    with pytest.raises(answering.NotThatMany):
        answering.give_back(
            assignment=offer, pieces=offer.offered, reason="赶不上", by=leader
        )
    with pytest.raises(NoReason):
        answering.give_back(assignment=offer, pieces=1, reason="", by=leader)
