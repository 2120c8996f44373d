"""What of an order's money is earned when pieces leave; docs/rules/shipping.md.

Parts are released cumulatively: after the last parcel they sum to what the line was
sold for, to the fen. Whole fen throughout.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

Fen = int


@dataclass(frozen=True, slots=True)
class SoldLine:
    """One order line: its pieces, what it was sold for, and the planned parts of it."""

    pieces: int
    sold: Fen
    maker: Fen
    material: Fen
    base: Fen
    tax_shipping: Fen


@dataclass(frozen=True, slots=True)
class Leaving:
    """Pieces of one lot that leave: what each was paid, None where nobody was paid
    piece by piece, and the base that has the base's part of them (None: nobody)."""

    pieces: int
    paid_each: Fen | None
    base: int | None


@dataclass(frozen=True, slots=True)
class Released:
    """One line's money for the pieces that leave; the parts sum to `sold`.

    `pay` and `bases` are by base; `chamber` may be below zero.
    """

    sold: Fen
    pay: Mapping[int | None, Fen]
    material: Fen
    bases: Mapping[int, Fen]
    tax_shipping: Fen
    chamber: Fen


def release(line: SoldLine, before: int, leaving: Sequence[Leaving]) -> Released:
    """What the pieces that leave now earn, after `before` pieces left earlier.

    Pay is what these very pieces were paid; pieces of a lot that nobody was paid for
    piece by piece count their planned part. Where a lot names no base, the base's part
    stays with the chamber, and what pay differs from the plan is the chamber's too.
    Raises ValueError for more pieces than the line has.
    """
    now = sum(one.pieces for one in leaving)
    if before < 0 or now < 1 or before + now > line.pieces:
        raise ValueError(f"{before} and {now} of {line.pieces} pieces")

    def part(total: Fen) -> Fen:
        after = total * (before + now) // line.pieces
        return after - total * before // line.pieces

    pay: dict[int | None, Fen] = {}
    bases: dict[int, Fen] = {}
    seen, base_part = 0, part(line.base)
    for one in leaving:
        planned = line.maker * one.pieces // line.pieces
        fen = planned if one.paid_each is None else one.paid_each * one.pieces
        pay[one.base] = pay.get(one.base, 0) + fen
        share = base_part * (seen + one.pieces) // now - base_part * seen // now
        seen += one.pieces
        if one.base is not None:
            bases[one.base] = bases.get(one.base, 0) + share
    sold, material, tax = part(line.sold), part(line.material), part(line.tax_shipping)
    others = sum(pay.values()) + material + sum(bases.values()) + tax
    return Released(
        sold=sold,
        pay=pay,
        material=material,
        bases=bases,
        tax_shipping=tax,
        chamber=sold - others,
    )


def owed_part(wanted: Fen, owed: Fen) -> Fen:
    """What can be taken of the buyer's money: less where some of it was given back.

    What is missing is a loss of the chamber, never of a maker, a base or the tax.
    """
    return max(0, min(wanted, owed))
