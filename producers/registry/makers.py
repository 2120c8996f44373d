"""Makers: who she is, when she works, what is said of her."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from producers.domain.status import ACTIVE, APPLIED, LEFT, PAUSED, VERIFIED
from producers.registry import rules
from qiaoshou.common import crypto
from qiaoshou.common.naming import named
from qiaoshou.common.reference import new_reference

IDENTITY = "producers.Maker.identity"
PHONE = "producers.Maker.phone"
MINUTES_OF_A_WEEK = 7 * 24 * 60

LANGUAGES = [("zh-hans", "中文"), ("en", "English")]


class Status(models.TextChoices):
    APPLIED = APPLIED, pgettext_lazy("maker", "Applied")
    VERIFIED = VERIFIED, pgettext_lazy("maker", "Verified")
    ACTIVE = ACTIVE, pgettext_lazy("maker", "Active")
    PAUSED = PAUSED, pgettext_lazy("maker", "Paused")
    LEFT = LEFT, pgettext_lazy("maker", "Left")


# Sealed values, what finds them and her birth stay out of the table of events.
PRIVATE = (
    "identity_sealed",
    "identity_index",
    "phone_sealed",
    "phone_index",
    "birth",
)


@rules.with_history(exclude=PRIVATE)
class Maker(models.Model):
    """A person who makes pieces, with or without an account of her own."""

    Status = Status

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    reference = models.CharField(max_length=10, unique=True, default=new_reference)
    name_zh = models.CharField(_("name in Chinese"), max_length=40)
    name_en = models.CharField(_("name in English"), max_length=80)
    sort_key = models.CharField(max_length=200, db_index=True, editable=False)
    identity_sealed = models.CharField(max_length=200, blank=True, editable=False)
    identity_index = models.CharField(
        max_length=64, null=True, blank=True, unique=True, editable=False
    )
    phone_sealed = models.CharField(max_length=200, blank=True, editable=False)
    # Not unique: an older woman is often reached through her daughter's telephone.
    phone_index = models.CharField(
        max_length=64, blank=True, db_index=True, editable=False
    )
    birth = models.DateField(_("date of birth"), null=True, blank=True)
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="maker",
        verbose_name=pgettext_lazy("sign-in", "account"),
    )
    photo = models.ImageField(_("photo"), upload_to="makers", blank=True)
    photo_alt_zh = models.CharField(
        _("description of the photo, in Chinese"), max_length=120, blank=True
    )
    photo_alt_en = models.CharField(
        _("description of the photo, in English"), max_length=120, blank=True
    )
    status = models.CharField(
        _("status"), max_length=8, choices=Status.choices, default=APPLIED
    )
    merged_into = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="merged",
        verbose_name=_("is the same person as"),
    )

    class Meta:
        verbose_name = _("maker")
        verbose_name_plural = _("makers")
        ordering = ["sort_key", "id"]
        constraints = [
            rules.filled("maker_has_names", "name_zh", "name_en"),
            rules.known(
                "maker_status_known",
                "status",
                "applied",
                "verified",
                "active",
                "paused",
                "left",
            ),
            rules.sealed_whole("maker_identity_whole", "identity", none=None),
            rules.sealed_whole("maker_phone_whole", "phone"),
            models.CheckConstraint(
                condition=Q(merged_into=None)
                | (Q(status="left") & ~Q(merged_into=F("id"))),
                name="maker_merged_has_left",
                violation_error_message=_("Only a maker who has left is merged."),
            ),
            models.CheckConstraint(
                condition=Q(photo="") | (~Q(photo_alt_zh="") & ~Q(photo_alt_en="")),
                name="maker_photo_is_described",
                violation_error_message=_(
                    "A photo needs a description in both languages."
                ),
            ),
        ]
        triggers = [rules.never_deleted()]

    def __str__(self) -> str:
        return named(self)

    @property
    def identity(self) -> str:
        return crypto.unseal(self.identity_sealed, place=f"{IDENTITY}:{self.key}")

    @identity.setter
    def identity(self, number: str) -> None:
        self.identity_sealed = crypto.seal(number, place=f"{IDENTITY}:{self.key}")
        self.identity_index = crypto.blind_index(number, column=IDENTITY)

    @property
    def phone(self) -> str:
        return crypto.unseal(self.phone_sealed, place=f"{PHONE}:{self.key}")

    @phone.setter
    def phone(self, number: str) -> None:
        self.phone_sealed = crypto.seal(number, place=f"{PHONE}:{self.key}")
        self.phone_index = crypto.blind_index(number, column=PHONE) or ""


class StatusChange(models.Model):
    """From this day on a maker had this status; append-only."""

    maker = models.ForeignKey(Maker, models.PROTECT, related_name="status_changes")
    status = models.CharField(_("status"), max_length=8, choices=Status.choices)
    day = models.DateField(_("from"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    reason = models.CharField(_("reason"), max_length=200, blank=True)

    append_only = True

    class Meta:
        verbose_name = _("change of status")
        verbose_name_plural = _("changes of status")
        ordering = ["maker", "day", "id"]
        constraints = [
            rules.known(
                "status_change_status_known",
                "status",
                "applied",
                "verified",
                "active",
                "paused",
                "left",
            ),
        ]
        triggers = rules.append_only()

    def __str__(self) -> str:
        return f"{self.maker}: {self.get_status_display()}"


@rules.with_history()
class MakerText(models.Model):
    """What a maker tells of herself in one language; public only with her consent."""

    maker = models.ForeignKey(Maker, models.PROTECT, related_name="texts")
    language = models.CharField(_("language"), max_length=7, choices=LANGUAGES)
    sentence = models.CharField(
        _("one sentence in her words"), max_length=120, blank=True
    )
    story = models.TextField(_("story"))

    class Meta:
        verbose_name = _("story of a maker")
        verbose_name_plural = _("stories of makers")
        ordering = ["maker", "language"]
        constraints = [
            models.UniqueConstraint(
                fields=["maker", "language"], name="maker_text_once"
            ),
            rules.known("maker_text_language_known", "language", "zh-hans", "en"),
            rules.filled("maker_text_has_story", "story"),
        ]

    def __str__(self) -> str:
        return f"{self.maker} ({self.language})"


@rules.with_history()
class MakerHours(models.Model):
    """The minutes a week that a maker asks for, over a half-open period."""

    maker = models.ForeignKey(
        Maker, models.PROTECT, related_name="hours", verbose_name=_("maker")
    )
    minutes = models.PositiveIntegerField(_("minutes a week"))
    valid_from = models.DateField(_("from"))
    valid_to = models.DateField(_("to"), null=True, blank=True)

    class Meta:
        verbose_name = _("hours asked for")
        verbose_name_plural = _("hours asked for")
        ordering = ["maker", "valid_from"]
        constraints = [
            rules.period("maker_hours_period"),
            models.CheckConstraint(
                condition=Q(minutes__lte=MINUTES_OF_A_WEEK),
                name="maker_hours_fit_a_week",
                violation_error_message=_("A week has only 10,080 minutes."),
            ),
            rules.periods_apart("maker_hours_one_at_a_time", "maker"),
        ]

    def __str__(self) -> str:
        return f"{self.maker}: {self.minutes}"


@rules.with_history()
class Away(models.Model):
    """A maker does not work in this half-open period; why is not asked in detail."""

    class Reason(models.TextChoices):
        FIELDS = "fields", _("Work in the fields")
        FAMILY = "family", pgettext_lazy("time away", "Family")
        TRAVEL = "travel", _("Travel")
        HEALTH = "health", _("Health")
        OTHER = "other", _("Other")

    maker = models.ForeignKey(
        Maker, models.PROTECT, related_name="away", verbose_name=_("maker")
    )
    reason = models.CharField(
        _("reason"), max_length=6, choices=Reason.choices, default=Reason.OTHER
    )
    valid_from = models.DateField(_("from"))
    valid_to = models.DateField(_("to"), null=True, blank=True)

    class Meta:
        verbose_name = _("time away")
        verbose_name_plural = _("times away")
        ordering = ["maker", "valid_from"]
        constraints = [
            rules.period("away_period"),
            rules.known(
                "away_reason_known",
                "reason",
                "fields",
                "family",
                "travel",
                "health",
                "other",
            ),
            rules.periods_apart("away_periods_apart", "maker"),
        ]

    def __str__(self) -> str:
        return f"{self.maker}: {self.valid_from}"
