"""Buyers who reserve the same minutes at the same moment."""

import datetime as dt
import threading
from collections import Counter

import pytest
from django.db import IntegrityError

from producers import capacity
from producers.models import CapacityWeek
from tests.concurrency import racing
from tests.services.registry_world import County, base, craft

pytestmark = pytest.mark.django_db(transaction=True)
MONDAY = dt.date(2026, 3, 9)
BUYERS = 8


@pytest.fixture
def week():
    return CapacityWeek.objects.create(
        base=base(County().village), craft=craft(), week=MONDAY, offered=300
    )


def everybody_at_once(deed, outcomes=(capacity.NotEnoughRoom, IntegrityError)):
    """Runs `deed` for `BUYERS` who start together; counts how it ended."""

    def buyer(place: int):
        def tried() -> str:
            deed(place)
            return "done"

        return tried

    return Counter(racing.at_once(*map(buyer, range(BUYERS)), refusals=outcomes))


def buy(week):
    def deed(place: int) -> None:
        wish = capacity.Wish(
            place, week.craft_id, frozenset({week.base_id}), 1, 300, MONDAY
        )
        capacity.reserve(wishes=[wish])

    return deed


def all_have_read_before_anybody_writes(monkeypatch):
    """The lock is off, and the moment between reading and writing is made long."""
    read = threading.Barrier(BUYERS)
    monkeypatch.setattr(capacity, "_locked", lambda rows: rows.order_by("pk"))
    fill = capacity.fill

    def slow_fill(weeks, wish):
        placed = fill(weeks, wish)
        read.wait(timeout=20)
        return placed

    monkeypatch.setattr(capacity, "fill", slow_fill)


def test_control_without_the_lock_every_buyer_believes_to_have_the_last_minutes(
    week, monkeypatch
):
    all_have_read_before_anybody_writes(monkeypatch)

    # The database still refuses; but the buyer gets a fault instead of an answer.
    assert everybody_at_once(buy(week)) == {"done": 1, "IntegrityError": BUYERS - 1}


def test_the_last_minutes_go_to_one_buyer_and_the_others_are_told(week):
    assert everybody_at_once(buy(week)) == {"done": 1, "NotEnoughRoom": BUYERS - 1}
    week.refresh_from_db()
    assert (week.offered, week.reserved) == (300, 300)


def test_two_baskets_that_want_the_same_weeks_in_opposite_order_both_finish():
    place, other = base(County().village), craft("embroidery", "刺绣")
    paper = craft()
    weeks = [
        CapacityWeek.objects.create(
            base=place, craft=one, week=MONDAY, offered=300 * BUYERS
        )
        for one in (paper, other)
    ]
    bases = frozenset({place.pk})

    def deed(turn: int) -> None:
        wishes = [
            capacity.Wish(one.pk, one.pk, bases, 1, 300, MONDAY)
            for one in (paper, other)
        ]
        capacity.reserve(wishes=wishes if turn % 2 else wishes[::-1])

    assert everybody_at_once(deed) == {"done": BUYERS}
    for week in weeks:
        week.refresh_from_db()
    assert [week.reserved for week in weeks] == [300 * BUYERS] * 2


def test_a_leader_who_lowers_the_offer_never_goes_below_what_is_sold(week):
    def deed(place: int) -> None:
        if place:
            buy(week)(place)
        else:
            capacity.lower_offer(week=week, minutes=0, by=None)

    ends = everybody_at_once(
        deed, (capacity.NotEnoughRoom, capacity.OfferBelowReserved)
    )
    week.refresh_from_db()
    if week.reserved:
        assert ends == {
            "done": 1,
            "OfferBelowReserved": 1,
            "NotEnoughRoom": BUYERS - 2,
        }
        assert (week.offered, week.reserved) == (300, 300)
    else:
        assert ends == {"done": 1, "NotEnoughRoom": BUYERS - 1}
        assert week.offered == 0
