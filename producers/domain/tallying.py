"""Counts gains row by row: what adds up from villages to the city, month by month.

The rule of one household stands in `gain`; docs/rules/gain.md has the worked example.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields

from producers.domain.gain import (
    Household,
    KnownMonth,
    Pay,
    Place,
    Prices,
    follow_up_of,
    known_of,
    last_day,
    place_on,
    rounded,
)


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
        heard = known_of(one, month, place, told, prices)
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
