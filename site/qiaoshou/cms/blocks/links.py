"""Links inside blocks: to a fixed place of the site, or to one of its pages."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail import blocks

from qiaoshou.common.templatetags.look import place

PLACES = [
    ("shop", _("The shop")),
    ("makers", _("Our makers")),
    ("stories", _("Stories")),
    ("trade", _("Trade and corporate gifts")),
    ("accounts", _("Open accounts")),
    ("join", _("Become a maker")),
    ("orders", _("Find an order")),
]
QUERIES = [
    ("kind=ready", _("pieces in stock")),
    ("kind=made_to_order", _("pieces made to order")),
]


class LinkValue(blocks.StructValue):
    """A link that knows its own address."""

    @property
    def url(self) -> str:
        """The address in the reader's language, or nothing where there is no link."""
        if self.get("page"):
            return self["page"].localized.url
        if not self.get("place"):
            return ""
        only = f"?{self['only']}" if self.get("only") else ""
        return place(self["place"]) + only


class LinkBlock(blocks.StructBlock):
    """A label with where it leads; without a label there is no link."""

    label = blocks.CharBlock(
        label=pgettext_lazy("link", "label"), max_length=30, required=False
    )
    place = blocks.ChoiceBlock(
        choices=PLACES, label=_("leads to a place"), required=False
    )
    only = blocks.ChoiceBlock(
        choices=QUERIES, label=_("in the shop, only"), required=False
    )
    page = blocks.PageChooserBlock(label=_("or leads to a page"), required=False)

    class Meta:
        icon = "link"
        label = _("link")
        value_class = LinkValue

    def clean(self, value: blocks.StructValue) -> blocks.StructValue:
        cleaned = super().clean(value)
        if cleaned["label"] and bool(cleaned["place"]) == bool(cleaned["page"]):
            raise blocks.StructBlockValidationError(
                block_errors={
                    "place": ValidationError(
                        _("Choose a place or a page, one of them.")
                    )
                }
            )
        return cleaned
