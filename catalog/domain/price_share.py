"""How a price is shared: five parts in fixed order that sum to it.

Rule and worked table: docs/rules/price-share.md.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

Fen = int


class Part(Enum):
    """The parts of a price, in the order in which they are always shown."""

    MAKER = "maker"
    MATERIAL = "material"
    BASE = "base"
    CHAMBER = "chamber"
    TAX_SHIPPING = "tax_shipping"


class CostsAbovePrice(ValueError):
    """Pay, material, base, tax and shipping leave the chamber less than nothing."""

    def __init__(self, missing: Fen) -> None:
        super().__init__(missing)
        self.missing = missing


@dataclass(frozen=True, slots=True)
class Costs:
    """What one piece costs before the chamber's own part, in fen."""

    pay: Fen
    material: Fen
    base: Fen
    tax_shipping: Fen

    @property
    def total(self) -> Fen:
        return self.pay + self.material + self.base + self.tax_shipping


@dataclass(frozen=True, slots=True)
class Share:
    """One part of a price: fen, and whole percent."""

    part: Part
    fen: Fen
    percent: int


def price_share(price: Fen, costs: Costs) -> tuple[Share, ...]:
    """The five parts of a price; fen sum to it and percents to 100.

    The chamber's part is what the others leave. Raises CostsAbovePrice where that is
    less than nothing, and ValueError for a price or cost that is not positive.
    """
    if price < 1 or min(costs.pay, costs.material, costs.base, costs.tax_shipping) < 0:
        raise ValueError("a price is positive and no cost is negative")
    chamber = price - costs.total
    if chamber < 0:
        raise CostsAbovePrice(-chamber)
    amounts = (costs.pay, costs.material, costs.base, chamber, costs.tax_shipping)
    return tuple(
        Share(part, fen, percent)
        for part, fen, percent in zip(Part, amounts, percents(amounts), strict=True)
    )


def percents(amounts: Sequence[Fen]) -> list[int]:
    """Whole percents that sum to 100 by largest remainder; ties to the earlier part."""
    total = sum(amounts)
    if total < 1:
        raise ValueError("nothing to share")
    whole = [amount * 100 // total for amount in amounts]
    by_remainder = sorted(
        range(len(amounts)), key=lambda i: (-(amounts[i] * 100 % total), i)
    )
    for i in by_remainder[: 100 - sum(whole)]:
        whole[i] += 1
    return whole


def still_checked(
    checked_price: Fen | None, checked_pay: Fen | None, price: Fen, pay: Fen | None
) -> bool:
    """Whether a share that was checked may be shown: price and pay are still those.

    One that was never checked, or whose price or pay has changed since, is hidden.
    """
    return (
        checked_price is not None
        and checked_pay is not None
        and (checked_price, checked_pay) == (price, pay)
    )
