"""Which lines an order's parcels hold: before they leave, what is kept for them."""

from collections.abc import Mapping, Sequence

from django.db.models import Q, QuerySet

from orders.models import Reservation, Shipment, ShipmentLine

# Shipment id → order line id → pieces.
Packed = Mapping[int, Mapping[int, int]]
WAITING = (Shipment.State.PLANNED, Shipment.State.READY)


def packed_in(shipments: Sequence[Shipment]) -> Packed:
    """What each of the shipments holds, by line; two queries for as many as there are.

    A parcel has its lines once it has left; one that waits holds what is kept in stock
    for its order at the place from which it leaves.
    """
    found: dict[int, dict[int, int]] = {row.pk: {} for row in shipments}
    sent = ShipmentLine.objects.filter(shipment__in=list(found)).order_by("pk")
    for row, line, pieces in sent.values_list("shipment", "line", "pieces"):
        found[row][line] = found[row].get(line, 0) + pieces
    waiting = [row for row in shipments if not found[row.pk] and row.state in WAITING]
    at = {(row.order_id, row.from_place.partner_id): row.pk for row in waiting}
    kept = kept_for(waiting).order_by("pk")
    for order, partner, line, pieces in kept.values_list(
        "line__order", "stock_record__partner", "line", "pieces"
    ):
        held = found[at[order, partner]]
        held[line] = held.get(line, 0) + pieces
    return found


def kept_for(shipments: Sequence[Shipment]) -> QuerySet[Reservation]:
    """What is reserved for these orders at the places that they leave from."""
    wanted = Q(pk__in=[])
    for row in shipments:
        wanted |= Q(
            line__order=row.order_id, stock_record__partner=row.from_place.partner_id
        )
    return Reservation.objects.filter(wanted, state=Reservation.State.KEPT)
