"""What tables of every app demand of their rows: periods, and rows that stay."""

import pgtrigger
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

OVERLAP = _("Another entry on record holds in the same period.")


def periods_apart(
    name: str,
    *fields: str,
    condition: Q | None = None,
    since: str = "valid_from",
    message: str | Promise = OVERLAP,
) -> ExclusionConstraint:
    """Rows with the same `fields` never hold on the same day.

    Each id becomes a range of one number, since the embedded server has no btree_gist.
    """
    same: list[tuple[Func, str]] = [
        (
            Func(F(field), F(field), Value("[]"), function="int8range"),
            RangeOperators.OVERLAPS,
        )
        for field in fields
    ]
    days = Func(F(since), F("valid_to"), Value("[)"), function="daterange")
    return ExclusionConstraint(
        name=name,
        expressions=[*same, (days, RangeOperators.OVERLAPS)],
        condition=condition,
        violation_error_message=message,
    )


def period(name: str, since: str = "valid_from") -> models.CheckConstraint:
    """The half-open period has at least one day."""
    return models.CheckConstraint(
        condition=Q(valid_to=None) | Q(valid_to__gt=F(since)),
        name=name,
        violation_error_message=_("The end must be after the beginning."),
    )


def never_deleted() -> pgtrigger.Protect:
    return pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete)


def append_only() -> list[pgtrigger.Trigger]:
    """Triggers that bind the owner of the tables too."""
    return [
        pgtrigger.Protect(
            name="append_only", operation=pgtrigger.Update | pgtrigger.Delete
        ),
        pgtrigger.Trigger(
            name="never_emptied",
            when=pgtrigger.Before,
            operation=pgtrigger.Truncate,
            level=pgtrigger.Statement,
            func="RAISE EXCEPTION 'this table is append-only';",
        ),
    ]
