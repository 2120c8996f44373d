"""The report of gains: an area, the areas below it, and in a village its households."""

import datetime as dt
from dataclasses import dataclass, field

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from producers.domain.gain import rounded
from producers.domain.merging import Group, merged, together
from producers.domain.tallying import Figures, Tally, total
from producers.income.selectors import gains_within
from producers.models import Household
from producers.office.households import HouseholdIndex
from qiaoshou.common.models import Area
from qiaoshou.common.naming import named
from qiaoshou.reports.columns import Column, Kind

AREA_COLUMNS: tuple[Column[Figures], ...] = (
    Column(gettext_lazy("Households"), Kind.COUNT, lambda row: row.households),
    Column(gettext_lazy("Women"), Kind.COUNT, lambda row: row.women),
    Column(
        gettext_lazy("Households paid"), Kind.COUNT, lambda row: row.households_paid
    ),
    Column(gettext_lazy("Women paid"), Kind.COUNT, lambda row: row.women_paid),
    Column(gettext_lazy("With baseline"), Kind.COUNT, lambda row: row.with_baseline),
    Column(gettext_lazy("With follow-up"), Kind.COUNT, lambda row: row.with_follow_up),
    Column(gettext_lazy("Gain known"), Kind.COUNT, lambda row: row.known),
    Column(gettext_lazy("Platform pay"), Kind.MONEY, lambda row: row.pay_fen),
    Column(gettext_lazy("Gain"), Kind.MONEY, lambda row: row.gain),
    Column(
        gettext_lazy("Gain at the prices of the month"),
        Kind.MONEY,
        lambda row: row.deflated,
    ),
    Column(
        gettext_lazy("Gain per household and month"),
        Kind.MONEY,
        lambda row: row.average,
    ),
    Column(gettext_lazy("Households with a loss"), Kind.COUNT, lambda row: row.losses),
    Column(
        gettext_lazy("Sum of losses"),
        Kind.MONEY,
        lambda row: row.loss_fen,
        carried=False,
    ),
)

HOUSEHOLD_COLUMNS: tuple[Column[Figures], ...] = (
    Column(gettext_lazy("Baseline"), Kind.YES, lambda row: row.with_baseline),
    Column(gettext_lazy("Follow-up"), Kind.YES, lambda row: row.with_follow_up),
    Column(gettext_lazy("Months"), Kind.COUNT, lambda row: row.months),
    Column(gettext_lazy("Months known"), Kind.COUNT, lambda row: row.known_months),
    Column(gettext_lazy("Platform pay"), Kind.MONEY, lambda row: row.pay_fen),
    Column(gettext_lazy("Gain"), Kind.MONEY, lambda row: row.gain),
    Column(
        gettext_lazy("Gain at the prices of the month"),
        Kind.MONEY,
        lambda row: row.deflated,
    ),
)


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the report; `area` or `household` is what it leads to."""

    name: str
    figures: Figures
    area: Area | None = None
    household: Household | None = None


@dataclass(frozen=True, slots=True)
class CarriedLine:
    """One row of an export; without `money` its sums are left out."""

    name: str
    figures: Figures
    money: bool


@dataclass(frozen=True, slots=True)
class GainReport:
    """What a page or an export shows; the total is the sum of the lines."""

    area: Area
    first: dt.date
    until: dt.date
    lines: list[Line]
    total: Figures
    tally: Tally
    missing_prices: list[dt.date]
    households: list[Household] = field(default_factory=list)

    @property
    def of_village(self) -> bool:
        return self.area.tier == Area.Tier.VILLAGE

    @property
    def columns(self) -> tuple[Column[Figures], ...]:
        return HOUSEHOLD_COLUMNS if self.of_village else AREA_COLUMNS

    @property
    def averages(self) -> list[int]:
        """The known gain a month of each household, in fen, lowest first."""
        return sorted(rounded(fen, months) for fen, months in self.tally.own.values())


def read(
    area: Area, first: dt.date, until: dt.date, *, visible: QuerySet[Household]
) -> GainReport:
    """The gains of an area in the months of [first, until).

    `visible` are the households of which the reader may see one by one: a village names
    those alone. Eight queries, nine for a village, whatever the number of areas and
    households. Who shows `households` to somebody records the look.
    """
    if area.tier == Area.Tier.VILLAGE:
        return _of_village(area, first, until, visible)
    end = len(area.path) + Area.steplen
    found = gains_within(
        area,
        first,
        until,
        row_of=lambda path: path[:end] if path.startswith(area.path) else None,
    )
    rows = found.tally.rows()
    lines = [
        Line(named(below), rows.get(below.path, Figures()), area=below)
        for below in area.get_children().order_by("path")
        if below.closed_on is None or below.path in rows
    ]
    if area.path in rows:
        lines.append(Line(_("Without a village"), rows[area.path]))
    return GainReport(
        area,
        first,
        until,
        lines,
        total(line.figures for line in lines),
        found.tally,
        found.missing_prices,
    )


def _of_village(
    area: Area, first: dt.date, until: dt.date, visible: QuerySet[Household]
) -> GainReport:
    found = gains_within(
        area,
        first,
        until,
        row_of=lambda path: path if path.startswith(area.path) else None,
    )
    parts = {
        household: figures for (_row, household), figures in found.tally.parts.items()
    }
    homes = HouseholdIndex.prepared(visible.filter(pk__in=[*filter(None, parts)]))
    seen = list(homes.order_by("pk"))
    lines = [
        Line(
            " · ".join(filter(None, (home.maker_names, home.reference))),
            parts.pop(home.pk),
            household=home,
        )
        for home in seen
    ]
    homeless = parts.pop(None, None)
    if parts:
        gone = _("Households that live elsewhere today: %(count)s")
        lines.append(Line(gone % {"count": len(parts)}, total(parts.values())))
    if homeless is not None:
        lines.append(Line(_("Women without a household on record"), homeless))
    return GainReport(
        area,
        first,
        until,
        lines,
        total(line.figures for line in lines),
        found.tally,
        found.missing_prices,
        seen,
    )


def carried_lines(report: GainReport) -> list[CarriedLine]:
    """What may leave the page: small areas in one line, never a household; the total
    comes last."""
    whole = _group(report, None)
    own = CarriedLine(named(report.area), report.total, not whole.small)
    if report.of_village:
        return [own]
    groups = [_group(report, line) for line in report.lines]
    return [
        *(
            CarriedLine(
                report.lines[one.rows[0]].name
                if len(one.rows) == 1
                else _("Areas with fewer than 5 households or women, together"),
                one.figures,
                one.money,
            )
            for one in merged(groups)
        ),
        own,
    ]


def _group(report: GainReport, line: Line | None) -> Group:
    """The people behind a line, or behind all of them."""
    tally = report.tally
    if line is None:
        return together(
            Group(Figures(), tally.known_households(row), frozenset(women))
            for row, women in _everybody(tally)
        )
    row = line.area.path if line.area else report.area.path
    return Group(
        line.figures,
        tally.known_households(row),
        frozenset(tally.paid_women.get(row, ())),
    )


def _everybody(tally: Tally) -> list[tuple[object, set[int]]]:
    rows = {row for row, _household in tally.parts}
    return [(row, tally.paid_women.get(row, set())) for row in rows]
