"""Tables of the catalogue: listings, texts, pictures, rates, stock places, lots.

Oscar's Product, ProductImage and StockRecord carry no field of ours; these rows stand
beside them. Only `catalog.stock` writes StockMovement, Lot.remaining and the numbers of
a StockRecord.
"""

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from catalog.making.models import (
    BasesAble,
    CraftSpec,
    PieceRate,
    TimeSample,
    TimeStudy,
)
from qiaoshou.common.reference import new_reference
from qiaoshou.common.today import now

__all__ = [
    "BasesAble",
    "CraftSpec",
    "Listing",
    "Lot",
    "MakingStep",
    "PieceRate",
    "ProductPicture",
    "ProductText",
    "SearchEntry",
    "StockMovement",
    "StockPlace",
    "TimeSample",
    "TimeStudy",
]


class Listing(models.Model):
    """What a product page and the facets show of a standalone or parent product."""

    class Status(models.TextChoices):
        DRAFT = "draft", _("Draft")
        PUBLISHED = "published", pgettext_lazy("listing", "Published")
        RETIRED = "retired", _("Retired")

    product = models.OneToOneField(
        "catalogue.Product", models.PROTECT, verbose_name=_("product")
    )
    reference = models.CharField(max_length=10, unique=True, default=new_reference)
    slug = models.SlugField(_("address"), max_length=80, unique=True)
    craft = models.ForeignKey(
        "producers.Craft",
        models.PROTECT,
        related_name="listings",
        verbose_name=_("craft"),
    )
    origin = models.ForeignKey(
        "common.Area",
        models.PROTECT,
        related_name="listings",
        verbose_name=_("origin"),
    )
    county = models.ForeignKey(
        "common.Area",
        models.PROTECT,
        related_name="+",
        verbose_name=_("county of origin"),
    )
    status = models.CharField(
        _("status"), max_length=10, choices=Status.choices, default=Status.DRAFT
    )
    published_on = models.DateField(_("published on"), null=True, blank=True)

    class Meta:
        verbose_name = _("listing")
        verbose_name_plural = _("listings")
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=["draft", "published", "retired"]),
                name="listing_status_known",
            ),
            models.CheckConstraint(
                condition=Q(status="draft") | Q(published_on__isnull=False),
                name="listing_published_has_day",
            ),
        ]
        indexes = [models.Index(fields=["status", "-published_on", "-id"])]

    def __str__(self) -> str:
        return self.slug


class ProductText(models.Model):
    """What is said of a product in one language; of a variant, its name as a choice."""

    product = models.ForeignKey(
        "catalogue.Product", models.PROTECT, related_name="texts"
    )
    language = models.CharField(
        _("language"), max_length=7, choices=[("zh-hans", "中文"), ("en", "English")]
    )
    title = models.CharField(_("title"), max_length=120)
    story = models.TextField(_("story"), blank=True)
    materials = models.CharField(_("materials"), max_length=200, blank=True)
    measures = models.CharField(_("size and weight"), max_length=120, blank=True)
    care = models.CharField(_("care"), max_length=200, blank=True)
    choice = models.CharField(_("name of the choice"), max_length=60, blank=True)

    class Meta:
        verbose_name = _("product text")
        verbose_name_plural = _("product texts")
        constraints = [
            models.UniqueConstraint(
                fields=["product", "language"], name="product_text_once"
            ),
            models.CheckConstraint(
                condition=Q(language__in=["zh-hans", "en"]),
                name="product_text_language_known",
            ),
            models.CheckConstraint(
                condition=~Q(title=""), name="product_text_has_title"
            ),
        ]

    def __str__(self) -> str:
        return self.title


class MakingStep(models.Model):
    """One step in the making of a piece, as its page tells it."""

    product = models.ForeignKey(
        "catalogue.Product", models.PROTECT, related_name="making_steps"
    )
    position = models.PositiveSmallIntegerField(_("position"))
    minutes = models.PositiveIntegerField(_("minutes"), null=True, blank=True)
    name_zh = models.CharField(_("name in Chinese"), max_length=40)
    name_en = models.CharField(_("name in English"), max_length=60)
    text_zh = models.CharField(_("what is done (Chinese)"), max_length=200, blank=True)
    text_en = models.CharField(_("what is done (English)"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("step of making")
        verbose_name_plural = _("steps of making")
        ordering = ["product", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["product", "position"], name="making_step_position_once"
            )
        ]

    def __str__(self) -> str:
        return self.name_zh


class ProductPicture(models.Model):
    """What a picture of Oscar's shows, and the web sizes that stand ready for it."""

    image = models.OneToOneField(
        "catalogue.ProductImage", models.CASCADE, related_name="picture"
    )
    alt_zh = models.CharField(_("description in Chinese"), max_length=200)
    alt_en = models.CharField(_("description in English"), max_length=200)
    credit = models.CharField(_("credit"), max_length=200, blank=True)
    illustration = models.BooleanField(_("an illustration"), default=False)
    width = models.PositiveIntegerField(_("width"))
    height = models.PositiveIntegerField(_("height"))
    square = models.CharField(max_length=255)
    small = models.CharField(max_length=255)

    class Meta:
        verbose_name = _("product picture")
        verbose_name_plural = _("product pictures")

    def __str__(self) -> str:
        return self.alt_zh


class SearchEntry(models.Model):
    """The words under which one thing is found in one language."""

    class Kind(models.TextChoices):
        PRODUCT = "product", _("Product")
        MAKER = "maker", _("Maker")
        PAGE = "page", _("Page")

    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    reference = models.CharField(_("reference"), max_length=40)
    language = models.CharField(_("language"), max_length=7)
    title = models.CharField(_("title"), max_length=200)
    address = models.CharField(_("address"), max_length=200, blank=True)
    words = SearchVectorField()

    class Meta:
        verbose_name = _("search entry")
        verbose_name_plural = _("search entries")
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "reference", "language"], name="search_entry_once"
            )
        ]
        indexes = [GinIndex(fields=["words"], name="search_entry_words")]

    def __str__(self) -> str:
        return self.title


class StockPlace(models.Model):
    """A base or pick-up point that holds stock; Oscar knows it as a partner."""

    base = models.OneToOneField(
        "producers.Base",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="stock_place",
        verbose_name=_("base"),
    )
    pickup_point = models.OneToOneField(
        "producers.PickupPoint",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="stock_place",
        verbose_name=_("pick-up point"),
    )
    partner = models.OneToOneField(
        "partner.Partner", models.PROTECT, related_name="stock_place"
    )

    class Meta:
        verbose_name = _("stock place")
        verbose_name_plural = _("stock places")
        constraints = [
            models.CheckConstraint(
                condition=Q(base=None, pickup_point__isnull=False)
                | Q(base__isnull=False, pickup_point=None),
                name="stock_place_is_base_or_point",
            )
        ]

    def __str__(self) -> str:
        return str(self.base or self.pickup_point)


class Lot(models.Model):
    """Pieces that came in together, with their maker; stock at hand is Σ remaining."""

    serial = models.CharField(
        _("number"), max_length=10, unique=True, default=new_reference
    )
    source_kind = models.CharField(_("source"), max_length=20)
    source_reference = models.CharField(_("reference of the source"), max_length=60)
    maker = models.ForeignKey(
        "producers.Maker",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="lots",
        verbose_name=_("maker"),
    )
    made_on = models.DateField(_("made on"))
    place = models.ForeignKey(
        StockPlace, models.PROTECT, related_name="lots", verbose_name=_("stock place")
    )
    product = models.ForeignKey(
        "catalogue.Product",
        models.PROTECT,
        related_name="lots",
        verbose_name=_("product"),
    )
    pieces = models.PositiveIntegerField(_("pieces"))
    remaining = models.PositiveIntegerField(_("pieces left"))

    class Meta:
        verbose_name = _("lot")
        verbose_name_plural = _("lots")
        constraints = [
            models.UniqueConstraint(
                fields=["source_kind", "source_reference"], name="lot_source_once"
            ),
            models.CheckConstraint(condition=Q(pieces__gte=1), name="lot_not_empty"),
            models.CheckConstraint(
                condition=Q(remaining__gte=0, remaining__lte=F("pieces")),
                name="lot_remaining_within_pieces",
            ),
        ]
        indexes = [
            models.Index(
                fields=["product", "made_on", "id"],
                condition=Q(remaining__gt=0),
                name="lot_next_to_ship",
            ),
            models.Index(fields=["maker", "-made_on"]),
        ]

    def __str__(self) -> str:
        return self.serial


class StockMovement(models.Model):
    """Why the numbers of a stock record changed, and what they were then."""

    class Kind(models.TextChoices):
        RECEIVED = "received", _("Received")
        RESERVED = "reserved", _("Reserved")
        RELEASED = "released", _("Released")
        SHIPPED = "shipped", _("Shipped")
        COUNTED = "counted", _("Counted")
        RETURNED = "returned", _("Came back")

    record = models.ForeignKey(
        "partner.StockRecord", models.PROTECT, related_name="movements"
    )
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    in_stock = models.IntegerField(_("change of pieces in stock"))
    reserved = models.IntegerField(_("change of pieces reserved"))
    in_stock_after = models.PositiveIntegerField(_("pieces in stock after"))
    reserved_after = models.PositiveIntegerField(_("pieces reserved after"))
    lot = models.ForeignKey(
        Lot, models.PROTECT, null=True, blank=True, related_name="movements"
    )
    source_kind = models.CharField(_("source"), max_length=20)
    source_reference = models.CharField(_("reference of the source"), max_length=60)
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    at = models.DateTimeField(_("at"), default=now)

    append_only = True

    class Meta:
        verbose_name = _("stock movement")
        verbose_name_plural = _("stock movements")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(in_stock=0, reserved=0), name="stock_movement_moves"
            ),
            models.CheckConstraint(
                condition=Q(reserved_after__lte=F("in_stock_after")),
                name="stock_movement_after_possible",
            ),
            models.UniqueConstraint(
                fields=["record", "lot", "source_kind", "source_reference"],
                condition=Q(kind__in=["shipped", "counted", "returned"]),
                nulls_distinct=False,
                name="stock_movement_out_once",
            ),
        ]
        indexes = [
            models.Index(fields=["record", "id"]),
            models.Index(fields=["source_kind", "source_reference"]),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.in_stock:+} {self.reserved:+}"
