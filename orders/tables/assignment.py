"""One maker's part of a work order, from the proposal to the last piece."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from orders.tables.seen_by import OfWorkOrder
from producers.registry import rules
from qiaoshou.common.reference import new_reference
from qiaoshou.common.today import now


@rules.with_history()
class Assignment(models.Model):
    """Pieces that one maker was proposed, was offered, and took.

    Live pieces by state: proposed → `proposed`, offered → `offered`, taken and closed
    → `taken` − `given_back`, else 0. What came back is counted under lock: first-round
    deliveries in `delivered`, of which some wait for inspection, some are to be
    reworked, and the rest were accepted or rejected.
    """

    class State(models.TextChoices):
        PROPOSED = "proposed", _("Proposed")
        OFFERED = "offered", _("Offered")
        TAKEN = "taken", _("Taken")
        DECLINED = "declined", _("Declined")
        EXPIRED = "expired", _("Not answered in time")
        WITHDRAWN = "withdrawn", _("Withdrawn")
        CLOSED = "closed", _("Finished")

    class How(models.TextChoices):
        PHONE = "phone", _("On her own phone")
        SLIP = "slip", _("On the paper slip")
        SPOKEN = "spoken", _("Told the leader")

    reference = models.CharField(
        _("number"), max_length=10, unique=True, default=new_reference
    )
    work_order = models.ForeignKey(
        "orders.WorkOrder",
        models.PROTECT,
        related_name="assignments",
        verbose_name=_("work order"),
    )
    demand = models.ForeignKey(
        "orders.Demand",
        models.PROTECT,
        related_name="assignments",
        verbose_name=_("demand"),
    )
    maker = models.ForeignKey(
        "producers.Maker",
        models.PROTECT,
        related_name="assignments",
        verbose_name=_("maker"),
    )
    run = models.ForeignKey(
        "orders.AllocationRun",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="assignments",
        verbose_name=_("allocation run"),
    )
    state = models.CharField(
        _("state"), max_length=9, choices=State.choices, default=State.PROPOSED
    )
    proposed = models.PositiveIntegerField(_("pieces proposed"), default=0)
    offered = models.PositiveIntegerField(_("pieces offered"), default=0)
    taken = models.PositiveIntegerField(_("pieces taken"), default=0)
    given_back = models.PositiveIntegerField(_("pieces given back"), default=0)
    delivered = models.PositiveIntegerField(_("pieces delivered"), default=0)
    waiting = models.PositiveIntegerField(_("pieces awaiting inspection"), default=0)
    rework = models.PositiveIntegerField(_("pieces to be reworked"), default=0)
    accepted = models.PositiveIntegerField(_("pieces accepted"), default=0)
    rejected = models.PositiveIntegerField(_("pieces rejected"), default=0)
    reason = models.JSONField(_("reason"), default=dict, blank=True)
    due_on = models.DateField(_("due on"))
    proposed_at = models.DateTimeField(_("proposed at"), default=now)
    offered_at = models.DateTimeField(_("offered at"), null=True, blank=True)
    offered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("offered by"),
    )
    answer_by = models.DateTimeField(_("answer by"), null=True, blank=True)
    answered_at = models.DateTimeField(_("answered at"), null=True, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("answer recorded by"),
    )
    how = models.CharField(
        _("how she answered"), max_length=6, choices=How.choices, blank=True
    )
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("changed by"),
    )
    change_reason = models.CharField(
        _("reason of the change"), max_length=200, blank=True
    )
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)

    objects = OfWorkOrder.as_manager()

    class Meta:
        verbose_name = _("assignment")
        verbose_name_plural = _("assignments")
        constraints = [
            models.CheckConstraint(
                condition=Q(state="proposed", proposed__gt=0, offered=0, taken=0)
                | Q(
                    state="offered",
                    offered__gt=0,
                    taken=0,
                    offered_at__isnull=False,
                    answer_by__isnull=False,
                )
                | Q(state__in=["taken", "closed"], taken__gt=0)
                | Q(state__in=["declined", "expired"], offered__gt=0, taken=0)
                | Q(state="withdrawn", taken=0),
                name="assignment_counts_fit_state",
            ),
            models.CheckConstraint(
                condition=Q(taken__lte=F("offered")),
                name="assignment_taken_within_offered",
            ),
            models.CheckConstraint(
                condition=Q(taken__gte=F("given_back") + F("delivered")),
                name="assignment_back_and_delivered_within_taken",
            ),
            models.CheckConstraint(
                condition=Q(
                    delivered=F("waiting") + F("rework") + F("accepted") + F("rejected")
                ),
                name="assignment_every_delivered_piece_is_somewhere",
            ),
            models.CheckConstraint(
                condition=Q(
                    state__in=["taken", "closed", "declined"],
                    answered_at__isnull=False,
                    answered_by__isnull=False,
                    how__in=["phone", "slip", "spoken"],
                )
                | Q(
                    state__in=["proposed", "offered", "expired", "withdrawn"],
                    answered_at=None,
                    answered_by=None,
                    how="",
                ),
                name="assignment_answer_is_whole",
            ),
            models.CheckConstraint(
                condition=Q(changed_by=None, change_reason="")
                | (Q(changed_by__isnull=False) & ~Q(change_reason="")),
                name="assignment_change_has_reason",
            ),
            models.CheckConstraint(
                condition=~Q(state="closed")
                | Q(
                    waiting=0,
                    rework=0,
                    taken=F("given_back") + F("accepted") + F("rejected"),
                ),
                name="assignment_closed_owes_nothing",
            ),
            # A decline or a silence bars the pair for good; a question is asked once.
            models.UniqueConstraint(
                fields=["demand", "maker"],
                condition=Q(state__in=["proposed", "offered", "declined", "expired"]),
                name="assignment_asked_or_barred_once",
            ),
        ]
        indexes = [
            models.Index(fields=["maker", "state"]),
            models.Index(
                fields=["answer_by"],
                condition=Q(state="offered"),
                name="assignment_to_answer",
            ),
        ]
        triggers = [rules.never_deleted()]

    def __str__(self) -> str:
        return self.reference

    @property
    def live(self) -> int:
        """Pieces that this assignment keeps from being placed elsewhere."""
        if self.state in {self.State.TAKEN, self.State.CLOSED}:
            return self.taken - self.given_back
        if self.state == self.State.OFFERED:
            return self.offered
        return self.proposed if self.state == self.State.PROPOSED else 0
