"""The gain of households: pay and follow-up against the baseline, exact to the fen.

Rules and worked tables: docs/rules/gain.md. All sums are whole fen; a month is its
first day; periods are half-open.
"""

import datetime as dt
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass

MONTHS_OF_A_YEAR = 12

Place = Hashable
# A price index as numerator and denominator: prices of the month over the year's.
Index = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Stay:
    """A household lives at `place`, or a woman in a household, from `first` on."""

    first: dt.date
    until: dt.date | None
    place: Place = None

    def holds(self, day: dt.date) -> bool:
        return self.first <= day and (self.until is None or day < self.until)


@dataclass(frozen=True, slots=True)
class Baseline:
    """What a household earned in one whole year."""

    year: int
    fen: int


@dataclass(frozen=True, slots=True)
class FollowUp:
    """What it earned beside the platform in the months from `first` until `until`."""

    first: dt.date
    until: dt.date
    fen: int


@dataclass(frozen=True, slots=True)
class Household:
    """What is on record of one household; `women` are its makers' times in it."""

    id: int
    homes: Sequence[Stay]
    women: Sequence[Stay] = ()
    baseline: Baseline | None = None
    follow_ups: Sequence[FollowUp] = ()


@dataclass(frozen=True, slots=True)
class Pay:
    """Pay confirmed paid to a woman; `household` is hers on that day, if any."""

    day: dt.date
    woman: int
    household: int | None
    place: Place
    fen: int


@dataclass(frozen=True, slots=True)
class KnownMonth:
    """A month of a household in which its gain is known, but for its pay."""

    follow_up_fen: int
    baseline_fen: int
    carried_fen: int | None


def share(fen: int, parts: int, index: int) -> int:
    """The part `index` (from 0) of a sum; the parts sum to it, the earliest hold more.

    Raises ValueError for a part that there is not.
    """
    if not 0 <= index < parts:
        raise ValueError(f"no part {index} of {parts}")
    whole, over = divmod(fen, parts)
    return whole + (index < over)


def rounded(fen: int, by: int) -> int:
    """`fen` divided by a positive number, rounded half up to the fen."""
    return (2 * fen + by) // (2 * by)


def next_month(month: dt.date) -> dt.date:
    return (month + dt.timedelta(days=31)).replace(day=1)


def last_day(month: dt.date) -> dt.date:
    return next_month(month) - dt.timedelta(days=1)


def months_between(first: dt.date, until: dt.date) -> list[dt.date]:
    """The first days of the months in [first, until)."""
    found = []
    month = first
    while month < until:
        found.append(month)
        month = next_month(month)
    return found


def _apart(first: dt.date, then: dt.date) -> int:
    return (then.year - first.year) * MONTHS_OF_A_YEAR + then.month - first.month


def follow_up_of(told: Sequence[FollowUp], month: dt.date) -> int | None:
    """The month's share of the follow-up that covers it, in fen; None without one."""
    for one in told:
        if one.first <= month < one.until:
            return share(
                one.fen, _apart(one.first, one.until), _apart(one.first, month)
            )
    return None


def baseline_of(told: Baseline, month: dt.date) -> int:
    """The month's share of the baseline, in fen."""
    return share(told.fen, MONTHS_OF_A_YEAR, month.month - 1)


def place_on(stays: Sequence[Stay], day: dt.date) -> Place:
    """Where the household lives on this day; None where it lives nowhere on record."""
    for stay in stays:
        if stay.first <= day and (stay.until is None or day < stay.until):
            return stay.place
    return None


Prices = Callable[[Place, int, dt.date], Index | None]


def known_month(
    household: Household, month: dt.date, prices: Prices
) -> KnownMonth | None:
    """What the gain of this month is made of beside pay; None where it is not known.

    `prices(place, year, month)` says how prices of the month there stand to the year's.
    """
    place = place_on(household.homes, last_day(month))
    told = follow_up_of(household.follow_ups, month)
    return known_of(household, month, place, told, prices)


def known_of(
    household: Household,
    month: dt.date,
    place: Place,
    told: int | None,
    prices: Prices,
) -> KnownMonth | None:
    """As `known_month`, where place and the follow-up's share are at hand."""
    if place is None or told is None or household.baseline is None:
        return None
    before = baseline_of(household.baseline, month)
    index = prices(place, household.baseline.year, month)
    carried = None if index is None else rounded(before * index[0], index[1])
    return KnownMonth(told, before, carried)


def chained(
    year: int, month: dt.date, published: Callable[[dt.date], int | None]
) -> Index | None:
    """The index from a year to a month: the published values of the years between.

    `published(month)` is the index in thousandths of the same month of the year before.
    None where one is missing.
    """
    above = below = 1
    for between in range(min(year, month.year) + 1, max(year, month.year) + 1):
        value = published(month.replace(year=between))
        if value is None:
            return None
        above, below = above * value, below * 1000
    return (above, below) if year <= month.year else (below, above)
