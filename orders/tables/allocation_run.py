"""What allocation was asked, what it answered, and what it could not place."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from qiaoshou.common.reference import new_reference
from qiaoshou.common.today import now


class AllocationRun(models.Model):
    """One run of allocation, with all that is needed to replay and compare it."""

    class State(models.TextChoices):
        APPLIED = "applied", pgettext_lazy("allocation run", "Applied")
        STALE = "stale", _("Overtaken by changes")
        DRY = "dry", _("Tried only")

    reference = models.CharField(
        _("number"), max_length=10, unique=True, default=new_reference
    )
    state = models.CharField(_("state"), max_length=7, choices=State.choices)
    cause = models.CharField(_("cause"), max_length=40)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("asked by"),
    )
    asked_at = models.DateTimeField(_("asked at"), default=now)
    floor_minutes = models.PositiveIntegerField(_("least work of a maker, in minutes"))
    settings = models.JSONField(_("settings"), default=dict)
    problem = models.JSONField(_("problem"))
    plan = models.JSONField(_("plan"))
    measures = models.JSONField(_("measures"))
    digest = models.CharField(_("fingerprint"), max_length=64)

    append_only = True

    class Meta:
        verbose_name = _("allocation run")
        verbose_name_plural = _("allocation runs")
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["applied", "stale", "dry"]),
                name="allocation_run_state_known",
            ),
            models.CheckConstraint(
                condition=Q(digest__regex=r"^[0-9a-f]{64}$"),
                name="allocation_run_digest_whole",
            ),
        ]

    def __str__(self) -> str:
        return self.reference


class LatePieces(models.Model):
    """Pieces of a demand that a run could not place by their day, and why.

    A row is open until a later run places them or gives another answer.
    """

    run = models.ForeignKey(
        AllocationRun, models.PROTECT, related_name="late", verbose_name=_("run")
    )
    demand = models.ForeignKey(
        "orders.Demand",
        models.PROTECT,
        related_name="late",
        verbose_name=_("demand"),
    )
    pieces = models.PositiveIntegerField(_("pieces"))
    reason = models.JSONField(_("reason"))
    possible_on = models.DateField(_("possible on"), null=True, blank=True)
    settled_at = models.DateTimeField(_("settled at"), null=True, blank=True)

    class Meta:
        verbose_name = _("pieces not placed")
        verbose_name_plural = _("pieces not placed")
        constraints = [
            models.CheckConstraint(
                condition=Q(pieces__gte=1), name="late_pieces_has_pieces"
            ),
            models.UniqueConstraint(
                fields=["demand"],
                condition=Q(settled_at=None),
                name="late_pieces_one_open_answer",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.demand_id}: {self.pieces}"
