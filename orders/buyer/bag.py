"""The basket as its page shows it: each line with its day, and what has changed."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from catalog.models import CraftSpec
from catalog.selectors import lead_time_of, terms_of, week_rooms
from orders import edge
from orders.buyer.pieces import Piece, pieces_of
from orders.services import placing
from qiaoshou.common.today import today


@dataclass(frozen=True, slots=True)
class BagLine:
    """One line: what it is, how many, and what the buyer must know before she pays.

    `problem` is withdrawn, sold_out, too_many or too_full (of made-to-order weeks), or
    "" where it can be ordered as it is; `free` says how many pieces could be.
    """

    pk: int
    piece: Piece
    pieces: int
    list_fen: int
    sold_fen: int
    old_unit_fen: int | None
    unit_fen: int
    pay_fen: int
    made_to_order: bool
    free: int
    few_left: bool
    leaves_on: dt.date | None
    problem: str


@dataclass(frozen=True, slots=True)
class Bag:
    """The whole basket; `promised_on` is the day of its last piece."""

    lines: tuple[BagLine, ...]
    bill: placing.Bill | None
    pay_fen: int
    makers: tuple[str, ...]
    promised_on: dt.date | None
    vouchers: tuple[str, ...] = ()

    @property
    def orderable(self) -> bool:
        return bool(self.lines) and all(not line.problem for line in self.lines)

    @property
    def pieces(self) -> int:
        return sum(line.pieces for line in self.lines)


FEW = 3


def bag_of(basket: Any, language: str, user: Any = None) -> Bag:
    """What is in the basket, in a fixed number of queries."""
    rows = list(basket.all_lines()) if basket.pk else []
    if not rows:
        return Bag((), None, 0, (), None)
    products = {row.product_id for row in rows}
    terms = terms_of(products, today())
    rooms = week_rooms(list(terms.values()), today())
    shown = pieces_of(products, language)
    on_sale = set(
        CraftSpec.objects.on_sale()
        .filter(product__in=products)
        .values_list("product", flat=True)
    )
    lines = tuple(
        _line(
            row,
            shown[row.product_id],
            terms.get(row.product_id) if row.product_id in on_sale else None,
            rooms,
        )
        for row in rows
    )
    named = dict.fromkeys(
        line.piece.maker for line in lines if line.piece.maker and not line.problem
    )
    days = [line.leaves_on for line in lines if line.leaves_on]
    return Bag(
        lines=lines,
        bill=placing.bill_of(basket, user),
        pay_fen=sum(line.pay_fen for line in lines),
        makers=tuple(named),
        promised_on=max(days) if days else None,
        vouchers=tuple(basket.vouchers.values_list("code", flat=True)),
    )


def _line(row: Any, piece: Piece, terms: Any, rooms: Any) -> BagLine:
    sellable = (
        terms is not None
        and terms.price_fen is not None
        and terms.pay_fen is not None
        and (not terms.made_to_order or terms.minutes is not None)
    )
    leaves = lead_time_of(terms, rooms, today(), row.quantity) if sellable else None
    free = _free(terms, rooms) if sellable else 0
    unit = edge.fen(row.unit_price_incl_tax) if sellable else 0
    then = None if row.price_incl_tax is None else edge.fen(row.price_incl_tax)
    if not sellable:
        problem = "withdrawn"
    elif leaves is not None:
        problem = ""
    elif terms.made_to_order:
        problem = "too_full"
    else:
        problem = "too_many" if free else "sold_out"
    return BagLine(
        pk=row.pk,
        piece=piece,
        pieces=row.quantity,
        list_fen=unit * row.quantity,
        sold_fen=edge.fen(row.line_price_incl_tax_incl_discounts) if sellable else 0,
        old_unit_fen=then if sellable and then != unit else None,
        unit_fen=unit,
        pay_fen=(terms.public_pay_fen or 0) * row.quantity if sellable else 0,
        made_to_order=sellable and terms.made_to_order,
        free=free,
        few_left=sellable and not terms.made_to_order and free <= FEW,
        leaves_on=leaves.leaves_on if leaves else None,
        problem=problem,
    )


def _free(terms: Any, rooms: Any) -> int:
    """Pieces that could be ordered now: at hand, or in the weeks on record."""
    if not terms.made_to_order:
        return max(0, terms.free)
    return sum(
        max(0, room.free_minutes) // terms.minutes
        for base in terms.bases
        for room in rooms.get((base, terms.craft), ())
    )
