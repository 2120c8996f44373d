"""The office list of households, and the forms that register and change one."""

import django_filters
from django import forms
from django.contrib.postgres.aggregates import StringAgg
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet, Subquery
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy
from wagtail.admin.filters import WagtailFilterSet

from producers import policy
from producers.models import (
    Household,
    HouseholdMember,
    Monitoring,
    Residence,
)
from producers.office import fields
from producers.office.frame import (
    EditView,
    IndexView,
    RegistryForm,
    RegistryViewSet,
    computed,
)
from producers.office.places import areas_to_filter
from producers.services import households
from producers.working_time import on_day
from qiaoshou.common.form_fields import OnceByReference
from qiaoshou.common.models import Area
from qiaoshou.common.naming import name_column
from qiaoshou.common.today import today

MOST_NAMES = 200


class HouseholdFilters(WagtailFilterSet):
    area = django_filters.ModelChoiceFilter(
        queryset=areas_to_filter, method="filter_area", label=gettext_lazy("Area")
    )
    monitored = django_filters.BooleanFilter(label=gettext_lazy("Monitored today"))

    class Meta:
        model = Household
        fields = ("area", "monitored")

    def filter_area(
        self, rows: QuerySet[Household], name: str, area: Area
    ) -> QuerySet[Household]:
        return rows.filter(pk__in=policy.households_in_areas((area.path,)))


class HouseholdFields(RegistryForm):
    reference = OnceByReference()
    village = fields.pick_village(label=gettext_lazy("village"))
    opened = fields.DayField(label=gettext_lazy("on record since"))
    head = forms.CharField(
        label=gettext_lazy("name of the head of the household, if she is no maker"),
        max_length=80,
        required=False,
    )

    class Meta:
        model = Household
        fields = ("reference", "village", "labour_force", "opened", "head")

    @transaction.atomic
    def keep(self) -> Household:
        typed = self.cleaned_data
        home = households.register_household(
            village=typed["village"],
            labour_force=typed["labour_force"],
            since=typed["opened"],
            reference=typed["reference"],
        )
        if typed["head"]:
            households.add_member(
                household=home,
                relation=HouseholdMember.Relation.HEAD,
                since=typed["opened"],
                name=typed["head"],
            )
        return home


class HouseholdChanges(RegistryForm):
    """Changes what was typed; what is left empty stays as it is."""

    since = fields.DayField(label=gettext_lazy("changes below hold from"))
    village = fields.pick_village(
        label=gettext_lazy("moves to the village"), required=False
    )
    maker = fields.pick_maker(
        label=gettext_lazy("a maker joins the household"), required=False
    )
    name = forms.CharField(
        label=gettext_lazy("somebody else joins it: name"),
        max_length=80,
        required=False,
    )
    birth_year = forms.IntegerField(
        label=gettext_lazy("year of birth"), required=False, min_value=1900
    )
    relation = forms.ChoiceField(
        label=gettext_lazy("relation to the head of the household"),
        choices=HouseholdMember.Relation.choices,
        initial=HouseholdMember.Relation.OTHER,
    )
    monitored_as = forms.ChoiceField(
        label=gettext_lazy("is monitored from this day as"),
        choices=[("", "–"), *Monitoring.Kind.choices],
        required=False,
    )
    source = forms.CharField(
        label=gettext_lazy("source of that"), max_length=200, required=False
    )
    document = forms.CharField(
        label=gettext_lazy("document"), max_length=200, required=False
    )
    no_longer_monitored = forms.BooleanField(
        label=gettext_lazy("is no longer monitored from this day"), required=False
    )

    class Meta:
        model = Household
        fields = (
            "labour_force",
            "since",
            "village",
            "maker",
            "name",
            "birth_year",
            "relation",
            "monitored_as",
            "source",
            "document",
            "no_longer_monitored",
        )

    @transaction.atomic
    def keep(self) -> Household:
        typed, since = self.cleaned_data, self.cleaned_data["since"]
        home = households.change_labour_force(
            household=self.instance, labour_force=typed["labour_force"]
        )
        if typed["village"]:
            households.move_household(
                household=home, village=typed["village"], on=since
            )
        if typed["maker"] or typed["name"]:
            households.add_member(
                household=home,
                maker=typed["maker"],
                name=typed["name"],
                birth_year=typed["birth_year"],
                relation=typed["relation"],
                since=since,
            )
        self._monitor(home)
        return home

    def _monitor(self, home: Household) -> None:
        typed, since = self.cleaned_data, self.cleaned_data["since"]
        if typed["no_longer_monitored"]:
            for row in on_day(Monitoring.objects.filter(household=home), since):
                households.end_monitoring(monitoring=row, on=since)
        if typed["monitored_as"]:
            households.start_monitoring(
                household=home,
                kind=typed["monitored_as"],
                source=typed["source"],
                document=typed["document"],
                since=since,
            )


class HouseholdIndex(IndexView):
    names_people = True

    @staticmethod
    def prepared(rows: QuerySet[Household]) -> QuerySet[Household]:
        """With its makers and village of today, in the same query."""
        day, name = today(), name_column()
        hers = {"household": OuterRef("pk")}
        living = on_day(Residence.objects.filter(**hers), day)
        makers = (
            on_day(HouseholdMember.objects.filter(maker__isnull=False, **hers), day)
            .order_by()
            .values("household")
            .annotate(
                names=StringAgg(
                    f"maker__{name}", delimiter=pgettext("between names", ", ")
                )
            )
        )
        watched = on_day(Monitoring.objects.filter(**hers), day)
        return rows.annotate(
            maker_names=Subquery(makers.values("names")[:1]),
            village_name=Subquery(living.values(f"village__{name}")[:1]),
            monitored=Exists(watched),
        )


class HouseholdEdit(EditView):
    def links(self, row: Household) -> list[tuple[str, str]]:
        return [
            (_("Income and gains"), reverse("income_household", args=[row.reference]))
        ]

    def facts(self, row: Household) -> list[tuple[str, list[str]]]:
        def period(one: HouseholdMember | Residence | Monitoring) -> str:
            return fields.period(one.valid_from, one.valid_to)

        return [
            (
                _("Members"),
                [
                    f"{one} · {one.get_relation_display()} · {period(one)}"
                    for one in row.members.select_related("maker")
                ],
            ),
            (
                _("Villages"),
                [
                    f"{one.village} · {period(one)}"
                    for one in row.residences.select_related("village")
                ],
            ),
            (
                _("Monitoring"),
                [
                    f"{one.get_kind_display()} · {one.source} · {period(one)}"
                    for one in row.monitorings.all()
                ],
            ),
        ]


def yes_or_no(row: Household) -> str:
    return _("Yes") if row.monitored else _("No")


class Households(RegistryViewSet):
    model = Household
    name = "registry_households"
    url_prefix = "registry/households"
    icon = "group"
    menu_label = gettext_lazy("Households")
    index_view_class = HouseholdIndex
    edit_view_class = HouseholdEdit
    add_form, edit_form = HouseholdFields, HouseholdChanges
    filterset_class = HouseholdFilters
    search_fields = ("reference", "maker_names", "village_name")
    ordering = ("pk",)
    list_display = (
        computed("reference", pgettext_lazy("registry", "number"), "reference"),
        computed("maker_names", gettext_lazy("makers"), "maker_names"),
        computed("village_name", gettext_lazy("village"), "village_name"),
        "labour_force",
        computed("monitored", gettext_lazy("monitored"), "monitored", yes_or_no),
        "opened",
    )
    list_export = (
        "reference",
        "maker_names",
        "village_name",
        "labour_force",
        "monitored",
        "opened",
    )
    export_headings = {
        "maker_names": gettext_lazy("makers"),
        "village_name": gettext_lazy("village"),
        "monitored": gettext_lazy("monitored"),
    }
