"""People who sign in, and the rights that the federation grants them."""

import uuid
from typing import ClassVar

from django.contrib.auth.models import (
    AbstractBaseUser,
    BaseUserManager,
    PermissionsMixin,
)
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import Func
from django.db.models.functions import Coalesce, Lower
from django.utils.translation import gettext_lazy as _

from qiaoshou.common import crypto
from qiaoshou.common.models import Area
from qiaoshou.common.phones import is_e164
from qiaoshou.common.today import now


class People(BaseUserManager["User"]):
    """Makes users without passwords: sign-in is by code."""

    def create_user(
        self, *, email: str | None = None, phone: str = "", **rest
    ) -> "User":
        user = self.model(email=(email or "").strip().lower() or None, **rest)
        user.phone = phone
        user.set_unusable_password()
        user.save(using=self._db)
        return user

    def create_superuser(
        self, email: str, password: str | None = None, **rest
    ) -> "User":
        return self.create_user(email=email, is_staff=True, is_superuser=True, **rest)

    def by_phone(self, phone: str) -> models.QuerySet["User"]:
        return self.filter(phone_index=crypto.blind_index(phone, column=PHONE))


PHONE = "accounts.User.phone"


class User(AbstractBaseUser, PermissionsMixin):
    """A person with an account: e-mail and phone are optional, unique where given."""

    class Language(models.TextChoices):
        CHINESE = "zh-hans", "简体中文"
        ENGLISH = "en", "English"

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    email = models.EmailField(_("e-mail"), null=True, blank=True, unique=True)
    phone_sealed = models.CharField(max_length=200, blank=True, editable=False)
    phone_index = models.CharField(  # noqa: DJ001 (unique)
        max_length=64, null=True, unique=True, editable=False
    )
    phone_verified = models.BooleanField(_("phone confirmed"), default=False)
    full_name = models.CharField(_("full name"), max_length=80, blank=True)
    language = models.CharField(
        _("language"),
        max_length=7,
        choices=Language.choices,
        default=Language.CHINESE,
    )
    is_staff = models.BooleanField(_("may enter Django's admin"), default=False)
    is_active = models.BooleanField(_("active"), default=True)
    date_joined = models.DateTimeField(_("joined"), default=now)

    objects: ClassVar[People] = People()
    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        verbose_name = _("person with an account")
        verbose_name_plural = _("people with an account")
        constraints = [
            models.UniqueConstraint(Lower("email"), name="user_email_once"),
            models.CheckConstraint(
                condition=~models.Q(email=""), name="user_email_null_not_empty"
            ),
            # Sign-in looks for the address in lower case.
            models.CheckConstraint(
                condition=models.Q(email=None) | models.Q(email=Lower("email")),
                name="user_email_lower",
            ),
            models.CheckConstraint(
                condition=models.Q(phone_sealed="", phone_index=None)
                | (~models.Q(phone_sealed="") & models.Q(phone_index__isnull=False)),
                name="user_phone_whole",
            ),
        ]

    def __str__(self) -> str:
        return self.full_name or self.email or str(self.key)

    @property
    def phone(self) -> str:
        return crypto.unseal(self.phone_sealed, place=f"{PHONE}:{self.key}")

    @phone.setter
    def phone(self, number: str) -> None:
        """Takes E.164 only: sealed, the database could not refuse anything else."""
        if number and not is_e164(number):
            raise ValueError("a telephone number must be E.164, as +8613800000000")
        self.phone_sealed = crypto.seal(number, place=f"{PHONE}:{self.key}")
        self.phone_index = crypto.blind_index(number, column=PHONE)

    def get_full_name(self) -> str:
        return self.full_name

    def get_short_name(self) -> str:
        return self.full_name


def _one(value: models.F | Func) -> Func:
    """A number as the range that holds it alone."""
    return Func(value, value, models.Value("[]"), function="int8range")


class Grant(models.Model):
    """One role of a person, in an area or everywhere, for a half-open period."""

    class Role(models.TextChoices):
        OFFICER = "officer", _("Officer")
        SHOPKEEPER = "shopkeeper", _("Shopkeeper")
        FINANCE = "finance", _("Finance")
        EDITOR = "editor", _("Editor")
        ADMINISTRATOR = "administrator", _("Administrator")

    user = models.ForeignKey(User, models.PROTECT, related_name="grants")
    role = models.CharField(_("role"), max_length=13, choices=Role.choices)
    area = models.ForeignKey(
        Area, models.PROTECT, null=True, blank=True, verbose_name=_("area")
    )
    valid_from = models.DateField(_("from"))
    valid_to = models.DateField(_("to"), null=True, blank=True)
    granted_by = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="grants_given"
    )
    granted_at = models.DateTimeField(_("granted at"), default=now)

    class Meta:
        verbose_name = _("grant")
        verbose_name_plural = _("grants")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(
                    role__in=[
                        "officer",
                        "shopkeeper",
                        "finance",
                        "editor",
                        "administrator",
                    ]
                ),
                name="grant_role_known",
            ),
            models.CheckConstraint(
                condition=~models.Q(role="officer") | models.Q(area__isnull=False),
                name="grant_officer_has_area",
            ),
            models.CheckConstraint(
                # An empty period is a grant that was taken back before it held.
                condition=models.Q(valid_to=None)
                | models.Q(valid_to__gte=models.F("valid_from")),
                name="grant_period",
                violation_error_message=_("The end must not be before the beginning."),
            ),
            models.CheckConstraint(
                condition=models.Q(granted_by=None)
                | ~models.Q(granted_by=models.F("user")),
                name="grant_not_to_herself",
                violation_error_message=_("Nobody gives herself a grant."),
            ),
            # The same role of the same person in the same area holds once a day. Each
            # value becomes a range of one, since the server has no btree_gist.
            ExclusionConstraint(
                name="grant_held_once",
                expressions=[
                    (_one(models.F("user")), RangeOperators.OVERLAPS),
                    (
                        _one(Func(models.F("role"), function="hashtext")),
                        RangeOperators.OVERLAPS,
                    ),
                    (
                        _one(Coalesce(models.F("area"), models.Value(0))),
                        RangeOperators.OVERLAPS,
                    ),
                    (
                        Func(
                            models.F("valid_from"),
                            models.F("valid_to"),
                            models.Value("[)"),
                            function="daterange",
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                violation_error_message=_(
                    "She holds this role there already in this period."
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} {self.role}"
