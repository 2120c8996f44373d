"""A leader's numbers become the proposal and go out to the makers, in one step."""

from collections.abc import Mapping

from django.db import transaction

from orders.models import Assignment, WorkOrder
from orders.services import offering
from qiaoshou.accounts.models import User


@transaction.atomic
def change_and_send(
    *,
    work_order: WorkOrder,
    pieces: Mapping[int, int],
    reason: str,
    send: bool,
    by: User,
) -> list[Assignment]:
    """These makers (by id) are proposed so many pieces, and all are asked if `send`.

    Returns the offers sent now. Either all of it holds or nothing; raises what
    `offering.change_proposal` raises.
    """
    if pieces:
        offering.change_proposal(
            work_order=work_order, pieces=pieces, reason=reason, by=by
        )
    return offering.send_offers(work_order=work_order, by=by) if send else []
