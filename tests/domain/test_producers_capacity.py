"""Filling weeks with orders, and proposing what to offer: worked cases."""

import datetime as dt

import pytest

from producers.domain.capacity import (
    FreeTime,
    FreeWeek,
    NotEnoughRoom,
    Wish,
    fill,
    minutes_in_week,
    propose,
)
from producers.domain.status import NEXT, may_become

FIRST = dt.date(2026, 11, 30)
EMBROIDERY, PAPERCUT = 1, 2


def monday(count: int) -> dt.date:
    return FIRST + dt.timedelta(weeks=count)


def week(id: int, base: int, count: int, minutes: int) -> FreeWeek:
    return FreeWeek(id, base, monday(count), minutes)


def wish(pieces: int, minutes: int, *, bases=(1, 2), first=0, last=None) -> Wish:
    end = None if last is None else monday(last)
    return Wish(
        "line", EMBROIDERY, frozenset(bases), pieces, minutes, monday(first), end
    )


def laid(rooms) -> list[tuple[int, int, int]]:
    return [(room.id, room.pieces, room.minutes) for room in rooms]


def test_the_earliest_week_with_room_is_taken():
    weeks = [week(2, 1, 1, 900), week(1, 1, 0, 900)]

    assert laid(fill(weeks, wish(3, 300))) == [(1, 3, 900)]


def test_what_does_not_fit_goes_on_to_the_next_week_in_whole_pieces():
    weeks = [week(1, 1, 0, 899), week(2, 1, 1, 900)]

    assert laid(fill(weeks, wish(3, 300))) == [(1, 2, 600), (2, 1, 300)]


def test_one_base_that_is_done_as_early_spares_a_parcel():
    weeks = [week(1, 1, 0, 300), week(2, 2, 0, 900)]

    assert laid(fill(weeks, wish(3, 300))) == [(2, 3, 900)]


def test_two_bases_share_where_that_is_done_a_week_earlier():
    weeks = [week(1, 1, 0, 300), week(2, 2, 0, 600), week(3, 2, 1, 600)]

    assert laid(fill(weeks, wish(3, 300))) == [(2, 2, 600), (1, 1, 300)]


def test_the_base_with_the_smaller_number_wins_a_tie():
    weeks = [week(1, 2, 0, 900), week(2, 1, 0, 900)]

    assert laid(fill(weeks, wish(3, 300))) == [(2, 3, 900)]


@pytest.mark.parametrize(
    ("weeks", "order", "missing"),
    [
        ([], wish(3, 300), 3),
        ([week(1, 1, 0, 600)], wish(3, 300), 1),
        # A piece is not begun in one week and finished in another.
        ([week(1, 1, 0, 299), week(2, 1, 1, 299)], wish(1, 300), 1),
        ([week(1, 3, 0, 900)], wish(1, 300), 1),
        ([week(1, 1, 0, 900)], wish(1, 300, first=1), 1),
        ([week(1, 1, 2, 900)], wish(1, 300, last=1), 1),
        # Less than nothing left counts as nothing.
        ([week(1, 1, 0, -60)], wish(1, 30), 1),
    ],
)
def test_too_little_room_says_how_many_pieces_are_missing(weeks, order, missing):
    with pytest.raises(NotEnoughRoom) as refused:
        fill(weeks, order)

    assert (refused.value.key, refused.value.missing) == ("line", missing)


@pytest.mark.parametrize(("pieces", "minutes"), [(0, 30), (1, 0), (-1, 30)])
def test_a_wish_for_nothing_is_a_mistake(pieces, minutes):
    with pytest.raises(ValueError, match="at least one piece"):
        fill([week(1, 1, 0, 900)], wish(pieces, minutes))


def lan(minutes=1200, crafts=(EMBROIDERY,)):
    return FreeTime(1, minutes, frozenset(crafts))


def mei(minutes=600, crafts=(EMBROIDERY, PAPERCUT)):
    return FreeTime(2, minutes, frozenset(crafts))


@pytest.mark.parametrize(
    ("makers", "percent", "capacity", "reserved", "offered"),
    [
        # Eight of ten hours are offered.
        ([lan()], 80, 9000, {}, {EMBROIDERY: 960}),
        # A woman of two crafts is counted once.
        ([mei()], 80, 9000, {}, {EMBROIDERY: 240, PAPERCUT: 240}),
        ([lan(), mei()], 100, 9000, {}, {EMBROIDERY: 1500, PAPERCUT: 300}),
        # An odd minute goes to the first craft.
        ([mei(601)], 100, 9000, {}, {EMBROIDERY: 301, PAPERCUT: 300}),
        # What is sold of one craft is no longer offered of the other.
        ([mei()], 100, 9000, {PAPERCUT: 400}, {EMBROIDERY: 100, PAPERCUT: 500}),
        ([mei()], 100, 9000, {PAPERCUT: 600}, {EMBROIDERY: 0, PAPERCUT: 600}),
        # It is laid on those who can do nothing else first.
        (
            [lan(), mei()],
            100,
            9000,
            {EMBROIDERY: 1200},
            {EMBROIDERY: 1500, PAPERCUT: 300},
        ),
        # The base takes less than its women could give.
        ([lan(), mei()], 100, 900, {}, {EMBROIDERY: 750, PAPERCUT: 150}),
        ([lan()], 100, 0, {}, {EMBROIDERY: 0}),
        # Never below what is sold, though she fell ill or the base shrank.
        ([], 80, 9000, {EMBROIDERY: 500}, {EMBROIDERY: 500}),
        ([lan()], 80, 300, {EMBROIDERY: 500}, {EMBROIDERY: 500}),
        ([lan(0)], 80, 9000, {}, {EMBROIDERY: 0}),
        ([FreeTime(3, 600, frozenset())], 80, 9000, {}, {}),
        ([], 80, 9000, {}, {}),
    ],
)
def test_what_is_offered(makers, percent, capacity, reserved, offered):
    found = propose(makers, percent=percent, capacity=capacity, reserved=reserved)

    assert found == offered


def test_the_order_of_the_women_does_not_matter():
    women = [lan(), mei(), FreeTime(3, 777, frozenset({PAPERCUT}))]
    rule = {"percent": 85, "capacity": 1500, "reserved": {PAPERCUT: 321}}

    assert propose(women, **rule) == propose(women[::-1], **rule)


def test_caution_is_a_percentage():
    with pytest.raises(ValueError, match="between 0 and 100"):
        propose([lan()], percent=101, capacity=900, reserved={})


@pytest.mark.parametrize(
    ("asked", "away", "left"), [(700, 0, 700), (700, 2, 500), (1000, 3, 571), (7, 7, 0)]
)
def test_days_away_are_taken_off_by_sevenths(asked, away, left):
    assert minutes_in_week(asked, away) == left


def test_a_week_has_seven_days():
    with pytest.raises(ValueError, match="seven days"):
        minutes_in_week(700, 8)


def test_the_ways_between_states_are_these():
    ways = {now: sorted(then) for now, then in NEXT.items()}

    assert ways == {
        "applied": ["left", "verified"],
        "verified": ["active", "left"],
        "active": ["left", "paused"],
        "paused": ["active", "left"],
        "left": ["applied"],
    }
    assert may_become("active", "paused")
    assert not may_become("applied", "active")
