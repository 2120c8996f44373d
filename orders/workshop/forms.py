"""What a leader fills in: who makes how many, what a maker said, what was found."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from orders.models import Assignment
from orders.workshop.proposal import Person, Proposal
from qiaoshou.common.form_fields import Once

MOST = 99_999


class Count(forms.IntegerField):
    """Whole pieces, never below `least`."""

    def __init__(self, *, least: int = 0, most: int = MOST, **kwargs: Any) -> None:
        kwargs.setdefault("error_messages", {}).setdefault(
            "invalid", gettext_lazy("Write a whole number")
        )
        super().__init__(
            min_value=least,
            max_value=most,
            widget=forms.TextInput(
                attrs={"inputmode": "numeric", "autocomplete": "off"}
            ),
            **kwargs,
        )


class ProposalForm(forms.Form):
    """How many pieces each maker is to be asked for; all of them add up."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    reason = forms.CharField(
        label=gettext_lazy("Why you changed it"),
        required=False,
        max_length=200,
        help_text=gettext_lazy("Needed where you changed a number"),
    )
    fewer = forms.BooleanField(
        label=gettext_lazy("Send these now; the rest is placed again"), required=False
    )

    def __init__(
        self, proposal: Proposal, data: Mapping[str, Any] | None = None
    ) -> None:
        super().__init__(data, initial={"version": proposal.work_order.demand.version})
        self.proposal = proposal
        self.people = [*proposal.proposed, *proposal.others]
        for person in self.people:
            self.fields[name_of(person)] = Count(
                label=str(person.maker), required=False, initial=person.pieces
            )

    def rows(self, people: tuple[Person, ...]) -> list[tuple[Person, Any]]:
        """Each of these people with the number typed for her."""
        return [(person, self[name_of(person)].value() or 0) for person in people]

    @property
    def proposed(self) -> list[tuple[Person, Any]]:
        return self.rows(self.proposal.proposed)

    @property
    def others(self) -> list[tuple[Person, Any]]:
        return self.rows(self.proposal.others)

    @property
    def sends(self) -> bool:
        return self.data.get("act") == "send"

    @property
    def overtaken(self) -> bool:
        """The page was made from an older state: it was sent before, or changed."""
        return str(self.proposal.work_order.demand.version) != self.data.get("version")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        typed = {
            person.maker.pk: cleaned.get(name_of(person)) or 0 for person in self.people
        }
        cleaned["pieces"] = {
            person.maker.pk: typed[person.maker.pk]
            for person in self.people
            if typed[person.maker.pk] != person.pieces
        }
        if cleaned["pieces"] and not cleaned.get("reason", "").strip():
            self.add_error("reason", _("Say why you changed it; the makers see it."))
        total, wanted = sum(typed.values()), self.proposal.to_place
        if total > self.proposal.room:
            self.add_error(None, over(total - self.proposal.room))
        elif self.sends and total < wanted and not cleaned.get("fewer"):
            self.add_error("fewer", short(wanted - total))
        elif self.sends and not total:
            self.add_error(None, _("Nobody is to be asked: give somebody pieces."))
        return cleaned


def name_of(person: Person) -> str:
    return f"pieces-{person.maker.reference}"


def short(count: int) -> str:
    return ngettext("%(pieces)s piece short", "%(pieces)s pieces short", count) % {
        "pieces": count
    }


def over(count: int) -> str:
    return ngettext(
        "%(pieces)s piece too many", "%(pieces)s pieces too many", count
    ) % {"pieces": count}


class WordForm(forms.Form):
    """A reason in words."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=200,
        error_messages={"required": gettext_lazy("Say why in a few words")},
    )


class NoteForm(forms.Form):
    """The buyer's word as it goes onto the slip; empty takes it off."""

    note = forms.CharField(
        label=gettext_lazy("Note on the slip"),
        required=False,
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class AnswerForm(forms.Form):
    """What a maker said to an offer, recorded by her leader."""

    answer = forms.ChoiceField(
        label=gettext_lazy("What she said"),
        choices=[
            ("take", gettext_lazy("She takes all of it")),
            ("some", gettext_lazy("She takes some")),
            ("decline", gettext_lazy("Not this time")),
        ],
        widget=forms.RadioSelect,
    )
    pieces = Count(
        label=gettext_lazy("How many she takes"),
        required=False,
        help_text=gettext_lazy("Counts only where she takes some"),
    )
    how = forms.ChoiceField(
        label=gettext_lazy("How she said it"),
        choices=[
            (Assignment.How.SPOKEN.value, Assignment.How.SPOKEN.label),
            (Assignment.How.SLIP.value, Assignment.How.SLIP.label),
        ],
        widget=forms.RadioSelect,
        initial=Assignment.How.SPOKEN.value,
    )
    reason = forms.CharField(
        label=gettext_lazy("Her reason, if she gave one"),
        required=False,
        max_length=200,
    )

    def __init__(
        self, assignment: Assignment, data: Mapping[str, Any] | None = None
    ) -> None:
        super().__init__(data, initial={"pieces": assignment.offered})
        self.offered = assignment.offered

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        answer = cleaned.get("answer")
        if answer == "take":
            cleaned["pieces"] = self.offered
        if answer == "some":
            pieces = cleaned.get("pieces") or 0
            if not 1 <= pieces <= self.offered:
                self.add_error(
                    "pieces",
                    _("Between 1 and %(offered)s pieces") % {"offered": self.offered},
                )
        return cleaned


class GiveBackForm(forms.Form):
    """Pieces that a maker can't make after all."""

    pieces = Count(label=gettext_lazy("Pieces she gives back"), least=1)
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=200,
        error_messages={"required": gettext_lazy("Say why in a few words")},
    )
    client_reference = Once()

    def __init__(self, left: int, data: Mapping[str, Any] | None = None) -> None:
        super().__init__(data, initial={"pieces": left})
        self.left = left

    def clean_pieces(self) -> int:
        pieces: int = self.cleaned_data["pieces"]
        if pieces > self.left:
            raise forms.ValidationError(
                _("She has only %(left)s that she could give back.")
                % {"left": self.left}
            )
        return pieces


class DeliveryForm(forms.Form):
    """Pieces that a maker brought: new ones, or those that she put right."""

    reworked = forms.BooleanField(
        label=gettext_lazy("These came back from rework"), required=False
    )
    pieces = Count(label=gettext_lazy("Pieces she brought"), least=1)
    hours = forms.DecimalField(
        label=gettext_lazy("Hours she says it took"),
        required=False,
        min_value=0,
        max_value=2_000,
        decimal_places=1,
        widget=forms.TextInput(attrs={"inputmode": "decimal"}),
        help_text=gettext_lazy("Only if she tells you; pay does not depend on it"),
    )
    client_reference = Once()

    def __init__(
        self, left: int, rework: int, data: Mapping[str, Any] | None = None
    ) -> None:
        super().__init__(data, initial={"pieces": left or rework})
        self.left, self.rework = left, rework
        if not (left and rework):
            del self.fields["reworked"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        again = cleaned.get("reworked", not self.left)
        room = self.rework if again else self.left
        if (cleaned.get("pieces") or 0) > room:
            self.add_error(
                "pieces", _("She has only %(left)s in hand.") % {"left": room}
            )
        cleaned["reworked"] = again
        return cleaned

    @property
    def minutes(self) -> int | None:
        said = self.cleaned_data.get("hours")
        return None if said is None else int(said * 60) or None


class IssueForm(forms.Form):
    """Material handed to a maker for one assignment."""

    name = forms.CharField(label=gettext_lazy("Material"), max_length=80)
    issued = Count(label=gettext_lazy("How much"), least=1)
    unit = forms.CharField(
        label=gettext_lazy("Unit"),
        max_length=10,
        help_text=gettext_lazy("metre, skein, gram"),
    )
    client_reference = Once()
