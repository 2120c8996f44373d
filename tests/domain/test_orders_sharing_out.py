"""What allocation is told, to the minute: the tables of docs/rules/work.md."""

import datetime as dt

import pytest

from orders.domain import sharing_out as rule

TODAY = dt.date(2026, 11, 24)
DUE = dt.date(2026, 12, 6)
ALWAYS = (dt.date(2024, 1, 1), None)


def day(month, number, year=2026):
    return dt.date(year, month, number)


@pytest.mark.parametrize(
    ("weekly", "within", "away", "until", "minutes"),
    [
        ([(1_200, ALWAYS)], None, [], DUE, 2_057),
        ([(1_200, ALWAYS)], None, [(day(11, 30), day(12, 4))], DUE, 1_371),
        (
            [(1_200, (ALWAYS[0], day(11, 30))), (2_400, (day(11, 30), None))],
            None,
            [],
            DUE,
            3_085,
        ),
        ([(1_200, ALWAYS)], [(ALWAYS[0], day(11, 28))], [], DUE, 685),
        ([(1_200, ALWAYS)], None, [], TODAY, 0),
        ([], None, [], DUE, 0),
    ],
)
def test_free_minutes_until_a_deadline(weekly, within, away, until, minutes):
    assert rule.minutes_until(TODAY, [until], weekly, within=within, away=away) == (
        minutes,
    )


def test_a_day_away_beyond_the_deadline_takes_nothing():
    away = [(day(12, 5), day(12, 20))]

    free = rule.minutes_until(
        TODAY, [day(11, 29), day(12, 6)], [(700, ALWAYS)], away=away
    )

    assert free == (500, 1_100)


@pytest.mark.parametrize(
    ("due", "first", "last", "of_the_eighth"),
    [
        ([], day(11, 29), day(2, 14, 2027), None),
        ([day(12, 6)], day(12, 6), day(2, 21, 2027), None),
        ([day(12, 6), day(12, 8)], day(12, 6), day(2, 14, 2027), day(12, 8)),
        ([day(11, 20), day(12, 6)], day(11, 29), day(2, 14, 2027), None),
    ],
)
def test_the_dates_that_stand_for_all_due_days(due, first, last, of_the_eighth):
    days = rule.deadlines(due, TODAY)

    assert (len(days), days[0], days[-1]) == (12, first, last)
    assert list(days) == sorted(set(days))
    if of_the_eighth:
        assert days[rule.position(day(12, 8), days)] == of_the_eighth


def test_of_too_many_dates_the_first_and_the_last_stay():
    due = [TODAY + dt.timedelta(days=3 * number) for number in range(40)]

    days = rule.deadlines(due, TODAY)

    assert (len(days), days[0], days[-1]) == (12, due[0], due[-1])
    assert set(days) <= set(due)
    for one in due:
        assert days[rule.position(one, days)] <= one


def test_overdue_work_is_planned_for_the_first_date():
    assert rule.position(day(11, 1), rule.deadlines([day(11, 1)], TODAY)) == 0


def test_a_sunday_is_planned_for_the_next_one():
    assert rule.next_sunday(day(11, 29)) == day(12, 6)
    assert rule.next_sunday(TODAY) == day(11, 29)


def test_the_window_is_the_running_week_and_twelve_before_it():
    assert rule.window(TODAY) == (day(8, 31), day(11, 30))


@pytest.mark.parametrize(
    ("asked", "weekly", "percent", "need"),
    [
        (15_600, 1_200, 100, 1_560_000),
        (15_600, 1_200, 150, 2_340_000),
        (171, 1_200, 100, 120_000),
    ],
)
def test_need(asked, weekly, percent, need):
    assert rule.need(asked, weekly, percent) == need


def test_work_promised_elsewhere_is_taken_off_from_its_deadline_on():
    assert rule.net((500, 1_100, 1_700), [(1, 700), (2, 600)]) == (500, 400, 400)
    assert rule.net((500, 1_100), [(0, 700)]) == (0, 400)
