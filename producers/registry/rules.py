"""What several registry tables demand of their rows, written once."""

from collections.abc import Callable
from typing import TypeVar

import pghistory
from django.db import models
from django.db.models import Q

from qiaoshou.common.table_rules import OVERLAP as OVERLAP
from qiaoshou.common.table_rules import append_only as append_only
from qiaoshou.common.table_rules import never_deleted as never_deleted
from qiaoshou.common.table_rules import period as period
from qiaoshou.common.table_rules import periods_apart as periods_apart

M = TypeVar("M", bound=type[models.Model])


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
