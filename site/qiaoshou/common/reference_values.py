"""Published facts of a place and time: recorded with a source, read for a day.

The rules and their worked table stand in docs/rules/reference-values.md.
"""

import datetime as dt
from collections.abc import Collection

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _

from qiaoshou.common import audit
from qiaoshou.common.loading_areas import lock_areas
from qiaoshou.common.models import LONGEST_MONTH, Area, ReferenceValue

# What a correction may change, and what the audit trail keeps of it.
CORRECTED = ("value", "valid_from", "valid_to", "source", "document", "invented")


def values_at(
    kind: str, paths: Collection[str], day: dt.date
) -> dict[str, ReferenceValue]:
    """By path of an area: the value that holds there on this day, where one is known.

    That of the nearest area upwards that has one on record; the value of a month
    stands before that of its year. One query however many paths.
    """
    step = Area.steplen
    above = {path[:end] for path in paths for end in range(step, len(path) + 1, step)}
    rows = (
        ReferenceValue.objects.filter(
            Q(valid_to=None) | Q(valid_to__gt=day),
            kind=kind,
            valid_from__lte=day,
            area__path__in=above,
        )
        .order_by("valid_from", F("valid_to").desc(nulls_first=True), "pk")
        .select_related("area")
    )
    by_path = {row.area.path: row for row in rows}
    found = {}
    for path in paths:
        ends = range(len(path), 0, -step)
        nearest = next((path[:end] for end in ends if path[:end] in by_path), None)
        if nearest is not None:
            found[path] = by_path[nearest]
    return found


def value_on(kind: str, area: Area, day: dt.date) -> ReferenceValue | None:
    """The value that holds in this area on this day; None where none is on record."""
    return values_at(kind, [area.path], day).get(area.path)


def _same_series(row: ReferenceValue) -> Q:
    """Values that may not overlap with this one."""
    same = Q(kind=row.kind, area=row.area)
    if row.kind != ReferenceValue.Kind.CPI:
        return same
    month = Q(valid_to__lte=F("valid_from") + LONGEST_MONTH)
    return same & (month if _of_a_month(row) else Q(valid_to=None) | ~month)


def _of_a_month(row: ReferenceValue) -> bool:
    return row.valid_to is not None and (row.valid_to - row.valid_from).days <= (
        LONGEST_MONTH
    )


def _facts(row: ReferenceValue) -> dict[str, object]:
    day_or_none = {name: getattr(row, name) for name in CORRECTED}
    return {
        name: value.isoformat() if isinstance(value, dt.date) else value
        for name, value in day_or_none.items()
    }


def _subject(row: ReferenceValue) -> str:
    return f"reference_value:{row.pk}"


@transaction.atomic
def record_reference_value(
    *,
    kind: str,
    area: Area,
    value: int,
    valid_from: dt.date,
    source: str,
    valid_to: dt.date | None = None,
    document: str = "",
    invented: bool = False,
    by: object | None = None,
) -> ReferenceValue:
    """The value is on record from that day on; the one running until then ends there.

    Without an end it holds until the next one on record. In the unit of its kind: fen,
    or thousandths of an index. The same value again changes nothing. Raises
    ValidationError, where another value begins on that day or within the period too.
    """
    if kind not in ReferenceValue.UNITS:
        raise ValidationError({"kind": _("This kind of value is not known.")})
    lock_areas()
    row = ReferenceValue(
        kind=kind,
        area=area,
        value=value,
        unit=ReferenceValue.UNITS[kind],
        valid_from=valid_from,
        valid_to=valid_to,
        source=source.strip(),
        document=document.strip(),
        invented=invented,
    )
    others = ReferenceValue.objects.filter(_same_series(row))
    known = others.filter(valid_from=valid_from).first()
    if known is not None:
        if _repeats(known, row):
            return known
        raise ValidationError(
            {
                "valid_from": _(
                    "A value from this day on is on record already: correct that one."
                )
            }
        )
    following = others.filter(valid_from__gt=valid_from).order_by("valid_from").first()
    if following is not None and valid_to is None:
        row.valid_to = following.valid_from
    ended = others.filter(
        Q(valid_to=None) | Q(valid_to__gt=valid_from), valid_from__lt=valid_from
    ).first()
    if ended is not None:
        ended.valid_to = valid_from
        ended.save(update_fields=["valid_to"])
    row.full_clean()
    row.save(force_insert=True)
    audit.record(
        deed="record_reference_value",
        subject=_subject(row),
        by=by,
        facts={"kind": kind, "area": area.code, **_facts(row)},
    )
    return row


def _repeats(known: ReferenceValue, row: ReferenceValue) -> bool:
    """The same form sent again; its open end may have been closed by a later value."""
    same = ("value", "source", "document", "invented")
    return all(getattr(known, name) == getattr(row, name) for name in same) and (
        row.valid_to in (None, known.valid_to)
    )


@transaction.atomic
def correct_reference_value(
    *, row: ReferenceValue, reason: str, by: object | None, **changes: object
) -> ReferenceValue:
    """The value on record has these properties; the trail keeps the old ones and why.

    What was decided by the old value keeps it: a piece rate holds the wage it was held
    against. Raises ValidationError; `changes` are of `CORRECTED`.
    """
    if unknown := set(changes) - set(CORRECTED):
        raise TypeError(f"a correction can't change {sorted(unknown)}")
    lock_areas()
    found = ReferenceValue.objects.select_for_update().get(pk=row.pk)
    before = _facts(found)
    for name, value in changes.items():
        setattr(found, name, value.strip() if isinstance(value, str) else value)
    after = _facts(found)
    if after == before:
        return found
    if not reason.strip():
        raise ValidationError({"reason": _("Say why it is corrected.")})
    found.full_clean()
    found.save()
    audit.record(
        deed="correct_reference_value",
        subject=_subject(found),
        purpose=reason.strip(),
        by=by,
        facts={
            name: [before[name], after[name]]
            for name in CORRECTED
            if before[name] != after[name]
        },
    )
    return found
