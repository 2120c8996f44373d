"""Pieces that a maker brought back, and what the leader found when she looked."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from orders.tables.seen_by import OfAssignment
from qiaoshou.common.reference import new_reference
from qiaoshou.common.today import now


class Delivery(models.Model):
    """Pieces of one assignment handed in at once; round 2 and later are rework."""

    reference = models.CharField(
        _("number"), max_length=10, unique=True, default=new_reference
    )
    client_reference = models.UUIDField(unique=True, editable=False)
    assignment = models.ForeignKey(
        "orders.Assignment",
        models.PROTECT,
        related_name="deliveries",
        verbose_name=_("assignment"),
    )
    pieces = models.PositiveIntegerField(_("pieces"))
    round = models.PositiveSmallIntegerField(_("round"), default=1)
    minutes_reported = models.PositiveIntegerField(
        _("minutes she reports"), null=True, blank=True
    )
    delivered_at = models.DateTimeField(_("delivered at"), default=now)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        verbose_name=_("recorded by"),
    )

    append_only = True

    objects = OfAssignment.as_manager()

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        constraints = [
            models.CheckConstraint(
                condition=Q(pieces__gte=1, round__gte=1), name="delivery_has_pieces"
            ),
            models.UniqueConstraint(
                fields=["id", "pieces"], name="delivery_with_pieces"
            ),
        ]

    def __str__(self) -> str:
        return self.reference


class Inspection(models.Model):
    """What became of every piece of one delivery; never rewritten."""

    delivery = models.OneToOneField(
        Delivery, models.PROTECT, related_name="inspection", verbose_name=_("delivery")
    )
    client_reference = models.UUIDField(unique=True, editable=False)
    delivered = models.PositiveIntegerField(_("pieces delivered"))
    accepted = models.PositiveIntegerField(_("accepted"))
    rework = models.PositiveIntegerField(_("rework"))
    rejected = models.PositiveIntegerField(_("rejected"))
    note = models.CharField(_("note"), max_length=200, blank=True)
    inspected_at = models.DateTimeField(_("inspected at"), default=now)
    inspected_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        verbose_name=_("inspected by"),
    )

    append_only = True

    class Meta:
        verbose_name = _("inspection")
        verbose_name_plural = _("inspections")
        constraints = [
            models.CheckConstraint(
                condition=Q(delivered=F("accepted") + F("rework") + F("rejected")),
                name="inspection_counts_add_up",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.accepted} + {self.rework} + {self.rejected}"


class Defect(models.Model):
    """One kind of fault that an inspection found, on how many pieces."""

    class Kind(models.TextChoices):
        STITCH = "stitch", _("Stitching")
        SHAPE = "shape", _("Shape or size")
        COLOUR = "colour", _("Colour")
        STAIN = "stain", _("Stain")
        DAMAGE = "damage", _("Damage")
        MATERIAL = "material", _("Wrong material")
        OTHER = "other", _("Other")

    inspection = models.ForeignKey(
        Inspection, models.PROTECT, related_name="defects", verbose_name=_("inspection")
    )
    kind = models.CharField(_("kind"), max_length=8, choices=Kind.choices)
    pieces = models.PositiveIntegerField(_("pieces"))
    note = models.CharField(_("note"), max_length=200, blank=True)

    append_only = True

    class Meta:
        verbose_name = _("defect")
        verbose_name_plural = _("defects")
        constraints = [
            models.CheckConstraint(
                condition=Q(pieces__gte=1), name="defect_has_pieces"
            ),
            models.CheckConstraint(
                condition=Q(
                    kind__in=[
                        "stitch",
                        "shape",
                        "colour",
                        "stain",
                        "damage",
                        "material",
                        "other",
                    ]
                ),
                name="defect_kind_known",
            ),
            models.CheckConstraint(
                condition=~Q(kind="other") | ~Q(note=""), name="defect_other_is_said"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.pieces}"


class InspectionPhoto(models.Model):
    """A picture that shows what the inspection found."""

    inspection = models.ForeignKey(
        Inspection, models.PROTECT, related_name="photos", verbose_name=_("inspection")
    )
    picture = models.ImageField(_("picture"), upload_to="inspections/%Y/%m")
    taken_at = models.DateTimeField(_("taken at"), default=now)

    append_only = True

    class Meta:
        verbose_name = _("photo of an inspection")
        verbose_name_plural = _("photos of inspections")
        constraints = [
            models.CheckConstraint(
                condition=~Q(picture=""), name="inspection_photo_has_file"
            )
        ]

    def __str__(self) -> str:
        return self.picture.name
