"""The blocks that the front page and the other pages may hold."""

from wagtail import blocks

from qiaoshou.cms.blocks.shop import CraftsBlock, MakerBlock, PiecesBlock, ShareBlock
from qiaoshou.cms.blocks.text import (
    GalleryBlock,
    HeroBlock,
    NumbersBlock,
    PictureBlock,
    QuoteBlock,
    TradeBlock,
    text_block,
)


class PageBody(blocks.StreamBlock):
    """What a story or a page of text is made of."""

    text = text_block()
    quote = QuoteBlock()
    picture = PictureBlock()
    gallery = GalleryBlock()
    numbers = NumbersBlock()
    pieces = PiecesBlock()

    class Meta:
        template = "cms/blocks/body.html"


class FrontBody(PageBody):
    """What the front page is made of."""

    hero = HeroBlock()
    share = ShareBlock()
    crafts = CraftsBlock()
    maker = MakerBlock()
    trade = TradeBlock()
