"""How registry rows are saved: checked first, and dated values follow each other."""

import datetime as dt
from typing import TypeVar

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Model, Q, QuerySet
from django.utils.formats import date_format
from django.utils.translation import gettext as _

M = TypeVar("M", bound=Model)


def save_checked(row: M) -> M:
    """The row is saved; raises ValidationError in words where the tables refuse it."""
    row.full_clean()
    row.save()
    return row


def create_once(row: M) -> tuple[M, bool]:
    """The row with this public reference, and whether it is new.

    The reference comes with the form that asked for it: a second sending of the same
    form, even at the same moment, finds the first one's row.
    """
    rows = type(row)._default_manager.filter(reference=row.reference)
    known = rows.first()
    if known is not None:
        return known, False
    row.full_clean()
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        known = rows.first()
        if known is None:
            raise
        return known, False
    return row, True


def locked(row: M) -> M:
    """The row as it is now, locked until the transaction ends.

    Where several are locked: bases, then households, then makers, each by primary key.
    """
    rows: QuerySet[M] = type(row)._default_manager.all()
    return rows.select_for_update(of=("self",)).get(pk=row.pk)


def _values(row: Model, leave: set[str]) -> dict[str, object]:
    return {
        field.attname: getattr(row, field.attname)
        for field in row._meta.concrete_fields
        if field.name not in leave and not field.primary_key
    }


def follow_on(rows: QuerySet[M], row: M, *, since: str = "valid_from") -> M:
    """From its first day on `row` holds, and what held before ends on that day.

    `rows` are those of the same owner, which the caller has locked. Repeating it
    changes nothing; a value that began on the same day is corrected. Raises
    ValidationError where a later value is on record.
    """
    day: dt.date = getattr(row, since)
    later = rows.filter(**{f"{since}__gt": day}).order_by(since).first()
    if later is not None:
        shown = date_format(getattr(later, since), "DATE_FORMAT")
        raise ValidationError(
            {since: _("A later entry is on record, from %(day)s.") % {"day": shown}}
        )
    before = rows.filter(Q(valid_to=None) | Q(valid_to__gt=day)).first()
    if before is None:
        return save_checked(row)
    if getattr(before, since) == day:
        for name, value in _values(row, {since}).items():
            setattr(before, name, value)
        return save_checked(before)
    if _values(before, {since}) == _values(row, {since}):
        return before
    before.valid_to = day  # type: ignore[attr-defined]
    before.save(update_fields=["valid_to"])
    return save_checked(row)


def ended(row: M, day: dt.date, *, since: str = "valid_from") -> M:
    """The period of the row ends before this day; ending it twice changes nothing."""
    if row.valid_to == day:  # type: ignore[attr-defined]
        return row
    row.valid_to = day  # type: ignore[attr-defined]
    return save_checked(row)
