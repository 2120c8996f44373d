"""What households told of their income: recorded with consent, corrected with a reason.

Rules: docs/rules/gain.md.
"""

import datetime as dt
import uuid
from collections.abc import Mapping
from typing import TypeVar

import pghistory
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from producers.income.models import SOURCES, Baseline, FollowUp, Told
from producers.models import Consent, Household, Maker, Purpose
from producers.selectors import makers_in
from producers.services.keeping import locked, save_checked
from qiaoshou.accounts.models import User
from qiaoshou.common import audit
from qiaoshou.common.naming import named
from qiaoshou.common.today import today

T = TypeVar("T", bound=Told)
LEAST_REASON = 4


def without_consent(household: Household) -> list[Maker]:
    """The makers of the household who do not agree to household income today."""
    agreed = Consent.objects.filter(purpose=Purpose.HOUSEHOLD_INCOME, withdrawn=None)
    return list(
        makers_in(household).exclude(pk__in=agreed.values("maker")).order_by("pk")
    )


def require_consent(household: Household) -> None:
    """Raises ValidationError unless there are makers in it and all of them agree."""
    if not makers_in(household).exists():
        raise ValidationError(_("No maker belongs to this household today."))
    missing = without_consent(household)
    if missing:
        raise ValidationError(
            _(
                "%(names)s has not agreed that the income of her household is recorded."
                " Record her consent first."
            )
            % {"names": "、".join(named(maker) for maker in missing)}
        )


def _checked_year(year: int) -> int:
    if year >= today().year:
        raise ValidationError({"year": _("Choose a year that is over.")})
    return year


def _checked_months(first: dt.date, until: dt.date) -> None:
    if until <= first:
        raise ValidationError(
            {"valid_to": _("The last month must not be before the first.")}
        )
    if until > today():
        raise ValidationError({"valid_to": _("This month is not over yet.")})


def _checked_reason(reason: str) -> str:
    words = reason.strip()
    if len(words) < LEAST_REASON:
        raise ValidationError(
            {"reason": _("Write in a few words what was wrong before.")}
        )
    return words


@transaction.atomic
def record_baseline(
    *,
    household: Household,
    year: int,
    wages_fen: int,
    business_fen: int,
    property_fen: int,
    transfers_fen: int,
    client_reference: uuid.UUID,
    by: User | None,
    document: str = "",
) -> Baseline:
    """What the household earned in a whole year before it joined is on record, in fen.

    Sent twice with the same client reference it is recorded once. Raises
    ValidationError without consent, for a year that is not over, for less than nothing
    from anything but business, and where a baseline is on record already.
    """
    home = locked(household)
    known = Baseline.objects.filter(client_reference=client_reference).first()
    if known is not None:
        return known
    require_consent(home)
    if Baseline.objects.filter(household=home).exists():
        raise ValidationError(
            _("A baseline of this household is on record. Correct that one.")
        )
    return save_checked(
        Baseline(
            household=home,
            year=_checked_year(year),
            wages_fen=wages_fen,
            business_fen=business_fen,
            property_fen=property_fen,
            transfers_fen=transfers_fen,
            document=document.strip(),
            client_reference=client_reference,
            recorded_by=by,
        )
    )


@transaction.atomic
def record_follow_up(
    *,
    household: Household,
    valid_from: dt.date,
    valid_to: dt.date,
    wages_fen: int,
    business_fen: int,
    property_fen: int,
    transfers_fen: int,
    client_reference: uuid.UUID,
    by: User | None,
    document: str = "",
) -> FollowUp:
    """What the household earned beside the platform's pay in these months, in fen.

    `valid_from` and `valid_to` are first days of months, half-open. Sent twice with the
    same client reference it is recorded once. Raises ValidationError without consent,
    for months that are not over, and for months told in another follow-up.
    """
    home = locked(household)
    known = FollowUp.objects.filter(client_reference=client_reference).first()
    if known is not None:
        return known
    require_consent(home)
    _checked_months(valid_from, valid_to)
    return save_checked(
        FollowUp(
            household=home,
            valid_from=valid_from,
            valid_to=valid_to,
            wages_fen=wages_fen,
            business_fen=business_fen,
            property_fen=property_fen,
            transfers_fen=transfers_fen,
            document=document.strip(),
            client_reference=client_reference,
            recorded_by=by,
        )
    )


@transaction.atomic
def correct_baseline(
    *, baseline: Baseline, reason: str, by: User | None, **values: int | str
) -> Baseline:
    """The baseline says what is right: `year`, a source in fen, or `document`.

    What stood there before stays in its history with the reason; the audit trail says
    who. The same values again change nothing. Needs no consent.
    """
    words = _checked_reason(reason)
    locked(baseline.household)
    if "year" in values:
        _checked_year(int(values["year"]))
    return _corrected(locked(baseline), values, ("year",), "baseline", words, by)


@transaction.atomic
def correct_follow_up(
    *,
    follow_up: FollowUp,
    reason: str,
    by: User | None,
    **values: int | str | dt.date,
) -> FollowUp:
    """The follow-up says what is right: its months, a source in fen, or `document`.

    As `correct_baseline`.
    """
    words = _checked_reason(reason)
    locked(follow_up.household)
    row = locked(follow_up)
    first, until = values.get("valid_from"), values.get("valid_to")
    _checked_months(first or row.valid_from, until or row.valid_to)
    months = ("valid_from", "valid_to")
    return _corrected(row, values, months, "follow_up", words, by)


def _corrected(
    row: T,
    values: Mapping[str, object],
    own: tuple[str, ...],
    kind: str,
    reason: str,
    by: User | None,
) -> T:
    unknown = set(values) - {*own, *SOURCES, "document"}
    if unknown:
        raise TypeError(f"a {kind} has no {', '.join(sorted(unknown))}")
    changed = [name for name, value in values.items() if getattr(row, name) != value]
    if not changed:
        return row
    for name in changed:
        setattr(row, name, values[name])
    with pghistory.context(reason=reason, by=by and by.pk):
        save_checked(row)
    audit.record(
        deed=f"correct_{kind}",
        subject=f"household:{row.household.reference}",
        purpose=reason,
        facts={"changed": sorted(changed)},
        by=by,
    )
    return row
