"""What a line is sold for, shared in five parts; a discount is the chamber's alone.

Rule and worked table: docs/rules/orders.md.
"""

from dataclasses import dataclass

Fen = int
PARTS = ("maker", "material", "base", "chamber", "tax_shipping")


@dataclass(frozen=True, slots=True)
class PieceCosts:
    """What one piece costs before the chamber's part, in fen."""

    maker: Fen
    material: Fen
    base: Fen
    tax_shipping: Fen


def shares_at_sale(
    *, sold: Fen, list_price: Fen, pieces: int, costs: PieceCosts
) -> dict[str, Fen]:
    """The five parts of a line in fen; they add up to `sold`.

    The chamber gets what the others leave, less than nothing where a discount is
    larger than its part: pay, material, base and tax never shrink. `list_price` is
    the undiscounted sum of the line. Raises ValueError for impossible amounts.
    """
    if pieces < 1:
        raise ValueError("a line has at least one piece")
    if not 0 <= sold <= list_price:
        raise ValueError("a line is sold for its list price or less")
    fixed = {
        "maker": costs.maker * pieces,
        "material": costs.material * pieces,
        "base": costs.base * pieces,
        "tax_shipping": costs.tax_shipping * pieces,
    }
    if min(fixed.values()) < 0:
        raise ValueError("no cost is negative")
    chamber = sold - sum(fixed.values())
    amounts = {**fixed, "chamber": chamber}
    return {part: amounts[part] for part in PARTS}


@dataclass(frozen=True, slots=True)
class Rate:
    """What a parcel costs the buyer, and the sum of pieces from which it is free."""

    fee: Fen
    free_from: Fen | None


def parcel_fee(goods: Fen, rate: Rate) -> Fen:
    """What the buyer pays for sending pieces worth `goods`, however many parcels.

    An order that reaches the free sum exactly is sent free.
    """
    if rate.free_from is not None and goods >= rate.free_from:
        return 0
    return rate.fee
