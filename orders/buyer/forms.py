"""What a buyer fills in: her basket, the one checkout page, and finding an order."""

import datetime as dt
from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from orders.models import Contact
from orders.services.placing import Bill, Seen, Wishes
from producers.models import PickupPoint
from qiaoshou.common.phones import whole_phone

MOST_PIECES = 999
SHORTEST_ADDRESS = 8


class AddForm(forms.Form):
    """Pieces of one product for the basket."""

    product = forms.IntegerField(min_value=1)
    pieces = forms.IntegerField(
        label=_("Quantity"), min_value=1, max_value=MOST_PIECES, initial=1
    )
    client_reference = forms.UUIDField()


class ChangeForm(forms.Form):
    """How many pieces of one line; none removes it."""

    pieces = forms.IntegerField(label=_("Quantity"), min_value=0, max_value=MOST_PIECES)


class VoucherForm(forms.Form):
    """The code on a voucher, as it was typed."""

    code = forms.CharField(
        label=_("Code of the voucher"),
        max_length=128,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": _("Type the code of your voucher first.")},
    )


class PointField(forms.ModelChoiceField):
    """Pick-up points by name, with their hours."""

    def label_from_instance(self, point: PickupPoint) -> str:
        if get_language() == "en":
            return f"{point.name_en} ({point.hours_en or point.address_en})"
        return f"{point.name_zh}（{point.hours_zh or point.address_zh}）"


class CheckoutForm(forms.Form):
    """Everything that an order needs, on one page; nothing of it is a password."""

    name = forms.CharField(
        label=pgettext_lazy("person", "Name"),
        max_length=80,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    phone = forms.CharField(
        label=_("Mobile number"),
        required=False,
        max_length=30,
        widget=forms.TextInput(attrs={"autocomplete": "tel", "inputmode": "tel"}),
    )
    email = forms.EmailField(
        label=_("E-mail"),
        required=False,
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    way = forms.ChoiceField(label=_("How you get it"), widget=forms.RadioSelect)
    pickup_point = PointField(
        label=_("Pick-up point"),
        queryset=PickupPoint.objects.none(),
        required=False,
        empty_label=_("Choose a pick-up point"),
    )
    address = forms.CharField(
        label=_("Address"),
        required=False,
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2, "autocomplete": "street-address"}),
        help_text=_("Province, city, district, street and number"),
    )
    one_parcel = forms.BooleanField(
        label=_("Send everything together, when the last piece is ready"),
        required=False,
    )
    note = forms.CharField(
        label=_("A word to the maker"),
        required=False,
        max_length=200,
        help_text=_("Printed on her work slip once the base leader has read it"),
    )
    agree = forms.BooleanField(
        label=_("I agree to the terms of purchase and the privacy notice"),
        error_messages={"required": _("Please agree before you pay")},
    )
    goods_fen = forms.IntegerField(widget=forms.HiddenInput)
    promised_on = forms.DateField(widget=forms.HiddenInput)
    client_reference = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, bill: Bill, day: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = dict(Contact.Way.choices)
        self.fields["way"].choices = [(code, names[code]) for code in bill.ways]
        self.fields["pickup_point"].queryset = PickupPoint.objects.filter(
            Q(closed=None) | Q(closed__gt=day), opened__lte=day
        )

    def clean_phone(self) -> str:
        text = self.cleaned_data["phone"].strip()
        return whole_phone(text) if text else ""

    def clean_address(self) -> str:
        return " ".join(self.cleaned_data["address"].split())

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        given = found.get("phone") or found.get("email")
        if not given and not {"phone", "email"} & set(self.errors):
            self.add_error(
                "phone", _("Give a mobile number or an e-mail, so we can reach you")
            )
        if found.get("way") == Contact.Way.PICKUP and not found.get("pickup_point"):
            self.add_error("pickup_point", _("Choose where you will collect"))
        if found.get("way") == Contact.Way.PARCEL:
            self._check_parcel(found)
        return found

    def _check_parcel(self, found: dict[str, Any]) -> None:
        if "address" in self.errors:
            return
        if not found.get("address"):
            self.add_error("address", _("Say where we send it"))
        elif len(found["address"]) < SHORTEST_ADDRESS:
            self.add_error("address", _("Street and number are missing"))
        elif not found.get("phone") and "phone" not in self.errors:
            self.add_error("phone", _("The carrier needs a number to call"))

    def wishes(self, language: str) -> Wishes:
        """What the valid form says, as placing an order wants it."""
        found = self.cleaned_data
        parcel = found["way"] == Contact.Way.PARCEL
        return Wishes(
            name=found["name"].strip(),
            way=found["way"],
            language=language,
            phone=found["phone"],
            email=found["email"],
            address=found["address"] if parcel else "",
            pickup_point=None if parcel else found["pickup_point"],
            note=found["note"].strip(),
            one_parcel=found["one_parcel"],
        )

    def seen(self) -> Seen:
        """What the page showed when the form was filled in."""
        return Seen(self.cleaned_data["goods_fen"], self.cleaned_data["promised_on"])


class FindForm(forms.Form):
    """An order is found by its number and how the buyer said she could be reached."""

    reference = forms.CharField(
        label=_("Order number"),
        max_length=14,
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "characters"}
        ),
    )
    reach = forms.CharField(
        label=_("Mobile number or e-mail of the order"), max_length=254
    )

    def clean_reference(self) -> str:
        text = self.cleaned_data["reference"].upper().replace(" ", "").replace("-", "")
        return text.replace("O", "0").replace("I", "1").replace("L", "1")
