"""Payments of orders, what providers told us, refunds, and what needs a person."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from producers.registry import rules
from qiaoshou.common.reference import new_reference
from qiaoshou.common.today import now


@rules.with_history()
class Payment(models.Model):
    """One attempt to pay one order by one method.

    The idempotency key is stored before the provider is called, with where its page
    leads back to and how it names the shipping, so that a lost answer is found again.
    `refunded_fen` counts refunds that were asked, under lock. What came in in another
    currency is `received_fen` in its smallest unit; the books are in yuan, so it is in
    none of them and goes back at the provider alone.
    """

    YUAN = "cny"

    class Method(models.TextChoices):
        STRIPE = "stripe", _("Card, Alipay or WeChat Pay")
        COUNTER = "counter", _("At the counter")
        TRANSFER = "transfer", _("Bank transfer")

    class State(models.TextChoices):
        OPENING = "opening", _("Being opened")
        OPEN = "open", _("Open")
        PAID = "paid", _("Paid")
        MISMATCHED = "mismatched", _("Wrong amount")
        SURPLUS = "surplus", _("Paid but not needed")
        ENDED = "ended", _("Ended unpaid")

    order = models.ForeignKey(
        "order.Order",
        models.PROTECT,
        related_name="payments",
        verbose_name=_("order"),
    )
    reference = models.CharField(
        _("number"), max_length=10, unique=True, default=new_reference
    )
    method = models.CharField(_("method"), max_length=8, choices=Method.choices)
    state = models.CharField(
        _("state"), max_length=10, choices=State.choices, default=State.OPENING
    )
    idempotency_key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    session_id = models.CharField(max_length=255, null=True, blank=True, unique=True)
    session_url = models.TextField(blank=True)
    success_url = models.TextField(blank=True, default="", db_default="")
    cancel_url = models.TextField(blank=True, default="", db_default="")
    shipping_name = models.CharField(
        max_length=128, blank=True, default="", db_default=""
    )
    payment_intent = models.CharField(
        max_length=255, null=True, blank=True, unique=True
    )
    bank_reference = models.CharField(
        _("bank reference"), max_length=80, null=True, blank=True, unique=True
    )
    language = models.CharField(max_length=7, default="zh-hans")
    amount_fen = models.BigIntegerField(_("amount in fen"))
    received_fen = models.BigIntegerField(_("received in fen"), default=0)
    currency = models.CharField(
        _("currency received"), max_length=3, default=YUAN, db_default=YUAN
    )
    refunded_fen = models.BigIntegerField(_("refunded in fen"), default=0)
    opened_at = models.DateTimeField(_("opened at"), default=now)
    expires_at = models.DateTimeField(_("expires at"), null=True, blank=True)
    settled_at = models.DateTimeField(_("settled at"), null=True, blank=True)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("confirmed by"),
    )

    class Meta:
        verbose_name = _("payment")
        verbose_name_plural = _("payments")
        constraints = [
            models.CheckConstraint(
                condition=Q(method__in=["stripe", "counter", "transfer"]),
                name="payment_method_known",
            ),
            models.CheckConstraint(
                condition=Q(
                    state__in=["opening", "open", "ended"],
                    received_fen=0,
                    refunded_fen=0,
                )
                | Q(
                    state="paid",
                    received_fen=F("amount_fen"),
                    settled_at__isnull=False,
                )
                | Q(
                    state__in=["mismatched", "surplus"],
                    received_fen__gt=0,
                    settled_at__isnull=False,
                ),
                name="payment_money_fits_state",
            ),
            models.CheckConstraint(
                condition=Q(
                    amount_fen__gt=0,
                    refunded_fen__gte=0,
                    refunded_fen__lte=F("received_fen"),
                ),
                name="payment_refund_within_received",
            ),
            models.CheckConstraint(
                condition=Q(currency="cny") | Q(state="mismatched", refunded_fen=0),
                name="payment_in_yuan_or_apart",
            ),
            models.CheckConstraint(
                condition=~Q(method="stripe")
                | Q(session_id__isnull=False)
                | Q(state__in=["opening", "ended"]),
                name="payment_online_has_session",
            ),
            models.CheckConstraint(
                condition=~Q(method="stripe", state="opening")
                | (~Q(success_url="") & ~Q(cancel_url="")),
                name="payment_page_leads_back",
            ),
            models.CheckConstraint(
                condition=~Q(method="stripe", state="opening") | ~Q(shipping_name=""),
                name="payment_page_names_shipping",
            ),
            models.CheckConstraint(
                condition=~Q(
                    method="transfer", state__in=["paid", "mismatched", "surplus"]
                )
                | Q(bank_reference__isnull=False),
                name="payment_transfer_has_bank_reference",
            ),
            models.CheckConstraint(
                condition=Q(method="stripe")
                | Q(state__in=["opening", "open", "ended"])
                | Q(confirmed_by__isnull=False),
                name="payment_by_hand_has_name",
            ),
            models.UniqueConstraint(
                fields=["order"],
                condition=Q(state="paid"),
                name="payment_pays_an_order_once",
            ),
            models.UniqueConstraint(
                fields=["order", "method"],
                condition=Q(state__in=["opening", "open"]),
                name="payment_open_once_per_method",
            ),
        ]
        triggers = [rules.never_deleted()]

    def __str__(self) -> str:
        return self.reference

    @property
    def in_yuan(self) -> bool:
        """Whether what came in is in our books at all."""
        return self.currency == self.YUAN


class WebhookReceipt(models.Model):
    """One message of a payment provider, acted upon once however often it comes."""

    provider = models.CharField(max_length=8)
    event_id = models.CharField(max_length=255)
    kind = models.CharField(max_length=80)
    session_id = models.CharField(max_length=255, blank=True)
    reference = models.CharField(max_length=255, blank=True)
    created_at = models.DateTimeField()
    received_at = models.DateTimeField(default=now)
    outcome = models.CharField(max_length=20)

    append_only = True

    class Meta:
        verbose_name = _("message of a payment provider")
        verbose_name_plural = _("messages of payment providers")
        constraints = [
            models.UniqueConstraint(
                fields=["provider", "event_id"], name="webhook_receipt_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.event_id}"


@rules.with_history()
class Refund(models.Model):
    """Money of one payment on its way back to who paid it."""

    class Cause(models.TextChoices):
        TOO_LATE = "too_late", _("Paid after the hold; no longer to be had")
        TWICE = "twice", _("Paid a second time")
        WRONG_AMOUNT = "wrong_amount", _("Wrong amount")
        CANCELLED = "cancelled", _("Order cancelled")
        RETURNED = "returned", _("Pieces returned")
        GOODWILL = "goodwill", _("Goodwill")

    class State(models.TextChoices):
        ASKED = "asked", _("To be sent")
        SENT = "sent", _("On its way")
        DONE = "done", _("Done")
        FAILED = "failed", _("Failed")

    reference = models.CharField(
        _("number"), max_length=10, unique=True, default=new_reference
    )
    payment = models.ForeignKey(
        Payment, models.PROTECT, related_name="refunds", verbose_name=_("payment")
    )
    cause = models.CharField(_("cause"), max_length=12, choices=Cause.choices)
    note = models.CharField(_("note"), max_length=200, blank=True)
    amount_fen = models.BigIntegerField(_("amount in fen"))
    state = models.CharField(
        _("state"), max_length=6, choices=State.choices, default=State.ASKED
    )
    idempotency_key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    client_reference = models.UUIDField(null=True, unique=True, editable=False)
    provider_id = models.CharField(max_length=255, null=True, blank=True, unique=True)
    bank_reference = models.CharField(
        _("bank reference"), max_length=80, null=True, blank=True, unique=True
    )
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("asked by"),
    )
    asked_at = models.DateTimeField(_("asked at"), default=now)
    settled_at = models.DateTimeField(_("settled at"), null=True, blank=True)

    class Meta:
        verbose_name = _("refund")
        verbose_name_plural = _("refunds")
        constraints = [
            models.CheckConstraint(
                condition=Q(amount_fen__gt=0), name="refund_positive"
            ),
            models.CheckConstraint(
                condition=Q(
                    cause__in=[
                        "too_late",
                        "twice",
                        "wrong_amount",
                        "cancelled",
                        "returned",
                        "goodwill",
                    ]
                ),
                name="refund_cause_known",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["asked", "sent"], settled_at=None)
                | Q(state__in=["done", "failed"], settled_at__isnull=False),
                name="refund_settled_has_time",
            ),
            models.UniqueConstraint(
                fields=["payment"],
                condition=Q(cause__in=["too_late", "twice"]),
                name="refund_of_unneeded_payment_once",
            ),
        ]
        triggers = [rules.never_deleted()]

    def __str__(self) -> str:
        return self.reference


class PaymentAlarm(models.Model):
    """Something about money that the shopkeeper must look at."""

    class Kind(models.TextChoices):
        WRONG_AMOUNT = "wrong_amount", _("Wrong amount received")
        PAID_TWICE = "paid_twice", _("Paid a second time")
        PAID_TOO_LATE = "paid_too_late", _("Paid too late, sent back")
        UNKNOWN_PAYMENT = "unknown", _("Payment of no known order")
        REFUND_FAILED = "refund_failed", _("Refund failed")

    reference = models.CharField(
        _("number"), max_length=10, unique=True, default=new_reference
    )
    kind = models.CharField(_("kind"), max_length=13, choices=Kind.choices)
    subject = models.CharField(_("about"), max_length=255)
    payment = models.ForeignKey(
        Payment,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="alarms",
        verbose_name=_("payment"),
    )
    facts = models.JSONField(_("facts"), default=dict)
    raised_at = models.DateTimeField(_("raised at"), default=now)
    settled_at = models.DateTimeField(_("settled at"), null=True, blank=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("settled by"),
    )
    note = models.CharField(_("what was done"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("payment to look at")
        verbose_name_plural = _("payments to look at")
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "subject"], name="payment_alarm_once"
            ),
            models.CheckConstraint(
                condition=Q(
                    kind__in=[
                        "wrong_amount",
                        "paid_twice",
                        "paid_too_late",
                        "unknown",
                        "refund_failed",
                    ]
                ),
                name="payment_alarm_kind_known",
            ),
            models.CheckConstraint(
                condition=Q(settled_at=None, settled_by=None)
                | (Q(settled_at__isnull=False, settled_by__isnull=False) & ~Q(note="")),
                name="payment_alarm_settled_by_somebody",
            ),
        ]
        triggers = [rules.never_deleted()]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject}"
