"""A buyer's orders as a list tells them: what was bought, and whether it is hers."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Sum

from orders.buyer.pieces import Piece, pieces_of
from orders.models import LineTerms, Sale, Shipment, ShipmentLine

HERS = (Shipment.State.ARRIVED, Shipment.State.COLLECTED)


@dataclass(frozen=True, slots=True)
class Listed:
    """One order; `title` and `piece` are of its first line, `more` lines follow."""

    sale: Sale
    title: str
    piece: Piece
    more: int
    arrived: bool


def listed(sales: Sequence[Sale], language: str) -> list[Listed]:
    """The orders in their order: a fixed number of queries however many there are."""
    orders = [sale.order_id for sale in sales]
    lines: dict[int, list[LineTerms]] = {order: [] for order in orders}
    terms = LineTerms.objects.filter(line__order__in=orders).select_related("line")
    for row in terms.order_by("line_id"):
        lines[row.line.order_id].append(row)
    shown = pieces_of({part[0].product_id for part in lines.values()}, language)
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
            title=part[0].title(language),
            piece=shown[part[0].product_id],
            more=len(part) - 1,
            arrived=hers.get(sale.order_id, 0) >= sum(row.pieces for row in part),
        )
        for sale in sales
        for part in [lines[sale.order_id]]
    ]
