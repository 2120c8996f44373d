"""The leader sends, changes and takes back; nobody overrules a maker or a hard rule."""

import datetime as dt

import pytest

from orders.models import Assignment, Demand, LatePieces, WorkOrder
from orders.services import allocating, answering, offering
from producers.models import BaseCapacity, MakerHours, Membership, Skill
from qiaoshou.common.today import clock_at, now
from tests import work_builders as build
from tests.orders_builders import jobs

pytestmark = pytest.mark.django_db
WHY = "她离基地最近"


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
def work(shop):
    build.placed(shop, 4)
    return WorkOrder.objects.get()


def only(work, **pieces_of):
    """Everybody who is proposed now gets nothing, but for these makers by id."""
    return {row.maker_id: 0 for row in work.assignments.all()} | pieces_of


def test_a_sent_proposal_is_an_offer_to_be_answered_within_a_day(work, leader):
    sent = offering.send_offers(work_order=work, by=leader)

    assert {row.state for row in sent} == {"offered"}
    assert sum(row.offered for row in sent) == 4
    assert {row.answer_by for row in sent} == {now() + dt.timedelta(hours=24)}
    assert {row.offered_by for row in Assignment.objects.all()} == {leader}
    assert Demand.objects.get().version == 3


def test_sent_twice_the_second_finds_nothing_to_send(work, leader):
    first = offering.send_offers(work_order=work, by=leader, answer_hours=48)

    other = build.person("other@example.com")
    assert offering.send_offers(work_order=work, by=other) == []
    assert {row.offered_by for row in Assignment.objects.all()} == {leader}

    assert {row.answer_by for row in Assignment.objects.all()} == {
        first[0].offered_at + dt.timedelta(hours=48)
    }


def test_a_leader_moves_pieces_with_a_reason_that_stays(shop, work, leader):
    other = shop.makers[2]
    wanted = only(work) | {other.pk: 4}

    rows = offering.change_proposal(
        work_order=work, pieces=wanted, reason=WHY, by=leader
    )

    assert [(row.maker, row.proposed, row.change_reason) for row in rows] == [
        (other, 4, WHY)
    ]
    assert rows[0].changed_by == leader
    work.refresh_from_db()
    assert (work.pieces, work.placed) == (4, 4)
    gone = Assignment.objects.filter(state="withdrawn")
    assert {row.change_reason for row in gone} == {WHY} if gone else True


def test_sent_twice_a_change_happens_once(shop, work, leader):
    wanted = only(work) | {shop.makers[2].pk: 4}
    for _time in range(2):
        offering.change_proposal(work_order=work, pieces=wanted, reason=WHY, by=leader)

    assert Demand.objects.get().version == 3
    assert [live for _n, state, live in build.shares() if state == "proposed"] == [4]


def test_pieces_that_a_leader_takes_from_everybody_are_placed_again(shop, work, leader):
    first = work.assignments.first()
    offering.change_proposal(
        work_order=work, pieces={first.maker_id: 0}, reason="她病了", by=leader
    )
    assert jobs("place_again") == [work.demand.reference]

    allocating.place_again(work.demand.reference)

    live = {name: pieces for name, _state, pieces in build.shares() if pieces}
    assert first.maker.name_en not in live
    assert sum(live.values()) == 4


def test_a_change_without_a_reason_is_refused(shop, work, leader):
    with pytest.raises(offering.NoReason):
        offering.change_proposal(
            work_order=work, pieces={shop.makers[0].pk: 1}, reason=" ", by=leader
        )


def refused(work, leader, maker, pieces):
    """The code and maker of the rule that stands against it; nothing has changed."""
    before = build.shares()
    with pytest.raises(offering.RuleBroken) as error:
        offering.change_proposal(
            work_order=work,
            pieces=only(work) | {maker.pk: pieces},
            reason=WHY,
            by=leader,
        )
    assert build.shares() == before
    assert error.value.maker == maker.pk
    return error.value.reason.code


def test_nobody_overrules_a_missing_certificate(shop, work, leader):
    Skill.objects.filter(maker=shop.makers[2]).update(grade=1)

    assert refused(work, leader, shop.makers[2], 4) == "NOT_CERTIFIED"


def test_nobody_overrules_a_makers_hours(shop, work, leader):
    MakerHours.objects.filter(maker=shop.makers[2]).update(minutes=420)

    # 420 minutes a week are 720 until 6 December: three pieces.
    assert refused(work, leader, shop.makers[2], 4) == "HOURS"


def test_hours_promised_to_other_orders_count_too(shop, leader):
    MakerHours.objects.all().update(minutes=420)
    build.placed(shop, 9)
    first, second = WorkOrder.objects.get(), None
    offering.send_offers(work_order=first, by=leader)
    sun_li = build.another_maker(shop)
    build.placed(shop, 2)
    second = WorkOrder.objects.exclude(pk=first.pk).get()
    assert second.assignments.get().maker == sun_li

    assert refused(second, leader, shop.makers[0], 2) == "HOURS"


def test_who_asks_for_no_hours_gets_no_work(shop, work, leader):
    MakerHours.objects.filter(maker=shop.makers[2]).update(minutes=0)

    assert refused(work, leader, shop.makers[2], 4) == "HOURS"


def test_nobody_overrules_the_capacity_of_the_base(shop, work, leader):
    BaseCapacity.objects.update(minutes=420)

    assert refused(work, leader, shop.makers[2], 4) == "BASE_FULL"


def test_nobody_goes_below_the_minimum_lot(shop, work, leader):
    spec = shop.made.craft_spec
    spec.min_lot = 3
    spec.save()

    # The one of the three who is not proposed any of the work.
    left_out = {woman.pk for woman in shop.makers} - set(only(work))
    (woman,) = [one for one in shop.makers if one.pk in left_out]
    assert refused(work, leader, woman, 2) == "LOT"


def test_a_maker_of_another_base_is_refused(shop, work, leader):
    _base, (woman,) = build.another_base(shop)

    assert refused(work, leader, woman, 4) == "BASE_NOT_ALLOWED"


def test_who_said_no_or_nothing_is_not_proposed_again_by_anybody(shop, work, leader):
    (row, *_rest) = offering.send_offers(work_order=work, by=leader)
    answering.decline(assignment=row, how="slip", by=leader)

    with pytest.raises(offering.SaidNo) as error:
        offering.change_proposal(
            work_order=work, pieces={row.maker_id: 1}, reason=WHY, by=leader
        )
    assert error.value.maker == row.maker_id


def test_who_was_asked_is_changed_only_after_the_offer_is_taken_back(
    shop, work, leader
):
    row = offering.send_offers(work_order=work, by=leader)[0]
    with pytest.raises(offering.AlreadyAsked):
        offering.change_proposal(
            work_order=work, pieces={row.maker_id: 1}, reason=WHY, by=leader
        )

    offering.withdraw_offer(assignment=row, reason=WHY, by=leader)
    rows = offering.change_proposal(
        work_order=work, pieces={row.maker_id: 1}, reason=WHY, by=leader
    )

    assert [one.proposed for one in rows] == [1]


def test_more_pieces_than_the_demand_has_are_refused(shop, work, leader):
    with pytest.raises(offering.TooManyPieces) as error:
        offering.change_proposal(
            work_order=work,
            pieces=only(work) | {shop.makers[2].pk: 5},
            reason=WHY,
            by=leader,
        )
    assert error.value.room == 4


def test_an_offer_taken_back_is_placed_with_somebody_else(shop, work, leader):
    row = offering.send_offers(work_order=work, by=leader)[0]
    for _time in range(2):
        offering.withdraw_offer(assignment=row, reason="她要下地", by=leader)

    row.refresh_from_db()
    assert (row.state, row.live, row.change_reason) == ("withdrawn", 0, "她要下地")
    assert jobs("place_again") == [work.demand.reference]


def test_pieces_taken_back_go_to_those_who_have_taken_their_own(shop, work, leader):
    # Whoever is proposed nothing has no time left, so that nobody else could do it.
    MakerHours.objects.exclude(maker__in=only(work)).update(minutes=0)
    row, *others = offering.send_offers(work_order=work, by=leader)
    offering.withdraw_offer(assignment=row, reason="她要下地", by=leader)
    allocating.place_again(work.demand.reference)
    # While they have not answered, nobody is asked a second time.
    assert LatePieces.objects.get().pieces == row.offered

    for one in others:
        answering.take(assignment=one, pieces=one.offered, how="slip", by=leader)
    allocating.place_again(work.demand.reference)

    states = [(state, live) for _name, state, live in build.shares() if live]
    assert sum(live for state, live in states if state == "proposed") == row.offered
    assert sum(live for _state, live in states) == 4
    assert LatePieces.objects.get().settled_at is not None
    before = build.shares()
    allocating.allocate_open(cause="nightly")
    assert build.shares() == before


def test_a_work_order_of_a_foreign_base_is_not_there_for_a_leader(shop, work, leader):
    base, _women = build.another_base(shop)
    stranger = build.leader(base, email="stranger@example.com")
    former = build.leader(shop.base, shop.makers[0], "former@example.com")
    Membership.objects.filter(maker=shop.makers[0], role="leader").update(
        valid_to=dt.date(2026, 11, 1)
    )

    assert list(WorkOrder.objects.of_leader(leader)) == [work]
    assert list(WorkOrder.objects.of_leader(stranger)) == []
    assert list(WorkOrder.objects.of_leader(former)) == []
    assert Assignment.objects.of_leader(leader).count() > 0
    assert Assignment.objects.of_leader(stranger).count() == 0


def test_a_maker_sees_what_was_sent_to_her_and_nobody_elses(shop, work, leader):
    first = work.assignments.order_by("pk")[0]
    woman = first.maker
    woman.user = build.person("herself@example.com")
    woman.save()
    assert list(Assignment.objects.of_maker(woman.user)) == []

    offering.send_offers(work_order=work, by=leader)

    assert list(Assignment.objects.of_maker(woman.user)) == [first]
    assert list(Assignment.objects.of_maker(build.person("no@example.com"))) == []
