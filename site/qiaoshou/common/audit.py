"""The audit trail: who did what with personal data; each row's hash covers the last."""

import datetime as dt
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db import connection, transaction

from qiaoshou.common.models import AuditRow
from qiaoshou.common.today import now

# What the first row has in place of the hash before it.
BEGINNING = "0" * 64
# So many rows are in memory at once while the trail is verified.
BATCH = 2_000


def row_hash(row: AuditRow) -> str:
    """The 64 hex digits that belong to the row's content and the hash before it."""
    content = json.dumps(
        {
            "at": row.at.astimezone(dt.UTC).isoformat(),
            "by": row.by_id,
            "deed": row.deed,
            "subject": row.subject,
            "purpose": row.purpose,
            "facts": row.facts,
            "previous": row.previous,
        },
        ensure_ascii=False,
        sort_keys=True,
        separators=(",", ":"),
    )
    return hashlib.sha256(content.encode()).hexdigest()


@transaction.atomic
def record(
    *,
    deed: str,
    subject: str,
    by: object,
    purpose: str = "",
    facts: Mapping[str, object] | None = None,
) -> AuditRow:
    """The deed stands at the end of the trail; it commits with what it tells of.

    `subject` is a kind and a public reference ("maker:K7Q2…"), never a name or number.
    `by` is a user, or None for the system itself.
    """
    [row] = record_all(
        deed=deed, subjects=[subject], by=by, purpose=purpose, facts=facts
    )
    return row


@transaction.atomic
def record_all(
    *,
    deed: str,
    subjects: Sequence[str],
    by: object,
    purpose: str = "",
    facts: Mapping[str, object] | None = None,
) -> list[AuditRow]:
    """The deed stands in the trail once for each subject, in their order.

    As `record`, in three queries however many subjects there are.
    """
    if not subjects:
        return []
    with connection.cursor() as cursor:
        # One writer at a time, or two rows would follow the same one.
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('common.AuditRow'))")
    last = AuditRow.objects.order_by("id").last()
    previous, moment = last.hash if last else BEGINNING, now()
    rows = []
    for subject in subjects:
        row = AuditRow(
            at=moment,
            by=by,
            deed=deed,
            subject=subject,
            purpose=purpose,
            facts=dict(facts or {}),
            previous=previous,
        )
        previous = row.hash = row_hash(row)
        rows.append(row)
    return AuditRow.objects.bulk_create(rows)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a walk along the trail found; `head` is the hash of its last sound row."""

    rows: int
    head: str
    broken: int | None = None
    reason: str = ""
    met: bool = False


def verify(contains: str = "") -> Verdict:
    """Walks the trail from its first row to the first that does not fit, or its end.

    A row that was changed has another hash than it says; one that was put in, moved or
    taken out leaves a neighbour that follows something else. Rows taken off the end
    leave no such trace: `contains` is a head written down earlier, and `met` says
    whether it is still there.
    """
    rows, head, met = 0, BEGINNING, False
    for row in AuditRow.objects.order_by("id").iterator(chunk_size=BATCH):
        if row.previous != head:
            reason = "it does not follow the row before it"
            return Verdict(rows, head, row.pk, reason, met)
        if row_hash(row) != row.hash:
            return Verdict(rows, head, row.pk, "its content was changed", met)
        rows, head = rows + 1, row.hash
        met = met or head == contains
    return Verdict(rows, head, met=met)
