"""What allocation is told: deadlines, free time, need; docs/rules/work.md has tables.

Days are half-open: work until a deadline may be done from today up to the day before
it, since on the day itself the pieces are brought in (one day of transit). A week's
minutes count a seventh a day, rounded down once for the whole period.
"""

import datetime as dt
from collections.abc import Collection, Iterable, Sequence

from orders.domain.allocation.terms import MOST_DEADLINES

# A household of weight 150 counts as if it had asked for half as much again.
PLAIN_WEIGHT, MONITORED_WEIGHT, HIGHEST_WEIGHT = 100, 150, 300
# A quarter of a year: long enough to level out a busy festival, short enough that what
# somebody earned last spring does not keep her from work in autumn.
WINDOW_WEEKS = 13
# Dates as far ahead as people are told are looked at, however few orders there are.
WEEKS_AHEAD = 8
WEEK = dt.timedelta(weeks=1)
DAYS_OF_A_WEEK = 7

Period = tuple[dt.date, dt.date | None]


def monday_of(day: dt.date) -> dt.date:
    """The first day of the week of this day."""
    return day - dt.timedelta(days=day.weekday())


def next_sunday(day: dt.date) -> dt.date:
    """The first Sunday after this day."""
    return day + dt.timedelta(days=6 - day.weekday() or DAYS_OF_A_WEEK)


def window(today: dt.date) -> tuple[dt.date, dt.date]:
    """The weeks whose pay and need count: the running one and twelve before it."""
    monday = monday_of(today)
    return monday - (WINDOW_WEEKS - 1) * WEEK, monday + WEEK


def deadlines(due: Iterable[dt.date], today: dt.date) -> tuple[dt.date, ...]:
    """At most twelve ascending dates that stand for all the days on which work is due.

    The first is the earliest due date not past; where work is overdue, the coming
    Sunday is one of them, because that is what is overdue planned for. The last is at
    least eight weeks ahead. Room between is filled with Sundays; of too many dates the
    first and the last stay, and of those between every so many.
    """
    days = set(due)
    sunday = next_sunday(today)
    wanted = {day for day in days if day >= today}
    if not wanted or len(wanted) < len(days):
        wanted.add(sunday)
    first = min(wanted)
    wanted.add(max(max(wanted), sunday + (WEEKS_AHEAD - 1) * WEEK))
    while len(wanted) < MOST_DEADLINES:
        if sunday > first:
            wanted.add(sunday)
        sunday += WEEK
    ordered = sorted(wanted)
    last = len(ordered) - 1
    steps = MOST_DEADLINES - 1
    return tuple(ordered[place * last // steps] for place in range(MOST_DEADLINES))


def position(due: dt.date, days: Sequence[dt.date]) -> int:
    """Which deadline a day has: the latest not after it; the first if overdue."""
    before = [place for place, day in enumerate(days) if day <= due]
    return before[-1] if before else 0


def days_common(first: Period, *others: Period) -> int:
    """How many days lie in all of these half-open periods; None is without end."""
    since = max(period[0] for period in (first, *others))
    ends = [period[1] for period in (first, *others) if period[1] is not None]
    return max(0, (min(ends) - since).days)


def minutes_until(
    today: dt.date,
    days: Sequence[dt.date],
    weekly: Collection[tuple[int, Period]],
    *,
    within: Collection[Period] | None = None,
    away: Collection[Period] = (),
) -> tuple[int, ...]:
    """Minutes from today until each deadline, cumulative, with one day of transit.

    `weekly` are minutes a week with their periods, which don't overlap; only days of
    one of the periods `within` count, and none of `away`.
    """
    found = []
    for day in days:
        span: Period = (today, max(day, today))
        sevenths = 0
        for minutes, period in weekly:
            for inside in within if within is not None else [span]:
                here = days_common(span, period, inside)
                gone = sum(days_common(span, period, inside, row) for row in away)
                sevenths += minutes * (here - gone)
        found.append(sevenths // DAYS_OF_A_WEEK)
    return tuple(found)


def need(asked: int, weekly: int, percent: int) -> int:
    """Weight in percent × the minutes she asked for in the window.

    At least one week's, so that a newcomer is not flooded.
    """
    return percent * max(asked, weekly)


def net(free: Sequence[int], promised: Iterable[tuple[int, int]]) -> tuple[int, ...]:
    """`free` less work promised elsewhere: (position of its deadline, minutes)."""
    taken = [0] * len(free)
    for place, minutes in promised:
        for later in range(place, len(free)):
            taken[later] += minutes
    return tuple(max(0, have - gone) for have, gone in zip(free, taken, strict=True))
