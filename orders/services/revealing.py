"""A buyer's address is shown in full to whoever sends her parcel; each look counts."""

from dataclasses import dataclass

from django.db import transaction

from orders.models import Shipment
from qiaoshou.accounts.models import User
from qiaoshou.common import audit


@dataclass(frozen=True, slots=True)
class Recipient:
    """What stands on the label of a parcel; no carrier takes one without a number."""

    name: str
    address: str
    phone: str


@transaction.atomic
def reveal_recipient(*, shipment: Shipment, by: User) -> Recipient:
    """Whom a parcel is for; the audit trail says who looked, never what was shown."""
    audit.record(
        deed="reveal_recipient",
        subject=f"shipment:{shipment.reference}",
        purpose="label",
        by=by,
    )
    contact = shipment.order.contact
    return Recipient(contact.name, shipment.address, contact.phone)
