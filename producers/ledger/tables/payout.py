"""Payouts: pay of a month, prepared by one person and approved by another."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from producers.registry import rules
from qiaoshou.common.reference import new_reference
from qiaoshou.common.today import now


@rules.with_history()
class Payout(models.Model):
    """The pay sheet of one base and month; its sums are those of its lines."""

    class State(models.TextChoices):
        PREPARED = "prepared", _("To be approved")
        APPROVED = "approved", _("Approved, being paid")
        CLOSED = "closed", _("Closed")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    reference = models.CharField(
        _("number"), max_length=10, unique=True, default=new_reference
    )
    client_reference = models.UUIDField(unique=True, editable=False, default=uuid.uuid4)
    base = models.ForeignKey(
        "producers.Base",
        models.PROTECT,
        related_name="payouts",
        verbose_name=_("base"),
    )
    month = models.DateField(_("month"))
    state = models.CharField(
        _("state"), max_length=9, choices=State.choices, default=State.PREPARED
    )
    makers = models.PositiveIntegerField(_("makers"))
    fen = models.BigIntegerField(_("sum in fen"))
    prepared_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        verbose_name=_("prepared by"),
    )
    prepared_at = models.DateTimeField(_("prepared at"), default=now)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("approved by"),
    )
    approved_at = models.DateTimeField(_("approved at"), null=True, blank=True)
    ended_at = models.DateTimeField(_("closed at"), null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("withdrawn by"),
    )
    withdrawn_reason = models.CharField(_("reason"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("payout")
        verbose_name_plural = _("payouts")
        ordering = ["-month", "base", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(month__day=1), name="payout_month_is_its_first_day"
            ),
            models.CheckConstraint(
                condition=Q(makers__gt=0, fen__gt=0), name="payout_pays_somebody"
            ),
            models.CheckConstraint(
                condition=Q(approved_by=None) | ~Q(approved_by=F("prepared_by")),
                name="payout_approved_by_another",
                violation_error_message=_("Somebody else must approve it."),
            ),
            models.CheckConstraint(
                condition=Q(
                    state="prepared",
                    approved_by=None,
                    approved_at=None,
                    ended_at=None,
                    withdrawn_by=None,
                    withdrawn_reason="",
                )
                | Q(
                    state="approved",
                    approved_by__isnull=False,
                    approved_at__isnull=False,
                    ended_at=None,
                    withdrawn_by=None,
                    withdrawn_reason="",
                )
                | Q(
                    state="closed",
                    approved_by__isnull=False,
                    approved_at__isnull=False,
                    ended_at__isnull=False,
                    withdrawn_by=None,
                    withdrawn_reason="",
                )
                | (
                    Q(
                        state="withdrawn",
                        approved_by=None,
                        approved_at=None,
                        ended_at__isnull=False,
                        withdrawn_by__isnull=False,
                    )
                    & ~Q(withdrawn_reason="")
                ),
                name="payout_state_is_whole",
            ),
            models.UniqueConstraint(
                fields=["base", "month"],
                condition=Q(state="prepared"),
                name="payout_prepared_once",
                violation_error_message=_("This base has a payout to be approved."),
            ),
            models.UniqueConstraint(fields=["id", "month"], name="payout_with_month"),
        ]
        triggers = [rules.never_deleted()]

    def __str__(self) -> str:
        return self.reference


@rules.with_history()
class PayoutLine(models.Model):
    """One maker's pay in one payout; amount, month and maker never change."""

    class State(models.TextChoices):
        OPEN = "open", _("To be paid")
        PAID = "paid", pgettext_lazy("pay", "Paid")
        FAILED = "failed", pgettext_lazy("pay", "Failed")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    class AccountKind(models.TextChoices):
        BANK = "bank", _("Bank account")
        WECHAT = "wechat", _("WeChat")
        CASH = "cash", _("Cash")

    reference = models.CharField(
        _("number"), max_length=10, unique=True, default=new_reference
    )
    payout = models.ForeignKey(
        Payout, models.PROTECT, related_name="lines", verbose_name=_("payout")
    )
    month = models.DateField(_("month"))
    maker = models.ForeignKey(
        "producers.Maker",
        models.PROTECT,
        related_name="payout_lines",
        verbose_name=_("maker"),
    )
    fen = models.BigIntegerField(_("fen"))
    pay_account = models.ForeignKey(
        "producers.PayAccount",
        models.PROTECT,
        related_name="payout_lines",
        verbose_name=_("pay account"),
    )
    account_kind = models.CharField(
        _("paid by"), max_length=6, choices=AccountKind.choices
    )
    state = models.CharField(
        _("state"), max_length=9, choices=State.choices, default=State.OPEN
    )
    bank_reference = models.CharField(
        _("bank reference"),
        max_length=80,
        null=True,
        blank=True,
        unique=True,
        error_messages={"unique": _("This bank reference is on another line.")},
    )
    settled_at = models.DateTimeField(_("settled at"), null=True, blank=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("settled by"),
    )
    failure = models.CharField(_("why it failed"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("line of a payout")
        verbose_name_plural = _("lines of payouts")
        ordering = ["payout", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(fen__gt=0), name="payout_line_positive"),
            rules.known(
                "payout_line_account_kind_known",
                "account_kind",
                "bank",
                "wechat",
                "cash",
            ),
            models.CheckConstraint(
                condition=Q(
                    state="open",
                    settled_at=None,
                    settled_by=None,
                    bank_reference=None,
                    failure="",
                )
                | (
                    Q(
                        state="paid",
                        settled_at__isnull=False,
                        settled_by__isnull=False,
                        failure="",
                    )
                    & (Q(account_kind="cash") | Q(bank_reference__isnull=False))
                )
                | (
                    Q(
                        state__in=["failed", "withdrawn"],
                        settled_at__isnull=False,
                        settled_by__isnull=False,
                        bank_reference=None,
                    )
                    & ~Q(failure="")
                ),
                name="payout_line_state_is_whole",
            ),
            models.CheckConstraint(
                condition=~Q(bank_reference=""), name="payout_line_reference_not_empty"
            ),
            models.UniqueConstraint(
                fields=["maker", "month"],
                condition=Q(state="open"),
                name="payout_line_open_once",
            ),
            models.UniqueConstraint(
                fields=["payout", "maker"], name="payout_line_once_per_maker"
            ),
        ]
        triggers = [rules.never_deleted()]

    def __str__(self) -> str:
        return self.reference
