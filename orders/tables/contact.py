"""Whom an order is for and where it goes; telephone and address are encrypted."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from producers.registry import rules
from qiaoshou.common import crypto

PHONE = "orders.Contact.phone"
ADDRESS = "orders.Contact.address"


class Contact(models.Model):
    """The buyer of one order: how to reach her, and where she wants it."""

    class Way(models.TextChoices):
        PARCEL = "parcel", _("By parcel")
        PICKUP = "pickup", _("Pick-up")

    order = models.OneToOneField(
        "order.Order", models.PROTECT, related_name="contact", verbose_name=_("order")
    )
    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(pgettext_lazy("person", "name"), max_length=80)
    phone_sealed = models.CharField(max_length=200, blank=True, editable=False)
    phone_index = models.CharField(
        max_length=64, blank=True, db_index=True, editable=False
    )
    phone_tail = models.CharField(max_length=4, blank=True, editable=False)
    email = models.EmailField(_("e-mail"), blank=True)
    way = models.CharField(_("way of delivery"), max_length=6, choices=Way.choices)
    address_sealed = models.TextField(blank=True, editable=False)
    pickup_point = models.ForeignKey(
        "producers.PickupPoint",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="contacts",
        verbose_name=_("pick-up point"),
    )
    language = models.CharField(
        _("language"),
        max_length=7,
        choices=[("zh-hans", "简体中文"), ("en", "English")],
    )
    note = models.CharField(_("note to the maker"), max_length=200, blank=True)
    one_parcel = models.BooleanField(_("all in one parcel"), default=False)
    told_paid_at = models.DateTimeField(
        _("told that it is paid"), null=True, blank=True
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="order_contacts",
    )

    class Meta:
        verbose_name = _("contact of an order")
        verbose_name_plural = _("contacts of orders")
        constraints = [
            models.CheckConstraint(
                condition=~Q(phone_sealed="") | ~Q(email=""),
                name="contact_can_be_reached",
            ),
            models.CheckConstraint(
                condition=Q(phone_sealed="", phone_index="", phone_tail="")
                | (~Q(phone_sealed="") & ~Q(phone_index="") & ~Q(phone_tail="")),
                name="contact_phone_whole",
            ),
            models.CheckConstraint(
                condition=(Q(way="parcel", pickup_point=None) & ~Q(address_sealed=""))
                | Q(way="pickup", pickup_point__isnull=False, address_sealed=""),
                name="contact_address_or_point",
            ),
            models.CheckConstraint(
                condition=Q(language__in=["zh-hans", "en"]),
                name="contact_language_known",
            ),
            models.CheckConstraint(condition=~Q(name=""), name="contact_has_name"),
        ]
        triggers = [rules.never_deleted()]

    def __str__(self) -> str:
        return self.name

    @property
    def phone(self) -> str:
        return crypto.unseal(self.phone_sealed, place=f"{PHONE}:{self.key}")

    @phone.setter
    def phone(self, number: str) -> None:
        self.phone_sealed = crypto.seal(number, place=f"{PHONE}:{self.key}")
        self.phone_index = crypto.blind_index(number, column=PHONE) or ""
        self.phone_tail = number[-4:]

    @property
    def address(self) -> str:
        return crypto.unseal(self.address_sealed, place=f"{ADDRESS}:{self.key}")

    @address.setter
    def address(self, text: str) -> None:
        self.address_sealed = crypto.seal(text, place=f"{ADDRESS}:{self.key}")
