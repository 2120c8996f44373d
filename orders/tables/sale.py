"""What was sold, on what terms: our truth about an order of Oscar's and its lines."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from producers.registry import rules
from qiaoshou.common.today import now


@rules.with_history()
class Sale(models.Model):
    """The state of one order; Oscar's own status only displays it.

    This row is what a service locks when it says "the order".
    """

    class State(models.TextChoices):
        AWAITING_PAYMENT = "awaiting_payment", _("Awaiting payment")
        PAID = "paid", _("Paid")
        EXPIRED = "expired", _("Not paid in time")
        CANCELLED = "cancelled", _("Cancelled")
        REFUNDED = "refunded", _("Refunded")

    order = models.OneToOneField(
        "order.Order", models.PROTECT, related_name="sale", verbose_name=_("order")
    )
    reference = models.CharField(_("order number"), max_length=10, unique=True)
    client_reference = models.UUIDField(unique=True, editable=False)
    state = models.CharField(
        _("state"),
        max_length=16,
        choices=State.choices,
        default=State.AWAITING_PAYMENT,
    )
    goods_fen = models.BigIntegerField(_("pieces in fen"))
    shipping_fen = models.BigIntegerField(_("shipping in fen"))
    placed_at = models.DateTimeField(_("placed at"), default=now)
    hold_until = models.DateTimeField(_("held until"))
    paid_at = models.DateTimeField(_("paid at"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)

    class Meta:
        verbose_name = _("sale")
        verbose_name_plural = _("sales")
        constraints = [
            models.CheckConstraint(
                condition=Q(goods_fen__gt=0, shipping_fen__gte=0),
                name="sale_amounts_possible",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["paid", "refunded"], paid_at__isnull=False)
                | Q(state__in=["awaiting_payment", "expired"], paid_at=None)
                | Q(state="cancelled"),
                name="sale_paid_has_time",
            ),
            models.CheckConstraint(
                condition=Q(hold_until__gt=F("placed_at")),
                name="sale_hold_after_placing",
            ),
        ]
        indexes = [
            models.Index(
                fields=["hold_until"],
                condition=Q(state="awaiting_payment"),
                name="sale_holds_to_expire",
            )
        ]
        triggers = [rules.never_deleted()]

    def __str__(self) -> str:
        return self.reference

    @property
    def total_fen(self) -> int:
        return self.goods_fen + self.shipping_fen


class LineTerms(models.Model):
    """What one line was sold as, for how much, and promised; never changes."""

    class Kind(models.TextChoices):
        READY = "ready", _("In stock")
        MADE = "made", _("Made to order")

    line = models.OneToOneField("order.Line", models.PROTECT, related_name="terms")
    product = models.ForeignKey(
        "catalogue.Product", models.PROTECT, related_name="+", verbose_name=_("product")
    )
    title_zh = models.CharField(_("title in Chinese"), max_length=320)
    title_en = models.CharField(_("title in English"), max_length=320)
    kind = models.CharField(_("kind"), max_length=5, choices=Kind.choices)
    pieces = models.PositiveIntegerField(_("pieces"))
    list_fen = models.BigIntegerField(_("list price of the line in fen"))
    sold_fen = models.BigIntegerField(_("sold for, in fen"))
    piece_rate_fen = models.PositiveIntegerField(
        _("piece rate at sale in fen"), null=True, blank=True
    )
    minutes = models.PositiveIntegerField(
        _("standard minutes per piece"), null=True, blank=True
    )
    promised_on = models.DateField(_("promised for"))

    append_only = True

    class Meta:
        verbose_name = _("terms of a line")
        verbose_name_plural = _("terms of lines")
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["ready", "made"]), name="line_terms_kind_known"
            ),
            models.CheckConstraint(
                condition=~Q(title_zh="") & ~Q(title_en=""), name="line_terms_has_title"
            ),
            models.CheckConstraint(
                condition=Q(pieces__gte=1), name="line_terms_has_pieces"
            ),
            models.CheckConstraint(
                condition=Q(sold_fen__gte=0, list_fen__gte=F("sold_fen")),
                name="line_terms_discount_only_lowers",
            ),
            models.CheckConstraint(
                condition=Q(kind="ready")
                | Q(
                    kind="made",
                    piece_rate_fen__isnull=False,
                    piece_rate_fen__gt=0,
                    minutes__isnull=False,
                    minutes__gt=0,
                ),
                name="line_terms_made_has_rate",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.line_id}: {self.pieces}"

    def title(self, language: str) -> str:
        """What the piece was called when it was sold."""
        return str(self.title_en if language == "en" else self.title_zh)


class LineShare(models.Model):
    """One part of what a line was sold for; the parts add up to it."""

    class Part(models.TextChoices):
        MAKER = "maker", _("Maker's pay")
        MATERIAL = "material", _("Material")
        BASE = "base", _("Base")
        CHAMBER = "chamber", _("Chamber")
        TAX_SHIPPING = "tax_shipping", _("Tax and shipping")

    line = models.ForeignKey("order.Line", models.PROTECT, related_name="shares")
    part = models.CharField(_("part"), max_length=12, choices=Part.choices)
    fen = models.BigIntegerField(_("fen"))

    append_only = True

    class Meta:
        verbose_name = _("share of a line")
        verbose_name_plural = _("shares of lines")
        constraints = [
            models.UniqueConstraint(fields=["line", "part"], name="line_share_once"),
            models.CheckConstraint(
                condition=Q(
                    part__in=["maker", "material", "base", "chamber", "tax_shipping"]
                ),
                name="line_share_part_known",
            ),
            models.CheckConstraint(
                condition=Q(fen__gte=0) | Q(part="chamber"),
                name="line_share_only_chamber_below_zero",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.part} {self.fen}"


@rules.with_history()
class ShippingRate(models.Model):
    """What a parcel costs the buyer from one day on; the chamber sets it."""

    valid_from = models.DateField(_("valid from"), unique=True)
    fee_fen = models.PositiveIntegerField(_("fee of a parcel in fen"))
    free_from_fen = models.PositiveIntegerField(
        _("free from this sum of pieces, in fen"), null=True, blank=True
    )

    class Meta:
        verbose_name = _("shipping rate")
        verbose_name_plural = _("shipping rates")
        ordering = ["-valid_from"]

    def __str__(self) -> str:
        return f"{self.valid_from}: {self.fee_fen}"
