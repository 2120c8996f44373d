"""Calls the shopkeeper to something about money that a person must look at."""

from typing import Any

from django.db import transaction

from orders.models import Payment, PaymentAlarm
from qiaoshou.common.today import now


@transaction.atomic
def raise_alarm(
    *, kind: str, subject: str, payment: Payment | None = None, **facts: int | str
) -> PaymentAlarm:
    """The alarm stands on the shopkeeper's list and she is told; once per subject."""
    from orders.tasks import tell_shopkeepers

    alarm, created = PaymentAlarm.objects.get_or_create(
        kind=kind, subject=subject, defaults={"payment": payment, "facts": facts}
    )
    if created:
        tell_shopkeepers.defer(reference=alarm.reference)
    return alarm


@transaction.atomic
def settle_alarm(*, alarm: PaymentAlarm, note: str, by: Any) -> PaymentAlarm:
    """Somebody has looked at it and says what she did; the first word stands.

    Raises ValueError where nothing is said.
    """
    if not note.strip():
        raise ValueError("say what was done")
    PaymentAlarm.objects.filter(pk=alarm.pk, settled_at=None).update(
        settled_at=now(), settled_by=by, note=note.strip()
    )
    alarm.refresh_from_db()
    return alarm
