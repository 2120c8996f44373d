"""Households: who belongs to them, where they live, whether they are monitored."""

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from producers.registry import rules
from qiaoshou.common.reference import new_reference

VILLAGES_ONLY = """
IF (SELECT tier FROM common_area WHERE id = NEW.village_id) <> 'village' THEN
    RAISE EXCEPTION 'a household lives in a village'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'residence_in_a_village';
END IF;
RETURN NEW;
"""


@rules.with_history()
class Household(models.Model):
    """People who share an income; gains are counted per household."""

    reference = models.CharField(max_length=10, unique=True, default=new_reference)
    labour_force = models.PositiveSmallIntegerField(_("people able to work"))
    opened = models.DateField(_("on record since"))

    class Meta:
        verbose_name = _("household")
        verbose_name_plural = _("households")
        ordering = ["id"]
        triggers = [rules.never_deleted()]

    def __str__(self) -> str:
        return self.reference


@rules.with_history()
class HouseholdMember(models.Model):
    """One person of a household, over a half-open period: a maker, or only a name."""

    class Relation(models.TextChoices):
        HEAD = "head", _("Head of the household")
        SPOUSE = "spouse", _("Wife or husband")
        CHILD = "child", _("Daughter or son")
        CHILD_IN_LAW = "child_in_law", _("Daughter- or son-in-law")
        GRANDCHILD = "grandchild", _("Grandchild")
        PARENT = "parent", _("Mother or father")
        SIBLING = "sibling", _("Sister or brother")
        OTHER = "other", _("Other")

    household = models.ForeignKey(
        Household,
        models.PROTECT,
        related_name="members",
        verbose_name=_("household"),
    )
    maker = models.ForeignKey(
        "Maker",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="household_memberships",
        verbose_name=_("maker"),
    )
    name = models.CharField(pgettext_lazy("person", "name"), max_length=80, blank=True)
    birth_year = models.PositiveSmallIntegerField(
        _("year of birth"), null=True, blank=True
    )
    relation = models.CharField(
        _("relation to the head"), max_length=12, choices=Relation.choices
    )
    valid_from = models.DateField(_("from"))
    valid_to = models.DateField(_("to"), null=True, blank=True)

    class Meta:
        verbose_name = _("member of a household")
        verbose_name_plural = _("members of households")
        ordering = ["household", "id"]
        constraints = [
            rules.period("household_member_period"),
            rules.known(
                "household_member_relation_known",
                "relation",
                "head",
                "spouse",
                "child",
                "child_in_law",
                "grandchild",
                "parent",
                "sibling",
                "other",
            ),
            models.CheckConstraint(
                condition=Q(maker__isnull=False, name="", birth_year=None)
                | (Q(maker=None) & ~Q(name="")),
                name="household_member_maker_or_name",
                violation_error_message=_(
                    "Choose a maker, or write a name, but not both."
                ),
            ),
            models.CheckConstraint(
                condition=Q(birth_year=None) | Q(birth_year__range=(1900, 2100)),
                name="household_member_birth_year",
                violation_error_message=_("The year of birth can’t be right."),
            ),
            rules.periods_apart(
                "household_member_one_at_a_time",
                "maker",
                condition=Q(maker__isnull=False),
                message=_("She already belongs to a household in this period."),
            ),
            rules.periods_apart(
                "household_member_one_head",
                "household",
                condition=Q(relation="head"),
                message=_("The household already has a head in this period."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.maker) if self.maker_id else self.name


@rules.with_history()
class Residence(models.Model):
    """The village where a household lives, over a half-open period."""

    household = models.ForeignKey(
        Household,
        models.PROTECT,
        related_name="residences",
        verbose_name=_("household"),
    )
    village = models.ForeignKey(
        "common.Area",
        models.PROTECT,
        related_name="residences",
        verbose_name=_("village"),
    )
    valid_from = models.DateField(_("from"))
    valid_to = models.DateField(_("to"), null=True, blank=True)

    class Meta:
        verbose_name = _("residence")
        verbose_name_plural = _("residences")
        ordering = ["household", "valid_from"]
        constraints = [
            rules.period("residence_period"),
            rules.periods_apart(
                "residence_one_at_a_time",
                "household",
                message=_("The household already has a village in this period."),
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="in_a_village",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                func=VILLAGES_ONLY,
            )
        ]

    def __str__(self) -> str:
        return f"{self.household}: {self.village}"


@rules.with_history()
class Monitoring(models.Model):
    """A household is watched so that it does not fall back into poverty."""

    class Kind(models.TextChoices):
        UNSTABLE = "unstable", _("Out of poverty, not yet stable")
        MARGINAL = "marginal", _("On the margin of poverty")
        SUDDEN = "sudden", _("In sudden serious difficulty")

    household = models.ForeignKey(
        Household,
        models.PROTECT,
        related_name="monitorings",
        verbose_name=_("household"),
    )
    kind = models.CharField(_("kind"), max_length=8, choices=Kind.choices)
    source = models.CharField(_("source"), max_length=200)
    document = models.CharField(_("document"), max_length=200, blank=True)
    valid_from = models.DateField(_("from"))
    valid_to = models.DateField(_("to"), null=True, blank=True)

    class Meta:
        verbose_name = _("monitoring of a household")
        verbose_name_plural = _("monitoring of households")
        ordering = ["household", "valid_from"]
        constraints = [
            rules.period("monitoring_period"),
            rules.known(
                "monitoring_kind_known", "kind", "unstable", "marginal", "sudden"
            ),
            rules.filled("monitoring_has_source", "source"),
            rules.periods_apart(
                "monitoring_one_at_a_time",
                "household",
                message=_("The household is already monitored in this period."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.household}: {self.get_kind_display()}"
