"""The date that a page shows, as in docs/rules/lead-time.md."""

import datetime as dt

import pytest

from catalog.domain.lead_time import LeadTime, WeekRoom, from_stock, to_order

TODAY = dt.date(2026, 11, 25)  # a Wednesday
WEEKS = [dt.date(2026, 11, 23) + dt.timedelta(weeks=n) for n in range(13)]


def room(week, free, base=1):
    return WeekRoom(base, WEEKS[week], free)


def test_pieces_at_hand_leave_within_two_days():
    assert from_stock(7, 7, TODAY) == LeadTime(dt.date(2026, 11, 27), 2)


@pytest.mark.parametrize(("free", "pieces"), [(6, 7), (0, 1), (3, 0)])
def test_too_few_at_hand_give_no_date(free, pieces):
    assert from_stock(free, pieces, TODAY) is None


@pytest.mark.parametrize(
    ("rooms", "pieces", "week"),
    [
        # the running week does not count
        ([room(0, 9_000), room(1, 240)], 1, 1),
        # whole pieces only: 479 minutes hold one piece of 240
        ([room(1, 479), room(2, 240)], 2, 2),
        # weeks add up, bases add up
        ([room(1, 240), room(2, 240), room(3, 240)], 3, 3),
        ([room(1, 240, base=1), room(1, 240, base=2)], 2, 1),
        # two halves at two bases are no piece
        ([room(1, 120, base=1), room(1, 120, base=2), room(4, 240)], 1, 4),
        # a week that was oversold counts as nothing
        ([room(1, -500), room(2, 240)], 1, 2),
        # weeks in any order
        ([room(5, 240), room(1, 240)], 1, 1),
    ],
)
def test_made_to_order_leaves_after_the_week_that_holds_the_last_piece(
    rooms, pieces, week
):
    leaves = WEEKS[week] + dt.timedelta(days=8)

    assert to_order(rooms, 240, pieces, TODAY) == LeadTime(
        leaves, (leaves - TODAY).days, WEEKS[week]
    )


@pytest.mark.parametrize(
    "rooms", [[], [room(0, 9_000)], [room(1, 239)], [room(12, 9_000)]]
)
def test_no_room_on_record_within_twelve_weeks_gives_no_date(rooms):
    assert to_order(rooms, 240, 1, TODAY) is None


@pytest.mark.parametrize(("minutes", "pieces"), [(0, 1), (240, 0)])
def test_no_pieces_or_no_minutes_are_a_mistake(minutes, pieces):
    with pytest.raises(ValueError, match="at least one"):
        to_order([room(1, 240)], minutes, pieces, TODAY)
