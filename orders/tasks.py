"""Background jobs of orders; each takes one public reference and reads the rest."""

import structlog
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from orders.payments.gateway import GatewayUnavailable

logger = structlog.get_logger(__name__)
PATIENT = RetryStrategy(max_attempts=12, exponential_wait=3)
PROVIDER = RetryStrategy(
    max_attempts=12, exponential_wait=3, retry_exceptions={GatewayUnavailable}
)


@app.task(name="allocate_order", retry=PATIENT)
def allocate_order(reference: str) -> None:
    """The paid order's demands are placed with bases and makers."""
    from orders.services import allocating

    allocating.allocate(reference)


@app.task(name="place_again", retry=PATIENT)
def place_again(reference: str) -> None:
    """What nobody has any more of this demand is placed again."""
    from orders.services import allocating

    allocating.place_again(reference)


@app.periodic(cron="0 19 * * *")
@app.task(name="allocate_open", queueing_lock="allocate_open", retry=PATIENT)
def allocate_open(timestamp: int) -> None:
    """Everything that is still open is planned with the makers' time of the new day.

    The queue's clock is UTC: three o'clock at night in Shanghai.
    """
    from orders.services import allocating

    allocating.allocate_open(cause="nightly")


@app.periodic(cron="*/5 * * * *")
@app.task(name="expire_offers", queueing_lock="expire_offers", retry=PATIENT)
def expire_offers(timestamp: int) -> None:
    """Offers that nobody answered in time are over; their pieces are placed again."""
    from orders.services import answering

    answering.expire_offers()


@app.periodic(cron="10 19 * * *")
@app.task(name="forget_abandoned_photos", queueing_lock="forget_abandoned_photos")
def forget_abandoned_photos(timestamp: int) -> None:
    """Photographs of inspections that nobody came back for are gone after a week.

    The queue's clock is UTC: ten past three at night in Shanghai.
    """
    from orders.workshop import photos

    logger.info("abandoned photos gone", photos=photos.forget_abandoned())


@app.task(name="send_refund", retry=PROVIDER)
def send_refund(reference: str) -> None:
    """The provider sends the money of this refund back."""
    from orders.services import refunding

    refunding.send(reference=reference)


@app.task(name="tell_buyer", retry=PATIENT)
def tell_buyer(reference: str) -> None:
    """The buyer has a mail or a message that her order is paid."""
    from orders.services import telling

    telling.tell_buyer_paid(reference=reference)


@app.task(name="tell_shopkeepers", retry=PATIENT)
def tell_shopkeepers(reference: str) -> None:
    """The shopkeepers have a mail about this alarm."""
    from orders.services import telling

    telling.tell_shopkeepers(reference=reference)


@app.task(name="expire_hold", retry=PROVIDER)
def expire_hold(reference: str) -> None:
    """The order's hold ends if it is over and unpaid."""
    from orders.services import expiring

    expiring.expire(reference=reference)


@app.periodic(cron="* * * * *")
@app.task(name="expire_holds", queueing_lock="expire_holds")
def expire_holds(timestamp: int) -> None:
    """Every order whose hold is over has a job to end it."""
    from orders.services import expiring

    for reference in expiring.over():
        expire_hold.defer(reference=reference)


@app.periodic(cron="40 2 * * *")
@app.task(name="reconcile_payments", queueing_lock="reconcile_payments", retry=PROVIDER)
def reconcile_payments(timestamp: int) -> None:
    """What the provider says of the last days and what our books say agree."""
    from orders.services import reconciling

    report = reconciling.reconcile()
    logger.info("payments reconciled", **report.counts())
