"""How long pieces are kept for a buyer who pays: three figures from one.

Rule and worked table: docs/rules/hold.md.
"""

import datetime as dt

SAID_MINUTES = 30
"""What screens say, and the shortest life that Stripe gives a payment page."""

SESSION_MINUTES = SAID_MINUTES + 1
HOLD_MINUTES = SAID_MINUTES + 10


def hold_until(placed_at: dt.datetime) -> dt.datetime:
    """Until when stock and capacity are kept for an order that was just placed."""
    return placed_at + dt.timedelta(minutes=HOLD_MINUTES)


def session_until(opened_at: dt.datetime) -> dt.datetime:
    """When a payment page that opens now ends."""
    return opened_at + dt.timedelta(minutes=SESSION_MINUTES)


def said_until(placed_at: dt.datetime) -> dt.datetime:
    """The time that a screen names: pay by then."""
    return placed_at + dt.timedelta(minutes=SAID_MINUTES)


def may_open(now: dt.datetime, held_until: dt.datetime) -> bool:
    """Whether a payment page that opens now would end while the hold still stands."""
    return session_until(now) <= held_until


def is_over(now: dt.datetime, held_until: dt.datetime) -> bool:
    """Whether the hold has ended; at that very moment it has."""
    return now >= held_until
