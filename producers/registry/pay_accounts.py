"""Where makers are paid."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from producers.registry import rules
from qiaoshou.common import crypto

PAY_NUMBER = "producers.PayAccount.number"


@rules.with_history(exclude=("number_sealed", "number_index"))
class PayAccount(models.Model):
    """Where a maker is paid; the one that is not closed counts."""

    class Kind(models.TextChoices):
        BANK = "bank", _("Bank account")
        WECHAT = "wechat", _("WeChat")
        CASH = "cash", _("Cash")

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    maker = models.ForeignKey(
        "Maker", models.PROTECT, related_name="pay_accounts", verbose_name=_("maker")
    )
    kind = models.CharField(_("kind"), max_length=6, choices=Kind.choices)
    bank = models.CharField(_("bank"), max_length=80, blank=True)
    number_sealed = models.CharField(max_length=200, blank=True, editable=False)
    number_index = models.CharField(max_length=64, blank=True, editable=False)
    opened = models.DateField(_("on record since"))
    closed = models.DateField(_("closed"), null=True, blank=True)
    confirmed_on = models.DateField(_("confirmed on"), null=True, blank=True)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("confirmed by"),
    )

    class Meta:
        verbose_name = _("pay account")
        verbose_name_plural = _("pay accounts")
        ordering = ["maker", "id"]
        constraints = [
            rules.known("pay_account_kind_known", "kind", "bank", "wechat", "cash"),
            rules.sealed_whole("pay_account_number_whole", "number"),
            models.CheckConstraint(
                condition=Q(kind="cash", number_sealed="", bank="")
                | (Q(kind="wechat", bank="") & ~Q(number_sealed=""))
                | (Q(kind="bank") & ~Q(number_sealed="") & ~Q(bank="")),
                name="pay_account_has_what_its_kind_needs",
                violation_error_message=_(
                    "A bank account needs a bank and a number, WeChat a number, cash "
                    "neither."
                ),
            ),
            models.CheckConstraint(
                condition=Q(closed=None) | Q(closed__gte=F("opened")),
                name="pay_account_closed_after_opened",
                violation_error_message=_("It can’t close before it has opened."),
            ),
            models.CheckConstraint(
                condition=Q(confirmed_on=None, confirmed_by=None)
                | Q(confirmed_on__isnull=False, confirmed_by__isnull=False),
                name="pay_account_confirmed_by_somebody",
            ),
            models.UniqueConstraint(
                fields=["maker"],
                condition=Q(closed=None),
                name="pay_account_one_open_per_maker",
                violation_error_message=_("She already has an open pay account."),
            ),
            models.UniqueConstraint(
                fields=["number_index"],
                condition=Q(closed=None) & ~Q(number_index=""),
                name="pay_account_number_of_one_maker",
                violation_error_message=_("Another maker is paid into this account."),
            ),
        ]
        triggers = [rules.never_deleted()]

    def __str__(self) -> str:
        return f"{self.maker}: {self.get_kind_display()}"

    @property
    def number(self) -> str:
        return crypto.unseal(self.number_sealed, place=f"{PAY_NUMBER}:{self.key}")

    @number.setter
    def number(self, text: str) -> None:
        self.number_sealed = crypto.seal(text, place=f"{PAY_NUMBER}:{self.key}")
        self.number_index = crypto.blind_index(text, column=PAY_NUMBER) or ""
