"""Pages of the site, the pictures that they show, and the words on its masthead."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.contrib.settings.models import BaseGenericSetting, register_setting
from wagtail.fields import StreamField
from wagtail.images.models import AbstractImage, AbstractRendition, Image
from wagtail.models import Page
from wagtail.search import index

from qiaoshou.cms import goods, pictures
from qiaoshou.cms.blocks.body import FrontBody, PageBody
from qiaoshou.common.templatetags.look import in_language


class Picture(AbstractImage):
    """A picture with its description in both languages and its credit."""

    alt_zh = models.CharField(_("description in Chinese"), max_length=200, blank=True)
    alt_en = models.CharField(_("description in English"), max_length=200, blank=True)
    credit = models.CharField(_("credit"), max_length=200, blank=True)
    illustration = models.BooleanField(_("an illustration"), default=False)

    # Wagtail's own description has no language; ours takes its place.
    admin_form_fields = (
        *(name for name in Image.admin_form_fields if name != "description"),
        "alt_zh",
        "alt_en",
        "credit",
        "illustration",
    )

    class Meta(AbstractImage.Meta):
        verbose_name = _("picture")
        verbose_name_plural = _("pictures")

    @property
    def alt(self) -> str:
        """What the picture shows, in the reader's language where that is known."""
        if get_language() == "en":
            return self.alt_en or self.alt_zh
        return self.alt_zh or self.alt_en

    @property
    def default_alt_text(self) -> str:
        return self.alt


class PictureRendition(AbstractRendition):
    """One size and format of a picture."""

    image = models.ForeignKey(Picture, models.CASCADE, related_name="renditions")

    class Meta:
        unique_together = (("image", "filter_spec", "focal_point_key"),)


@register_setting(icon="home", order=100)
class Masthead(BaseGenericSetting):
    """What every page says about the house: its name, who runs it, how to call."""

    name_zh = models.CharField(_("name in Chinese"), max_length=40, default="巧手")
    name_en = models.CharField(_("name in English"), max_length=40, default="Qiaoshou")
    organiser_zh = models.CharField(_("run by (Chinese)"), max_length=60, blank=True)
    organiser_en = models.CharField(_("run by (English)"), max_length=80, blank=True)
    phone = models.CharField(_("telephone"), max_length=30, blank=True)
    note_zh = models.CharField(
        _("line at the foot (Chinese)"), max_length=200, blank=True
    )
    note_en = models.CharField(
        _("line at the foot (English)"), max_length=300, blank=True
    )

    panels = [
        FieldRowPanel([FieldPanel("name_zh"), FieldPanel("name_en")]),
        FieldRowPanel([FieldPanel("organiser_zh"), FieldPanel("organiser_en")]),
        FieldPanel("phone"),
        FieldPanel("note_zh"),
        FieldPanel("note_en"),
    ]

    class Meta:
        verbose_name = _("masthead")

    def _in_language(self, field: str) -> str:
        language = "en" if get_language() == "en" else "zh"
        return getattr(self, f"{field}_{language}")

    @property
    def name(self) -> str:
        return self._in_language("name")

    @property
    def organiser(self) -> str:
        return self._in_language("organiser")

    @property
    def note(self) -> str:
        return self._in_language("note")

    @property
    def phone_link(self) -> str:
        """The number as a dialler wants it: digits and a leading plus only."""
        return "".join(c for c in self.phone if c.isdigit() or c == "+")


# Addresses that code answers; a page of the office's making must not hide behind them.
TAKEN = frozenset(
    [
        "account",
        "bases",
        "basket",
        "checkout",
        "crafts",
        "demo",
        "en",
        "healthz",
        "home",
        "makers",
        "media",
        "my-work",
        "office",
        "orders",
        "p",
        "payments",
        "places",
        "reports",
        "shop",
        "sign-in",
        "static",
        "t",
        "workshop",
    ]
)


class OurPage(Page):
    """What all pages share: the reader's place, translations, prepared pictures."""

    place = ""

    class Meta:
        abstract = True

    def clean(self) -> None:
        super().clean()
        if self.slug in TAKEN and not isinstance(self, HomePage):
            raise ValidationError(
                {
                    "slug": _(
                        "This address belongs to a part of the site; choose another."
                    )
                }
            )

    def get_context(
        self, request: HttpRequest, *args: object, **kwargs: object
    ) -> dict:
        context = super().get_context(request, *args, **kwargs)
        context["active"] = self.place
        context["shelf"] = goods.Shelf(get_language() or "")
        context["page_translations"] = self.addresses(request)
        pictures.prepare(self, self.body)
        return context

    def addresses(self, request: HttpRequest) -> dict[str, str]:
        """Where this page stands in each language that it is published in."""
        pages = self.get_translations(inclusive=True).live().select_related("locale")
        return {page.locale.language_code: page.get_url(request) for page in pages}

    @property
    def summary(self) -> str:
        """What search engines and lists say about this page."""
        return self.search_description or getattr(self, "lead", "")


class HomePage(OurPage):
    """The front page of one language."""

    body = StreamField(FrontBody(), verbose_name=_("content"), blank=True)

    place = "front"
    template = "cms/home_page.html"
    max_count = len(settings.LANGUAGES)
    content_panels = [*Page.content_panels, FieldPanel("body")]
    parent_page_types = ["wagtailcore.Page"]
    search_fields = [*Page.search_fields, index.SearchField("body")]

    class Meta:
        verbose_name = _("home page")
        verbose_name_plural = _("home pages")

    def addresses(self, request: HttpRequest) -> dict[str, str]:
        """The front pages; our own view already knows their languages."""
        known = getattr(self, "front_languages", None)
        if known is None:
            return super().addresses(request)
        return {code: in_language("/", code) for code in known}


class SectionPage(OurPage):
    """A list of the pages below it, such as the stories."""

    lead = models.CharField(_("introduction"), max_length=200, blank=True)
    body = StreamField(PageBody(), verbose_name=_("content"), blank=True)

    template = "cms/section_page.html"
    content_panels = [*Page.content_panels, FieldPanel("lead"), FieldPanel("body")]
    parent_page_types = ["cms.HomePage"]
    subpage_types = ["cms.StoryPage"]

    class Meta:
        verbose_name = _("section")
        verbose_name_plural = _("sections")

    @property
    def place(self) -> str:
        return self.slug

    def get_context(
        self, request: HttpRequest, *args: object, **kwargs: object
    ) -> dict:
        context = super().get_context(request, *args, **kwargs)
        stories = list(
            StoryPage.objects.child_of(self)
            .live()
            .select_related("picture")
            .order_by("-date", "-pk")
        )
        pictures.prepare_renditions(
            [story.picture for story in stories if story.picture], pictures.WIDE
        )
        context["stories"] = [
            {
                "title": story.title,
                "lead": story.lead,
                "date": story.date,
                "url": story.get_url(request),
                "picture": story.picture,
            }
            for story in stories
        ]
        return context


class StoryPage(OurPage):
    """One story: a picture, a date, a lead, and a body of blocks."""

    date = models.DateField(_("date"))
    lead = models.CharField(_("introduction"), max_length=200, blank=True)
    picture = models.ForeignKey(
        settings.WAGTAILIMAGES_IMAGE_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("picture"),
    )
    body = StreamField(PageBody(), verbose_name=_("content"), blank=True)

    place = "stories"
    template = "cms/story_page.html"
    content_panels = [
        *Page.content_panels,
        MultiFieldPanel(
            [FieldPanel("date"), FieldPanel("lead"), FieldPanel("picture")],
            heading=_("Opening"),
        ),
        FieldPanel("body"),
    ]
    parent_page_types = ["cms.SectionPage"]
    subpage_types: list[str] = []
    search_fields = [
        *Page.search_fields,
        index.SearchField("lead"),
        index.SearchField("body"),
    ]

    class Meta:
        verbose_name = _("story")
        verbose_name_plural = _("stories")


class PlainPage(OurPage):
    """A page of text and blocks, such as returns, terms or trade."""

    lead = models.CharField(_("introduction"), max_length=200, blank=True)
    body = StreamField(PageBody(), verbose_name=_("content"), blank=True)

    template = "cms/plain_page.html"
    content_panels = [*Page.content_panels, FieldPanel("lead"), FieldPanel("body")]
    parent_page_types = ["cms.HomePage", "cms.PlainPage"]
    subpage_types = ["cms.PlainPage"]
    search_fields = [
        *Page.search_fields,
        index.SearchField("lead"),
        index.SearchField("body"),
    ]

    class Meta:
        verbose_name = _("page of text")
        verbose_name_plural = _("pages of text")

    @property
    def place(self) -> str:
        return self.slug
