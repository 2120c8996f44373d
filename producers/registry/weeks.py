"""What may still be sold as made to order, week by week, and the caution behind it."""

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from producers.registry import rules


@pghistory.track(
    pghistory.InsertEvent(),
    # A sale changes `reserved` all day long; the orders explain that themselves.
    pghistory.UpdateEvent(condition=pghistory.AnyChange("offered", "ceiling")),
    append_only=True,
    attrs={"append_only": True},
)
class CapacityWeek(models.Model):
    """Minutes of one craft that a base offers in one week, and how many are reserved.

    Only `producers.capacity` locks and writes these rows.
    """

    base = models.ForeignKey(
        "Base",
        models.PROTECT,
        related_name="capacity_weeks",
        verbose_name=_("base"),
    )
    craft = models.ForeignKey(
        "Craft",
        models.PROTECT,
        related_name="capacity_weeks",
        verbose_name=_("craft"),
    )
    week = models.DateField(_("week beginning"))
    offered = models.PositiveIntegerField(_("minutes offered"))
    reserved = models.PositiveIntegerField(_("minutes reserved"), default=0)
    ceiling = models.PositiveIntegerField(
        _("lowered by the leader to (minutes)"), null=True, blank=True
    )
    lowered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("lowered by"),
    )

    class Meta:
        verbose_name = _("week of capacity")
        verbose_name_plural = _("weeks of capacity")
        ordering = ["week", "base", "craft"]
        constraints = [
            models.UniqueConstraint(
                fields=["base", "craft", "week"], name="capacity_week_once"
            ),
            models.CheckConstraint(
                condition=Q(week__iso_week_day=1), name="capacity_week_is_a_monday"
            ),
            models.CheckConstraint(
                condition=Q(reserved__gte=0, reserved__lte=F("offered")),
                name="capacity_week_reserved_within_offered",
                violation_error_message=_("More is reserved than would be offered."),
            ),
            models.CheckConstraint(
                condition=Q(ceiling=None) | Q(offered__lte=F("ceiling")),
                name="capacity_week_below_ceiling",
            ),
        ]
        indexes = [models.Index(fields=["craft", "week"])]

    def __str__(self) -> str:
        return f"{self.base}, {self.craft}, {self.week}"


@rules.with_history()
class CapacityCaution(models.Model):
    """The percent of free minutes that is offered for sale, over a half-open period."""

    percent = models.PositiveSmallIntegerField(_("percent"))
    valid_from = models.DateField(_("from"))
    valid_to = models.DateField(_("to"), null=True, blank=True)

    class Meta:
        verbose_name = _("caution with capacity")
        verbose_name_plural = _("caution with capacity")
        ordering = ["valid_from"]
        constraints = [
            models.CheckConstraint(
                condition=Q(percent__range=(0, 100)),
                name="capacity_caution_percent",
                violation_error_message=_("A percentage lies between 0 and 100."),
            ),
            rules.period("capacity_caution_period"),
            rules.periods_apart("capacity_caution_one_at_a_time"),
        ]

    def __str__(self) -> str:
        return f"{self.percent} %"
