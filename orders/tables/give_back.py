"""Pieces that a maker had taken and gave back, once however often it was sent."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from producers.registry import rules
from qiaoshou.common.today import now


class GiveBack(models.Model):
    """Pieces of one assignment that she can't make after all, and why."""

    client_reference = models.UUIDField(unique=True, editable=False)
    assignment = models.ForeignKey(
        "orders.Assignment",
        models.PROTECT,
        related_name="give_backs",
        verbose_name=_("assignment"),
    )
    pieces = models.PositiveIntegerField(_("pieces"))
    reason = models.CharField(_("reason"), max_length=200)
    given_back_at = models.DateTimeField(_("given back at"), default=now)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        verbose_name=_("recorded by"),
    )

    append_only = True

    class Meta:
        verbose_name = _("pieces given back")
        verbose_name_plural = _("pieces given back")
        constraints = [
            models.CheckConstraint(
                condition=Q(pieces__gte=1), name="give_back_has_pieces"
            ),
            models.CheckConstraint(
                condition=~Q(reason=""), name="give_back_has_reason"
            ),
        ]
        triggers = rules.append_only()

    def __str__(self) -> str:
        return f"{self.assignment_id}: {self.pieces}"
