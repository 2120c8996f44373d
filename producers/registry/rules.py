"""What several registry tables demand of their rows, written once."""

from collections.abc import Callable
from typing import TypeVar

import pghistory
import pgtrigger
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

M = TypeVar("M", bound=type[models.Model])


def name_column() -> str:
    """The column of names in the reader's language; Chinese where none is active."""
    return "name_en" if (get_language() or "").startswith("en") else "name_zh"


def named(row: models.Model) -> str:
    """The row's name in the reader's language."""
    name: str = getattr(row, name_column())
    return name


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


def known(name: str, field: str, *values: str) -> models.CheckConstraint:
    """The column holds one of the values, whoever writes it."""
    return models.CheckConstraint(
        condition=Q(**{f"{field}__in": list(values)}), name=name
    )


def filled(name: str, *fields: str) -> models.CheckConstraint:
    """None of the texts is empty."""
    condition = Q()
    for field in fields:
        condition &= ~Q(**{field: ""})
    return models.CheckConstraint(condition=condition, name=name)


def sealed_whole(
    name: str, stem: str, *, none: str | None = ""
) -> models.CheckConstraint:
    """A sealed value and its blind index (`none` if empty) come and go together."""
    empty = Q(**{f"{stem}_sealed": ""})
    unfindable = Q(**{f"{stem}_index": none})
    return models.CheckConstraint(
        condition=(empty & unfindable) | (~empty & ~unfindable), name=name
    )


def with_history(*, exclude: tuple[str, ...] = ()) -> Callable[[M], M]:
    """Each insert and change of a row is kept in an append-only table of events."""
    return pghistory.track(
        exclude=list(exclude),
        append_only=True,
        attrs={"append_only": True},
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
