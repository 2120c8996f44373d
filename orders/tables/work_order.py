"""What one base must make by a day, at a piece rate that never changes."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from orders.tables.seen_by import OfBase
from producers.registry import rules
from qiaoshou.common.reference import new_reference
from qiaoshou.common.today import now


@rules.with_history()
class WorkOrder(models.Model):
    """Pieces of one demand that one base makes.

    Piece rate and minutes are fixed (a trigger). `placed` counts the live pieces of its
    assignments less those rejected, under lock. Re-placing work lowers `pieces` here
    and raises them elsewhere, so they may come down to 0.
    """

    reference = models.CharField(
        _("number"), max_length=10, unique=True, default=new_reference
    )
    demand = models.ForeignKey(
        "orders.Demand",
        models.PROTECT,
        related_name="work_orders",
        verbose_name=_("demand"),
    )
    base = models.ForeignKey(
        "producers.Base",
        models.PROTECT,
        related_name="work_orders",
        verbose_name=_("base"),
    )
    pieces = models.PositiveIntegerField(_("pieces"))
    placed = models.PositiveIntegerField(_("pieces placed with makers"), default=0)
    piece_rate_fen = models.PositiveIntegerField(_("piece rate in fen"))
    minutes = models.PositiveIntegerField(_("standard minutes per piece"))
    due_on = models.DateField(_("due on"))
    note = models.CharField(_("note on the slip"), max_length=200, blank=True)
    note_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("note passed by"),
    )
    issued_at = models.DateTimeField(_("issued at"), default=now)
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)

    objects = OfBase.as_manager()

    class Meta:
        verbose_name = _("work order")
        verbose_name_plural = _("work orders")
        constraints = [
            models.CheckConstraint(
                condition=Q(placed__lte=F("pieces")), name="work_order_placed_within"
            ),
            models.CheckConstraint(
                condition=Q(piece_rate_fen__gt=0, minutes__gt=0),
                name="work_order_has_rate",
            ),
            models.CheckConstraint(
                condition=Q(note="") | Q(note_by__isnull=False),
                name="work_order_note_passed_by_somebody",
            ),
            models.UniqueConstraint(
                fields=["id", "demand"], name="work_order_with_demand"
            ),
        ]
        indexes = [
            models.Index(
                fields=["base", "due_on"],
                condition=Q(closed_at=None),
                name="work_order_open_of_base",
            )
        ]
        triggers = [rules.never_deleted()]

    def __str__(self) -> str:
        return self.reference
