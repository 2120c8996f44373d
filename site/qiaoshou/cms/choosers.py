"""Choosers of the office: a product, a maker or a craft inside a page's blocks."""

from django.utils.translation import gettext_lazy as _
from wagtail.admin.viewsets.chooser import ChooserViewSet


class ProductChooserViewSet(ChooserViewSet):
    model = "catalogue.Product"
    icon = "pick"
    choose_one_text = _("Choose a product")
    choose_another_text = _("Choose another product")
    edit_item_text = _("Edit this product")
    per_page = 12


class MakerChooserViewSet(ChooserViewSet):
    model = "producers.Maker"
    icon = "user"
    choose_one_text = _("Choose a maker")
    choose_another_text = _("Choose another maker")
    edit_item_text = _("Edit this maker")
    per_page = 12


class CraftChooserViewSet(ChooserViewSet):
    model = "producers.Craft"
    icon = "cut"
    choose_one_text = _("Choose a craft")
    choose_another_text = _("Choose another craft")
    edit_item_text = _("Edit this craft")
    per_page = 20


products = ProductChooserViewSet("product_chooser")
makers = MakerChooserViewSet("maker_chooser")
crafts = CraftChooserViewSet("craft_chooser")

ProductChooserBlock = products.get_block_class(
    name="ProductChooserBlock", module_path="qiaoshou.cms.choosers"
)
MakerChooserBlock = makers.get_block_class(
    name="MakerChooserBlock", module_path="qiaoshou.cms.choosers"
)
CraftChooserBlock = crafts.get_block_class(
    name="CraftChooserBlock", module_path="qiaoshou.cms.choosers"
)
