"""The months of a report, as asked for in the address."""

import datetime as dt
from typing import Any

from django import forms
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from producers.domain.gain import next_month
from producers.income.office.forms import MonthField, month_of, months_offered
from producers.income.selectors import last_closed_month
from qiaoshou.common.today import today


def this_month() -> dt.date:
    return today().replace(day=1)


def with_this_month() -> list[tuple[str, str]]:
    """The months that may be asked for; the present one is not over."""
    month = this_month()
    label = _("%(month)s, not over") % {
        "month": date_format(month, "YEAR_MONTH_FORMAT")
    }
    return [(f"{month:%Y-%m}", label), *months_offered()]


class AskedMonth(MonthField):
    def __init__(self, **kwargs: Any) -> None:
        forms.TypedChoiceField.__init__(
            self,
            coerce=month_of,
            choices=with_this_month,
            required=False,
            empty_value=None,
            **kwargs,
        )


class PeriodForm(forms.Form):
    """From one month to another, both counted; the last month that is over, if none."""

    first = AskedMonth(label=gettext_lazy("From"))
    last = AskedMonth(label=gettext_lazy("To"))

    def __init__(self, asked: Any) -> None:
        usual = f"{last_closed_month():%Y-%m}"
        first = asked.get("first") or asked.get("last") or usual
        super().__init__({"first": first, "last": asked.get("last") or first})
        self.is_valid()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        first, last = cleaned.get("first"), cleaned.get("last")
        if first and last and last < first:
            self.add_error("last", _("The last month must not be before the first."))
        return cleaned

    @property
    def months(self) -> tuple[dt.date, dt.date]:
        """The half-open period; the last month that is over where none can be read."""
        if self.errors:
            month = last_closed_month()
            return month, next_month(month)
        return self.cleaned_data["first"], next_month(self.cleaned_data["last"])


def in_words(first: dt.date, until: dt.date) -> str:
    """October 2026, or August 2026 to October 2026."""
    last = (until - dt.timedelta(days=1)).replace(day=1)
    said = date_format(first, "YEAR_MONTH_FORMAT")
    if last == first:
        return said
    return _("%(first)s to %(last)s") % {
        "first": said,
        "last": date_format(last, "YEAR_MONTH_FORMAT"),
    }
