"""Minutes of makers that no sale's reservation of capacity stands behind."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Mapping

from django.db.models import F, Q

from orders.models import Assignment, Sale
from producers.capacity import monday_of

State = Assignment.State


def minutes_of_other_work(
    makers: Collection[int], first: dt.date, until: dt.date
) -> Mapping[tuple[int, dt.date], int]:
    """Minutes per (maker, Monday) of work for stock and for orders that were refunded.

    Counted in the week in which it is due; what is overdue, in the first one asked
    for. Both days are Mondays, half-open. One query.
    """
    rows = Assignment.objects.filter(
        Q(demand__line=None) | ~Q(demand__line__order__sale__state=Sale.State.PAID),
        maker__in=makers,
        state__in=[State.PROPOSED, State.OFFERED, State.TAKEN],
        due_on__lt=until,
    ).annotate(each=F("work_order__minutes"))
    found: dict[tuple[int, dt.date], int] = defaultdict(int)
    for row in rows:
        minutes = (row.live - row.delivered) * row.each
        if minutes:
            found[row.maker_id, max(first, monday_of(row.due_on))] += minutes
    return dict(found)
