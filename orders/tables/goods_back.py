"""Pieces that came back after they had left, once however often it was sent."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from producers.registry import rules
from qiaoshou.common.reference import new_reference
from qiaoshou.common.today import now


class GoodsBack(models.Model):
    """What of one shipment came back on one occasion, and why."""

    reference = models.CharField(
        _("number"), max_length=10, unique=True, default=new_reference
    )
    client_reference = models.UUIDField(unique=True, editable=False)
    shipment = models.ForeignKey(
        "orders.Shipment",
        models.PROTECT,
        related_name="goods_back",
        verbose_name=_("shipment"),
    )
    reason = models.CharField(_("reason"), max_length=200)
    came_back_at = models.DateTimeField(_("came back at"), default=now)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        verbose_name=_("recorded by"),
    )

    append_only = True

    class Meta:
        verbose_name = _("pieces that came back")
        verbose_name_plural = _("pieces that came back")
        constraints = [rules.filled("goods_back_has_reason", "reason")]
        triggers = rules.append_only()

    def __str__(self) -> str:
        return self.reference


class GoodsBackLine(models.Model):
    """Pieces of one lot that came back: good ones are stock again, others are lost."""

    goods_back = models.ForeignKey(GoodsBack, models.PROTECT, related_name="lines")
    shipment_line = models.ForeignKey(
        "orders.ShipmentLine", models.PROTECT, related_name="goods_back"
    )
    good = models.PositiveIntegerField(_("good"))
    spoilt = models.PositiveIntegerField(_("spoilt or lost"))

    append_only = True

    class Meta:
        verbose_name = _("line of pieces that came back")
        verbose_name_plural = _("lines of pieces that came back")
        constraints = [
            models.UniqueConstraint(
                fields=["goods_back", "shipment_line"], name="goods_back_line_once"
            ),
            models.CheckConstraint(
                condition=Q(good__gte=1) | Q(spoilt__gte=1),
                name="goods_back_line_has_pieces",
            ),
        ]
        triggers = rules.append_only()

    def __str__(self) -> str:
        return f"{self.shipment_line_id}: {self.good} + {self.spoilt}"
