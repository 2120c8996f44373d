"""The office list of areas: browsed down the tree, searched, described, closed."""

from typing import Any

import django_filters
from django import forms
from django.core.exceptions import PermissionDenied
from django.db.models import (
    Count,
    IntegerField,
    Model,
    OuterRef,
    QuerySet,
    Subquery,
    Value,
)
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, TitleColumn

from qiaoshou.accounts import places_policy as policy
from qiaoshou.accounts.models import User
from qiaoshou.common.changing_areas import add_area, close_area, describe_area
from qiaoshou.common.domain.place_names import ENGLISH_KINDS
from qiaoshou.common.models import Area
from qiaoshou.common.naming import name_column
from qiaoshou.common.office_fields import DayField, PickField, area_labels
from qiaoshou.common.office_lists import (
    EditView,
    KeptForm,
    ListPolicy,
    ListView,
    ListViewSet,
    computed,
)
from qiaoshou.common.today import today


class AreaPolicy(ListPolicy):
    """All staff see all areas; officers describe their own; the top adds and closes."""

    def may(self, user: Any, action: str) -> bool:
        if action == "view":
            return policy.sees_places(user)
        if action == "change":
            return policy.answers_for_all(user) or bool(policy.officer_paths(user))
        return action == "add" and policy.answers_for_all(user)

    def seen(self, user: Any) -> QuerySet[Area]:
        rows = Area.objects.all()
        return rows if policy.sees_places(user) else rows.none()

    def user_has_permission_for_instance(
        self, user: Any, action: str, instance: Model
    ) -> bool:
        if action == "change":
            return policy.may_describe(user, instance)
        return super().user_has_permission_for_instance(user, action, instance)


def open_areas(user: User) -> QuerySet[Area]:
    return Area.objects.filter(closed_on=None)


def above_villages(user: User) -> QuerySet[Area]:
    return open_areas(user).exclude(tier=Area.Tier.VILLAGE)


class AreaChanges(KeptForm):
    checked = forms.BooleanField(
        label=gettext_lazy("The English name is checked"),
        help_text=gettext_lazy("Without it the name stays marked as a draft."),
        required=False,
    )

    class Meta:
        model = Area
        fields = ("name_en", "checked", "setting")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["checked"] = not self.instance.name_en_is_draft

    def keep(self) -> Area:
        return describe_area(area=self.instance, by=self.user, **self.cleaned_data)


class AreaFields(KeptForm):
    parent = PickField(
        rows=above_villages, labels=area_labels, label=gettext_lazy("area above")
    )
    name_en = forms.CharField(
        label=gettext_lazy("name in English"),
        help_text=gettext_lazy("Left empty, it is drafted from the Chinese name."),
        max_length=120,
        required=False,
    )

    field_order = ("parent", "name_zh", "name_en", "kind", "setting")

    class Meta:
        model = Area
        fields = ("name_zh", "name_en", "kind", "setting")

    def keep(self) -> Area:
        return add_area(on=today(), by=self.user, **self.cleaned_data)


class AreaClosing(KeptForm):
    on = DayField(
        label=gettext_lazy("closed from"),
        help_text=gettext_lazy("The first day on which it no longer exists."),
    )
    document = forms.CharField(
        label=gettext_lazy("document"),
        help_text=gettext_lazy("What decided it: number and date of the notice."),
        max_length=200,
    )
    followed_by = PickField(
        rows=open_areas,
        labels=area_labels,
        label=gettext_lazy("followed by"),
        help_text=gettext_lazy("The area that took its place; add it first."),
        required=False,
    )

    class Meta:
        model = Area
        fields = ()

    def keep(self) -> Area:
        return close_area(area=self.instance, by=self.user, **self.cleaned_data)


class AreaFilters(WagtailFilterSet):
    draft = django_filters.BooleanFilter(
        field_name="name_en_is_draft", label=gettext_lazy("English name is a draft")
    )
    open = django_filters.BooleanFilter(
        field_name="closed_on", lookup_expr="isnull", label=gettext_lazy("Open")
    )

    class Meta:
        model = Area
        fields = ("tier", "setting", "draft", "open")


def english(area: Area) -> str:
    """The English name, with a word where nobody has checked it."""
    mark = _("draft")
    return f"{area.name_en} ({mark})" if area.name_en_is_draft else area.name_en


def kind_said(area: Area) -> str:
    """Its kind in the reader's language; one that English has no word for stays."""
    if name_column() == "name_en":
        return ENGLISH_KINDS.get(area.kind, area.kind)
    return area.kind


NOTHING = "—"


def below(area: Area) -> str:
    if not area.open_below:
        return NOTHING
    words = ngettext("%d area below", "%d areas below", area.open_below)
    return words % area.open_below


def _below_address(area: Area) -> str | None:
    if not area.open_below:
        return None
    return f"{reverse('places_areas:index')}?under={area.pk}"


def with_counts(rows: QuerySet[Area]) -> QuerySet[Area]:
    """Each area with the number of open ones right below it, in one query."""
    children = (
        Area.objects.filter(
            closed_on=None,
            path__startswith=OuterRef("path"),
            depth=OuterRef("depth") + 1,
        )
        .order_by()
        .annotate(of_one=Value(1))
        .values("of_one")
        .annotate(found=Count("pk"))
        .values("found")
    )
    return rows.annotate(open_below=Subquery(children, output_field=IntegerField()))


class AreaList(ListView):
    """One level of the tree; a search or filter looks everywhere."""

    def asked_everywhere(self, request: HttpRequest) -> bool:
        names = {"q", "tier", "setting", "draft", "open", "export"}
        return any(request.GET.get(name) for name in names)

    @cached_property
    def under(self) -> Area | None:
        """The area whose inside is shown: the one asked for, else the top."""
        asked = self.request.GET.get("under", "")
        rows = Area.objects.all()
        if asked.isascii() and asked.isdigit() and len(asked) < 18:
            return rows.filter(pk=int(asked)).first()
        return rows.filter(depth=1).order_by("path").first()

    def get_base_queryset(self) -> QuerySet[Area]:
        rows = self.permission_policy.seen(self.request.user)
        if not self.asked_everywhere(self.request) and self.under is not None:
            inside = self.under
            rows = rows.filter(
                path__startswith=inside.path, depth=inside.depth + 1, closed_on=None
            ).order_by("sort_key")
        return with_counts(rows)

    def get_edit_url(self, instance: Area) -> str | None:
        """No link to what is not hers to change."""
        if not policy.may_describe(self.request.user, instance):
            return None
        url: str | None = super().get_edit_url(instance)
        return url

    def get_page_subtitle(self) -> str:
        if self.asked_everywhere(self.request) or self.under is None:
            return ""
        ancestors = [*self.under.get_ancestors(), self.under]
        return " › ".join(str(area) for area in ancestors)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        items = super().get_breadcrumbs_items()
        if self.asked_everywhere(self.request) or self.under is None:
            return items
        address = reverse("places_areas:index")
        steps = [
            {"url": f"{address}?under={area.pk}", "label": str(area)}
            for area in self.under.get_ancestors()
        ]
        return [*items[:-1], *steps, {"url": "", "label": str(self.under)}]

    @cached_property
    def columns(self) -> list[Column]:
        found = super().columns
        link = TitleColumn(
            "below",
            label=_("Below it"),
            accessor=below,
            get_url=_below_address,
        )
        return [*found[:2], link, *found[2:]]


class AreaEdit(EditView):
    def get_queryset(self) -> QuerySet[Area]:
        """An area of somebody else's is not there to be changed."""
        return policy.describes(self.request.user)

    def links(self, row: Area) -> list[tuple[str, str]]:
        found = [
            (_("What lies below"), f"{reverse('places_areas:index')}?under={row.pk}")
        ]
        may = policy.answers_for_all(self.request.user)
        if may and row.closed_on is None and row.depth > 1:
            found.append((_("Close it"), reverse("places_areas:close", args=[row.pk])))
        return found

    def facts(self, row: Area) -> list[tuple[str, list[str]]]:
        names = [str(area) for area in [*row.get_ancestors(), row]]
        lines = [
            " › ".join(names),
            f"{row.get_tier_display()} · {kind_said(row)}",
            _("code %(code)s (%(scheme)s %(vintage)s)")
            % {"code": row.code, "scheme": row.scheme, "vintage": row.vintage},
        ]
        if row.closed_on:
            lines.append(_("closed on %s") % row.closed_on.isoformat())
        lines += [
            _("followed by %(name)s from %(day)s")
            % {"name": change.opened, "day": change.changed_on.isoformat()}
            for change in row.followed_by.select_related("opened")
        ]
        lines += [
            _("follows %(name)s from %(day)s")
            % {"name": change.closed, "day": change.changed_on.isoformat()}
            for change in row.came_from.select_related("closed")
        ]
        return [(_("On record"), lines)]


class AreaClose(EditView):
    """What will be closed is said before it is."""

    page_title = gettext_lazy("Close an area")
    submit_button_label = gettext_lazy("Close it")

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not policy.answers_for_all(request.user):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def facts(self, row: Area) -> list[tuple[str, list[str]]]:
        inside = row.get_descendants().filter(closed_on=None).count()
        words = ngettext(
            "%(name)s and %(count)d area in it are closed. Nothing is deleted.",
            "%(name)s and %(count)d areas in it are closed. Nothing is deleted.",
            inside,
        )
        return [(_("What will happen"), [words % {"name": row, "count": inside}])]


class Areas(ListViewSet):
    model = Area
    name = "places_areas"
    url_prefix = "places/areas"
    icon = "site"
    menu_label = gettext_lazy("Areas")
    index_view_class, edit_view_class = AreaList, AreaEdit
    add_form, edit_form = AreaFields, AreaChanges
    filterset_class = AreaFilters
    search_fields = ("name_zh", "name_en", "code", "sort_key")
    ordering = ("path",)
    list_display = (
        "name_zh",
        computed("english", gettext_lazy("name in English"), "name_en", read=english),
        computed(
            "tier", gettext_lazy("tier"), read=lambda area: area.get_tier_display()
        ),
        computed("kind", gettext_lazy("kind"), "kind", read=kind_said),
        computed(
            "setting",
            gettext_lazy("urban or rural"),
            read=lambda area: area.get_setting_display(),
        ),
        "code",
        "closed_on",
    )
    list_export = (
        "code",
        "name_zh",
        "name_en",
        "name_en_is_draft",
        "tier",
        "kind",
        "setting",
        "scheme",
        "vintage",
        "closed_on",
    )

    def get_urlpatterns(self) -> list[URLPattern]:
        close = self.construct_view(
            AreaClose,
            **self.get_edit_view_kwargs(
                form_class=AreaClosing, edit_url_name=self.get_url_name("close")
            ),
        )
        return [
            *super().get_urlpatterns(),
            path("close/<int:pk>/", close, name="close"),
        ]
