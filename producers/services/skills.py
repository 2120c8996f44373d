"""Certificates: given at a grade, ended on a day."""

import datetime as dt

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from producers.models import Craft, Maker, Skill
from producers.selectors import resolved
from producers.services.keeping import ended, follow_on, locked
from qiaoshou.accounts.models import User


@transaction.atomic
def certify(
    *,
    maker: Maker,
    craft: Craft,
    grade: int,
    on: dt.date,
    by: User | None,
    evidence: str,
    valid_to: dt.date | None = None,
) -> Skill:
    """From this day she is certified at this grade; the certificate before ends."""
    if not craft.is_leaf():
        raise ValidationError({"craft": _("Choose a craft, not a family of crafts.")})
    if craft.closed is not None and on >= craft.closed:
        raise ValidationError({"craft": _("This craft is no longer used.")})
    person = locked(resolved(maker))
    row = Skill(
        maker=person,
        craft=craft,
        grade=grade,
        certified_on=on,
        certified_by=by,
        evidence=evidence.strip(),
        valid_to=valid_to,
    )
    rows = Skill.objects.filter(maker=person, craft=craft)
    return follow_on(rows, row, since="certified_on")


@transaction.atomic
def end_skill(*, skill: Skill, on: dt.date) -> Skill:
    """From this day the certificate no longer holds."""
    return ended(locked(skill), on, since="certified_on")
