"""Reserves, releases and proposes minutes of capacity; nothing else locks them.

Rows of CapacityWeek are locked once per transaction, in the order of their primary
keys (docs/locking.md). Rule and worked tables: docs/rules/capacity.md.
"""

import datetime as dt
from collections.abc import Callable, Collection, Hashable, Iterable, Mapping, Sequence

from django.db import transaction
from django.db.models import F, Q, QuerySet

from producers.domain.capacity import (
    CAUTION_UNLESS_SET,
    FreeTime,
    FreeWeek,
    NotEnoughRoom,
    Room,
    Wish,
    fill,
    propose,
)
from producers.models import BaseCapacity, CapacityCaution, CapacityWeek
from producers.working_time import crafts_by_maker, free_minutes, members_by_base
from qiaoshou.accounts.models import User
from qiaoshou.common.today import today

__all__ = [
    "FreeWeek",
    "NotEnoughRoom",
    "OfferBelowReserved",
    "OfferRaised",
    "OtherWork",
    "Room",
    "Wish",
    "caution",
    "free_weeks",
    "lift_ceiling",
    "lower_offer",
    "monday_of",
    "propose_offers",
    "register_other_work",
    "release",
    "reserve",
    "reserve_minutes",
]

# Given maker ids and two Mondays (half-open): minutes per (maker, Monday) of work that
# no reservation of capacity stands behind, as that for stock.
OtherWork = Callable[
    [Collection[int], dt.date, dt.date], Mapping[tuple[int, dt.date], int]
]
_other_work: list[OtherWork] = []


class OfferBelowReserved(Exception):
    """A leader can't offer fewer minutes than are sold already."""

    def __init__(self, reserved: int) -> None:
        super().__init__(f"{reserved} minutes are reserved")
        self.reserved = reserved


class OfferRaised(Exception):
    """An offer is lowered by hand, never raised: the nightly proposal raises it."""

    def __init__(self, offered: int) -> None:
        super().__init__(f"{offered} minutes are offered")
        self.offered = offered


def register_other_work(source: OtherWork) -> None:
    """The nightly proposal asks `source` too; apps above call this when they start."""
    if source not in _other_work:
        _other_work.append(source)


def monday_of(day: dt.date) -> dt.date:
    return day - dt.timedelta(days=day.weekday())


def _locked(rows: QuerySet[CapacityWeek]) -> QuerySet[CapacityWeek]:
    return rows.order_by("pk").select_for_update()


def _as_free(rows: Iterable[CapacityWeek]) -> list[FreeWeek]:
    return [
        FreeWeek(row.pk, row.base_id, row.week, row.offered - row.reserved)
        for row in rows
    ]


def free_weeks(
    *,
    craft: int,
    bases: Collection[int],
    since: dt.date,
    until: dt.date | None = None,
) -> list[FreeWeek]:
    """Weeks with minutes left, earliest first; advice only, since nothing is locked.

    `craft` and `bases` are primary keys; `since` and `until` are Mondays, half-open.
    """
    rows = CapacityWeek.objects.filter(
        craft_id=craft, base_id__in=bases, week__gte=since, offered__gt=F("reserved")
    )
    if until is not None:
        rows = rows.filter(week__lt=until)
    return _as_free(rows.order_by("week", "base_id"))


@transaction.atomic
def reserve(*, wishes: Sequence[Wish]) -> dict[Hashable, tuple[Room, ...]]:
    """Every wish has its minutes reserved, or nothing has changed.

    Returns the rooms by the wish's key, in the order of `fill`; the caller keeps a
    row for each. Raises NotEnoughRoom for the first wish that does not fit.
    """
    if not wishes:
        return {}
    wanted = Q()
    for wish in wishes:
        weeks = Q(craft_id=wish.craft, base_id__in=wish.bases, week__gte=wish.first)
        if wish.last is not None:
            weeks &= Q(week__lte=wish.last)
        wanted |= weeks
    rows = {row.pk: row for row in _locked(CapacityWeek.objects.filter(wanted))}
    placed: dict[Hashable, tuple[Room, ...]] = {}
    for wish in wishes:
        of_craft = [row for row in rows.values() if row.craft_id == wish.craft]
        placed[wish.key] = fill(_as_free(of_craft), wish)
        for room in placed[wish.key]:
            rows[room.id].reserved += room.minutes
    taken: dict[int, int] = {}
    for rooms in placed.values():
        for room in rooms:
            taken[room.id] = taken.get(room.id, 0) + room.minutes
    _add(taken)
    return placed


def _add(minutes: Mapping[int, int]) -> None:
    for pk in sorted(minutes):
        CapacityWeek.objects.filter(pk=pk).update(reserved=F("reserved") + minutes[pk])


def _positive(minutes: Mapping[int, int]) -> None:
    if any(amount < 1 for amount in minutes.values()):
        raise ValueError("minutes to reserve or release are at least one")


@transaction.atomic
def reserve_minutes(*, minutes: Mapping[int, int]) -> None:
    """These minutes of these weeks (by primary key) are reserved, all or none.

    Raises NotEnoughRoom with the week's key and the minutes that are missing.
    """
    _positive(minutes)
    rows = {r.pk: r for r in _locked(CapacityWeek.objects.filter(pk__in=minutes))}
    for pk in sorted(minutes):
        missing = minutes[pk] - (rows[pk].offered - rows[pk].reserved)
        if missing > 0:
            raise NotEnoughRoom(pk, missing)
    _add(minutes)


@transaction.atomic
def release(*, minutes: Mapping[int, int]) -> None:
    """These minutes of these weeks may be sold again.

    The caller's reservation row says whether they are still reserved, so that nothing
    is released twice; the database refuses less than zero.
    """
    _positive(minutes)
    list(_locked(CapacityWeek.objects.filter(pk__in=minutes)).values_list("pk"))
    _add({pk: -amount for pk, amount in minutes.items()})


@transaction.atomic
def lower_offer(*, week: CapacityWeek, minutes: int, by: User | None) -> CapacityWeek:
    """At most `minutes` of this week are offered, tonight's proposal included.

    Raises OfferBelowReserved, OfferRaised for more than is offered now.
    """
    row = _locked(CapacityWeek.objects.filter(pk=week.pk)).get()
    if minutes < row.reserved:
        raise OfferBelowReserved(row.reserved)
    if minutes > row.offered:
        raise OfferRaised(row.offered)
    row.offered = row.ceiling = minutes
    row.lowered_by = by
    row.save(update_fields=["offered", "ceiling", "lowered_by"])
    return row


@transaction.atomic
def lift_ceiling(*, week: CapacityWeek) -> CapacityWeek:
    """The next proposal may offer again what the leader had taken back."""
    row = _locked(CapacityWeek.objects.filter(pk=week.pk)).get()
    row.ceiling = row.lowered_by = None
    row.save(update_fields=["ceiling", "lowered_by"])
    return row


def caution(on: dt.date) -> int:
    """The percent of free minutes that is offered on this day."""
    row = (
        CapacityCaution.objects.filter(valid_from__lte=on)
        .filter(Q(valid_to=None) | Q(valid_to__gt=on))
        .first()
    )
    return row.percent if row else CAUTION_UNLESS_SET


def propose_offers(*, weeks: int) -> int:
    """The next `weeks` weeks offer what certified makers have free; counts the rows.

    Each base is its own transaction, so that buyers wait only a moment. A base whose
    capacity is not on record offers nothing new. Repeating it changes nothing.
    """
    first = monday_of(today()) + dt.timedelta(weeks=1)
    mondays = [first + dt.timedelta(weeks=count) for count in range(weeks)]
    until = first + dt.timedelta(weeks=weeks)
    members = members_by_base(mondays)
    makers = {
        maker for base in members.values() for week in base.values() for maker in week
    }
    busy: dict[tuple[int, dt.date], int] = {}
    for source in _other_work:
        for key, minutes in source(makers, first, until).items():
            busy[key] = busy.get(key, 0) + minutes
    free = free_minutes(makers, mondays)
    crafts = crafts_by_maker(makers, mondays)
    percent = caution(first)
    capacity = _capacities(mondays)
    known = CapacityWeek.objects.filter(week__gte=first, week__lt=until)
    bases = set(members) | set(known.values_list("base_id", flat=True).order_by())
    count = 0
    for base in sorted(bases):
        times = {
            monday: [
                FreeTime(
                    maker,
                    max(0, free[maker, monday] - busy.get((maker, monday), 0)),
                    crafts[maker, monday],
                )
                for maker in sorted(members.get(base, {}).get(monday, ()))
            ]
            for monday in mondays
        }
        room = {monday: capacity.get((base, monday), 0) for monday in mondays}
        count += _offer_at(base, times, room, percent)
    return count


def _capacities(mondays: Sequence[dt.date]) -> dict[tuple[int, dt.date], int]:
    rows = BaseCapacity.objects.filter(valid_from__lte=mondays[-1]).exclude(
        valid_to__lte=mondays[0]
    )
    return {
        (row.base_id, monday): row.minutes
        for row in rows
        for monday in mondays
        if row.valid_from <= monday and (row.valid_to is None or monday < row.valid_to)
    }


@transaction.atomic
def _offer_at(
    base: int,
    times: Mapping[dt.date, Sequence[FreeTime]],
    room: Mapping[dt.date, int],
    percent: int,
) -> int:
    """The weeks of one base offer what the rule proposes; counts the rows."""
    rows = {
        (row.week, row.craft_id): row
        for row in _locked(CapacityWeek.objects.filter(base_id=base, week__in=times))
    }
    changed, new = [], []
    for monday, makers in times.items():
        reserved = {
            c: row.reserved for (week, c), row in rows.items() if week == monday
        }
        offers = propose(
            makers, percent=percent, capacity=room[monday], reserved=reserved
        )
        for craft, minutes in offers.items():
            row = rows.get((monday, craft))
            if row is None:
                new.append(
                    CapacityWeek(
                        base_id=base, craft_id=craft, week=monday, offered=minutes
                    )
                )
                continue
            if row.ceiling is not None:
                minutes = min(minutes, row.ceiling)
            if row.offered != minutes:
                row.offered = minutes
                changed.append(row)
    CapacityWeek.objects.bulk_update(changed, ["offered"])
    CapacityWeek.objects.bulk_create(new, ignore_conflicts=True)
    return len(changed) + len(new)
