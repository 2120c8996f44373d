"""Tables that every app stands on: areas, reference values, the audit trail."""

from typing import ClassVar

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import ExpressionWrapper, F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from treebeard.mp_tree import MP_Node

from qiaoshou.common.naming import named
from qiaoshou.common.table_rules import (
    append_only,
    never_deleted,
    period,
    periods_apart,
)
from qiaoshou.common.today import now


class Area(MP_Node):
    """One administrative area; a jurisdiction is the path prefix of its top area."""

    class Tier(models.TextChoices):
        PROVINCE = "province", _("Province")
        CITY = "city", _("City")
        COUNTY = "county", pgettext_lazy("area", "County")
        TOWNSHIP = "township", _("Township")
        VILLAGE = "village", _("Village")

    class Setting(models.TextChoices):
        UNKNOWN = "", _("Not known")
        URBAN = "urban", _("Urban")
        RURAL = "rural", _("Rural")

    tier = models.CharField(_("tier"), max_length=10, choices=Tier.choices)
    name_zh = models.CharField(_("name in Chinese"), max_length=80)
    name_en = models.CharField(_("name in English"), max_length=120)
    name_en_is_draft = models.BooleanField(_("English name is a draft"), default=False)
    sort_key = models.CharField(max_length=200, db_index=True)
    kind = models.CharField(_("kind"), max_length=20)
    setting = models.CharField(
        _("urban or rural"),
        max_length=5,
        choices=Setting.choices,
        default=Setting.UNKNOWN,
        blank=True,
    )
    scheme = models.CharField(_("code scheme"), max_length=20)
    code = models.CharField(_("code"), max_length=20)
    vintage = models.CharField(_("vintage of the code"), max_length=10)
    closed_on = models.DateField(_("closed on"), null=True, blank=True)

    node_order_by = []

    class Meta:
        verbose_name = _("area")
        verbose_name_plural = _("areas")
        constraints = [
            models.UniqueConstraint(
                fields=["scheme", "code", "vintage"],
                condition=models.Q(closed_on=None),
                name="area_code_once",
            ),
            models.CheckConstraint(
                condition=models.Q(
                    tier__in=["province", "city", "county", "township", "village"]
                ),
                name="area_tier_known",
            ),
        ]
        triggers = [
            never_deleted(),
            # Jurisdictions and figures hang on the path: an area is never moved.
            pgtrigger.ReadOnly(name="never_moved", fields=["path", "depth"]),
        ]

    def __str__(self) -> str:
        return named(self)


class AreaChange(models.Model):
    """Links an area that was closed to the one that took its place."""

    closed = models.ForeignKey(Area, models.PROTECT, related_name="followed_by")
    opened = models.ForeignKey(Area, models.PROTECT, related_name="came_from")
    changed_on = models.DateField(_("changed on"))
    document = models.CharField(_("document"), max_length=200)

    class Meta:
        verbose_name = _("area change")
        verbose_name_plural = _("area changes")
        constraints = [
            models.UniqueConstraint(
                fields=["closed", "opened"], name="area_change_once"
            ),
            models.CheckConstraint(
                condition=~models.Q(closed=models.F("opened")),
                name="area_change_of_two",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.closed} → {self.opened}"


# The value of a month stands beside that of its year: two series of one kind.
LONGEST_MONTH = 31
OF_A_MONTH = Q(
    valid_to__lte=ExpressionWrapper(
        F("valid_from") + LONGEST_MONTH, output_field=models.DateField()
    )
)


class ReferenceValue(models.Model):
    """A published fact of a place and time, with its source; never hard-coded."""

    class Kind(models.TextChoices):
        MINIMUM_HOURLY = "minimum_hourly", _("Minimum hourly wage")
        CPI = "cpi", _("Consumer price index")
        MONITORING_LINE = "monitoring_line", _("Monitoring line")
        PUBLISHED_INCOME = "published_income", _("Published income per person")

    class Unit(models.TextChoices):
        FEN_PER_HOUR = "fen_per_hour", _("fen per hour")
        FEN_PER_YEAR = "fen_per_year", _("fen per year")
        INDEX_MILLI = "index_milli", _("index in thousandths")

    UNITS: ClassVar[dict[str, str]] = {
        "minimum_hourly": "fen_per_hour",
        "cpi": "index_milli",
        "monitoring_line": "fen_per_year",
        "published_income": "fen_per_year",
    }

    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices)
    area = models.ForeignKey(Area, models.PROTECT, verbose_name=_("area"))
    value = models.BigIntegerField(_("value"))
    unit = models.CharField(_("unit"), max_length=20, choices=Unit.choices)
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid to"), null=True, blank=True)
    source = models.CharField(_("source"), max_length=200)
    document = models.CharField(_("document"), max_length=200, blank=True)
    invented = models.BooleanField(_("invented for demonstration"), default=False)

    class Meta:
        verbose_name = _("reference value")
        verbose_name_plural = _("reference values")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(value__gt=0), name="reference_value_positive"
            ),
            period("reference_value_period"),
            models.CheckConstraint(
                condition=Q(kind="minimum_hourly", unit="fen_per_hour")
                | Q(kind="cpi", unit="index_milli")
                | Q(kind="monitoring_line", unit="fen_per_year")
                | Q(kind="published_income", unit="fen_per_year"),
                name="reference_value_unit_of_kind",
            ),
            periods_apart(
                "minimum_hourly_apart", "area", condition=Q(kind="minimum_hourly")
            ),
            periods_apart(
                "monitoring_line_apart", "area", condition=Q(kind="monitoring_line")
            ),
            periods_apart(
                "published_income_apart", "area", condition=Q(kind="published_income")
            ),
            periods_apart(
                "cpi_of_month_apart", "area", condition=Q(kind="cpi") & OF_A_MONTH
            ),
            periods_apart(
                "cpi_longer_apart",
                "area",
                condition=Q(kind="cpi") & (Q(valid_to=None) | ~OF_A_MONTH),
            ),
            models.CheckConstraint(
                condition=~models.Q(source=""), name="reference_value_has_source"
            ),
        ]
        triggers = [never_deleted()]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.value}"


class AuditRow(models.Model):
    """One line of the audit trail; append-only, its hash covers the one before."""

    at = models.DateTimeField(_("at"), default=now, db_index=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("by"),
    )
    deed = models.CharField(_("deed"), max_length=60)
    subject = models.CharField(
        pgettext_lazy("audit", "subject"), max_length=120, db_index=True
    )
    purpose = models.CharField(_("purpose"), max_length=200, blank=True)
    facts = models.JSONField(_("facts"), default=dict)
    previous = models.CharField(max_length=64, unique=True)
    hash = models.CharField(max_length=64, unique=True)

    append_only = True

    class Meta:
        verbose_name = _("audit row")
        verbose_name_plural = _("audit trail")
        ordering = ["id"]
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.deed} {self.subject}"
