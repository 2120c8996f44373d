"""Fork of oscar.apps.order.processing: events come from orders/services alone."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from oscar.apps.order import exceptions
from oscar.apps.order.processing import EventHandler as OscarEventHandler

REFUSED = _("Payments, making and sending record this by themselves.")


class EventHandler(OscarEventHandler):
    """Refuses what would change Oscar's display without our tables knowing."""

    def handle_order_status_change(
        self, order: Any, new_status: str, note_msg: str | None = None
    ) -> None:
        raise exceptions.InvalidOrderStatus(REFUSED)

    def handle_shipping_event(
        self, order: Any, event_type: Any, lines: Any, line_quantities: Any, **kw: Any
    ) -> None:
        raise exceptions.InvalidShippingEvent(REFUSED)

    def handle_payment_event(
        self,
        order: Any,
        event_type: Any,
        amount: Any,
        lines: Any = None,
        line_quantities: Any = None,
        **kw: Any,
    ) -> None:
        raise exceptions.InvalidPaymentEvent(REFUSED)
