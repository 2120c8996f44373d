"""A column of a report: one table of them, read by page, CSV and spreadsheet alike."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from typing import Generic, TypeVar

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from qiaoshou.common.templatetags.money import yuan

R = TypeVar("R")


class Kind(Enum):
    COUNT = "count"
    MONEY = "money"
    YES = "yes"


@dataclass(frozen=True, slots=True)
class Column(Generic[R]):
    """How a figure is called and read; sums of money are whole fen, None is unknown.

    What is not `carried` stays on the page.
    """

    label: str | Promise
    kind: Kind
    read: Callable[[R], int | None]
    carried: bool = True

    @property
    def number(self) -> bool:
        return self.kind is not Kind.YES


def shown(column: Column[R], row: R) -> str:
    """The figure as people read it."""
    value = column.read(row)
    if value is None:
        return _("not known")
    if column.kind is Kind.MONEY:
        return yuan(value)
    if column.kind is Kind.YES:
        return _("Yes") if value else _("No")
    return f"{value:,}"


def carried(column: Column[R], row: R, *, money: bool) -> str | int | Decimal:
    """The figure as a program reads it: yuan with two decimals, exact.

    Without `money` a sum is left out in words.
    """
    if column.kind is Kind.MONEY and not money:
        return _("fewer than 5")
    value = column.read(row)
    if value is None:
        return _("not known")
    return Decimal(value).scaleb(-2) if column.kind is Kind.MONEY else value
