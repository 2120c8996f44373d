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
    def rows(self) -> list[tuple[Shelf, Any, int]]:
        """Each product with its field and the number that its count began from."""
        return [
            (one, self[self.name_of(one)], self.at_first(one)) for one in self.shelves
        ]

    def seen(self, one: Shelf) -> int | None:
        """The number that stood on the page; None where the page did not say."""
        seen = str(self.data.get(f"seen-{one.record}", ""))
        return int(seen) if seen.isdecimal() else None

    def at_first(self, one: Shelf) -> int:
        """The number that the page shows beside the field, also when it comes back."""
        seen = self.seen(one)
        return one.at_hand if seen is None else seen

    def look_again(self, one: Shelf, at_hand: int) -> None:
        """The count of this product begins anew from what is there now."""
        self.data = self.data.copy()
        self.data[f"seen-{one.record}"] = str(at_hand)

    def counted(self) -> list[Shelf]:
        """Products whose number was changed by whoever looked at the page."""
        return [
            one
            for one in self.shelves
            if self.seen(one) not in {None, self.cleaned_data[self.name_of(one)]}
        ]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.errors and self.counted() and not cleaned.get("reason", "").strip():
            self.add_error("reason", _("Say why, so that others understand the count."))
        return cleaned
