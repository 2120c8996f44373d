"""The double-entry journal: accounts, their balances, entries and postings.

A posting's fen are a debit above zero and a credit below. docs/rules/money.md has the
chart of accounts and the entry of each event.
"""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from producers.registry import rules
from qiaoshou.common.today import now


class Kind(models.TextChoices):
    """The chart of accounts; each kind has one kind of owner."""

    CLEARING_STRIPE = "clearing_stripe", _("With the payment provider")
    CLEARING_COUNTER = "clearing_counter", _("In the till")
    CLEARING_TRANSFER = "clearing_transfer", _("Transfers received")
    BANK = "bank", _("Bank")
    SUSPENSE = "suspense", _("Received, not yet explained")
    DEFERRED_REVENUE = "deferred_revenue", _("Paid, not yet shipped")
    WORK_IN_STOCK = "work_in_stock", _("Pay in pieces in stock")
    MATERIAL = "material", _("Material")
    TAX_PARCEL = "tax_parcel", _("Tax and parcel cost")
    SHIPPING_CHARGED = "shipping_charged", _("Shipping charged")
    CHAMBER_REVENUE = "chamber_revenue", _("Revenue of the chamber")
    REFUNDS = "refunds", _("Refunded after shipping")
    PAYMENT_FEES = "payment_fees", _("Fees of payment providers")
    RELIEF_FUND = "relief_fund", _("Relief fund")
    OPENING = "opening", _("Opening balances")
    MAKER_PAYABLE = "maker_payable", _("Owed to a maker")
    PAY_ON_ITS_WAY = "pay_on_its_way", _("Pay on its way to a maker")
    BASE_PAYABLE = "base_payable", _("Owed to a base")


class What(models.TextChoices):
    """The events that touch money."""

    PAYMENT = "payment", _("Payment of an order")
    UNEXPLAINED = "unexplained", _("Payment kept apart")
    REFUND = "refund", _("Refund")
    REFUND_FAILED = "refund_failed", _("Refund that failed")
    SETTLEMENT = "settlement", _("Settlement to the bank")
    PAY = "pay", _("Pay for accepted pieces")
    RELEASE = "release", _("Pieces shipped")
    PARCEL_COST = "parcel_cost", _("Cost of a parcel")
    GOODS_BACK = "goods_back", _("Pieces that came back")
    MATERIAL = "material", _("Material bought")
    PAYOUT_SENT = "payout_sent", _("Pay on its way")
    PAYOUT_PAID = "payout_paid", _("Pay received")
    PAYOUT_FAILED = "payout_failed", _("Pay that did not arrive")
    BASE_PAID = "base_paid", _("Base paid")
    TOP_UP = "top_up", _("Top-up")
    RELIEF = "relief", _("Money for the relief fund")
    OPENING = "opening", _("Opening balance")
    REVERSAL = "reversal", _("Correction of a mistake")


OF_MAKERS = ("maker_payable", "pay_on_its_way")
OF_BASES = ("base_payable",)
OF_THE_HOUSE = tuple(kind for kind in Kind.values if kind not in OF_MAKERS + OF_BASES)

# What is owed or given for a purpose never becomes less than nothing.
NEVER_DEBIT = (
    "maker_payable",
    "pay_on_its_way",
    "base_payable",
    "deferred_revenue",
    "suspense",
    "relief_fund",
)


class Account(models.Model):
    """One account of the journal, owned by the house, a base or a maker.

    A trigger makes its balance with it; it is never changed or taken away.
    """

    Kind = Kind

    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices)
    base = models.ForeignKey(
        "producers.Base",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="accounts",
        verbose_name=_("base"),
    )
    maker = models.ForeignKey(
        "producers.Maker",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="accounts",
        verbose_name=_("maker"),
    )

    append_only = True

    class Meta:
        verbose_name = _("account of the journal")
        verbose_name_plural = _("accounts of the journal")
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=OF_THE_HOUSE, base=None, maker=None)
                | Q(kind__in=OF_BASES, base__isnull=False, maker=None)
                | Q(kind__in=OF_MAKERS, base=None, maker__isnull=False),
                name="account_has_the_owner_of_its_kind",
            ),
            models.UniqueConstraint(
                fields=["kind", "base", "maker"],
                nulls_distinct=False,
                name="account_once",
            ),
            models.UniqueConstraint(fields=["id", "kind"], name="account_with_kind"),
        ]
        triggers = rules.append_only()

    def __str__(self) -> str:
        owner = self.maker or self.base
        return (
            f"{self.get_kind_display()} {owner}" if owner else self.get_kind_display()
        )

    @property
    def owner(self) -> str:
        """`house`, `base` or `maker`."""
        if self.maker_id is not None:
            return "maker"
        return "house" if self.base_id is None else "base"


class Balance(models.Model):
    """The sum of an account's postings; only the trigger of postings changes it."""

    account = models.OneToOneField(
        Account, models.PROTECT, primary_key=True, related_name="balance"
    )
    kind = models.CharField(max_length=20, choices=Kind.choices)
    fen = models.BigIntegerField(_("fen"), default=0)

    class Meta:
        verbose_name = _("balance")
        verbose_name_plural = _("balances")
        constraints = [
            models.CheckConstraint(
                condition=~Q(kind__in=NEVER_DEBIT) | Q(fen__lte=0),
                name="balance_not_overdrawn",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.fen}"


class Entry(models.Model):
    """Something that happened to money, once, in postings that sum to nothing."""

    What = What

    what = models.CharField(_("what"), max_length=20, choices=What.choices)
    reference = models.CharField(_("reference"), max_length=80, unique=True)
    at = models.DateTimeField(_("at"), default=now)
    on = models.DateField(_("business day"))
    source_kind = models.CharField(_("kind of source"), max_length=30)
    source = models.CharField(_("source"), max_length=40)
    reverses = models.OneToOneField(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="reversed_by",
        verbose_name=_("corrects"),
    )
    # Nothing can be added to an entry later: the number of its postings is fixed.
    size = models.PositiveSmallIntegerField(_("postings"))

    append_only = True

    class Meta:
        verbose_name = _("entry of the journal")
        verbose_name_plural = _("entries of the journal")
        constraints = [
            rules.known("entry_what_known", "what", *What.values),
            rules.filled("entry_has_source", "reference", "source_kind", "source"),
            models.CheckConstraint(
                condition=Q(size__gte=2), name="entry_has_two_postings"
            ),
            models.CheckConstraint(
                condition=Q(what="reversal", reverses__isnull=False)
                | (~Q(what="reversal") & Q(reverses=None)),
                name="entry_reversal_names_the_mistake",
            ),
            models.CheckConstraint(
                condition=~Q(reverses=F("id")), name="entry_not_its_own_reversal"
            ),
        ]
        indexes = [
            models.Index(fields=["source_kind", "source"], name="entry_of_source"),
            models.Index(fields=["what", "on"], name="entry_of_day"),
        ]
        triggers = rules.append_only()

    def __str__(self) -> str:
        return self.reference


class Posting(models.Model):
    """One account's part of an entry; base, craft and area are those of that day.

    `about` is the public reference of the order whose money it is. Pieces and rate are
    the arithmetic of pay, and multiply to the amount.
    """

    entry = models.ForeignKey(Entry, models.PROTECT, related_name="postings")
    account = models.ForeignKey(Account, models.PROTECT, related_name="postings")
    fen = models.BigIntegerField(_("fen"))
    about = models.CharField(_("about"), max_length=40, blank=True)
    craft = models.ForeignKey(
        "producers.Craft",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("craft"),
    )
    base = models.ForeignKey(
        "producers.Base",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("base"),
    )
    area = models.ForeignKey(
        "common.Area",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("area"),
    )
    pieces = models.PositiveIntegerField(_("pieces"), null=True, blank=True)
    rate_fen = models.PositiveIntegerField(
        _("piece rate in fen"), null=True, blank=True
    )

    append_only = True

    class Meta:
        verbose_name = _("posting")
        verbose_name_plural = _("postings")
        constraints = [
            models.CheckConstraint(condition=~Q(fen=0), name="posting_of_something"),
            models.CheckConstraint(
                condition=Q(pieces=None, rate_fen=None)
                | Q(pieces__gt=0, rate_fen__gt=0, fen=F("pieces") * F("rate_fen"))
                | Q(pieces__gt=0, rate_fen__gt=0, fen=F("pieces") * F("rate_fen") * -1),
                name="posting_pieces_times_rate",
            ),
        ]
        indexes = [
            models.Index(
                fields=["account", "about"],
                condition=~Q(about=""),
                name="posting_about_order",
            ),
        ]
        triggers = rules.append_only()

    def __str__(self) -> str:
        return f"{self.account_id}: {self.fen}"
