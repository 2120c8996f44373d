"""Background jobs of the registry; each reads the state again when it runs."""

from procrastinate.contrib.django import app

# Buyers are promised days up to twelve weeks ahead; one week more stands ready.
WEEKS_AHEAD = 13


@app.periodic(cron="30 18 * * *")
@app.task(name="propose_offers", queueing_lock="propose_offers")
def propose_offers(timestamp: int) -> None:
    """Every base offers what it can make in the coming weeks.

    The queue's clock is UTC: half past two at night in Shanghai.
    """
    from producers import capacity

    capacity.propose_offers(weeks=WEEKS_AHEAD)
