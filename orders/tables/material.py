"""Material that a maker was given for her work; never taken off her pay."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from qiaoshou.common.today import now


class MaterialIssue(models.Model):
    """Material handed out for one assignment, and how much of it came back."""

    client_reference = models.UUIDField(unique=True, editable=False)
    assignment = models.ForeignKey(
        "orders.Assignment",
        models.PROTECT,
        related_name="materials",
        verbose_name=_("assignment"),
    )
    name = models.CharField(_("material"), max_length=80)
    unit = models.CharField(_("unit"), max_length=10)
    issued = models.PositiveIntegerField(_("issued"))
    returned = models.PositiveIntegerField(_("returned"), default=0)
    issued_at = models.DateTimeField(_("issued at"), default=now)
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        verbose_name=_("issued by"),
    )

    class Meta:
        verbose_name = _("material issued")
        verbose_name_plural = _("materials issued")
        constraints = [
            models.CheckConstraint(
                condition=Q(issued__gte=1, returned__lte=F("issued")),
                name="material_returned_within_issued",
            ),
            models.CheckConstraint(
                condition=~Q(name="") & ~Q(unit=""), name="material_has_name"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.issued} {self.unit}"
