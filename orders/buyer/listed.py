"""A buyer's orders as a list tells them: what was bought, and whether it is hers."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Sum

from orders.buyer.pieces import Piece, pieces_of
from orders.models import LineTerms, Sale, Shipment, ShipmentLine

HERS = (Shipment.State.ARRIVED, Shipment.State.COLLECTED)


@dataclass(frozen=True, slots=True)
class Listed:
    """One order; `piece` is of its first line, `more` says how many lines follow."""

    sale: Sale
    piece: Piece
    more: int
    arrived: bool


def listed(sales: Sequence[Sale], language: str) -> list[Listed]:
    """The orders in their order: a fixed number of queries however many there are."""
    orders = [sale.order_id for sale in sales]
    lines: dict[int, list[int]] = {order: [] for order in orders}
    wanted = dict.fromkeys(orders, 0)
    terms = LineTerms.objects.filter(line__order__in=orders).order_by("line_id")
    for order, product, pieces in terms.values_list("line__order", "product", "pieces"):
        lines[order].append(product)
        wanted[order] += pieces
    shown = pieces_of({one for part in lines.values() for one in part}, language)
    hers = dict(
        ShipmentLine.objects.filter(
            shipment__order__in=orders, shipment__state__in=HERS
        )
        .values_list("shipment__order")
        .annotate(pieces=Sum("pieces"))
    )
    return [
        Listed(
            sale=sale,
            piece=shown[lines[sale.order_id][0]],
            more=len(lines[sale.order_id]) - 1,
            arrived=hers.get(sale.order_id, 0) >= wanted[sale.order_id],
        )
        for sale in sales
    ]
