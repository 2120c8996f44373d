"""The office list of grants: who holds which role where, from when to when."""

from typing import Any

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.filters import WagtailFilterSet

from qiaoshou.accounts import grants
from qiaoshou.accounts.models import Grant, User
from qiaoshou.accounts.office.people import PeopleList, shown_name
from qiaoshou.accounts.roles import in_force
from qiaoshou.common.models import Area
from qiaoshou.common.naming import name_column
from qiaoshou.common.office_fields import (
    DayField,
    PickField,
    area_labels,
    optional_day,
)
from qiaoshou.common.office_lists import (
    CreateView,
    EditView,
    KeptForm,
    ListViewSet,
    computed,
)
from qiaoshou.common.phones import last_digits
from qiaoshou.common.today import today

REASONS = {
    grants.OwnGrant: (None, gettext_lazy("Nobody gives or ends her own grants.")),
    grants.NeedsArea: ("area", gettext_lazy("An officer needs an area.")),
    grants.NoPeriod: (
        "valid_to",
        gettext_lazy("The end must be after the beginning."),
    ),
    grants.HeldAlready: (
        None,
        gettext_lazy("She holds this role there already in this period."),
    ),
    grants.EndsInThePast: (
        "on",
        gettext_lazy("A grant ends today or later; what has been can’t be undone."),
    ),
    grants.EndedAlready: (
        "on",
        gettext_lazy("It ends earlier already. For a longer one give a new grant."),
    ),
}


def refusal(error: grants.GrantRefused) -> ValidationError:
    """The reason in words, at its field."""
    field, words = REASONS[type(error)]
    return ValidationError({field: words} if field else words)


def _people(user: User) -> QuerySet[User]:
    return User.objects.filter(is_active=True).exclude(pk=user.pk)


def _by_contact(rows: QuerySet[User]) -> dict[str, User]:
    """People by name and how they sign in, since names repeat."""
    labels: dict[str, User] = {}
    for row in rows.order_by("full_name", "pk"):
        parts = [row.full_name, row.email or last_digits(row.phone)]
        label = " · ".join(part for part in parts if part) or str(row.key)
        labels[label if label not in labels else f"{label} ({row.pk})"] = row
    return labels


def _areas(user: User) -> QuerySet[Area]:
    return Area.objects.filter(closed_on=None)


class GrantFields(KeptForm):
    user_field = PickField(
        rows=_people, labels=_by_contact, label=gettext_lazy("person")
    )
    area = PickField(
        rows=_areas,
        labels=area_labels,
        label=gettext_lazy("area"),
        help_text=gettext_lazy(
            "An officer’s own area: she sees it and everything below it. "
            "Other roles hold everywhere; leave it empty."
        ),
        required=False,
    )
    valid_from = DayField(label=gettext_lazy("from"))
    valid_to = optional_day(
        label=gettext_lazy("to"),
        help_text=gettext_lazy("The first day on which it no longer holds."),
    )

    field_order = ("user_field", "role", "area", "valid_from", "valid_to")

    class Meta:
        model = Grant
        fields = ("role", "area", "valid_from", "valid_to")

    def keep(self) -> Grant:
        values = dict(self.cleaned_data)
        try:
            return grants.give_grant(
                user=values.pop("user_field"), by=self.user, **values
            )
        except grants.GrantRefused as error:
            raise refusal(error) from error


class GrantEnd(KeptForm):
    on = DayField(
        label=gettext_lazy("ends on"),
        help_text=gettext_lazy(
            "The first day on which it no longer holds; today ends it at once."
        ),
    )

    class Meta:
        model = Grant
        fields = ()

    def keep(self) -> Grant:
        try:
            return grants.end_grant(
                grant=self.instance, on=self.cleaned_data["on"], by=self.user
            )
        except grants.GrantRefused as error:
            raise refusal(error) from error


class AreaWithin(django_filters.ModelChoiceFilter):
    """Grants for an area and for all below it."""

    def filter(self, rows: QuerySet[Grant], area: Area | None) -> QuerySet[Grant]:
        return rows if area is None else rows.filter(area__path__startswith=area.path)


class GrantFilters(WagtailFilterSet):
    state = django_filters.ChoiceFilter(
        choices=[
            ("now", gettext_lazy("hold today")),
            ("later", gettext_lazy("begin later")),
            ("ended", gettext_lazy("have ended")),
        ],
        method="filter_state",
        label=gettext_lazy("State"),
    )
    area = AreaWithin(
        queryset=Area.objects.filter(
            tier__in=["city", "county", "township"], closed_on=None
        ).order_by("path"),
        label=gettext_lazy("Area"),
    )
    user = django_filters.NumberFilter(
        field_name="user_id", label=gettext_lazy("Person"), widget=forms.HiddenInput
    )

    class Meta:
        model = Grant
        fields = ("role", "state", "area", "user")

    def filter_state(
        self, rows: QuerySet[Grant], name: str, state: str
    ) -> QuerySet[Grant]:
        day = today()
        if state == "now":
            return in_force(rows, day)
        if state == "later":
            return rows.filter(
                Q(valid_to=None) | Q(valid_to__gt=day), valid_from__gt=day
            )
        return rows.filter(valid_to__lte=day)


class GrantIndex(PeopleList):
    def get_base_queryset(self) -> QuerySet[Grant]:
        rows = Grant.objects.select_related("user", "area", "granted_by")
        return rows.annotate(area_name=F(f"area__{name_column()}"))


class GrantAdd(CreateView):
    def get_initial(self) -> dict[str, Any]:
        """The person whom the link named."""
        initial = super().get_initial()
        person = self.request.GET.get("person", "")
        if person.isdecimal():
            initial["user_field"] = int(person)
        return initial


class GrantEdit(EditView):
    def facts(self, row: Grant) -> list[tuple[str, list[str]]]:
        until = row.valid_to.isoformat() if row.valid_to else _("open")
        lines = [
            shown_name(row.user),
            str(row.get_role_display()),
            str(row.area) if row.area else _("everywhere"),
            f"{row.valid_from.isoformat()} – {until}",
        ]
        if row.granted_by:
            lines.append(_("given by %(name)s") % {"name": shown_name(row.granted_by)})
        return [(_("This grant"), lines)]


def person_of(grant: Grant) -> str:
    return shown_name(grant.user)


def giver_of(grant: Grant) -> str:
    return shown_name(grant.granted_by) if grant.granted_by else "–"


def place_of(grant: Grant) -> str:
    return str(grant.area) if grant.area else _("everywhere")


class Grants(ListViewSet):
    model = Grant
    name = "office_grants"
    url_prefix = "grants"
    icon = "key"
    menu_label = gettext_lazy("Grants")
    index_view_class = GrantIndex
    add_view_class = GrantAdd
    edit_view_class = GrantEdit
    add_form, edit_form = GrantFields, GrantEnd
    filterset_class = GrantFilters
    search_fields = ("user__full_name", "user__email")
    ordering = ("-valid_from", "-pk")
    list_display = (
        computed("person_of", gettext_lazy("person"), "user__full_name", person_of),
        "role",
        computed("place_of", gettext_lazy("area"), "area__path", place_of),
        "valid_from",
        "valid_to",
        computed("giver_of", gettext_lazy("given by"), None, giver_of),
    )
    list_export = (
        "user.full_name",
        "role",
        "area_name",
        "valid_from",
        "valid_to",
    )
    export_headings = {
        "user.full_name": gettext_lazy("person"),
        "area_name": gettext_lazy("area"),
    }
