"""How weeks of capacity are filled by orders, and how much of them is offered.

Rules and worked tables: docs/rules/capacity.md. All times are whole minutes.
"""

import datetime as dt
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass

# Of ten free hours eight are sold, until the federation says otherwise.
CAUTION_UNLESS_SET = 80


@dataclass(frozen=True, slots=True)
class FreeWeek:
    """Minutes that may still be sold of one craft at one base in one week."""

    id: int
    base: int
    week: dt.date
    minutes: int


@dataclass(frozen=True, slots=True)
class Wish:
    """Whole pieces of a craft, made at one of `bases` in weeks from `first` to `last`.

    `minutes` are those of one piece; `last` is the Monday of the last week that will
    do, None where any will.
    """

    key: Hashable
    craft: int
    bases: frozenset[int]
    pieces: int
    minutes: int
    first: dt.date
    last: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Room:
    """Part of a wish that one week takes."""

    id: int
    base: int
    week: dt.date
    pieces: int
    minutes: int


class NotEnoughRoom(Exception):
    """The weeks have no room for `missing` of the wish's pieces."""

    def __init__(self, key: Hashable, missing: int) -> None:
        super().__init__(f"no room for {missing} pieces")
        self.key = key
        self.missing = missing


def _lay(pieces: int, minutes: int, weeks: Iterable[FreeWeek]) -> list[Room]:
    """As many whole pieces as fit, in the given order of weeks."""
    rooms = []
    for week in weeks:
        fits = min(pieces, max(0, week.minutes) // minutes)
        if fits:
            rooms.append(Room(week.id, week.base, week.week, fits, fits * minutes))
            pieces -= fits
    return rooms


def fill(weeks: Sequence[FreeWeek], wish: Wish) -> tuple[Room, ...]:
    """Where a wish goes: done in the earliest possible week, at as few bases as that
    allows, so that it travels in few parcels. `weeks` are of the wish's craft.

    Raises NotEnoughRoom, ValueError for less than one piece or one minute.
    """
    if wish.pieces < 1 or wish.minutes < 1:
        raise ValueError("at least one piece of at least one minute")
    open_weeks = sorted(
        (
            week
            for week in weeks
            if week.base in wish.bases
            and week.week >= wish.first
            and (wish.last is None or week.week <= wish.last)
        ),
        key=lambda week: (week.week, week.base),
    )
    spread = _lay(wish.pieces, wish.minutes, open_weeks)
    missing = wish.pieces - sum(room.pieces for room in spread)
    if missing:
        raise NotEnoughRoom(wish.key, missing)
    done_by = spread[-1].week
    in_time = [week for week in open_weeks if week.week <= done_by]
    at_base: dict[int, int] = {}
    for week in in_time:
        at_base[week.base] = at_base.get(week.base, 0) + max(0, week.minutes) // (
            wish.minutes
        )
    order = sorted(at_base, key=lambda base: (-at_base[base], base))
    enough = [base for base in order if at_base[base] >= wish.pieces]
    rank = {base: place for place, base in enumerate(sorted(enough) or order)}
    in_time = [week for week in in_time if week.base in rank]
    in_time.sort(key=lambda week: (rank[week.base], week.week))
    return tuple(_lay(wish.pieces, wish.minutes, in_time))


@dataclass(frozen=True, slots=True)
class FreeTime:
    """One maker's minutes in a week that are not promised elsewhere, and her crafts."""

    maker: int
    minutes: int
    crafts: frozenset[int]


def minutes_in_week(asked: int, days_away: int) -> int:
    """What is left of the minutes asked for a week after days away, rounded down."""
    if not 0 <= days_away <= 7:
        raise ValueError("a week has seven days")
    return asked * (7 - days_away) // 7


def _after_reserved(
    makers: Sequence[FreeTime], *, percent: int, reserved: Mapping[int, int]
) -> list[FreeTime]:
    """What may be sold of each maker once the reserved minutes are laid on the women
    of the fewest crafts first."""
    open_ = dict(reserved)
    after = []
    for maker in sorted(makers, key=lambda maker: (len(maker.crafts), maker.maker)):
        left = maker.minutes * percent // 100
        for craft in sorted(maker.crafts):
            taken = min(left, open_.get(craft, 0))
            left -= taken
            if taken:
                open_[craft] -= taken
        after.append(FreeTime(maker.maker, left, maker.crafts))
    return after


def propose(
    makers: Sequence[FreeTime],
    *,
    percent: int,
    capacity: int,
    reserved: Mapping[int, int],
) -> dict[int, int]:
    """Minutes to offer per craft of one base in one week; never below `reserved`.

    `percent` of each woman's minutes is offered. One of several crafts is counted once:
    what is reserved is laid on her first, the rest is split equally among her crafts.
    Where the crafts together exceed the base's `capacity`, what lies above the reserved
    minutes is cut in proportion, rounded down.
    """
    if not 0 <= percent <= 100:
        raise ValueError("caution is between 0 and 100 percent")
    above = dict.fromkeys(reserved, 0)
    for maker in _after_reserved(makers, percent=percent, reserved=reserved):
        crafts = sorted(maker.crafts)
        for place, craft in enumerate(crafts):
            share, rest = divmod(maker.minutes, len(crafts))
            above[craft] = above.get(craft, 0) + share + (place < rest)
    room = max(0, capacity - sum(reserved.values()))
    total = sum(above.values())
    if total > room:
        above = {craft: minutes * room // total for craft, minutes in above.items()}
    return {craft: reserved.get(craft, 0) + above[craft] for craft in sorted(above)}
