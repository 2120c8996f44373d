"""Tables of making: what a sellable product needs, time studies and piece rates."""

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import ExpressionWrapper, F, Func, Q, Value
from django.utils.translation import gettext_lazy as _

from catalog.domain.time_study import FEWEST_MAKERS
from qiaoshou.common.reference import new_reference
from qiaoshou.common.today import now

GRADES = (1, 5)


class SpecQuerySet(models.QuerySet["CraftSpec"]):
    def on_sale(self) -> "SpecQuerySet":
        """Those of published products, or of choices of published products."""
        return self.filter(
            Q(product__listing__status="published")
            | Q(product__parent__listing__status="published"),
            product__is_public=True,
        )


class CraftSpec(models.Model):
    """How a sellable product (standalone or child) is made and what that costs."""

    class Kind(models.TextChoices):
        READY = "ready", _("In stock")
        MADE_TO_ORDER = "made_to_order", _("Made to order")

    product = models.OneToOneField(
        "catalogue.Product",
        models.PROTECT,
        related_name="craft_spec",
        verbose_name=_("product"),
    )
    kind = models.CharField(_("how it is sold"), max_length=13, choices=Kind.choices)
    grade = models.PositiveSmallIntegerField(
        _("grade needed"),
        validators=[MinValueValidator(GRADES[0]), MaxValueValidator(GRADES[1])],
    )
    min_lot = models.PositiveIntegerField(_("minimum lot"), default=1)
    steps = models.PositiveSmallIntegerField(_("steps"), default=1)
    material_fen = models.BigIntegerField(_("material (fen)"))
    base_fen = models.BigIntegerField(_("share of the base (fen)"))
    tax_shipping_fen = models.BigIntegerField(_("tax and shipping (fen)"))
    weight_grams = models.PositiveIntegerField(_("weight (grams)"))
    hs_code = models.CharField(_("HS code"), max_length=12, blank=True)
    share_checked_on = models.DateField(_("share checked on"), null=True, blank=True)
    share_checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    checked_price_fen = models.BigIntegerField(null=True, blank=True)
    checked_pay_fen = models.BigIntegerField(null=True, blank=True)
    bases = models.ManyToManyField(
        "producers.Base", through="BasesAble", verbose_name=_("bases able to make it")
    )

    objects = SpecQuerySet.as_manager()

    class Meta:
        verbose_name = _("craft specification")
        verbose_name_plural = _("craft specifications")
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["ready", "made_to_order"]),
                name="craft_spec_kind_known",
            ),
            models.CheckConstraint(
                condition=Q(grade__range=GRADES), name="craft_spec_grade"
            ),
            models.CheckConstraint(
                condition=Q(min_lot__gte=1), name="craft_spec_min_lot"
            ),
            models.CheckConstraint(
                condition=Q(steps=1), name="craft_spec_no_group_jobs_yet"
            ),
            models.CheckConstraint(
                condition=Q(material_fen__gte=0, base_fen__gte=0)
                & Q(tax_shipping_fen__gte=0),
                name="craft_spec_costs_not_negative",
            ),
            models.CheckConstraint(
                condition=Q(weight_grams__gte=1), name="craft_spec_weight"
            ),
            models.CheckConstraint(
                condition=Q(hs_code="") | Q(hs_code__regex=r"^[0-9]{6,12}$"),
                name="craft_spec_hs_code",
            ),
            models.CheckConstraint(
                condition=Q(
                    share_checked_on=None, checked_price_fen=None, checked_pay_fen=None
                )
                | Q(
                    share_checked_on__isnull=False,
                    checked_price_fen__isnull=False,
                    checked_pay_fen__isnull=False,
                ),
                name="craft_spec_share_check_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.product} ({self.get_kind_display()})"


class BasesAble(models.Model):
    """A base that may make a product."""

    spec = models.ForeignKey(CraftSpec, models.CASCADE, related_name="able")
    base = models.ForeignKey(
        "producers.Base", models.PROTECT, related_name="able_to_make"
    )

    class Meta:
        verbose_name = _("base able to make it")
        verbose_name_plural = _("bases able to make it")
        constraints = [
            models.UniqueConstraint(fields=["spec", "base"], name="bases_able_once")
        ]

    def __str__(self) -> str:
        return f"{self.spec} – {self.base}"


class TimeStudy(models.Model):
    """Minutes a piece takes: the median of several makers, on one day; append-only."""

    spec = models.ForeignKey(CraftSpec, models.PROTECT, related_name="time_studies")
    reference = models.CharField(max_length=40, unique=True, default=new_reference)
    studied_on = models.DateField(_("studied on"))
    minutes = models.PositiveIntegerField(_("standard minutes"))
    makers = models.PositiveSmallIntegerField(_("makers observed"))
    note = models.CharField(_("note"), max_length=200, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    recorded_at = models.DateTimeField(_("recorded at"), default=now)

    append_only = True

    class Meta:
        verbose_name = _("time study")
        verbose_name_plural = _("time studies")
        ordering = ["-studied_on", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(minutes__gte=1), name="time_study_minutes"
            ),
            models.CheckConstraint(
                condition=Q(makers__gte=FEWEST_MAKERS), name="time_study_makers"
            ),
        ]
        indexes = [models.Index(fields=["spec", "-studied_on", "-id"])]

    def __str__(self) -> str:
        return f"{self.spec}: {self.minutes}"


class TimeSample(models.Model):
    """What one maker needed for a piece in a time study; append-only."""

    study = models.ForeignKey(TimeStudy, models.PROTECT, related_name="samples")
    maker = models.ForeignKey(
        "producers.Maker", models.PROTECT, related_name="time_samples"
    )
    minutes = models.PositiveIntegerField(_("minutes"))

    append_only = True

    class Meta:
        verbose_name = _("sample of a time study")
        verbose_name_plural = _("samples of a time study")
        constraints = [
            models.UniqueConstraint(
                fields=["study", "maker"], name="time_sample_maker_once"
            ),
            models.CheckConstraint(
                condition=Q(minutes__gte=1), name="time_sample_minutes"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.maker}: {self.minutes}"


class PieceRate(models.Model):
    """What a maker is paid for an accepted piece, in a half-open period.

    `minutes` and `minimum_hourly_fen` are those that the rate was held against.
    """

    spec = models.ForeignKey(CraftSpec, models.PROTECT, related_name="piece_rates")
    reference = models.CharField(max_length=40, unique=True, default=new_reference)
    fen = models.BigIntegerField(_("rate per accepted piece (fen)"))
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid until (not included)"), null=True, blank=True)
    study = models.ForeignKey(TimeStudy, models.PROTECT, related_name="+")
    minutes = models.PositiveIntegerField(_("standard minutes"))
    minimum_hourly_fen = models.BigIntegerField(_("minimum hourly wage (fen)"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    set_at = models.DateTimeField(_("set at"), default=now)

    class Meta:
        verbose_name = _("piece rate")
        verbose_name_plural = _("piece rates")
        ordering = ["-valid_from"]
        constraints = [
            models.CheckConstraint(
                condition=Q(fen__gte=1, minutes__gte=1, minimum_hourly_fen__gte=1),
                name="piece_rate_positive",
            ),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gt=F("valid_from")),
                name="piece_rate_period",
            ),
            models.CheckConstraint(
                condition=Q(
                    fen__gte=ExpressionWrapper(
                        (F("minimum_hourly_fen") * F("minutes") + 59) / 60,
                        output_field=models.BigIntegerField(),
                    )
                ),
                name="piece_rate_not_below_minimum_wage",
            ),
            ExclusionConstraint(
                name="piece_rate_periods_apart",
                expressions=[
                    (
                        Func(F("spec"), F("spec"), Value("[]"), function="int8range"),
                        RangeOperators.OVERLAPS,
                    ),
                    (
                        Func(F("valid_from"), F("valid_to"), function="daterange"),
                        RangeOperators.OVERLAPS,
                    ),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.spec}: {self.fen}"
