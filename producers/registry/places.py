"""Bases at every level of the federation, and the points where buyers collect."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from producers.registry import rules
from qiaoshou.common.naming import named
from qiaoshou.common.reference import new_reference


@rules.with_history()
class Base(models.Model):
    """A place and group of makers; who leads it is a membership, not a field."""

    class Tier(models.TextChoices):
        CITY = "city", _("City")
        COUNTY = "county", pgettext_lazy("area", "County")
        TOWNSHIP = "township", _("Township")
        VILLAGE = "village", _("Village")

    reference = models.CharField(max_length=10, unique=True, default=new_reference)
    tier = models.CharField(_("tier"), max_length=8, choices=Tier.choices)
    area = models.ForeignKey(
        "common.Area", models.PROTECT, related_name="bases", verbose_name=_("area")
    )
    parent = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        verbose_name=_("base above it"),
    )
    name_zh = models.CharField(_("name in Chinese"), max_length=80)
    name_en = models.CharField(_("name in English"), max_length=120)
    sort_key = models.CharField(max_length=200, db_index=True, editable=False)
    about_zh = models.TextField(_("about it, in Chinese"), blank=True)
    about_en = models.TextField(_("about it, in English"), blank=True)
    opened = models.DateField(_("opened"))
    closed = models.DateField(_("closed"), null=True, blank=True)

    class Meta:
        verbose_name = _("base")
        verbose_name_plural = _("bases")
        ordering = ["sort_key", "id"]
        constraints = [
            rules.known(
                "base_tier_known", "tier", "city", "county", "township", "village"
            ),
            rules.filled("base_has_names", "name_zh", "name_en"),
            models.CheckConstraint(
                condition=Q(closed=None) | Q(closed__gt=F("opened")),
                name="base_closed_after_opened",
                violation_error_message=_("It can’t close before it has opened."),
            ),
            models.CheckConstraint(
                condition=Q(parent=None) | ~Q(parent=F("id")),
                name="base_not_above_itself",
                violation_error_message=_("A base can’t stand above itself."),
            ),
        ]

    def __str__(self) -> str:
        return named(self)


@rules.with_history()
class BaseCapacity(models.Model):
    """How many minutes of work a base can take in a week, over a half-open period."""

    base = models.ForeignKey(
        Base, models.PROTECT, related_name="capacities", verbose_name=_("base")
    )
    minutes = models.PositiveIntegerField(_("minutes a week"))
    valid_from = models.DateField(_("from"))
    valid_to = models.DateField(_("to"), null=True, blank=True)

    class Meta:
        verbose_name = _("capacity of a base")
        verbose_name_plural = _("capacities of bases")
        ordering = ["base", "valid_from"]
        constraints = [
            rules.period("base_capacity_period"),
            rules.periods_apart("base_capacity_periods_apart", "base"),
        ]

    def __str__(self) -> str:
        return f"{self.base}: {self.minutes}"


@rules.with_history()
class PickupPoint(models.Model):
    """Where a buyer collects: a base, a hotel or a sight; it may hold stock."""

    reference = models.CharField(max_length=10, unique=True, default=new_reference)
    name_zh = models.CharField(_("name in Chinese"), max_length=80)
    name_en = models.CharField(_("name in English"), max_length=120)
    sort_key = models.CharField(max_length=200, db_index=True, editable=False)
    area = models.ForeignKey(
        "common.Area",
        models.PROTECT,
        related_name="pickup_points",
        verbose_name=_("area"),
    )
    address_zh = models.CharField(_("address in Chinese"), max_length=200)
    address_en = models.CharField(_("address in English"), max_length=200)
    hours_zh = models.CharField(_("opening hours in Chinese"), max_length=120)
    hours_en = models.CharField(_("opening hours in English"), max_length=120)
    base = models.ForeignKey(
        Base,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="pickup_points",
        verbose_name=_("base"),
    )
    opened = models.DateField(_("opened"))
    closed = models.DateField(_("closed"), null=True, blank=True)

    class Meta:
        verbose_name = _("pick-up point")
        verbose_name_plural = _("pick-up points")
        ordering = ["sort_key", "id"]
        constraints = [
            rules.filled("pickup_point_has_names", "name_zh", "name_en"),
            models.CheckConstraint(
                condition=Q(closed=None) | Q(closed__gt=F("opened")),
                name="pickup_point_closed_after_opened",
                violation_error_message=_("It can’t close before it has opened."),
            ),
        ]

    def __str__(self) -> str:
        return named(self)
