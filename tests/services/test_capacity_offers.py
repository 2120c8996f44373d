"""Reserving, releasing, lowering and proposing capacity in the database."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from producers import capacity
from producers.models import Away, CapacityCaution, CapacityWeek, Maker
from producers.services import makers as making
from producers.services.places import set_base_capacity
from producers.working_time import minutes_asked
from qiaoshou.accounts.models import User
from qiaoshou.common.today import ZONE, clock_at
from tests.services.registry_world import (
    DAY,
    County,
    active_maker,
    base,
    craft,
    later,
    skilled,
)

pytestmark = pytest.mark.django_db
FIRST = dt.date(2026, 3, 9)
SECOND = dt.date(2026, 3, 16)


@pytest.fixture(autouse=True)
def _monday_of_the_story():
    with clock_at(dt.datetime(2026, 3, 4, 9, tzinfo=ZONE)):
        yield


@pytest.fixture
def place():
    return base(County().village, minutes_a_week=6000)


def offered() -> dict[tuple[str, dt.date], tuple[int, int]]:
    return {
        (row.craft.slug, row.week): (row.offered, row.reserved)
        for row in CapacityWeek.objects.select_related("craft")
    }


def a_week(place, of_craft, minutes=900, week=FIRST, reserved=0):
    return CapacityWeek.objects.create(
        base=place, craft=of_craft, week=week, offered=minutes, reserved=reserved
    )


def wish(key, of_craft, place, pieces, minutes):
    return capacity.Wish(
        key, of_craft.pk, frozenset({place.pk}), pieces, minutes, FIRST
    )


def test_reserved_minutes_are_no_longer_free(place):
    paper = craft()
    first, second = a_week(place, paper), a_week(place, paper, 900, SECOND)
    rooms = capacity.reserve(wishes=[wish("a", paper, place, 4, 300)])

    assert [(room.id, room.pieces, room.minutes) for room in rooms["a"]] == [
        (first.pk, 3, 900),
        (second.pk, 1, 300),
    ]
    assert capacity.free_weeks(craft=paper.pk, bases=[place.pk], since=FIRST) == [
        capacity.FreeWeek(second.pk, place.pk, SECOND, 600)
    ]


def test_two_lines_of_one_basket_share_the_same_week(place):
    paper = craft()
    row = a_week(place, paper)
    capacity.reserve(
        wishes=[wish("a", paper, place, 1, 300), wish("b", paper, place, 2, 300)]
    )

    row.refresh_from_db()
    assert row.reserved == 900


def test_a_basket_that_does_not_fit_whole_reserves_nothing(place):
    paper, cloth = craft(), craft("cloth", "布艺")
    row = a_week(place, paper)
    with pytest.raises(capacity.NotEnoughRoom) as refused:
        capacity.reserve(
            wishes=[wish("a", paper, place, 1, 300), wish("b", cloth, place, 1, 300)]
        )

    row.refresh_from_db()
    assert (refused.value.key, refused.value.missing, row.reserved) == ("b", 1, 0)


def test_released_minutes_are_free_again_and_never_more_than_were_reserved(place):
    row = a_week(place, craft(), reserved=600)
    capacity.release(minutes={row.pk: 250})
    row.refresh_from_db()
    assert row.reserved == 350
    with pytest.raises(IntegrityError), transaction.atomic():
        capacity.release(minutes={row.pk: 351})
    with pytest.raises(ValueError, match="at least one"):
        capacity.release(minutes={row.pk: 0})


def test_chosen_weeks_are_reserved_all_or_none(place):
    paper = craft()
    first, second = a_week(place, paper), a_week(place, paper, 900, SECOND, 800)
    capacity.reserve_minutes(minutes={first.pk: 100, second.pk: 100})
    with pytest.raises(capacity.NotEnoughRoom) as refused:
        capacity.reserve_minutes(minutes={first.pk: 100, second.pk: 1})

    assert (refused.value.key, refused.value.missing) == (second.pk, 1)
    assert offered() == {
        ("paper-cut", FIRST): (900, 100),
        ("paper-cut", SECOND): (900, 900),
    }


def test_the_night_offers_a_percentage_of_the_free_hours_of_the_certified(place):
    paper = craft()
    skilled(active_maker(at=place, minutes=1200), paper)
    active_maker("李秀英", at=place, minutes=900)
    assert capacity.propose_offers(weeks=2) == 2
    assert capacity.propose_offers(weeks=2) == 0

    assert offered() == {
        ("paper-cut", FIRST): (960, 0),
        ("paper-cut", SECOND): (960, 0),
    }


def test_caution_is_dated(place):
    paper = craft()
    skilled(active_maker(at=place, minutes=1000), paper)
    CapacityCaution.objects.create(percent=50, valid_from=DAY, valid_to=SECOND)
    CapacityCaution.objects.create(percent=70, valid_from=SECOND)

    assert [capacity.caution(day) for day in (later(-1), FIRST, SECOND)] == [80, 50, 70]
    capacity.propose_offers(weeks=1)
    assert offered() == {("paper-cut", FIRST): (500, 0)}


def test_days_away_membership_hours_and_certificates_count_by_the_week(place):
    paper = craft()
    woman = active_maker(at=place, minutes=700)
    skilled(woman, paper)
    Away.objects.create(maker=woman, valid_from=FIRST, valid_to=dt.date(2026, 3, 11))
    making.ask_for_minutes(maker=woman, minutes=350, since=SECOND)
    woman.memberships.update(valid_to=dt.date(2026, 3, 23))
    CapacityCaution.objects.create(percent=100, valid_from=DAY)
    capacity.propose_offers(weeks=3)

    assert offered() == {
        ("paper-cut", FIRST): (500, 0),
        ("paper-cut", SECOND): (350, 0),
    }


def test_a_base_without_a_capacity_on_record_offers_nothing():
    place = base(County().village)
    skilled(active_maker(at=place), craft())
    capacity.propose_offers(weeks=1)

    assert offered() == {("paper-cut", FIRST): (0, 0)}


def test_the_crafts_of_a_base_never_exceed_its_capacity(place):
    set_base_capacity(base=place, minutes=600, since=FIRST)
    paper, cloth = craft(), craft("cloth", "布艺")
    skilled(active_maker(at=place, minutes=1000), paper)
    skilled(active_maker("李秀英", at=place, minutes=500), cloth)
    capacity.propose_offers(weeks=1)

    assert offered() == {("paper-cut", FIRST): (400, 0), ("cloth", FIRST): (200, 0)}


def test_the_offer_never_falls_below_what_is_sold(place):
    paper = craft()
    a_week(place, paper, 900, reserved=800)
    capacity.propose_offers(weeks=1)

    assert offered() == {("paper-cut", FIRST): (800, 800)}


def test_what_the_leader_lowered_stays_lowered_until_it_is_lifted(place):
    paper = craft()
    skilled(active_maker(at=place, minutes=1000), paper)
    capacity.propose_offers(weeks=1)
    row = CapacityWeek.objects.get()
    leader = User.objects.create_user(email="lan@example.org")
    capacity.lower_offer(week=row, minutes=300, by=leader)
    capacity.propose_offers(weeks=1)
    assert offered() == {("paper-cut", FIRST): (300, 0)}
    with pytest.raises(capacity.OfferRaised, match="300 minutes are offered"):
        capacity.lower_offer(week=row, minutes=301, by=leader)
    capacity.reserve_minutes(minutes={row.pk: 200})
    with pytest.raises(capacity.OfferBelowReserved) as refused:
        capacity.lower_offer(week=row, minutes=199, by=leader)
    assert refused.value.reserved == 200

    capacity.lift_ceiling(week=row)
    capacity.propose_offers(weeks=1)
    assert offered() == {("paper-cut", FIRST): (800, 200)}


def test_work_that_no_sale_stands_behind_is_taken_off(place, monkeypatch):
    woman = active_maker(at=place, minutes=1000)
    skilled(woman, craft())
    monkeypatch.setattr(capacity, "_other_work", [])
    capacity.register_other_work(lambda makers, first, until: {(woman.pk, FIRST): 500})
    capacity.propose_offers(weeks=2)

    assert offered() == {
        ("paper-cut", FIRST): (400, 0),
        ("paper-cut", SECOND): (800, 0),
    }


@pytest.mark.parametrize("women", [1, 12])
def test_a_night_takes_the_same_number_of_queries_for_one_woman_or_twelve(
    place, women, django_assert_num_queries
):
    paper = craft()
    for number in range(women):
        skilled(active_maker(f"王桂{number}", at=place), paper)
    with django_assert_num_queries(12):
        capacity.propose_offers(weeks=12)


def test_minutes_asked_count_only_days_on_which_she_was_active_and_not_away():
    woman = active_maker(minutes=700)
    making.go_away(maker=woman, since=later(7), until=later(9))
    making.change_status(maker=woman, status="paused", by=None, on=later(14))
    making.change_status(maker=woman, status="active", by=None, on=later(21))
    making.ask_for_minutes(maker=woman, minutes=1400, since=later(21))

    asked = minutes_asked([woman.pk], later(-7), later(28))
    # 12 active days at 100 minutes a day, then 7 at 200.
    assert asked == {woman.pk: 12 * 100 + 7 * 200}
    assert Maker.objects.get().status == "active"
