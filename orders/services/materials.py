"""Material given out for an assignment and what came back; never taken off her pay."""

from typing import Any
from uuid import UUID

from django.db import transaction

from orders.models import Assignment, MaterialIssue
from qiaoshou.common.today import now


class MoreThanIssued(Exception):
    """More came back than was given out: `issued`."""

    def __init__(self, issued: int) -> None:
        super().__init__(issued)
        self.issued = issued


@transaction.atomic
def issue_material(
    *,
    assignment: Assignment,
    name: str,
    unit: str,
    issued: int,
    client_reference: UUID,
    by: Any,
) -> MaterialIssue:
    """She has this material for her work, so many units of it.

    Sent twice with one client reference it was given out once. Raises ValueError for
    no name, no unit or nothing.
    """
    if issued < 1 or not name.strip() or not unit.strip():
        raise ValueError("material has a name, a unit and at least one of it")
    row, _new = MaterialIssue.objects.get_or_create(
        client_reference=client_reference,
        defaults={
            "assignment": assignment,
            "name": name.strip(),
            "unit": unit.strip(),
            "issued": issued,
            "issued_at": now(),
            "issued_by": by,
        },
    )
    return row


@transaction.atomic
def return_material(*, issue: MaterialIssue, returned: int) -> MaterialIssue:
    """So much of it has come back in all; said twice, it came back once.

    Raises MoreThanIssued, ValueError for less than came back before.
    """
    row = MaterialIssue.objects.select_for_update(no_key=True).get(pk=issue.pk)
    if returned > row.issued:
        raise MoreThanIssued(row.issued)
    if returned < row.returned:
        raise ValueError("what came back does not go out again under the same issue")
    row.returned = returned
    row.save(update_fields=["returned"])
    return row
