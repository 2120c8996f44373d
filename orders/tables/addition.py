"""Pieces put into a basket by one press of a button, however often it arrives."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from qiaoshou.common.today import now


class Addition(models.Model):
    """One form that put pieces into a basket; sent twice, the second finds this row."""

    client_reference = models.UUIDField(unique=True, editable=False)
    basket = models.ForeignKey(
        "basket.Basket",
        models.CASCADE,
        related_name="additions",
        verbose_name=_("basket"),
    )
    product = models.ForeignKey(
        "catalogue.Product",
        models.CASCADE,
        related_name="+",
        verbose_name=_("product"),
    )
    pieces = models.PositiveIntegerField(_("pieces"))
    added_at = models.DateTimeField(_("added at"), default=now)

    class Meta:
        verbose_name = _("addition to a basket")
        verbose_name_plural = _("additions to baskets")
        constraints = [
            models.CheckConstraint(
                condition=Q(pieces__gte=1), name="addition_has_pieces"
            )
        ]

    def __str__(self) -> str:
        return f"{self.basket_id}: {self.pieces}"
