"""Work for the shelf: pieces that a base makes so that a product stays in stock."""

import datetime as dt
from typing import Any

from django.db import transaction

from catalog.models import StockPlace
from orders.models import Demand
from orders.tasks import place_again
from qiaoshou.common.reference import new_reference


@transaction.atomic
def fill_stock(
    *,
    record: Any,
    pieces: int,
    due_on: dt.date,
    reference: str | None = None,
) -> Demand:
    """So many pieces are wanted for this stock record by a day, and about to be placed.

    Accepted pieces enter the stock of the base that makes them, as free ones. Sent
    twice with one `reference` it is one demand. Raises ValueError for no pieces, or
    for a record that holds prices and no stock.
    """
    if pieces < 1 or not StockPlace.objects.filter(partner=record.partner_id).exists():
        raise ValueError("at least one piece, for a record that holds stock")
    demand, made = Demand.objects.get_or_create(
        reference=reference or new_reference(),
        defaults={
            "stock_target": record,
            "product_id": record.product_id,
            "pieces": pieces,
            "due_on": due_on,
            "state": Demand.State.OPEN,
        },
    )
    if made:
        place_again.defer(reference=demand.reference)
    return demand
