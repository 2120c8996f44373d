"""Hours and time away, as a maker says them herself or tells her leader."""

import datetime as dt
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from orders.workshop.words import hours
from producers.models import Away, Maker, MakerHours
from producers.services import makers as making
from qiaoshou.common.today import today

MOST_HOURS = 84


class Day(forms.DateField):
    """A day, chosen from the calendar of the telephone."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
            input_formats=["%Y-%m-%d"],
            **kwargs,
        )


def shown(form: forms.Form, refusal: ValidationError) -> None:
    """What the registry refused stands at its field, or above the form."""
    if not hasattr(refusal, "error_dict"):
        form.add_error(None, refusal)
        return
    names = {"valid_from": "since", "valid_to": "last"}
    for name, reasons in refusal.error_dict.items():
        field = names.get(name, name)
        form.add_error(field if field in form.fields else None, reasons)


class HoursForm(forms.Form):
    """Hours of work a week that she asks for, from a day on."""

    hours = forms.DecimalField(
        label=gettext_lazy("Hours a week"),
        min_value=0,
        max_value=MOST_HOURS,
        decimal_places=1,
        widget=forms.TextInput(attrs={"inputmode": "decimal"}),
    )
    since = Day(label=gettext_lazy("From which day"), initial=today)

    @staticmethod
    def of(row: MakerHours | None) -> dict[str, Any]:
        """What the form begins with: her hours of today, from today on."""
        said = "" if row is None else hours(row.minutes)
        return {"hours": said, "since": today()}

    def clean_since(self) -> dt.date:
        since: dt.date = self.cleaned_data["since"]
        if since < today():
            raise forms.ValidationError(_("Today at the earliest"))
        return since

    def keep(self, maker: Maker) -> bool:
        """Her hours are on record, or the form says why not."""
        minutes = int(self.cleaned_data["hours"] * 60)
        try:
            making.ask_for_minutes(
                maker=maker, minutes=minutes, since=self.cleaned_data["since"]
            )
        except ValidationError as refusal:
            shown(self, refusal)
            return False
        return True


class AwayForm(forms.Form):
    """Days on which she does not work, both included."""

    since = Day(label=gettext_lazy("First day away"))
    last = Day(label=gettext_lazy("Last day away"))
    reason = forms.ChoiceField(
        label=gettext_lazy("Reason"),
        choices=Away.Reason.choices,
        initial=Away.Reason.OTHER,
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        since, last = cleaned.get("since"), cleaned.get("last")
        if since and last and last < since:
            self.add_error("last", _("The last day can’t be before the first."))
        if last and last < today():
            self.add_error("last", _("That is over already."))
        return cleaned

    def keep(self, maker: Maker) -> bool:
        """Her time away is on record, or the form says why not."""
        said = self.cleaned_data
        try:
            making.go_away(
                maker=maker,
                since=said["since"],
                until=said["last"] + dt.timedelta(days=1),
                reason=said["reason"],
            )
        except ValidationError as refusal:
            shown(self, refusal)
            return False
        return True
