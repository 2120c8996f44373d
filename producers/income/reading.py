"""Looks at what households earn: each household looked at is one row of the audit."""

from collections.abc import Iterable

from django.db import transaction

from producers.models import Household
from qiaoshou.accounts.models import User
from qiaoshou.common import audit


@transaction.atomic
def record_read(*, households: Iterable[Household], purpose: str, by: User) -> None:
    """The audit trail says who looked at the incomes of these households, and why."""
    audit.record_all(
        deed="read_income",
        subjects=[f"household:{one.reference}" for one in households],
        purpose=purpose,
        by=by,
    )
