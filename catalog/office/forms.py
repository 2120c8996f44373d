"""What staff fill in about making: a time study, and a piece rate."""

import datetime as dt
from decimal import Decimal
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from catalog.domain.time_study import FEWEST_MAKERS
from producers.models import Maker
from qiaoshou.common.form_fields import OnceByReference
from qiaoshou.common.today import today

ROWS = 7
MOST_MINUTES = 60_000
MOST_YUAN = 100_000


class SentOnce(forms.Form):
    """A form that is made with a reference: sent twice, it acts once."""

    reference = OnceByReference()


class StudyForm(SentOnce):
    """Minutes that several makers needed for a piece, one row each."""

    studied_on = forms.DateField(
        label=gettext_lazy("Studied on"),
        initial=today,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    note = forms.CharField(label=gettext_lazy("Note"), max_length=200, required=False)

    def __init__(self, *args: Any, makers: QuerySet[Maker], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", _("Nobody"))] + [
            (str(maker.pk), f"{maker} ({maker.reference})") for maker in makers
        ]
        for row in range(1, ROWS + 1):
            self.fields[f"maker_{row}"] = forms.TypedChoiceField(
                label=_("Maker %(row)s") % {"row": row},
                choices=choices,
                coerce=int,
                empty_value=None,
                required=False,
            )
            self.fields[f"minutes_{row}"] = forms.IntegerField(
                label=_("Minutes of maker %(row)s") % {"row": row},
                min_value=1,
                max_value=MOST_MINUTES,
                required=False,
            )

    def rows(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        return [
            (self[f"maker_{row}"], self[f"minutes_{row}"]) for row in range(1, ROWS + 1)
        ]

    def clean_studied_on(self) -> dt.date:
        day: dt.date = self.cleaned_data["studied_on"]
        if day > today():
            raise forms.ValidationError(_("This day has not come yet."))
        return day

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        samples: dict[int, int] = {}
        for row in range(1, ROWS + 1):
            maker = cleaned.get(f"maker_{row}")
            minutes = cleaned.get(f"minutes_{row}")
            if maker is None and minutes is not None:
                self.add_error(f"maker_{row}", _("Say who needed these minutes."))
            elif maker is not None and minutes is None:
                if f"minutes_{row}" not in self.errors:
                    self.add_error(f"minutes_{row}", _("Say how many minutes."))
            elif maker in samples:
                self.add_error(f"maker_{row}", _("She stands in another row already."))
            elif maker is not None:
                samples[maker] = minutes
        if not self.errors and len(samples) < FEWEST_MAKERS:
            raise forms.ValidationError(
                _("A study needs at least %(fewest)s makers; here are %(here)s.")
                % {"fewest": FEWEST_MAKERS, "here": len(samples)}
            )
        cleaned["samples"] = samples
        return cleaned


class RateForm(SentOnce):
    """What a maker is paid for an accepted piece, from a day on."""

    rate = forms.DecimalField(
        label=gettext_lazy("Rate per accepted piece (yuan)"),
        min_value=Decimal("0.01"),
        max_value=MOST_YUAN,
        decimal_places=2,
    )
    valid_from = forms.DateField(
        label=gettext_lazy("Valid from"),
        initial=today,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    @property
    def fen(self) -> int:
        return int(self.cleaned_data["rate"] * 100)
