"""Blocks of words, figures and pictures that know nothing about the shop."""

from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.images.blocks import ImageChooserBlock

from qiaoshou.cms.blocks.links import LinkBlock

RICH = ["h2", "h3", "bold", "ol", "ul", "link", "document-link", "hr"]


def text_block() -> blocks.RichTextBlock:
    """Running text; a plain block, so that translations see its sentences."""
    return blocks.RichTextBlock(
        features=RICH,
        icon="pilcrow",
        label=_("text"),
        description=_("Running text with headings, lists and links"),
        template="cms/blocks/text.html",
        preview_value="<h2>三种刀口</h2><p>月牙是眉毛，是鱼鳞，是翻过来的花瓣。</p>",
    )


class HeroBlock(blocks.StructBlock):
    """The first thing on the front page."""

    first = blocks.CharBlock(label=_("first half of the headline"), max_length=40)
    second = blocks.CharBlock(
        label=_("second half of the headline"), max_length=40, required=False
    )
    lead = blocks.TextBlock(label=_("introduction"), max_length=300)
    primary = LinkBlock(label=_("main button"))
    second_link = LinkBlock(label=_("second button"))
    picture = ImageChooserBlock(
        label=_("picture"),
        required=False,
        help_text=_("Without one, the red paper-cut flower stands here."),
    )

    class Meta:
        icon = "home"
        label = _("opening")
        description = _("Headline, introduction, two buttons and the large picture")
        template = "cms/blocks/hero.html"
        preview_value = {
            "first": "一针一线，",
            "second": "有名有姓",
            "lead": "每一件都写明谁做的、在哪做的、用了多久、工钱多少。",
            "primary": {"label": "逛好物", "place": "shop", "only": "", "page": None},
            "second_link": {"label": "", "place": "", "only": "", "page": None},
            "picture": None,
        }


class QuoteBlock(blocks.StructBlock):
    """What somebody said, in her own words."""

    text = blocks.TextBlock(label=_("words"), max_length=300)
    name = blocks.CharBlock(label=_("who said it"), max_length=60, required=False)

    class Meta:
        icon = "openquote"
        label = _("quote")
        description = _("One sentence in somebody's own words")
        template = "cms/blocks/quote.html"
        preview_value = {
            "text": "“剪纸不怕剪错。剪错了顺着错剪下去，就是新样子。”",
            "name": "李凤云，铁岭县河湾村",
        }


class PictureBlock(blocks.StructBlock):
    """One wide picture."""

    picture = ImageChooserBlock(label=_("picture"))
    caption = blocks.CharBlock(label=_("caption"), max_length=200, required=False)

    class Meta:
        icon = "image"
        label = _("picture")
        description = _("One wide picture with a caption")
        template = "cms/blocks/picture.html"
        preview_value = {"picture": None, "caption": "河湾村的冬天"}


class GalleryBlock(blocks.StructBlock):
    """Three pictures side by side, the first one large."""

    pictures = blocks.ListBlock(
        ImageChooserBlock(), label=_("pictures"), min_num=3, max_num=3
    )
    caption = blocks.CharBlock(label=_("caption"), max_length=200, required=False)

    class Meta:
        icon = "image"
        label = _("three pictures")
        description = _("A large picture with two small ones beside it")
        template = "cms/blocks/gallery.html"
        preview_value = {"pictures": [], "caption": "左：今年的四季窗花。"}


class FigureBlock(blocks.StructBlock):
    value = blocks.CharBlock(label=_("figure"), max_length=16)
    label = blocks.CharBlock(label=_("what it counts"), max_length=30)

    class Meta:
        icon = "order"
        label = _("figure")


class NumbersBlock(blocks.StructBlock):
    """Two to four figures with what they count."""

    title = blocks.CharBlock(
        label=_("title, read out but not shown"), max_length=40, default="数字"
    )
    figures = blocks.ListBlock(FigureBlock(), label=_("figures"), min_num=2, max_num=4)

    class Meta:
        icon = "order"
        label = _("figures")
        description = _("Two to four large figures on a dark ground")
        template = "cms/blocks/numbers.html"
        preview_value = {
            "title": "数字",
            "figures": [
                {"value": "60", "label": "户人家"},
                {"value": "20,000", "label": "张窗花"},
            ],
        }


class TradeBlock(blocks.StructBlock):
    """The dark band that speaks to trade buyers."""

    heading = blocks.CharBlock(label=_("heading"), max_length=60)
    lead = blocks.TextBlock(label=_("introduction"), max_length=300)
    link = LinkBlock(label=_("button"))
    figures = blocks.ListBlock(FigureBlock(), label=_("figures"), min_num=0, max_num=3)

    class Meta:
        icon = "group"
        label = _("trade")
        description = _("A dark band for trade buyers with a button and figures")
        template = "cms/blocks/trade.html"
        preview_value = {
            "heading": "企业礼品与批发",
            "lead": "30 件起订，可绣单位名。",
            "link": {"label": "问价与打样", "place": "trade", "only": "", "page": None},
            "figures": [],
        }
