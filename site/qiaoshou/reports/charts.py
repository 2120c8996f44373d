"""Charts as drawings of whole pixels; each stands beside its own table."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from qiaoshou.common.templatetags.money import yuan

WIDE, HIGH = 480, 268
FLOOR, TOP = 238, 28
LEFT = 4
YEAR = 12
# Upper ends of the groups of households by gain a month, in fen.
ENDS = (0, 20_000, 40_000, 60_000, 80_000, 100_000, 150_000)


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar with what stands over and under it; `loss` gives it another colour."""

    label: str
    value: str
    x: int
    y: int
    width: int
    height: int
    loss: bool = False
    short: str = ""

    @property
    def middle(self) -> int:
        return self.x + self.width // 2

    @property
    def over(self) -> int:
        return self.y - 8


@dataclass(frozen=True, slots=True)
class Chart:
    """Bars with the words for who can't see them; `line` is the height of zero."""

    title: str
    says: str
    heads: tuple[str, str]
    bars: list[Bar]
    line: int = FLOOR
    values_shown: bool = True


def spread(averages: Sequence[int]) -> Chart | None:
    """How many households gained how much a month; None where none is known.

    `averages` are fen, lowest first.
    """
    if not averages:
        return None
    labels = [
        _("loss"),
        *(
            f"{low // 100:,}–{high // 100:,}"
            for low, high in zip(ENDS, ENDS[1:], strict=False)
        ),
        f"{ENDS[-1] // 100:,}+",
    ]
    # Room for few digits under a bar: hundreds of yuan.
    shorts = [
        labels[0],
        *(
            f"{low // 10_000}–{high // 10_000}"
            for low, high in zip(ENDS, ENDS[1:], strict=False)
        ),
        f"{ENDS[-1] // 10_000}+",
    ]
    counts = [0] * len(labels)
    for fen in averages:
        counts[sum(fen >= end for end in ENDS)] += 1
    step = (WIDE - LEFT) // len(labels)
    most = max(counts)
    bars = []
    for number, (label, count) in enumerate(zip(labels, counts, strict=True)):
        height = count * (FLOOR - TOP - 20) // most
        bars.append(
            Bar(
                label,
                f"{count:,}",
                LEFT + number * step,
                FLOOR - height,
                step - 3,
                height,
                loss=number == 0,
                short=shorts[number],
            )
        )
    middle = averages[(len(averages) - 1) // 2]
    return Chart(
        _("Households by their gain a month, in yuan"),
        _(
            "%(count)s households with a known gain; the one in the middle ¥%(fen)s. "
            "Across: hundreds of yuan."
        )
        % {"count": f"{len(averages):,}", "fen": yuan(middle)},
        (_("Gain a month, in yuan"), _("Households")),
        bars,
    )


def by_month(series: Mapping[dt.date, int | None]) -> Chart | None:
    """The gain per household of each month, in fen; None for a month by itself."""
    values = [fen for fen in series.values() if fen is not None]
    if len(series) < 2 or not values:
        return None
    highest, lowest = max(*values, 0), min(*values, 0)
    room = FLOOR - TOP - 20
    tall = max(highest - lowest, 1)
    zero = FLOOR - (-lowest) * room // tall
    step = (WIDE - LEFT) // len(series)
    every = 1 if len(series) <= YEAR else 3
    bars = []
    for number, (month, fen) in enumerate(series.items()):
        height = abs(fen or 0) * room // tall
        bars.append(
            Bar(
                date_format(month, "YEAR_MONTH_FORMAT"),
                _("not known") if fen is None else yuan(fen),
                LEFT + number * step,
                zero if (fen or 0) < 0 else zero - height,
                max(step - 4, 3),
                height,
                loss=(fen or 0) < 0,
                short=str(month.month) if number % every == 0 else "",
            )
        )
    return Chart(
        _("Gain per household, month by month, in yuan"),
        _("%(known)s of %(count)s months are known.")
        % {"known": len(values), "count": len(series)},
        (_("Month"), _("Gain per household, in yuan")),
        bars,
        zero,
        values_shown=False,
    )
