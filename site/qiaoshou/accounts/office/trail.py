"""The office list of the audit trail: read, filtered and exported, never changed."""

import json
from typing import Any

import django_filters
from django.db.models import QuerySet
from django.http import HttpResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy
from wagtail.admin.filters import DateRangePickerWidget, WagtailFilterSet

from qiaoshou.accounts import places_policy as policy
from qiaoshou.accounts.office.deeds import said
from qiaoshou.common import audit
from qiaoshou.common.models import AuditRow
from qiaoshou.common.office_lists import (
    ListPolicy,
    ListView,
    ListViewSet,
    computed,
)


class TrailPolicy(ListPolicy):
    """Who answers for the whole federation reads it; nobody changes it."""

    def may(self, user: Any, action: str) -> bool:
        return action == "view" and policy.answers_for_all(user)

    def seen(self, user: Any) -> QuerySet[AuditRow]:
        rows = AuditRow.objects.select_related("by")
        return rows if policy.answers_for_all(user) else rows.none()


def facts(row: AuditRow) -> str:
    """What the row holds beside its columns, as one line."""
    return json.dumps(row.facts, ensure_ascii=False) if row.facts else ""


def deed(row: AuditRow) -> str:
    return said(row.deed)


def deeds() -> list[tuple[str, str]]:
    found = AuditRow.objects.order_by("deed").values_list("deed", flat=True).distinct()
    return [(deed, said(deed)) for deed in found]


class TrailFilters(WagtailFilterSet):
    deed = django_filters.ChoiceFilter(choices=deeds, label=gettext_lazy("Deed"))
    at = django_filters.DateFromToRangeFilter(
        label=gettext_lazy("Day"), widget=DateRangePickerWidget
    )
    by = django_filters.CharFilter(
        field_name="by__full_name", lookup_expr="icontains", label=gettext_lazy("By")
    )

    class Meta:
        model = AuditRow
        fields = ("deed", "at", "by")


class TrailList(ListView):
    def get_base_queryset(self) -> QuerySet[AuditRow]:
        return self.permission_policy.seen(self.request.user)

    def as_spreadsheet(
        self, queryset: QuerySet[AuditRow], spreadsheet_format: str
    ) -> HttpResponse:
        """Carrying the trail away is a deed too; it stands after what it carries."""
        answer = super().as_spreadsheet(queryset, spreadsheet_format)
        audit.record(
            deed="export_trail",
            subject="audit_trail",
            by=self.request.user,
            facts={"rows": queryset.count(), "format": spreadsheet_format},
        )
        return answer


class Trail(ListViewSet):
    model = AuditRow
    name = "audit_trail"
    url_prefix = "trail"
    icon = "history"
    menu_label = gettext_lazy("Audit trail")
    index_view_class = TrailList
    filterset_class = TrailFilters
    search_fields = ("subject", "purpose", "deed")
    ordering = ("-id",)
    list_display = (
        "at",
        "by",
        computed("deed", gettext_lazy("deed"), "deed", deed),
        "subject",
        "purpose",
        computed("facts", gettext_lazy("facts"), read=facts),
    )
    list_export = ("at", "by", "deed", "subject", "purpose", "facts", "hash")

    def get_common_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_common_view_kwargs(**{"edit_url_name": None, **kwargs})

    def get_urlpatterns(self) -> list[URLPattern]:
        return [
            path("", self.index_view, name="index"),
            path("results/", self.index_results_view, name="index_results"),
        ]
