"""The office list of crafts; changed by who answers for the whole federation."""

import django_filters
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy
from wagtail.admin.filters import WagtailFilterSet

from producers.models import Craft
from producers.office import fields
from producers.office.frame import (
    IndexView,
    RegistryForm,
    RegistryViewSet,
    computed,
)
from producers.services import crafts


def families(user: object) -> QuerySet[Craft]:
    return Craft.objects.filter(depth=1, closed=None)


class CraftFilters(WagtailFilterSet):
    family = django_filters.ModelChoiceFilter(
        queryset=Craft.objects.filter(depth=1, numchild__gt=0),
        method="filter_family",
        label=gettext_lazy("Family of crafts"),
    )

    class Meta:
        model = Craft
        fields = ("family", "standing")

    def filter_family(
        self, rows: QuerySet[Craft], name: str, family: Craft
    ) -> QuerySet[Craft]:
        return rows.filter(Q(path__startswith=family.path))


class CraftFields(RegistryForm):
    family = fields.PickField(
        rows=families,
        labels=lambda rows: {f"{row} · {row.slug}": row for row in rows},
        label=gettext_lazy("family of crafts; empty for a new family"),
        required=False,
    )

    class Meta:
        model = Craft
        fields = (
            "family",
            "slug",
            "name_zh",
            "name_en",
            "materials",
            "hs_hint",
            "standing",
            "standing_note",
            "source",
            "note",
        )

    def keep(self) -> Craft:
        return crafts.add_craft(**self.cleaned_data)


class CraftChanges(RegistryForm):
    closed = fields.optional_day(label=gettext_lazy("no longer used since"))

    class Meta:
        model = Craft
        fields = (
            "name_zh",
            "name_en",
            "materials",
            "hs_hint",
            "standing",
            "standing_note",
            "source",
            "note",
            "closed",
        )

    def keep(self) -> Craft:
        return crafts.change_craft(craft=self.instance, **self.cleaned_data)


def place_in_tree(craft: Craft) -> str:
    """The name, drawn in under its family."""
    return f"{'　' * (craft.depth - 1)}{craft}"


class Crafts(RegistryViewSet):
    model = Craft
    name = "registry_crafts"
    url_prefix = "registry/crafts"
    icon = "cut"
    menu_label = gettext_lazy("Crafts")
    index_view_class = IndexView
    add_form, edit_form = CraftFields, CraftChanges
    filterset_class = CraftFilters
    search_fields = ("name_zh", "name_en", "slug", "materials")
    ordering = ("path",)
    list_display = (
        "name_zh",
        "name_en",
        computed("tree", gettext_lazy("place in the tree"), "path", place_in_tree),
        "standing",
        "hs_hint",
        "closed",
        "slug",
    )
    list_export = (
        "slug",
        "name_zh",
        "name_en",
        "materials",
        "hs_hint",
        "get_standing_display",
        "standing_note",
        "source",
        "closed",
    )
    export_headings = {
        "get_standing_display": gettext_lazy("how well it is documented")
    }
