"""Office lists of bases, pick-up points and weeks of capacity."""

from typing import Any

import django_filters
from django import forms
from django.db import transaction
from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from wagtail.admin.filters import WagtailFilterSet

from producers import policy
from producers.models import (
    Base,
    Membership,
    PickupPoint,
)
from producers.office import fields
from producers.office.frame import (
    EditView,
    IndexView,
    RegistryForm,
    RegistryViewSet,
    computed,
)
from producers.selectors import leaders_of
from producers.services import places
from producers.working_time import on_day
from qiaoshou.common.form_fields import OnceByReference
from qiaoshou.common.models import Area
from qiaoshou.common.today import today

COUNTIES = (Area.Tier.COUNTY, Area.Tier.TOWNSHIP)


def areas_to_filter(request: Any) -> QuerySet[Area]:
    """Counties and townships of the officer's own jurisdiction."""
    if request is None:
        return Area.objects.none()
    return policy.areas_for(request.user).filter(tier__in=COUNTIES).order_by("path")


class AreaFilter(django_filters.ModelChoiceFilter):
    """Rows of an area and of all below it; `path_of` names the column of the path."""

    def __init__(self, path_of: str, **kwargs: Any) -> None:
        self.path_of = path_of
        kwargs.setdefault("label", gettext_lazy("Area"))
        super().__init__(queryset=areas_to_filter, **kwargs)

    def filter(self, rows: QuerySet, area: Area | None) -> QuerySet:
        if area is None:
            return rows
        return rows.filter(**{f"{self.path_of}__startswith": area.path})


class BaseFilters(WagtailFilterSet):
    area = AreaFilter("area__path")
    closed = django_filters.BooleanFilter(
        field_name="closed",
        lookup_expr="isnull",
        exclude=True,
        label=gettext_lazy("Closed"),
    )

    class Meta:
        model = Base
        fields = ("tier", "area", "closed")


class BaseFields(RegistryForm):
    reference = OnceByReference()
    area = fields.pick_area(label=gettext_lazy("area"))
    parent = fields.pick_base(label=gettext_lazy("base above it"), required=False)
    opened = fields.DayField(label=gettext_lazy("opened"))
    minutes_a_week = forms.IntegerField(
        label=gettext_lazy("minutes of work a week that it can take"),
        min_value=0,
        required=False,
    )

    class Meta:
        model = Base
        fields = (
            "tier",
            "area",
            "parent",
            "name_zh",
            "name_en",
            "opened",
            "minutes_a_week",
            "about_zh",
            "about_en",
        )

    def keep(self) -> Base:
        return places.open_base(**self.cleaned_data)


class BaseChanges(BaseFields):
    reference = opened = None
    since = fields.DayField(label=gettext_lazy("these minutes hold from"))
    closed = fields.optional_day(label=gettext_lazy("closed"))

    class Meta:
        model = Base
        fields = (
            "tier",
            "area",
            "parent",
            "name_zh",
            "name_en",
            "about_zh",
            "about_en",
            "minutes_a_week",
            "since",
            "closed",
        )

    @transaction.atomic
    def keep(self) -> Base:
        values = dict(self.cleaned_data)
        minutes, since = values.pop("minutes_a_week"), values.pop("since")
        closed = values.pop("closed")
        base = places.change_base(base=self.instance, **values)
        if minutes is not None:
            places.set_base_capacity(base=base, minutes=minutes, since=since)
        if closed is not None and closed != base.closed:
            base = places.close_base(base=base, on=closed)
        return base


class BaseIndex(IndexView):
    @staticmethod
    def prepared(rows: QuerySet) -> QuerySet:
        day = today()
        held = Q(memberships__valid_from__lte=day) & (
            Q(memberships__valid_to=None) | Q(memberships__valid_to__gt=day)
        )
        return rows.select_related("area", "parent").annotate(
            makers=Count(
                "memberships",
                filter=held & Q(memberships__role=Membership.Role.MAKER),
            )
        )


class BaseEdit(EditView):
    def facts(self, row: Base) -> list[tuple[str, list[str]]]:
        capacities = [
            _("%(minutes)d minutes a week from %(day)s")
            % {"minutes": one.minutes, "day": fields.says(one.valid_from)}
            for one in row.capacities.order_by("valid_from")
        ]
        makers = on_day(
            Membership.objects.filter(base=row, role=Membership.Role.MAKER), today()
        )
        return [
            (_("Leaders"), [str(maker) for maker in leaders_of(row)]),
            (
                _("Makers"),
                [str(one.maker) for one in makers.select_related("maker")],
            ),
            (_("Capacity"), capacities),
        ]


class Bases(RegistryViewSet):
    model = Base
    name = "registry_bases"
    url_prefix = "registry/bases"
    icon = "home"
    menu_label = gettext_lazy("Bases")
    index_view_class = BaseIndex
    edit_view_class = BaseEdit
    add_form, edit_form = BaseFields, BaseChanges
    filterset_class = BaseFilters
    search_fields = ("name_zh", "name_en", "reference", "area__name_zh")
    ordering = ("sort_key", "pk")
    list_display = (
        "name_zh",
        "name_en",
        "tier",
        "area",
        computed("makers", gettext_lazy("makers"), "makers"),
        "opened",
        "closed",
        computed("reference", pgettext_lazy("registry", "number"), "reference"),
    )
    list_export = (
        "reference",
        "name_zh",
        "name_en",
        "get_tier_display",
        "area",
        "parent",
        "makers",
        "opened",
        "closed",
    )
    export_headings = {
        "get_tier_display": gettext_lazy("tier"),
        "makers": gettext_lazy("makers"),
    }


class PointFields(RegistryForm):
    reference = OnceByReference()
    area = fields.pick_area(label=gettext_lazy("area"))
    base = fields.pick_base(label=gettext_lazy("base"), required=False)
    opened = fields.DayField(label=gettext_lazy("opened"))

    class Meta:
        model = PickupPoint
        fields = (
            "name_zh",
            "name_en",
            "area",
            "address_zh",
            "address_en",
            "hours_zh",
            "hours_en",
            "base",
            "opened",
        )

    def keep(self) -> PickupPoint:
        return places.open_pickup_point(**self.cleaned_data)


class PointChanges(PointFields):
    reference = opened = None
    closed = fields.optional_day(label=gettext_lazy("closed"))

    class Meta:
        model = PickupPoint
        fields = (*PointFields.Meta.fields[:-1], "closed")

    def keep(self) -> PickupPoint:
        return places.change_pickup_point(point=self.instance, **self.cleaned_data)


class PointIndex(IndexView):
    @staticmethod
    def prepared(rows: QuerySet) -> QuerySet:
        return rows.select_related("area", "base")


class PointFilters(WagtailFilterSet):
    area = AreaFilter("area__path")

    class Meta:
        model = PickupPoint
        fields = ("area",)


class PickupPoints(RegistryViewSet):
    model = PickupPoint
    name = "registry_pickup_points"
    url_prefix = "registry/pickup-points"
    icon = "site"
    menu_label = gettext_lazy("Pick-up points")
    index_view_class = PointIndex
    add_form, edit_form = PointFields, PointChanges
    filterset_class = PointFilters
    search_fields = ("name_zh", "name_en", "address_zh", "reference")
    ordering = ("sort_key", "pk")
    list_display = ("name_zh", "name_en", "area", "base", "hours_zh", "closed")
    list_export = (
        "reference",
        "name_zh",
        "name_en",
        "area",
        "base",
        "address_zh",
        "address_en",
        "hours_zh",
        "hours_en",
        "opened",
        "closed",
    )
