"""What an officer types of a household's income: yuan by source, a year, months."""

import datetime as dt
from decimal import Decimal
from typing import Any

from django import forms
from django.db.models import Q
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from producers import policy
from producers.domain.gain import next_month
from producers.income.models import SOURCES, Baseline, FollowUp, Told
from producers.income.selectors import last_closed_month
from qiaoshou.accounts.models import User
from qiaoshou.common.form_fields import MOST_YUAN, Once, YuanField
from qiaoshou.common.models import Area
from qiaoshou.common.today import today

MONTHS_OFFERED = 36
YEARS_OFFERED = 10


class IncomeForm(forms.Form):
    """Income by source with the paper it stands on; a reason where it corrects."""

    client_reference = Once()
    wages_fen = YuanField(least=Decimal(0), label=_("wages, yuan"))
    business_fen = YuanField(
        label=_("business less its costs, yuan"),
        help_text=_("Farming and trade too; below zero where it lost money."),
        least=-MOST_YUAN,
    )
    property_fen = YuanField(
        least=Decimal(0), label=_("property, yuan"), help_text=_("Rent, interest.")
    )
    transfers_fen = YuanField(
        least=Decimal(0),
        label=_("transfers, yuan"),
        help_text=_("Pensions, support, money sent home."),
    )
    document = forms.CharField(
        label=_("document"),
        help_text=_("The paper or visit it stands on."),
        max_length=200,
        required=False,
    )
    reason = forms.CharField(
        label=_("what was wrong before"),
        help_text=_("Stands in the history and in the audit trail."),
        max_length=200,
    )
    own: tuple[str, ...] = ()

    def __init__(self, *args: Any, row: Told | None = None, **kwargs: Any) -> None:
        if row is not None:
            kwargs["initial"] = self.initial_of(row)
        super().__init__(*args, **kwargs)
        del self.fields["client_reference" if row is not None else "reason"]
        self.order_fields([*self.own, *SOURCES])

    def initial_of(self, row: Told) -> dict[str, Any]:
        return {name: getattr(row, name) for name in (*SOURCES, "document", *self.own)}


class BaselineForm(IncomeForm):
    year = forms.TypedChoiceField(
        label=pgettext_lazy("of a baseline", "year"),
        help_text=_("A whole year before the household joined."),
        coerce=int,
    )
    own = ("year",)

    def __init__(self, *args: Any, row: Baseline | None = None, **kwargs: Any) -> None:
        super().__init__(*args, row=row, **kwargs)
        last = today().year - 1
        years = {*range(last, last - YEARS_OFFERED, -1), *({row.year} if row else ())}
        self.fields["year"].choices = [
            (str(year), str(year)) for year in sorted(years, reverse=True)
        ]


def months_offered(*others: dt.date) -> list[tuple[str, str]]:
    """The months that are over, newest first, with those of a row on record."""
    months, month = set(others), last_closed_month()
    for _one in range(MONTHS_OFFERED):
        months.add(month)
        month = (month - dt.timedelta(days=1)).replace(day=1)
    return [
        (f"{month:%Y-%m}", date_format(month, "YEAR_MONTH_FORMAT"))
        for month in sorted(months, reverse=True)
    ]


def month_of(text: str) -> dt.date:
    """The first day of a month written 2026-10; ValueError for anything else."""
    return dt.datetime.strptime(text, "%Y-%m").date()  # noqa: DTZ007 (a day)


class MonthField(forms.TypedChoiceField):
    """One of the months that are over; `cleaned_data` holds its first day."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(coerce=month_of, choices=months_offered, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        return f"{value:%Y-%m}" if isinstance(value, dt.date) else value


class FollowUpForm(IncomeForm):
    valid_from = MonthField(label=_("first month"), initial=last_closed_month)
    valid_to = MonthField(
        label=_("last month"),
        help_text=_("Leave out what the platform paid: it is counted by itself."),
        initial=last_closed_month,
    )
    own = ("valid_from", "valid_to")

    def __init__(self, *args: Any, row: FollowUp | None = None, **kwargs: Any) -> None:
        super().__init__(*args, row=row, **kwargs)
        if row is not None:
            known = months_offered(row.valid_from, row.last_month)
            for name in self.own:
                self.fields[name].choices = known

    def initial_of(self, row: FollowUp) -> dict[str, Any]:
        return {**super().initial_of(row), "valid_to": row.last_month}

    def clean(self) -> dict[str, Any]:
        """The last month becomes the first day after it: periods are half-open."""
        cleaned = super().clean() or {}
        if cleaned.get("valid_to"):
            cleaned["valid_to"] = next_month(cleaned["valid_to"])
        return cleaned


class LacksForm(forms.Form):
    """The filters of the list; what can't be read is left out."""

    LACKS = [
        ("", _("All households")),
        ("baseline", _("No baseline")),
        ("follow-up", _("No follow-up of the month")),
        ("consent", _("Somebody has not agreed")),
    ]
    q = forms.CharField(
        label=_("Name, village or reference"), max_length=60, required=False
    )
    area = forms.ModelChoiceField(
        label=_("Area"),
        queryset=Area.objects.none(),
        required=False,
        empty_label=_("All areas"),
    )
    lacks = forms.ChoiceField(label=_("What is missing"), choices=LACKS, required=False)
    month = MonthField(label=_("Month"), required=False, empty_value=None)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        tiers = Q(tier__in=(Area.Tier.COUNTY, Area.Tier.TOWNSHIP))
        asked = self.data.get("area", "")
        if asked.isdecimal():
            tiers |= Q(pk=asked)
        areas = policy.areas_for(user).filter(tiers).order_by("path")
        self.fields["area"].queryset = areas
