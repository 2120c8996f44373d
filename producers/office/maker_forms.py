"""Office forms to register a maker and to change what is on record of her."""

from typing import Any

from django import forms
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from producers.models import (
    Away,
    Consent,
    HouseholdMember,
    Maker,
)
from producers.office import fields
from producers.office.frame import (
    RegistryForm,
)
from producers.services import consents, households, makers, memberships, personal
from qiaoshou.common.form_fields import OnceByReference, plain_picture


class MakerFields(RegistryForm):
    """Registers a maker: who she is, where she lives and works, what she agrees to."""

    reference = OnceByReference()
    name_en = forms.CharField(
        label=gettext_lazy("name in English"),
        help_text=gettext_lazy("Left empty, it is drafted from the pinyin."),
        max_length=80,
        required=False,
    )
    phone = forms.CharField(label=gettext_lazy("telephone"), required=False)
    since = fields.DayField(label=gettext_lazy("from"))
    household = fields.pick_household(
        label=gettext_lazy("household on record"), required=False
    )
    village = fields.pick_village(
        label=gettext_lazy("village, for a new household"), required=False
    )
    labour_force = forms.IntegerField(
        label=gettext_lazy("people able to work in a new household"),
        min_value=0,
        initial=1,
    )
    relation = forms.ChoiceField(
        label=gettext_lazy("relation to the head of the household"),
        choices=HouseholdMember.Relation.choices,
    )
    base = fields.pick_base(label=gettext_lazy("base"), required=False)
    minutes = forms.IntegerField(
        label=gettext_lazy("minutes of work she asks for a week"),
        min_value=0,
        required=False,
    )
    agrees_to = forms.MultipleChoiceField(
        label=gettext_lazy("she agrees to"),
        choices=Consent.Purpose.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    how = forms.ChoiceField(
        label=gettext_lazy("how she agreed"), choices=Consent.How.choices
    )
    identity = forms.CharField(
        label=gettext_lazy("identity number, if she agrees to the check"),
        required=False,
    )

    class Meta:
        model = Maker
        fields = (
            "reference",
            "name_zh",
            "name_en",
            "phone",
            "since",
            "household",
            "village",
            "labour_force",
            "relation",
            "base",
            "minutes",
            "agrees_to",
            "how",
            "identity",
        )

    def clean(self) -> dict[str, Any]:
        found = super().clean()
        where = ("household", "village")
        if not any(found.get(name) or name in self.errors for name in where):
            self.add_error(
                "village",
                _("Pick a household on record, or the village of a new one."),
            )
        return found

    @transaction.atomic
    def keep(self) -> Maker:
        typed = self.cleaned_data
        known = Maker.objects.filter(reference=typed["reference"]).first()
        if known is not None:
            return known
        maker = makers.register_maker(
            name_zh=typed["name_zh"],
            name_en=typed["name_en"],
            phone=typed["phone"],
            reference=typed["reference"],
            on=typed["since"],
            by=self.user,
        )
        consents.give_consents(
            maker=maker, purposes=typed["agrees_to"], how=typed["how"], by=self.user
        )
        if typed["identity"]:
            personal.record_identity(maker=maker, identity=typed["identity"])
        self._place(maker)
        maker.refresh_from_db()
        return maker

    def _place(self, maker: Maker) -> None:
        """She belongs to a household, and to a base if one was picked."""
        typed = self.cleaned_data
        since = typed["since"]
        home = typed["household"] or households.register_household(
            village=typed["village"], labour_force=typed["labour_force"], since=since
        )
        households.add_member(
            household=home, maker=maker, relation=typed["relation"], since=since
        )
        if typed["base"]:
            memberships.join_base(maker=maker, base=typed["base"], since=since)
        if typed["minutes"] is not None:
            makers.ask_for_minutes(maker=maker, minutes=typed["minutes"], since=since)


class MakerChanges(RegistryForm):
    """Changes what was typed; what is left empty stays as it is."""

    phone = forms.CharField(label=gettext_lazy("new telephone number"), required=False)
    identity = forms.CharField(
        label=gettext_lazy("identity number, if it is to be recorded"), required=False
    )
    since = fields.DayField(label=gettext_lazy("changes below hold from"))
    reason = forms.CharField(
        label=gettext_lazy("reason for a change of status"),
        required=False,
        max_length=200,
    )
    base = fields.pick_base(label=gettext_lazy("moves to the base"), required=False)
    leads = fields.pick_base(label=gettext_lazy("leads the base"), required=False)
    minutes = forms.IntegerField(
        label=gettext_lazy("minutes of work she asks for a week"),
        min_value=0,
        required=False,
    )
    away_from = fields.optional_day(label=gettext_lazy("away from"))
    away_to = fields.optional_day(label=gettext_lazy("away until before"))
    away_reason = forms.ChoiceField(
        label=gettext_lazy("why she is away"),
        choices=Away.Reason.choices,
        initial=Away.Reason.OTHER,
    )

    class Meta:
        model = Maker
        fields = (
            "name_zh",
            "name_en",
            "phone",
            "identity",
            "since",
            "status",
            "reason",
            "base",
            "leads",
            "minutes",
            "away_from",
            "away_to",
            "away_reason",
            "photo",
            "photo_alt_zh",
            "photo_alt_en",
        )

    def clean_photo(self) -> Any:
        photo = self.cleaned_data["photo"]
        if photo and "photo" in self.changed_data:
            return ContentFile(plain_picture(photo), name="photo.webp")
        return photo

    @transaction.atomic
    def keep(self) -> Maker:
        typed, since = self.cleaned_data, self.cleaned_data["since"]
        maker = makers.change_maker(
            maker=self.instance,
            name_zh=typed["name_zh"],
            name_en=typed["name_en"],
            phone=typed["phone"] or None,
        )
        if typed["identity"]:
            maker = personal.record_identity(maker=maker, identity=typed["identity"])
        maker = makers.change_status(
            maker=maker,
            status=typed["status"],
            by=self.user,
            on=since,
            reason=typed["reason"],
        )
        self._work(maker)
        if "photo" in self.changed_data and not typed["photo"]:
            makers.remove_photo(maker=maker)
        elif "photo" in self.changed_data:
            makers.set_photo(
                maker=maker,
                photo=typed["photo"],
                alt_zh=typed["photo_alt_zh"],
                alt_en=typed["photo_alt_en"],
            )
        return maker

    def _work(self, maker: Maker) -> None:
        """Base, leading, hours and time away follow what was typed."""
        typed, since = self.cleaned_data, self.cleaned_data["since"]
        if typed["base"]:
            memberships.move_to_base(maker=maker, base=typed["base"], on=since)
        if typed["leads"]:
            memberships.join_base(
                maker=maker, base=typed["leads"], since=since, role="leader"
            )
        if typed["minutes"] is not None:
            makers.ask_for_minutes(maker=maker, minutes=typed["minutes"], since=since)
        if typed["away_from"]:
            makers.go_away(
                maker=maker,
                since=typed["away_from"],
                until=typed["away_to"],
                reason=typed["away_reason"],
            )
