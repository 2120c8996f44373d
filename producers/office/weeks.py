"""Office lists of capacity weeks, and of the caution with which they are offered."""

import datetime as dt

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import F, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.filters import WagtailFilterSet

from producers import capacity
from producers.models import (
    CapacityCaution,
    CapacityWeek,
    Craft,
)
from producers.office import fields
from producers.office.frame import (
    EditView,
    IndexView,
    RegistryForm,
    RegistryViewSet,
    computed,
)
from producers.office.places import AreaFilter
from producers.services import caution


class WeekFilters(WagtailFilterSet):
    area = AreaFilter("base__area__path")
    week = django_filters.DateFilter(
        lookup_expr="gte",
        label=gettext_lazy("From week"),
        widget=forms.DateInput(attrs={"type": "date"}),
    )
    craft = django_filters.ModelChoiceFilter(
        queryset=Craft.objects.filter(numchild=0), label=gettext_lazy("Craft")
    )

    class Meta:
        model = CapacityWeek
        fields = ("area", "craft", "week")


class WeekChanges(RegistryForm):
    minutes = forms.IntegerField(
        label=gettext_lazy("lower the offer to (minutes)"), min_value=0, required=False
    )
    lift = forms.BooleanField(
        label=gettext_lazy("let tonight’s proposal offer more again"), required=False
    )

    class Meta:
        model = CapacityWeek
        fields = ("minutes", "lift")

    def keep(self) -> CapacityWeek:
        if self.cleaned_data["lift"]:
            return capacity.lift_ceiling(week=self.instance)
        if self.cleaned_data["minutes"] is None:
            return self.instance
        try:
            return capacity.lower_offer(
                week=self.instance, minutes=self.cleaned_data["minutes"], by=self.user
            )
        except capacity.OfferBelowReserved as error:
            words = _("%(reserved)d minutes are sold already: not fewer than that.")
            raise ValidationError(
                {"minutes": words % {"reserved": error.reserved}}
            ) from error
        except capacity.OfferRaised as error:
            words = _("%(offered)d minutes are offered now: only fewer can be typed.")
            raise ValidationError(
                {"minutes": words % {"offered": error.offered}}
            ) from error


class WeekIndex(IndexView):
    @staticmethod
    def prepared(rows: QuerySet) -> QuerySet:
        return rows.select_related("base", "craft").annotate(
            free=F("offered") - F("reserved")
        )


class WeekEdit(EditView):
    def facts(self, row: CapacityWeek) -> list[tuple[str, list[str]]]:
        sunday = row.week + dt.timedelta(days=6)
        return [
            (
                f"{row.base}, {row.craft}, {row.week} – {sunday}",
                [
                    _("%(offered)d minutes offered, %(reserved)d of them sold")
                    % {"offered": row.offered, "reserved": row.reserved}
                ],
            )
        ]


class CapacityWeeks(RegistryViewSet):
    model = CapacityWeek
    name = "registry_capacity"
    url_prefix = "registry/capacity"
    icon = "calendar-alt"
    menu_label = gettext_lazy("Weeks of capacity")
    index_view_class = WeekIndex
    edit_view_class = WeekEdit
    edit_form = WeekChanges
    filterset_class = WeekFilters
    search_fields = ("base__name_zh", "base__name_en", "craft__name_zh")
    ordering = ("-week", "base__sort_key", "pk")
    list_display = (
        "base",
        "craft",
        "week",
        "offered",
        "reserved",
        computed("free", gettext_lazy("minutes left"), "free"),
        "ceiling",
    )
    list_export = ("base", "craft", "week", "offered", "reserved", "free", "ceiling")
    export_headings = {"free": gettext_lazy("minutes left")}


class CautionFields(RegistryForm):
    valid_from = fields.DayField(label=gettext_lazy("from"))

    class Meta:
        model = CapacityCaution
        fields = ("percent", "valid_from")

    def keep(self) -> CapacityCaution:
        return caution.set_caution(
            percent=self.cleaned_data["percent"], since=self.cleaned_data["valid_from"]
        )


class Caution(RegistryViewSet):
    model = CapacityCaution
    name = "registry_caution"
    url_prefix = "registry/caution"
    icon = "warning"
    menu_label = gettext_lazy("Caution with capacity")
    add_form = edit_form = CautionFields
    ordering = ("-valid_from",)
    list_display = ("percent", "valid_from", "valid_to")
    list_export = ("percent", "valid_from", "valid_to")
