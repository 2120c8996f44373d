"""The federation's own choices in sharing out work, each from one day on."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from orders.domain.sharing_out import HIGHEST_WEIGHT, PLAIN_WEIGHT
from producers.registry import rules


@rules.with_history()
class AllocationSetting(models.Model):
    """How allocation weighs monitored households, and how small a part may be.

    The latest row that has begun holds; what holds without any stands in
    `orders/domain/sharing_out.py`.
    """

    valid_from = models.DateField(_("valid from"), unique=True)
    monitored_percent = models.PositiveSmallIntegerField(
        _("weight of a monitored household, in percent")
    )
    floor_minutes = models.PositiveIntegerField(_("least work of a maker, in minutes"))
    set_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("set by"),
    )

    class Meta:
        verbose_name = _("setting of allocation")
        verbose_name_plural = _("settings of allocation")
        ordering = ["-valid_from"]
        constraints = [
            models.CheckConstraint(
                condition=Q(monitored_percent__range=(PLAIN_WEIGHT, HIGHEST_WEIGHT)),
                name="allocation_setting_weight",
                violation_error_message=_("A weight lies between 100 and 300 percent."),
            ),
            models.CheckConstraint(
                condition=Q(floor_minutes__range=(30, 2400)),
                name="allocation_setting_floor",
                violation_error_message=_(
                    "The least work lies between 30 minutes and 40 hours."
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.valid_from}: {self.monitored_percent} %"
