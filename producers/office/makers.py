"""The office list of makers and the forms that register and change one."""

from typing import Any

import django_filters
from django.db.models import OuterRef, QuerySet, Subquery
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from wagtail.admin.filters import WagtailFilterSet

from producers import policy, selectors
from producers.models import (
    HouseholdMember,
    Maker,
    MakerHours,
    Membership,
    Residence,
    Status,
)
from producers.office import fields
from producers.office.frame import (
    EditView,
    IndexView,
    RegistryViewSet,
    computed,
)
from producers.office.maker_forms import MakerChanges, MakerFields
from producers.office.places import areas_to_filter
from producers.working_time import on_day
from qiaoshou.common.models import Area
from qiaoshou.common.naming import name_column
from qiaoshou.common.today import today


def in_area(rows: QuerySet[Maker], area: Area) -> QuerySet[Maker]:
    """Makers whose base or village of today lies in the area."""
    return rows.filter(policy.makers_in_areas((area.path,)))


class MakerFilters(WagtailFilterSet):
    area = django_filters.ModelChoiceFilter(
        queryset=areas_to_filter, method="filter_area", label=gettext_lazy("Area")
    )
    status = django_filters.ChoiceFilter(
        choices=Status.choices, label=gettext_lazy("Status")
    )

    class Meta:
        model = Maker
        fields = ("area", "status")

    def filter_area(
        self, rows: QuerySet[Maker], name: str, area: Area
    ) -> QuerySet[Maker]:
        return in_area(rows, area)


class MakerIndex(IndexView):
    names_people = True

    @staticmethod
    def prepared(rows: QuerySet[Maker]) -> QuerySet[Maker]:
        """With base, village and weekly minutes of today, in the same query."""
        day, name = today(), name_column()
        hers = {"maker": OuterRef("pk")}
        at = on_day(Membership.objects.filter(role=Membership.Role.MAKER, **hers), day)
        home = HouseholdMember.objects.filter(maker=OuterRef(OuterRef("pk")))
        living = on_day(
            Residence.objects.filter(
                household__in=on_day(home, day).values("household")
            ),
            day,
        )
        hours = on_day(MakerHours.objects.filter(**hers), day)
        return rows.annotate(
            base_name=Subquery(at.values(f"base__{name}")[:1]),
            village_name=Subquery(living.values(f"village__{name}")[:1]),
            weekly=Subquery(hours.values("minutes")[:1]),
        )


class MakerEdit(EditView):
    def links(self, row: Maker) -> list[tuple[str, str]]:
        return [
            (label, reverse("registry_reveal:ask", args=(kind, row.pk)))
            for kind, label in (
                ("phone", _("Show the telephone number")),
                ("identity", _("Show the identity number")),
            )
            if getattr(row, f"{kind}_sealed")
        ]

    def facts(self, row: Maker) -> list[tuple[str, list[str]]]:
        home = selectors.household_of(row)
        village = selectors.village_of(row)
        account = selectors.open_pay_account(row)
        grades = row.skills.select_related("craft").order_by("craft", "certified_on")
        return [
            (
                _("On record"),
                [
                    _("Telephone: %s") % (selectors.masked_phone(row) or "–"),
                    _("Identity number: %s") % (selectors.masked_identity(row) or "–"),
                    _("Pay: %s") % self._paid(account),
                    _("Household: %s") % (home or "–"),
                    _("Village: %s") % (village or "–"),
                ],
            ),
            (
                _("Memberships"),
                [
                    self._member(one)
                    for one in row.memberships.all().select_related("base")
                ],
            ),
            (_("Skills"), [self._skill(one) for one in grades]),
            (
                _("Hours asked for"),
                [
                    _("%(minutes)d minutes a week") % {"minutes": one.minutes}
                    + f" · {fields.period(one.valid_from, one.valid_to)}"
                    for one in row.hours.all()
                ],
            ),
            (
                _("Away"),
                [fields.period(one.valid_from, one.valid_to) for one in row.away.all()],
            ),
            (
                _("Agrees to"),
                [
                    one.get_purpose_display()
                    for one in row.consents.filter(withdrawn=None)
                ],
            ),
        ]

    def _paid(self, account: Any) -> str:
        if account is None:
            return "–"
        number = selectors.masked_account(account)
        return f"{account.get_kind_display()} {account.bank} {number}".strip()

    def _member(self, one: Membership) -> str:
        period = fields.period(one.valid_from, one.valid_to)
        return f"{one.base} · {one.get_role_display()} · {period}"

    def _skill(self, one: Any) -> str:
        period = fields.period(one.certified_on, one.valid_to)
        return (
            _("%(craft)s, grade %(grade)d")
            % {
                "craft": one.craft,
                "grade": one.grade,
            }
            + f" · {period}"
        )


class Makers(RegistryViewSet):
    model = Maker
    name = "registry_makers"
    url_prefix = "registry/makers"
    icon = "user"
    menu_label = gettext_lazy("Makers")
    index_view_class = MakerIndex
    edit_view_class = MakerEdit
    add_form, edit_form = MakerFields, MakerChanges
    filterset_class = MakerFilters
    search_fields = ("name_zh", "name_en", "reference")
    ordering = ("sort_key", "pk")
    list_display = (
        "name_zh",
        "name_en",
        "status",
        computed("base_name", gettext_lazy("base"), "base_name"),
        computed("village_name", gettext_lazy("village"), "village_name"),
        computed("weekly", gettext_lazy("minutes a week"), "weekly"),
        computed("phone", gettext_lazy("telephone"), read=selectors.masked_phone),
        computed("reference", pgettext_lazy("registry", "number"), "reference"),
    )
    list_export = (
        "reference",
        "name_zh",
        "name_en",
        "get_status_display",
        "base_name",
        "village_name",
        "weekly",
    )
    export_headings = {
        "get_status_display": gettext_lazy("status"),
        "base_name": gettext_lazy("base"),
        "village_name": gettext_lazy("village"),
        "weekly": gettext_lazy("minutes a week"),
    }
