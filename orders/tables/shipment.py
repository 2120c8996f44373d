"""Parcels and hand-overs: how pieces leave a stock place."""

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from orders.tables.seen_by import OfPlace
from producers.registry import rules
from qiaoshou.common import crypto
from qiaoshou.common.reference import new_reference

ADDRESS = "orders.Shipment.address"


@rules.with_history(exclude=("address_sealed",))
class Shipment(models.Model):
    """One parcel or one hand-over of an order; an order may have several."""

    class Method(models.TextChoices):
        PARCEL = "parcel", _("By parcel")
        PICKUP = "pickup", _("Pick-up")

    class State(models.TextChoices):
        PLANNED = "planned", _("Being packed")
        SENT = "sent", _("On its way")
        READY = "ready", _("Ready to collect")
        ARRIVED = "arrived", _("Arrived")
        COLLECTED = "collected", _("Collected")
        RETURNED = "returned", _("Returned")
        CANCELLED = "cancelled", _("Cancelled")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    reference = models.CharField(
        _("number"), max_length=10, unique=True, default=new_reference
    )
    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    order = models.ForeignKey(
        "order.Order",
        models.PROTECT,
        related_name="our_shipments",
        verbose_name=_("order"),
    )
    from_place = models.ForeignKey(
        "catalog.StockPlace",
        models.PROTECT,
        related_name="shipments",
        verbose_name=_("from"),
    )
    method = models.CharField(_("method"), max_length=6, choices=Method.choices)
    address_sealed = models.TextField(blank=True, editable=False)
    pickup_point = models.ForeignKey(
        "producers.PickupPoint",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="shipments",
        verbose_name=_("pick-up point"),
    )
    pickup_code = models.CharField(_("pick-up code"), max_length=4, blank=True)
    code_tries = models.PositiveSmallIntegerField(_("wrong codes"), default=0)
    sent_reference = models.UUIDField(
        null=True, blank=True, unique=True, editable=False
    )
    carrier = models.CharField(_("carrier"), max_length=40, blank=True)
    tracking = models.CharField(_("tracking number"), max_length=60, blank=True)
    cost_fen = models.PositiveIntegerField(_("parcel cost in fen"), default=0)
    promised_on = models.DateField(_("promised for"))
    state = models.CharField(
        _("state"), max_length=9, choices=State.choices, default=State.PLANNED
    )
    sent_at = models.DateTimeField(_("sent at"), null=True, blank=True)
    ended_at = models.DateTimeField(_("arrived or collected at"), null=True, blank=True)

    objects = OfPlace.as_manager()

    class Meta:
        verbose_name = _("shipment")
        verbose_name_plural = _("shipments")
        constraints = [
            models.CheckConstraint(
                condition=Q(method="parcel", pickup_point=None, pickup_code="")
                & ~Q(address_sealed="")
                | Q(
                    method="pickup",
                    pickup_point__isnull=False,
                    address_sealed="",
                    pickup_code__regex=r"^[0-9]{4}$",
                ),
                name="shipment_address_or_point",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["planned", "cancelled"])
                | Q(
                    method="parcel",
                    state__in=["sent", "arrived", "returned"],
                    sent_at__isnull=False,
                )
                | Q(
                    method="pickup",
                    state__in=["sent", "ready", "collected", "returned", "withdrawn"],
                    sent_at__isnull=False,
                ),
                name="shipment_state_fits_method",
            ),
            models.CheckConstraint(
                condition=Q(
                    state__in=["planned", "sent", "ready", "cancelled", "withdrawn"]
                )
                | Q(
                    state__in=["arrived", "collected", "returned"],
                    ended_at__isnull=False,
                ),
                name="shipment_end_has_time",
            ),
        ]
        triggers = [rules.never_deleted()]

    def __str__(self) -> str:
        return self.reference

    @property
    def address(self) -> str:
        return crypto.unseal(self.address_sealed, place=f"{ADDRESS}:{self.key}")

    @address.setter
    def address(self, text: str) -> None:
        self.address_sealed = crypto.seal(text, place=f"{ADDRESS}:{self.key}")


class ShipmentLine(models.Model):
    """Pieces of one order line and one lot in one shipment."""

    shipment = models.ForeignKey(Shipment, models.PROTECT, related_name="lines")
    line = models.ForeignKey("order.Line", models.PROTECT, related_name="shipped")
    lot = models.ForeignKey("catalog.Lot", models.PROTECT, related_name="shipped")
    pieces = models.PositiveIntegerField(_("pieces"))
    came_back = models.PositiveIntegerField(_("came back"), default=0)

    class Meta:
        verbose_name = _("line of a shipment")
        verbose_name_plural = _("lines of shipments")
        constraints = [
            models.UniqueConstraint(
                fields=["shipment", "line", "lot"], name="shipment_line_once"
            ),
            models.CheckConstraint(
                condition=Q(pieces__gte=1), name="shipment_line_has_pieces"
            ),
            models.CheckConstraint(
                condition=Q(came_back__lte=F("pieces")),
                name="shipment_line_back_within_sent",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.shipment_id}: {self.pieces}"
