"""Sealed values shown in full, and lists of people carried away: each is recorded."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from producers.models import Maker, PayAccount
from qiaoshou.accounts.models import User
from qiaoshou.common import audit

# What may be revealed, by the name that stands in the address.
SEALED: dict[str, tuple[type[Maker] | type[PayAccount], str]] = {
    "phone": (Maker, "phone"),
    "identity": (Maker, "identity"),
    "account": (PayAccount, "number"),
}
LEAST_PURPOSE = 4


@transaction.atomic
def reveal(*, kind: str, row: Maker | PayAccount, purpose: str, by: User) -> str:
    """The sealed value; who looked, at whose, and for what stands in the audit trail.

    The value itself is never part of the trail. Raises ValidationError without a
    purpose in words.
    """
    words = purpose.strip()
    if len(words) < LEAST_PURPOSE:
        raise ValidationError({"purpose": _("Write in a few words what it is for.")})
    model, field = SEALED[kind]
    if not isinstance(row, model):
        raise TypeError(f"{kind} is not a field of {type(row).__name__}")
    maker = row if isinstance(row, Maker) else row.maker
    audit.record(
        deed=f"reveal_{kind}", subject=f"maker:{maker.reference}", purpose=words, by=by
    )
    return str(getattr(row, field))


def record_export(*, table: str, rows: int, by: User) -> None:
    """The audit trail says who took a list of people away, and how many rows."""
    audit.record(
        deed="export_list",
        subject=table,
        purpose=_("List downloaded from the office"),
        facts={"rows": rows},
        by=by,
    )
