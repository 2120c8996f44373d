"""The gain of households: pay and follow-up against the baseline, exact to the fen.

Rules and worked tables: docs/rules/gain.md. All sums are whole fen; a month is its
first day; periods are half-open.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields

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


@dataclass(slots=True)
class Figures:
    """What is counted of some households at some places; figures of disjoint ones add.

    `gain_fen` and `deflated_fen` are sums of what is known; read `gain` and `deflated`.
    """

    households: int = 0
    women: int = 0
    households_paid: int = 0
    women_paid: int = 0
    with_baseline: int = 0
    with_follow_up: int = 0
    known: int = 0
    months: int = 0
    known_months: int = 0
    pay_fen: int = 0
    known_pay_fen: int = 0
    homeless_pay_fen: int = 0
    gain_fen: int = 0
    deflated_fen: int = 0
    unpriced: int = 0
    losses: int = 0
    loss_fen: int = 0
    # Parts of households with a known gain here, also of those counted elsewhere.
    behind_gain: int = 0

    def add(self, other: "Figures") -> None:
        for name in FIGURES:
            setattr(self, name, getattr(self, name) + getattr(other, name))

    @property
    def gain(self) -> int | None:
        """The gain in fen; None where nobody's is known."""
        return self.gain_fen if self.behind_gain else None

    @property
    def deflated(self) -> int | None:
        """The gain at the prices of its months; None where a price is missing too."""
        return self.deflated_fen if self.behind_gain and not self.unpriced else None

    @property
    def average(self) -> int | None:
        """The gain per household and known month, rounded half up to the fen."""
        if not self.known_months:
            return None
        return rounded(self.gain_fen, self.known_months)


FIGURES = tuple(one.name for one in fields(Figures))


def total(figures: Iterable[Figures]) -> Figures:
    """The sum of figures of disjoint households and places."""
    found = Figures()
    for one in figures:
        found.add(one)
    return found


@dataclass(frozen=True, slots=True)
class KnownMonth:
    """A month of a household in which its gain is known, but for its pay."""

    follow_up_fen: int
    baseline_fen: int
    carried_fen: int | None


@dataclass(slots=True)
class Tally:
    """Figures by row and household, by month, and each counted household's own gain.

    A part of household None is pay of women without one. `own` maps a household to its
    gain and known months wherever they were. `paid_women` are those paid in a row, also
    if they are counted elsewhere.
    """

    parts: dict[tuple[Place, int | None], Figures] = field(default_factory=dict)
    monthly: dict[dt.date, Figures] = field(default_factory=dict)
    own: dict[int, tuple[int, int]] = field(default_factory=dict)
    paid_women: dict[Place, set[int]] = field(default_factory=dict)

    def part(self, row: Place, household: int | None) -> Figures:
        key = (row, household)
        found = self.parts.get(key)
        if found is None:
            found = self.parts[key] = Figures()
        return found

    def known_households(self, row: Place) -> frozenset[int]:
        """Who stands behind the gain of a row, also if counted elsewhere."""
        return frozenset(
            household
            for (place, household), figures in self.parts.items()
            if place == row and household is not None and figures.behind_gain
        )

    def rows(self) -> dict[Place, Figures]:
        """Figures by row: the sums of their parts."""
        found: dict[Place, Figures] = defaultdict(Figures)
        for (row, _household), figures in self.parts.items():
            found[row].add(figures)
        return dict(found)


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
    return _known(household, month, place, told, prices)


def _known(
    household: Household,
    month: dt.date,
    place: Place,
    told: int | None,
    prices: Prices,
) -> KnownMonth | None:
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


def tally(
    households: Iterable[Household],
    pays: Iterable[Pay],
    months: Sequence[dt.date],
    *,
    row_of: Callable[[Place], Place],
    prices: Prices,
) -> Tally:
    """Counts the months row by row; `row_of` is None for places outside.

    Households and pays are all those that touch a row, with what they have outside too,
    so that a figure is the same from whichever area it is read.
    """
    found = Tally(monthly={month: Figures() for month in months})
    pays = list(pays)
    paid = {one.household for one in pays}
    known: dict[tuple[int | None, dt.date], KnownMonth] = {}
    counted: dict[int, Place] = {}
    days = [(month, last_day(month)) for month in months]
    for one in households:
        place = _told(one, days, row_of, prices, found, known)
        if place is not None:
            counted[one.id] = place
            row = row_of(place)
            if row is not None:
                found.part(row, one.id).households_paid = int(one.id in paid)
    _paid(pays, row_of, found, known, counted)
    for household, (gain, _months) in list(found.own.items()):
        row = row_of(counted[household])
        if row is None:
            del found.own[household]
            continue
        part = found.part(row, household)
        part.known = 1
        if gain < 0:
            part.losses, part.loss_fen = 1, gain
    return found


def _told(
    one: Household,
    months: Sequence[tuple[dt.date, dt.date]],
    row_of: Callable[[Place], Place],
    prices: Prices,
    found: Tally,
    known: dict[tuple[int | None, dt.date], KnownMonth],
) -> Place:
    """Counts what the household told; the place where it is counted.

    `months` are the first and the last day of each.
    """
    last: Place = None
    row: Place = None
    end: dt.date | None = None
    covered = True
    for month, day in months:
        place = place_on(one.homes, day)
        if place is None:
            continue
        if place != last:
            row = row_of(place)
        last, end = place, day
        told = follow_up_of(one.follow_ups, month)
        heard = _known(one, month, place, told, prices)
        covered = covered and told is not None
        if heard is not None:
            known[one.id, month] = heard
            rest = heard.follow_up_fen - heard.baseline_fen
            gain, before = found.own.get(one.id, (0, 0))
            found.own[one.id] = (gain + rest, before + 1)
        if row is None:
            continue
        for figures in (found.part(row, one.id), found.monthly[month]):
            figures.months += 1
            if heard is not None:
                figures.known_months += 1
                figures.behind_gain = 1
                figures.gain_fen += rest
                figures.unpriced += heard.carried_fen is None
                figures.deflated_fen += heard.follow_up_fen - (heard.carried_fen or 0)
    if row is not None and end is not None:
        part = found.part(row, one.id)
        part.households = 1
        part.women = sum(woman.holds(end) for woman in one.women)
        part.with_baseline = int(one.baseline is not None)
        part.with_follow_up = int(covered)
    return last


def _paid(
    pays: Sequence[Pay],
    row_of: Callable[[Place], Place],
    found: Tally,
    known: Mapping[tuple[int | None, dt.date], KnownMonth],
    counted: Mapping[int, Place],
) -> None:
    """Counts pay in the rows of its days, and as gain where its month is known."""
    last: dict[int, Pay] = {}
    for one in sorted(pays, key=lambda pay: pay.day):
        last[one.woman] = one
        month = one.day.replace(day=1)
        heard = known.get((one.household, month))
        if heard is not None and one.household is not None:
            gain, months = found.own[one.household]
            found.own[one.household] = (gain + one.fen, months)
        row = row_of(one.place)
        if row is None:
            continue
        found.paid_women.setdefault(row, set()).add(one.woman)
        for figures in (found.part(row, one.household), found.monthly[month]):
            figures.pay_fen += one.fen
            if one.household is None:
                figures.homeless_pay_fen += one.fen
            if heard is not None:
                figures.known_pay_fen += one.fen
                figures.gain_fen += one.fen
                figures.deflated_fen += one.fen
                figures.behind_gain = 1
                figures.unpriced += heard.carried_fen is None
    astray: set[int] = set()
    for one in last.values():
        row = row_of(one.place)
        if row is None:
            continue
        part = found.part(row, one.household)
        part.women_paid += 1
        if one.household is not None and one.household not in counted:
            part.households_paid += one.household not in astray
            astray.add(one.household)
