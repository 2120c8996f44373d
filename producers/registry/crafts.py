"""The tree of crafts, and who is certified in which at what grade."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from treebeard.mp_tree import MP_Node

from producers.registry import rules
from qiaoshou.common.naming import named

GRADES = (1, 5)


class Craft(MP_Node):
    """A craft, or a family of crafts above it."""

    class Standing(models.TextChoices):
        VERIFIED = "verified", _("Recognised heritage, checked")
        SECONDARY = "secondary", _("Reported by a second source")
        REGIONAL = "regional", _("Recognised elsewhere in the region")
        GENERAL = "general", _("General knowledge")

    slug = models.SlugField(_("address"), max_length=80, unique=True)
    name_zh = models.CharField(_("name in Chinese"), max_length=40)
    name_en = models.CharField(_("name in English"), max_length=80)
    sort_key = models.CharField(max_length=200, db_index=True, editable=False)
    materials = models.CharField(_("materials"), max_length=120, blank=True)
    hs_hint = models.CharField(
        _("HS heading to ask a broker about"), max_length=6, blank=True
    )
    standing = models.CharField(
        _("how well it is documented"),
        max_length=9,
        choices=Standing.choices,
        default=Standing.GENERAL,
    )
    standing_note = models.CharField(
        _("as the source puts it"), max_length=200, blank=True
    )
    source = models.CharField(_("source"), max_length=200, blank=True)
    note = models.TextField(_("note"), blank=True)
    closed = models.DateField(_("no longer used since"), null=True, blank=True)

    node_order_by: list[str] = []

    class Meta:
        verbose_name = _("craft")
        verbose_name_plural = _("crafts")
        constraints = [
            rules.filled("craft_has_names", "name_zh", "name_en"),
            rules.known(
                "craft_standing_known",
                "standing",
                "verified",
                "secondary",
                "regional",
                "general",
            ),
            models.CheckConstraint(
                condition=Q(hs_hint__regex=r"^([0-9]{6})?$"),
                name="craft_hs_hint_is_six_digits",
                violation_error_message=_("An HS heading has six digits."),
            ),
        ]

    def __str__(self) -> str:
        return named(self)


@rules.with_history()
class Skill(models.Model):
    """A maker is certified in a craft at a grade, over a half-open period.

    A new certificate ends the one before on its day, so that one grade holds.
    """

    maker = models.ForeignKey(
        "Maker", models.PROTECT, related_name="skills", verbose_name=_("maker")
    )
    craft = models.ForeignKey(
        Craft, models.PROTECT, related_name="skills", verbose_name=_("craft")
    )
    grade = models.PositiveSmallIntegerField(_("grade"))
    certified_on = models.DateField(_("certified on"))
    certified_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("certified by"),
    )
    evidence = models.CharField(_("evidence"), max_length=200)
    valid_to = models.DateField(_("valid until"), null=True, blank=True)

    class Meta:
        verbose_name = _("skill")
        verbose_name_plural = _("skills")
        ordering = ["maker", "craft", "certified_on"]
        constraints = [
            models.CheckConstraint(
                condition=Q(grade__range=GRADES),
                name="skill_grade",
                violation_error_message=_("Grades go from 1 to 5."),
            ),
            rules.period("skill_period", since="certified_on"),
            rules.filled("skill_has_evidence", "evidence"),
            rules.periods_apart(
                "skill_one_grade_at_a_time",
                "maker",
                "craft",
                since="certified_on",
                message=_("She is already certified in this craft in this period."),
            ),
        ]
        indexes = [models.Index(fields=["craft", "grade"])]

    def __str__(self) -> str:
        return f"{self.maker}: {self.craft} {self.grade}"
