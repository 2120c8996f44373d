"""An order that was not paid in time ends: its pieces are free, its basket is back."""

import contextlib

from django.db import transaction

from orders.domain import hold
from orders.models import Sale
from orders.payments.gateway import PaymentError
from orders.services import reserving, showing
from orders.services.confirming import settle_state
from orders.services.paying import end_payments, lock_sale, settle_with_provider
from qiaoshou.common.today import now


class ProviderSilent(Exception):
    """The payment page can't be closed now, so nothing was given up; try later."""


def expire(*, reference: str) -> Sale:
    """The hold of an order has ended; if it was paid at the last moment, it is paid.

    The provider is asked first. Where it does not answer, the pieces are free all the
    same: money that arrives later reserves again or goes back. Before its time, and
    repeated, it changes nothing.
    """
    sale = Sale.objects.select_related("order").get(reference=reference)
    if sale.state == Sale.State.AWAITING_PAYMENT and hold.is_over(
        now(), sale.hold_until
    ):
        with contextlib.suppress(PaymentError):
            settle_with_provider(sale, settle_state)
        _end(reference, Sale.State.EXPIRED)
    return Sale.objects.get(reference=reference)


def give_up(*, reference: str) -> Sale:
    """The buyer would rather change her order: it is cancelled, her basket is back.

    If she had paid after all, it is paid. Repeated it changes nothing. Raises
    ProviderSilent where the payment page can't be closed first.
    """
    sale = Sale.objects.get(reference=reference)
    if sale.state == Sale.State.AWAITING_PAYMENT:
        try:
            settle_with_provider(sale, settle_state)
        except PaymentError as error:
            raise ProviderSilent from error
        _end(reference, Sale.State.CANCELLED)
    return Sale.objects.get(reference=reference)


def over() -> list[str]:
    """The orders whose hold has ended, oldest first."""
    return list(
        Sale.objects.filter(state=Sale.State.AWAITING_PAYMENT, hold_until__lte=now())
        .order_by("hold_until")
        .values_list("reference", flat=True)
    )


@transaction.atomic
def _end(reference: str, state: str) -> None:
    sale = lock_sale(reference)
    if sale.state != Sale.State.AWAITING_PAYMENT:
        return
    sale.state, sale.ended_at = state, now()
    sale.save()
    end_payments(sale)
    reserving.let_go(sale)
    showing.give_back_basket(sale.order)
    showing.show_status(sale.order, state)
