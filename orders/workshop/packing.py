"""What is in a parcel: its lines once it has left, before that what is kept for it."""

from dataclasses import dataclass

from django.utils.translation import get_language

from orders.buyer.packed import kept_for
from orders.buyer.pieces import pieces_of
from orders.models import Shipment, ShipmentLine


@dataclass(frozen=True, slots=True)
class Packed:
    """Pieces of one line as they were sold; with maker and lot once they left."""

    title: str
    picture: str
    pieces: int
    maker: str = ""
    serial: str = ""


def contents(shipment: Shipment) -> list[Packed]:
    """What goes, or went, in; eight queries."""
    lines = list(
        ShipmentLine.objects.filter(shipment=shipment)
        .select_related("line__terms", "lot__maker")
        .order_by("pk")
    )
    waits = shipment.state in {Shipment.State.PLANNED, Shipment.State.READY}
    kept = (
        list(kept_for([shipment]).select_related("line__terms").order_by("pk"))
        if waits and not lines
        else []
    )
    language = get_language() or "zh-hans"
    goods = pieces_of({row.line.product_id for row in [*lines, *kept]}, language)
    return [
        Packed(
            title=row.line.terms.title(language),
            picture=goods[row.line.product_id].picture,
            pieces=row.pieces,
            maker=str(row.lot.maker or "") if lines else "",
            serial=row.lot.serial if lines else "",
        )
        for row in [*lines, *kept]
    ]
