"""What a maker agreed to, in which words, and until when."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from producers.registry import rules
from qiaoshou.common.today import now


class Purpose(models.TextChoices):
    IDENTITY_CHECK = "identity_check", _("Identity check")
    PAY_ACCOUNT = "pay_account", _("Pay account")
    HOUSEHOLD_INCOME = "household_income", _("Household income")
    PUBLIC_STORY = "public_story", _("Public story")


PURPOSES = ("identity_check", "pay_account", "household_income", "public_story")


class ConsentText(models.Model):
    """One version of the words that are agreed to; append-only."""

    purpose = models.CharField(_("purpose"), max_length=16, choices=Purpose.choices)
    version = models.PositiveSmallIntegerField(_("version"))
    body_zh = models.TextField(_("text in Chinese"))
    body_en = models.TextField(_("text in English"))
    published_on = models.DateField(_("published on"))

    append_only = True

    class Meta:
        verbose_name = _("text of a consent")
        verbose_name_plural = _("texts of consents")
        ordering = ["purpose", "version"]
        constraints = [
            rules.known("consent_text_purpose_known", "purpose", *PURPOSES),
            rules.filled("consent_text_has_bodies", "body_zh", "body_en"),
            models.UniqueConstraint(
                fields=["purpose", "version"], name="consent_text_version_once"
            ),
        ]
        triggers = rules.append_only()

    def __str__(self) -> str:
        return f"{self.get_purpose_display()} {self.version}"


class Consent(models.Model):
    """A maker agreed to one purpose; only a withdrawal is ever written to the row."""

    Purpose = Purpose

    class How(models.TextChoices):
        PAPER = "paper", _("Signed on paper")
        ONLINE = "online", _("By herself, online")
        HELPED = "helped", _("Spoken, before a helper")

    maker = models.ForeignKey(
        "Maker", models.PROTECT, related_name="consents", verbose_name=_("maker")
    )
    purpose = models.CharField(_("purpose"), max_length=16, choices=Purpose.choices)
    text = models.ForeignKey(
        ConsentText,
        models.PROTECT,
        related_name="consents",
        verbose_name=_("text agreed to"),
    )
    given = models.DateTimeField(pgettext_lazy("consent", "given"), default=now)
    how = models.CharField(_("how"), max_length=6, choices=How.choices)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    withdrawn = models.DateTimeField(_("withdrawn"), null=True, blank=True)
    withdrawn_how = models.CharField(
        _("how it was withdrawn"), max_length=6, choices=How.choices, blank=True
    )
    withdrawal_recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )

    class Meta:
        verbose_name = _("consent")
        verbose_name_plural = _("consents")
        ordering = ["maker", "purpose", "given"]
        constraints = [
            rules.known("consent_purpose_known", "purpose", *PURPOSES),
            rules.known("consent_how_known", "how", "paper", "online", "helped"),
            models.CheckConstraint(
                condition=Q(withdrawn=None, withdrawn_how="")
                | Q(
                    withdrawn__isnull=False,
                    withdrawn__gte=F("given"),
                    withdrawn_how__in=["paper", "online", "helped"],
                ),
                name="consent_withdrawn_after_given",
            ),
            models.UniqueConstraint(
                fields=["maker", "purpose"],
                condition=Q(withdrawn=None),
                name="consent_given_once",
                violation_error_message=_("She has already agreed to this."),
            ),
        ]
        triggers = [
            rules.never_deleted(),
            pgtrigger.Protect(
                name="never_rewritten",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__withdrawn__isnull=False)
                | pgtrigger.Q(old__maker__df=pgtrigger.F("new__maker"))
                | pgtrigger.Q(old__purpose__df=pgtrigger.F("new__purpose"))
                | pgtrigger.Q(old__text__df=pgtrigger.F("new__text"))
                | pgtrigger.Q(old__given__df=pgtrigger.F("new__given"))
                | pgtrigger.Q(old__how__df=pgtrigger.F("new__how"))
                | pgtrigger.Q(old__recorded_by__df=pgtrigger.F("new__recorded_by")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.maker}: {self.get_purpose_display()}"
