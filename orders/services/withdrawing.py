"""What of a refunded order has not reached the buyer: cancelled, or fetched back."""

from django.db.models import Q, QuerySet

from orders.models import Sale, Shipment

State = Shipment.State


def not_gone(sale: Sale) -> QuerySet[Shipment]:
    """Shipments of the order whose pieces have not left their place."""
    return Shipment.objects.filter(
        Q(state=State.PLANNED) | Q(state=State.READY, lines=None), order=sale.order_id
    ).order_by("pk")


def withdraw_shipments(sale: Sale) -> None:
    """Nothing more leaves for this order, and nobody collects it any more.

    What was sent to a pick-up point is to be fetched back from there
    (docs/rules/returns.md). The caller holds the sale's lock.
    """
    for row in not_gone(sale):
        row.state = State.CANCELLED
        row.save()
    at_points = Shipment.objects.filter(
        order=sale.order_id,
        method=Shipment.Method.PICKUP,
        state__in=[State.SENT, State.READY],
    )
    for row in at_points.order_by("pk"):
        row.state = State.WITHDRAWN
        row.save()
