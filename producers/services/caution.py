"""How much of the free time is offered for sale: a dated choice of the federation."""

import datetime as dt

from django.db import connection, transaction

from producers.models import CapacityCaution
from producers.services.keeping import follow_on


@transaction.atomic
def set_caution(*, percent: int, since: dt.date) -> CapacityCaution:
    """From this day the nightly proposal offers this percentage of free minutes."""
    with connection.cursor() as cursor:
        # There is no owner row to lock: one federation, one setting.
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtext('producers.CapacityCaution'))"
        )
    row = CapacityCaution(percent=percent, valid_from=since)
    return follow_on(CapacityCaution.objects.all(), row)
