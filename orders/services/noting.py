"""A buyer's word reaches the makers only after the leader has read it."""

from django.db import transaction

from orders.models import WorkOrder
from qiaoshou.accounts.models import User


@transaction.atomic
def pass_note(*, work_order: WorkOrder, note: str, by: User) -> WorkOrder:
    """This stands on the slips of the work order from now on; "" takes it off."""
    row = WorkOrder.objects.select_for_update(no_key=True).get(pk=work_order.pk)
    row.note = note.strip()
    row.note_by = by if row.note else None
    row.save(update_fields=["note", "note_by"])
    return row
