"""What makers earned, read from the pay postings of the journal."""

import datetime as dt
from collections.abc import Collection

from django.db.models import QuerySet, Sum

from producers.ledger import pay
from producers.ledger.models import Posting
from producers.ledger.tables.journal import Kind, What
from producers.models import Base

# Half-open periods need an end; nothing is booked for days to come.
FAR = dt.date(9999, 1, 1)


def pay_postings(
    since: dt.date, until: dt.date | None = None, *, base: Base | None = None
) -> QuerySet[Posting]:
    """Pay and top-ups whose day lies in [since, until); corrections count on the day of
    what they correct. Credits are below zero."""
    rows = pay.dated(Posting.objects.filter(account__kind=Kind.MAKER_PAYABLE))
    if base is not None:
        rows = rows.filter(base=base)
    return rows.filter(
        event__in=[What.PAY, What.TOP_UP], day__gte=since, day__lt=until or FAR
    )


def at_base(base: Base, since: dt.date, until: dt.date | None = None) -> int:
    """Fen that the base's work has earned its makers in the period."""
    total = pay_postings(since, until, base=base).aggregate(fen=Sum("fen"))
    return -(total["fen"] or 0)


def of_makers(
    makers: Collection[int], since: dt.date, until: dt.date | None = None
) -> dict[int, int]:
    """Fen that each maker earned for pieces in the period, by her id."""
    return dict.fromkeys(makers, 0) | pay.earned(makers, since, until or FAR)
