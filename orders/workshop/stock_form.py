"""The form of a stocktake: a number for each product, and why it is another one."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from orders.workshop.forms import Count, Once
from orders.workshop.shelf import Shelf


class CountForm(forms.Form):
    """What was counted; a number that was left as it stood is not counted."""

    reason = forms.CharField(
        label=gettext_lazy("Why a number is another one"),
        required=False,
        max_length=200,
        help_text=gettext_lazy("Counted anew, broken, sold at the door"),
    )
    client_reference = Once()

    def __init__(
        self, shelves: Sequence[Shelf], data: Mapping[str, Any] | None = None
    ) -> None:
        super().__init__(data)
        self.shelves = shelves
        for one in shelves:
            self.fields[self.name_of(one)] = Count(label=one.title, initial=one.at_hand)

    @staticmethod
    def name_of(one: Shelf) -> str:
        return f"count-{one.record}"

    @property
    def rows(self) -> list[tuple[Shelf, Any]]:
        return [(one, self[self.name_of(one)]) for one in self.shelves]

    def counted(self) -> list[Shelf]:
        """Products whose number was changed by whoever looked at the page."""
        found = []
        for one in self.shelves:
            seen = str(self.data.get(f"seen-{one.record}", ""))
            if seen.isdigit() and int(seen) != self.cleaned_data[self.name_of(one)]:
                found.append(one)
        return found

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.errors and self.counted() and not cleaned.get("reason", "").strip():
            self.add_error("reason", _("Say why, so that others understand the count."))
        return cleaned
