"""The date a page may show: from free stock, or from room in the weeks to come.

Rule and worked table: docs/rules/lead-time.md.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

SENDING_DAYS = 2
INSPECTION_DAYS = 2
WEEKS_AHEAD = 12


@dataclass(frozen=True, slots=True)
class WeekRoom:
    """Minutes that may still be sold in one week at one base, for one craft."""

    base: int
    monday: dt.date
    free_minutes: int


@dataclass(frozen=True, slots=True)
class LeadTime:
    """When pieces leave, how many days that is, and the week that the last needs."""

    leaves_on: dt.date
    days: int
    week: dt.date | None = None


def from_stock(free: int, pieces: int, today: dt.date) -> LeadTime | None:
    """Pieces at hand leave within 48 hours; None where too few are free."""
    if pieces < 1 or free < pieces:
        return None
    return LeadTime(today + dt.timedelta(days=SENDING_DAYS), SENDING_DAYS)


def span(today: dt.date) -> tuple[dt.date, dt.date]:
    """The Mondays between which weeks count: from the next one on, half-open."""
    monday = today - dt.timedelta(days=today.weekday())
    return monday + dt.timedelta(weeks=1), monday + dt.timedelta(weeks=WEEKS_AHEAD)


def to_order(
    rooms: Iterable[WeekRoom], minutes: int, pieces: int, today: dt.date
) -> LeadTime | None:
    """When made-to-order pieces leave, or None where the weeks on record have no room.

    Whole pieces are laid into the weeks in order, at every base that may make them; the
    running week does not count. They are made by the Sunday of the week that holds the
    last piece, then inspected and sent.
    """
    if pieces < 1 or minutes < 1:
        raise ValueError("at least one piece of at least one minute")
    first, last = span(today)
    by_week: dict[dt.date, int] = {}
    for room in rooms:
        if first <= room.monday < last:
            fits = max(0, room.free_minutes) // minutes
            by_week[room.monday] = by_week.get(room.monday, 0) + fits
    rest = pieces
    for monday in sorted(by_week):
        rest -= by_week[monday]
        if rest <= 0:
            leaves = monday + dt.timedelta(days=6 + INSPECTION_DAYS)
            return LeadTime(leaves, (leaves - today).days, monday)
    return None
