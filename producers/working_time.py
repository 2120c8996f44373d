"""When makers have time: hours asked for, time away, membership and certificates.

Each function takes a fixed number of queries whatever the number of makers.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from typing import TypeVar

from django.db.models import Model, Q, QuerySet

from producers.domain import status
from producers.domain.capacity import minutes_in_week
from producers.models import Away, MakerHours, Membership, Skill, StatusChange

DAYS_OF_A_WEEK = 7
M = TypeVar("M", bound=Model)


def holding(
    rows: QuerySet[M],
    first: dt.date,
    until: dt.date,
    since: str = "valid_from",
) -> QuerySet[M]:
    """Rows whose half-open period has a day in [first, until)."""
    return rows.filter(
        Q(valid_to=None) | Q(valid_to__gt=first), **{f"{since}__lt": until}
    )


def on_day(rows: QuerySet[M], day: dt.date, since: str = "valid_from") -> QuerySet[M]:
    """Rows that hold on this day."""
    return holding(rows, day, day + dt.timedelta(days=1), since)


def _mondays_in(
    since: dt.date, until: dt.date | None, mondays: Sequence[dt.date]
) -> Iterator[dt.date]:
    return (day for day in mondays if since <= day and (until is None or day < until))


def members_by_base(mondays: Sequence[dt.date]) -> dict[int, dict[dt.date, set[int]]]:
    """Base → Monday → ids of the active makers who belong to it on that day."""
    found: dict[int, dict[dt.date, set[int]]] = defaultdict(lambda: defaultdict(set))
    rows = Membership.objects.filter(
        role=Membership.Role.MAKER, maker__status=status.ACTIVE
    )
    after = mondays[-1] + dt.timedelta(days=1)
    for base, maker, since, until in holding(rows, mondays[0], after).values_list(
        "base_id", "maker_id", "valid_from", "valid_to"
    ):
        for monday in _mondays_in(since, until, mondays):
            found[base][monday].add(maker)
    return found


def days_away(
    makers: Collection[int], first: dt.date, until: dt.date
) -> dict[int, set[dt.date]]:
    """The days in [first, until) on which each maker is away."""
    found: dict[int, set[dt.date]] = defaultdict(set)
    rows = holding(Away.objects.filter(maker_id__in=makers), first, until)
    for row in rows:
        day = max(row.valid_from, first)
        end = min(row.valid_to or until, until)
        while day < end:
            found[row.maker_id].add(day)
            day += dt.timedelta(days=1)
    return found


def free_minutes(
    makers: Collection[int], mondays: Sequence[dt.date]
) -> dict[tuple[int, dt.date], int]:
    """Per maker and week: the minutes she asks for on the Monday, less days away."""
    until = mondays[-1] + dt.timedelta(weeks=1)
    away = days_away(makers, mondays[0], until)
    found = {(maker, monday): 0 for maker in makers for monday in mondays}
    rows = holding(MakerHours.objects.filter(maker_id__in=makers), mondays[0], until)
    for row in rows:
        for monday in _mondays_in(row.valid_from, row.valid_to, mondays):
            gone = sum(
                monday + dt.timedelta(days=offset) in away[row.maker_id]
                for offset in range(DAYS_OF_A_WEEK)
            )
            found[row.maker_id, monday] = minutes_in_week(row.minutes, gone)
    return found


def crafts_by_maker(
    makers: Collection[int], mondays: Sequence[dt.date]
) -> dict[tuple[int, dt.date], frozenset[int]]:
    """Per maker and Monday: the crafts she is certified in, at whatever grade."""
    found: dict[tuple[int, dt.date], set[int]] = {
        (maker, monday): set() for maker in makers for monday in mondays
    }
    rows = holding(
        Skill.objects.filter(maker_id__in=makers),
        mondays[0],
        mondays[-1] + dt.timedelta(days=1),
        since="certified_on",
    )
    for row in rows:
        for monday in _mondays_in(row.certified_on, row.valid_to, mondays):
            found[row.maker_id, monday].add(row.craft_id)
    return {key: frozenset(crafts) for key, crafts in found.items()}


Days = tuple[dt.date, dt.date]


def _active(
    makers: Collection[int], first: dt.date, until: dt.date
) -> dict[int, list[Days]]:
    """The half-open periods in [first, until) in which each maker was active."""
    changes: dict[int, list[tuple[dt.date, str]]] = defaultdict(list)
    rows = StatusChange.objects.filter(maker_id__in=makers, day__lt=until)
    for maker, day, state in rows.order_by("maker_id", "day", "pk").values_list(
        "maker_id", "day", "status"
    ):
        changes[maker].append((day, state))
    found: dict[int, list[Days]] = defaultdict(list)
    for maker, history in changes.items():
        ends = [day for day, _state in history[1:]] + [until]
        for (since, state), end in zip(history, ends, strict=True):
            if state == status.ACTIVE:
                found[maker].append((max(since, first), min(end, until)))
    return found


def _common(*periods: Days) -> int:
    """How many days lie in all of these half-open periods."""
    since = max(period[0] for period in periods)
    return max(0, (min(period[1] for period in periods) - since).days)


def minutes_asked(
    makers: Collection[int], first: dt.date, until: dt.date
) -> dict[int, int]:
    """Minutes each maker asked for in [first, until), only while active and not away.

    A week's minutes count a seventh a day, rounded down once for the whole window.
    """
    active = _active(makers, first, until)
    away: dict[int, list[Days]] = defaultdict(list)
    gone = holding(Away.objects.filter(maker_id__in=makers), first, until)
    for maker, since, end in gone.values_list("maker_id", "valid_from", "valid_to"):
        away[maker].append((since, end or until))
    sevenths = dict.fromkeys(makers, 0)
    rows = holding(MakerHours.objects.filter(maker_id__in=makers), first, until)
    for maker, minutes, since, end in rows.values_list(
        "maker_id", "minutes", "valid_from", "valid_to"
    ):
        asked = (since, end or until)
        for period in active[maker]:
            days = _common(asked, period)
            days -= sum(_common(asked, period, absent) for absent in away[maker])
            sevenths[maker] += days * minutes
    return {maker: total // DAYS_OF_A_WEEK for maker, total in sevenths.items()}
