"""An order that was refunded asks nobody any more; work that was taken goes on."""

from django.db.models import F

from orders.models import Assignment, Demand, LatePieces, Sale, WorkOrder
from orders.services import applying
from qiaoshou.common.today import now

State = Assignment.State


def stop_asking(sale: Sale) -> None:
    """Proposals and open offers of the order are off the table.

    Its demands are closed. Pieces that a maker took are made, paid and enter stock as
    free ones. The caller holds the sale's lock.
    """
    demands = list(
        Demand.objects.select_for_update(no_key=True)
        .filter(
            line__order=sale.order_id,
            state__in=[Demand.State.HELD, Demand.State.OPEN],
        )
        .order_by("pk")
    )
    orders = list(
        WorkOrder.objects.select_for_update(no_key=True)
        .filter(demand__in=demands)
        .order_by("pk")
    )
    rows = (
        Assignment.objects.select_for_update(no_key=True)
        .filter(demand__in=demands, state__in=[State.PROPOSED, State.OFFERED])
        .order_by("pk")
    )
    for row in rows:
        WorkOrder.objects.filter(pk=row.work_order_id).update(
            placed=F("placed") - row.live
        )
        applying.withdraw(row, by=None, reason="")
    Demand.objects.filter(pk__in=[demand.pk for demand in demands]).update(
        state=Demand.State.CLOSED, version=F("version") + 1
    )
    applying.close_finished([order.pk for order in orders])
    LatePieces.objects.filter(demand__in=demands, settled_at=None).update(
        settled_at=now()
    )
