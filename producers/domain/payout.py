"""Who is in a payout, with how much, and why somebody is not; docs/rules/pay.md."""

import datetime as dt
from dataclasses import dataclass

# Where somebody is paid: what is on record of her pay account.
NONE, UNCONFIRMED, CONFIRMED = "none", "unconfirmed", "confirmed"
# Why somebody is left out.
NO_ACCOUNT, NOT_CONFIRMED = "NO_ACCOUNT", "NOT_CONFIRMED"
WAITING, PREPARED = "WAITING", "PREPARED"


class MonthToCome(ValueError):
    """The month has not begun: nothing can be paid for it."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """One maker and what the journal says of her, in fen; `account` as above.

    `payable` is what she earned at this base up to the end of the month less what was
    sent to her; `owed` all that she is owed anywhere, of any month. The two `prepared`
    are what stands in payouts that nobody has approved yet. `waiting`: a line of hers
    for this very month is still to be paid.
    """

    payable: int
    prepared: int
    owed: int
    prepared_in_all: int
    account: str
    waiting: bool = False


@dataclass(frozen=True, slots=True)
class Verdict:
    """`fen` that are hers now; `reason` is empty where they are paid out."""

    fen: int
    reason: str = ""


def judge(maker: Candidate) -> Verdict | None:
    """What a payout of this base and month says of her; None where nothing is due."""
    fen = min(maker.payable - maker.prepared, maker.owed - maker.prepared_in_all)
    if fen <= 0:
        return Verdict(maker.prepared, PREPARED) if maker.prepared > 0 else None
    if maker.waiting:
        return Verdict(fen, WAITING)
    if maker.account == NONE:
        return Verdict(fen, NO_ACCOUNT)
    if maker.account == UNCONFIRMED:
        return Verdict(fen, NOT_CONFIRMED)
    return Verdict(fen)


def first_of(day: dt.date) -> dt.date:
    """The first day of the day's month."""
    return day.replace(day=1)


def next_month(day: dt.date) -> dt.date:
    """The first day of the month after."""
    year, month = divmod(day.year * 12 + day.month, 12)
    return dt.date(year, month + 1, 1)


def month_before(day: dt.date) -> dt.date:
    """The first day of the month before."""
    return first_of(first_of(day) - dt.timedelta(days=1))


def until_of(month: dt.date, today: dt.date) -> dt.date:
    """The first day that a payout of the month leaves out.

    Raises MonthToCome. The running month can be paid: up to today, in effect.
    """
    if first_of(month) > today:
        raise MonthToCome(f"{month:%Y-%m}")
    return next_month(month)
