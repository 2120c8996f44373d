"""The form of an inspection: every piece is counted, and what is wrong is named."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from orders.models import Defect, Delivery
from orders.services.inspecting import MOST_PHOTOS, Fault
from orders.workshop import photos
from orders.workshop.forms import Count, Once, over, short

FAULTS = [kind for kind in Defect.Kind if kind != Defect.Kind.OTHER]


class InspectionForm(forms.Form):
    """Accepted, rework and rejected add up to what was delivered."""

    accepted = Count(label=gettext_lazy("Accepted"), required=False)
    rework = Count(label=gettext_lazy("Rework"), required=False)
    rejected = Count(label=pgettext_lazy("pieces", "Rejected"), required=False)
    other = Count(label=Defect.Kind.OTHER.label, required=False)
    other_note = forms.CharField(
        label=gettext_lazy("What else"), required=False, max_length=200
    )
    note = forms.CharField(
        label=gettext_lazy("A word to her"),
        required=False,
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    client_reference = Once()

    def __init__(
        self,
        delivery: Delivery,
        data: Any = None,
        files: MultiValueDict | None = None,
    ) -> None:
        super().__init__(data, files, initial={"accepted": delivery.pieces})
        self.delivery = delivery
        self.kept: list[str] = []
        for kind in FAULTS:
            self.fields[f"defect-{kind.value}"] = Count(
                label=kind.label, required=False
            )

    @property
    def faults(self) -> list[Any]:
        return [self[f"defect-{kind.value}"] for kind in FAULTS]

    @property
    def waiting(self) -> list[tuple[str, str]]:
        """Photos that came with an earlier try."""
        return photos.waiting(self.kept)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for name in ("accepted", "rework", "rejected"):
            cleaned[name] = cleaned.get(name) or 0
        self._clean_photos()
        said = cleaned["accepted"] + cleaned["rework"] + cleaned["rejected"]
        if not self.errors.keys() & {"accepted", "rework", "rejected"}:
            off = self.delivery.pieces - said
            if off:
                counted = _("%(said)s counted") % {"said": said}
                self.add_error(
                    None, f"{counted}{_(', ')}{short(off) if off > 0 else over(-off)}"
                )
        cleaned["defects"] = self._defects(cleaned)
        bad = cleaned["rework"] + cleaned["rejected"]
        if bad and not cleaned["defects"] and not self.errors:
            self.add_error(
                None, _("Say what is wrong with the pieces, so that she knows.")
            )
        if any(fault.pieces > bad for fault in cleaned["defects"]):
            self.add_error(
                None,
                _("A fault is on at most the %(bad)s pieces that are not accepted.")
                % {"bad": bad},
            )
        return cleaned

    def _defects(self, cleaned: Mapping[str, Any]) -> list[Fault]:
        found = [
            Fault(kind.value, cleaned.get(f"defect-{kind.value}") or 0)
            for kind in FAULTS
        ]
        other = cleaned.get("other") or 0
        note = (cleaned.get("other_note") or "").strip()
        if other and not note:
            self.add_error("other_note", _("Say what else is wrong"))
        found.append(Fault(Defect.Kind.OTHER.value, other, note))
        return [fault for fault in found if fault.pieces]

    def _clean_photos(self) -> None:
        """Good pictures are put aside at once; bad ones are named."""
        self.kept = [token for token, _url in photos.waiting(self.data.getlist("kept"))]
        for upload in self.files.getlist("photos"):
            if len(self.kept) >= MOST_PHOTOS:
                self.add_error(
                    None,
                    _("At most %(most)s photos are kept.") % {"most": MOST_PHOTOS},
                )
                break
            try:
                self.kept.append(photos.put_aside(upload))
            except ValidationError as error:
                self.add_error(None, error)
