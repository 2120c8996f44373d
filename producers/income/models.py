"""What households told of their income; read only through `producers.income`."""

import datetime as dt
import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from producers.registry import rules
from qiaoshou.common.today import now

SOURCES = ("wages_fen", "business_fen", "property_fen", "transfers_fen")


def sources_possible(name: str) -> models.CheckConstraint:
    """Only business can lose money."""
    return models.CheckConstraint(
        condition=Q(wages_fen__gte=0, property_fen__gte=0, transfers_fen__gte=0),
        name=name,
        violation_error_message=_("Only income from business can be below zero."),
    )


class Told(models.Model):
    """Income by source, in fen, and who wrote it down."""

    wages_fen = models.BigIntegerField(_("wages"))
    business_fen = models.BigIntegerField(_("business, less its costs"))
    property_fen = models.BigIntegerField(_("property"))
    transfers_fen = models.BigIntegerField(_("transfers"))
    document = models.CharField(_("document"), max_length=200, blank=True)
    client_reference = models.UUIDField(unique=True, editable=False, default=uuid.uuid4)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("recorded by"),
    )
    recorded_at = models.DateTimeField(_("recorded at"), default=now)

    class Meta:
        abstract = True

    @property
    def fen(self) -> int:
        return sum(getattr(self, source) for source in SOURCES)


@rules.with_history()
class Baseline(Told):
    """What a household earned in one whole year before it joined."""

    household = models.OneToOneField(
        "producers.Household",
        models.PROTECT,
        related_name="baseline",
        verbose_name=_("household"),
    )
    year = models.PositiveSmallIntegerField(_("year"))

    class Meta:
        verbose_name = _("baseline")
        verbose_name_plural = _("baselines")
        ordering = ["household"]
        constraints = [
            sources_possible("baseline_sources_possible"),
            models.CheckConstraint(
                condition=Q(year__range=(1990, 2100)),
                name="baseline_year",
                violation_error_message=_("The year can’t be right."),
            ),
        ]
        triggers = [rules.never_deleted()]

    def __str__(self) -> str:
        return f"{self.household}: {self.year}"


@rules.with_history()
class FollowUp(Told):
    """What a household earned over whole months beside the pay of the platform."""

    household = models.ForeignKey(
        "producers.Household",
        models.PROTECT,
        related_name="follow_ups",
        verbose_name=_("household"),
    )
    valid_from = models.DateField(_("from"))
    valid_to = models.DateField(_("to"))

    class Meta:
        verbose_name = _("follow-up")
        verbose_name_plural = _("follow-ups")
        ordering = ["household", "valid_from"]
        constraints = [
            sources_possible("follow_up_sources_possible"),
            models.CheckConstraint(
                condition=Q(
                    valid_from__day=1, valid_to__day=1, valid_to__gt=F("valid_from")
                ),
                name="follow_up_of_whole_months",
                violation_error_message=_("A follow-up covers whole months."),
            ),
            rules.periods_apart(
                "follow_up_one_at_a_time",
                "household",
                message=_("These months are already told in another follow-up."),
            ),
        ]
        triggers = [rules.never_deleted()]

    def __str__(self) -> str:
        return f"{self.household}: {self.valid_from}"

    @property
    def last_month(self) -> dt.date:
        """The first day of the last month that it covers."""
        return (self.valid_to - dt.timedelta(days=1)).replace(day=1)
