"""Stock or capacity that is kept for one line of an order."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from producers.registry import rules


class Reservation(models.Model):
    """Pieces of a stock record, or minutes of a capacity week, kept for a line.

    Held and kept rows of a stock record sum to its `num_allocated`. Minutes of a
    capacity row are fixed; its pieces fall as accepted pieces turn into stock rows,
    and at zero the row is used.
    """

    class State(models.TextChoices):
        HELD = "held", _("Held while the buyer pays")
        KEPT = "kept", _("Kept")
        USED = "used", _("Used")
        RELEASED = "released", _("Released")

    line = models.ForeignKey("order.Line", models.PROTECT, related_name="reservations")
    stock_record = models.ForeignKey(
        "partner.StockRecord",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="reservations",
        verbose_name=_("stock record"),
    )
    capacity_week = models.ForeignKey(
        "producers.CapacityWeek",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="reservations",
        verbose_name=_("capacity week"),
    )
    pieces = models.PositiveIntegerField(_("pieces"))
    minutes = models.PositiveIntegerField(_("minutes"), default=0)
    state = models.CharField(
        _("state"), max_length=8, choices=State.choices, default=State.HELD
    )
    expires_at = models.DateTimeField(_("held until"), null=True, blank=True)

    class Meta:
        verbose_name = _("reservation")
        verbose_name_plural = _("reservations")
        constraints = [
            models.CheckConstraint(
                condition=Q(stock_record__isnull=False, capacity_week=None, minutes=0)
                | Q(stock_record=None, capacity_week__isnull=False, minutes__gt=0),
                name="reservation_stock_or_capacity",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["held", "kept", "used", "released"]),
                name="reservation_state_known",
            ),
            models.CheckConstraint(
                condition=Q(pieces__gt=0)
                | Q(pieces=0, state="used", capacity_week__isnull=False),
                name="reservation_has_pieces",
            ),
            models.CheckConstraint(
                condition=Q(state="held", expires_at__isnull=False)
                | (~Q(state="held") & Q(expires_at=None)),
                name="reservation_only_held_expires",
            ),
        ]
        indexes = [
            models.Index(
                fields=["stock_record"],
                condition=Q(state__in=["held", "kept"]),
                name="reservation_live_of_stock",
            )
        ]
        triggers = [rules.never_deleted()]

    def __str__(self) -> str:
        return f"{self.line_id}: {self.pieces} {self.state}"
