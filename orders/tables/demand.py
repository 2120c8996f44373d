"""Pieces wanted by a day, for an order line or for stock: what allocation places."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from producers.registry import rules
from qiaoshou.common.reference import new_reference
from qiaoshou.common.today import now


class Demand(models.Model):
    """Pieces that somebody is to make by a day; `Job.id` of allocation is its id.

    `ordered` counts the pieces of its work orders, under lock. `version` rises with
    every change of the demand or of the work under it, so that a plan made from an
    older state is recognised.
    """

    class State(models.TextChoices):
        HELD = "held", _("Held while the buyer pays")
        OPEN = "open", _("Open")
        CLOSED = "closed", _("Closed")

    reference = models.CharField(
        _("number"), max_length=10, unique=True, default=new_reference
    )
    line = models.ForeignKey(
        "order.Line",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="demands",
        verbose_name=_("order line"),
    )
    stock_target = models.ForeignKey(
        "partner.StockRecord",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="demands",
        verbose_name=_("stock to fill"),
    )
    product = models.ForeignKey(
        "catalogue.Product",
        models.PROTECT,
        related_name="demands",
        verbose_name=_("product"),
    )
    pieces = models.PositiveIntegerField(_("pieces"))
    ordered = models.PositiveIntegerField(_("pieces on work orders"), default=0)
    due_on = models.DateField(_("due on"))
    state = models.CharField(
        _("state"), max_length=6, choices=State.choices, default=State.HELD
    )
    made_at = models.DateTimeField(_("recorded at"), default=now)
    version = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("demand")
        verbose_name_plural = _("demands")
        constraints = [
            models.CheckConstraint(
                condition=Q(line__isnull=False, stock_target=None)
                | Q(line=None, stock_target__isnull=False),
                name="demand_line_or_stock",
            ),
            models.CheckConstraint(
                condition=Q(pieces__gte=1), name="demand_has_pieces"
            ),
            models.CheckConstraint(
                condition=Q(ordered__lte=F("pieces")), name="demand_ordered_within"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["held", "open", "closed"]),
                name="demand_state_known",
            ),
            models.CheckConstraint(
                condition=Q(state="open") | Q(ordered=0) | Q(state="closed"),
                name="demand_held_is_not_ordered",
            ),
            models.UniqueConstraint(
                fields=["line", "due_on"], name="demand_once_per_line_and_day"
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_on", "id"],
                condition=Q(state="open"),
                name="demand_open_by_day",
            )
        ]
        triggers = [rules.never_deleted()]

    def __str__(self) -> str:
        return self.reference
