"""Choosers of the office: a product, a maker or a craft inside a page's blocks.

Whoever edits pages may see only what pages may show: a maker stands in the list while
she agrees to her public story, wherever the editor's own jurisdiction ends.
"""

from collections.abc import Iterable

from django.db.models import Model, QuerySet
from django.utils.translation import gettext_lazy as _
from wagtail.admin.views.generic import chooser as views
from wagtail.admin.viewsets.chooser import ChooserViewSet

from qiaoshou.cms import goods


class _Offered:
    """What may be chosen; `offered` is set by each chooser below."""

    offered = staticmethod(goods.public_products)
    ordering = None

    def get_object_list(self) -> QuerySet:
        return self.offered()

    def get_object(self, pk: str) -> Model:
        return self.offered().get(pk=pk)

    def get_objects(self, pks: Iterable[str]) -> QuerySet:
        return self.offered().filter(pk__in=pks)


def _views(offered: type[_Offered]) -> dict[str, type]:
    """The four views of a chooser, each limited to what `offered` holds."""
    kinds = {
        "choose_view_class": views.ChooseView,
        "choose_results_view_class": views.ChooseResultsView,
        "chosen_view_class": views.ChosenView,
        "chosen_multiple_view_class": views.ChosenMultipleView,
    }
    return {
        name: type(kind.__name__, (offered, kind), {}) for name, kind in kinds.items()
    }


class _Products(_Offered):
    offered = staticmethod(goods.public_products)


class _Makers(_Offered):
    offered = staticmethod(goods.public_makers)


class _Crafts(_Offered):
    offered = staticmethod(goods.open_crafts)


class _InBlocksOnly(ChooserViewSet):
    """A chooser for blocks; forms of the office keep their own fields."""

    register_widget = False


class ProductChooserViewSet(_InBlocksOnly):
    model = "catalogue.Product"
    icon = "pick"
    choose_one_text = _("Choose a product")
    choose_another_text = _("Choose another product")
    edit_item_text = _("Edit this product")
    per_page = 12


class MakerChooserViewSet(_InBlocksOnly):
    model = "producers.Maker"
    icon = "user"
    choose_one_text = _("Choose a maker")
    choose_another_text = _("Choose another maker")
    edit_item_text = _("Edit this maker")
    per_page = 12


class CraftChooserViewSet(_InBlocksOnly):
    model = "producers.Craft"
    icon = "cut"
    choose_one_text = _("Choose a craft")
    choose_another_text = _("Choose another craft")
    edit_item_text = _("Edit this craft")
    per_page = 20


products = ProductChooserViewSet("product_chooser", **_views(_Products))
makers = MakerChooserViewSet("maker_chooser", **_views(_Makers))
crafts = CraftChooserViewSet("craft_chooser", **_views(_Crafts))

ProductChooserBlock = products.get_block_class(
    name="ProductChooserBlock", module_path="qiaoshou.cms.choosers"
)
MakerChooserBlock = makers.get_block_class(
    name="MakerChooserBlock", module_path="qiaoshou.cms.choosers"
)
CraftChooserBlock = crafts.get_block_class(
    name="CraftChooserBlock", module_path="qiaoshou.cms.choosers"
)
