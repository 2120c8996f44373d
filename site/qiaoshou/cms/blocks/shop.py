"""Blocks that show pieces, crafts, makers and how a price is shared."""

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.images.blocks import ImageChooserBlock

from qiaoshou.cms import goods
from qiaoshou.cms.blocks.links import LinkBlock
from qiaoshou.cms.choosers import (
    CraftChooserBlock,
    MakerChooserBlock,
    ProductChooserBlock,
)

PRICE = "{price}"
NEWEST, MADE_TO_ORDER, CHOSEN = "newest", "made_to_order", "chosen"
SOURCES = [
    (NEWEST, _("newest in stock")),
    (MADE_TO_ORDER, _("made to order")),
    (CHOSEN, _("the products chosen below")),
]


def _shelf(context: dict) -> goods.Shelf:
    """The page's own shelf; a block that is previewed alone gets one for itself."""
    return context.get("shelf") or goods.Shelf(get_language() or "")


class PiecesBlock(blocks.StructBlock):
    """A row of pieces."""

    heading = blocks.CharBlock(label=_("heading"), max_length=40)
    link = LinkBlock(label=_("link beside the heading"))
    source = blocks.ChoiceBlock(
        choices=SOURCES, default=NEWEST, label=_("which pieces")
    )
    products = blocks.ListBlock(
        ProductChooserBlock(), label=_("chosen products"), min_num=0, max_num=8
    )

    class Meta:
        icon = "grip"
        label = _("row of pieces")
        description = _("Four or more pieces with maker, place, price and pay")
        template = "cms/blocks/pieces.html"
        preview_value = {
            "heading": "本周刚做好的",
            "link": {"label": "", "place": "", "only": "", "page": None},
            "source": NEWEST,
            "products": [],
        }

    def get_context(
        self, value: blocks.StructValue, parent_context: dict | None = None
    ) -> dict:
        context = super().get_context(value, parent_context)
        shelf = _shelf(context)
        if value["source"] == CHOSEN:
            context["cards"] = shelf.chosen([one for one in value["products"] if one])
        elif value["source"] == MADE_TO_ORDER:
            context["cards"] = shelf.made_to_order()
        else:
            context["cards"] = shelf.newest()
        return context


class ShareBlock(blocks.StructBlock):
    """How the price of one piece is shared."""

    heading = blocks.CharBlock(
        label=_("heading"),
        max_length=60,
        help_text=_("{price} stands for the price of the chosen product."),
    )
    lead = blocks.TextBlock(label=_("introduction"), max_length=300)
    link = LinkBlock(label=_("link"))
    product = ProductChooserBlock(
        label=_("product"),
        required=False,
        help_text=_("Without one, the newest piece in stock is shown."),
    )

    class Meta:
        icon = "tag"
        label = _("price share")
        description = _("The price of one piece and who gets which part of it")
        template = "cms/blocks/share.html"
        preview_value = {
            "heading": "这件卖 {price} 元，钱分给了谁",
            "lead": "每件东西都公布价格怎么分。",
            "link": {"label": "", "place": "", "only": "", "page": None},
            "product": None,
        }

    def get_context(
        self, value: blocks.StructValue, parent_context: dict | None = None
    ) -> dict:
        context = super().get_context(value, parent_context)
        context["shared"] = _shelf(context).shared(value["product"])
        before, price, after = value["heading"].partition(PRICE)
        context.update(before=before, with_price=bool(price), after=after)
        return context


class CraftTileBlock(blocks.StructBlock):
    craft = CraftChooserBlock(label=_("craft"))
    picture = ImageChooserBlock(
        label=_("picture"),
        required=False,
        help_text=_("Without one, the newest piece of this craft stands here."),
    )

    class Meta:
        icon = "cut"
        label = _("craft")


class CraftsBlock(blocks.StructBlock):
    """Ways into the shop, one per craft."""

    heading = blocks.CharBlock(label=_("heading"), max_length=40)
    tiles = blocks.ListBlock(
        CraftTileBlock(),
        label=_("crafts"),
        min_num=0,
        max_num=9,
        help_text=_("Without any, the crafts with most pieces are shown."),
    )

    class Meta:
        icon = "cut"
        label = _("crafts")
        description = _("Pictures that lead to the pieces of one craft each")
        template = "cms/blocks/crafts.html"
        preview_value = {"heading": "按手艺逛", "tiles": []}

    def get_context(
        self, value: blocks.StructValue, parent_context: dict | None = None
    ) -> dict:
        context = super().get_context(value, parent_context)
        chosen = {one["craft"].pk: one for one in value["tiles"] if one["craft"]}
        context["tiles"] = [
            {"craft": craft, "picture": chosen.get(craft.id, {}).get("picture")}
            for craft in _shelf(context).tiles(chosen)
        ]
        return context


class MakerBlock(blocks.StructBlock):
    """One maker; the band is left out while she has not consented to her story."""

    maker = MakerChooserBlock(
        label=_("maker"),
        required=False,
        help_text=_("Without one, a maker who agreed to show her story is chosen."),
    )
    heading = blocks.CharBlock(
        label=_("heading"),
        max_length=60,
        required=False,
        help_text=_("Without one, her name and craft stand here."),
    )
    words = blocks.TextBlock(
        label=_("her words"),
        max_length=200,
        required=False,
        help_text=_("Without them, the first sentence of her story stands here."),
    )
    picture = ImageChooserBlock(label=_("portrait"), required=False)
    button = blocks.CharBlock(label=_("button"), max_length=20)
    link = LinkBlock(label=_("link"))

    class Meta:
        icon = "user"
        label = _("maker")
        description = _("One maker with portrait, words and figures, with her consent")
        template = "cms/blocks/maker.html"
        preview_value = {
            "maker": None,
            "heading": "王桂兰，做了 41 年布老虎",
            "words": "“眼睛要最后缝。”",
            "picture": None,
            "button": "听她讲",
            "link": {"label": "", "place": "", "only": "", "page": None},
        }

    def get_context(
        self, value: blocks.StructValue, parent_context: dict | None = None
    ) -> dict:
        context = super().get_context(value, parent_context)
        maker = context["maker"] = _shelf(context).featured(value["maker"])
        if maker:
            context["heading"] = value["heading"] or maker["heading"]
            context["words"] = value["words"] or maker["words"]
        return context
