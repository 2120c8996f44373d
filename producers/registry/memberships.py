"""Which base a maker belongs to, and which she leads."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from producers.registry import rules


@rules.with_history()
class Membership(models.Model):
    """A maker belongs to a base, or leads it, over a half-open period."""

    class Role(models.TextChoices):
        MAKER = "maker", _("Maker")
        LEADER = "leader", _("Leader")

    maker = models.ForeignKey(
        "Maker", models.PROTECT, related_name="memberships", verbose_name=_("maker")
    )
    base = models.ForeignKey(
        "Base", models.PROTECT, related_name="memberships", verbose_name=_("base")
    )
    role = models.CharField(_("role"), max_length=6, choices=Role.choices)
    valid_from = models.DateField(_("from"))
    valid_to = models.DateField(_("to"), null=True, blank=True)

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        ordering = ["maker", "valid_from", "id"]
        constraints = [
            rules.period("membership_period"),
            rules.known("membership_role_known", "role", "maker", "leader"),
            rules.periods_apart(
                "membership_one_base_at_a_time",
                "maker",
                condition=Q(role="maker"),
                message=_("She already belongs to a base in this period."),
            ),
            rules.periods_apart(
                "membership_leads_a_base_once",
                "maker",
                "base",
                condition=Q(role="leader"),
                message=_("She already leads this base in this period."),
            ),
        ]
        indexes = [models.Index(fields=["base", "role"])]

    def __str__(self) -> str:
        return f"{self.maker}, {self.base}"
