"""What is filled in when something leaves: carrier and cost, or the buyer's code."""

from decimal import Decimal
from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy

from orders import edge
from orders.workshop.forms import Once

MOST_YUAN = Decimal("9999.99")


class SendForm(forms.Form):
    """Who carries the parcel, under what number, for how much."""

    carrier = forms.CharField(label=gettext_lazy("Carrier"), max_length=40)
    tracking = forms.CharField(label=gettext_lazy("Tracking number"), max_length=60)
    cost_fen = forms.DecimalField(
        label=gettext_lazy("What it cost, in yuan"),
        required=False,
        min_value=0,
        max_value=MOST_YUAN,
        decimal_places=2,
        widget=forms.TextInput(attrs={"inputmode": "decimal"}),
    )
    client_reference = Once()

    def clean_cost_fen(self) -> int:
        cost: Any = self.cleaned_data["cost_fen"]
        return 0 if cost is None else edge.fen(cost)


class CodeForm(forms.Form):
    """The four digits that the buyer was told."""

    code = forms.CharField(
        label=gettext_lazy("Her code"),
        max_length=10,
        widget=forms.TextInput(
            attrs={"inputmode": "numeric", "autocomplete": "off", "class": "code"}
        ),
        validators=[
            RegexValidator("^[0-9]{4}$", gettext_lazy("The code has four digits"))
        ],
    )
