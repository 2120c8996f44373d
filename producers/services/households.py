"""Households: registered, joined, moved, monitored."""

import datetime as dt

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from producers.models import (
    Household,
    HouseholdMember,
    Maker,
    Monitoring,
    Residence,
)
from producers.selectors import resolved
from producers.services.keeping import (
    create_once,
    ended,
    follow_on,
    locked,
    save_checked,
)
from qiaoshou.common.models import Area
from qiaoshou.common.reference import new_reference


@transaction.atomic
def register_household(
    *,
    village: Area,
    labour_force: int,
    since: dt.date,
    reference: str | None = None,
) -> Household:
    """A household is on record, living in this village from this day.

    Sent twice with the same `reference`, it is on record once.
    """
    household, new = create_once(
        Household(
            reference=reference or new_reference(),
            labour_force=labour_force,
            opened=since,
        )
    )
    if new:
        move_household(household=household, village=village, on=since)
    return household


@transaction.atomic
def change_labour_force(*, household: Household, labour_force: int) -> Household:
    """So many of the household are able to work."""
    row = locked(household)
    row.labour_force = labour_force
    return save_checked(row)


@transaction.atomic
def move_household(*, household: Household, village: Area, on: dt.date) -> Residence:
    """From this day the household lives in this village."""
    if village.tier != "village":
        raise ValidationError({"village": _("Choose a village or community.")})
    row = Residence(household=locked(household), village=village, valid_from=on)
    return follow_on(Residence.objects.filter(household=household), row)


@transaction.atomic
def add_member(
    *,
    household: Household,
    relation: str,
    since: dt.date,
    maker: Maker | None = None,
    name: str = "",
    birth_year: int | None = None,
) -> HouseholdMember:
    """From this day a maker, or somebody known only by name, is of the household."""
    home = locked(household)
    person = locked(resolved(maker)) if maker else None
    known = HouseholdMember.objects.filter(
        household=home, maker=person, name=name, valid_from=since, valid_to=None
    ).first()
    if known is not None:
        return known
    return save_checked(
        HouseholdMember(
            household=home,
            maker=person,
            name=name,
            birth_year=birth_year,
            relation=relation,
            valid_from=since,
        )
    )


@transaction.atomic
def end_member(*, member: HouseholdMember, on: dt.date) -> HouseholdMember:
    """From this day the person is no longer of the household."""
    return ended(locked(member), on)


@transaction.atomic
def start_monitoring(
    *,
    household: Household,
    kind: str,
    source: str,
    since: dt.date,
    document: str = "",
    until: dt.date | None = None,
) -> Monitoring:
    """The household is monitored from this day; the source says who found so."""
    return save_checked(
        Monitoring(
            household=locked(household),
            kind=kind,
            source=source,
            document=document,
            valid_from=since,
            valid_to=until,
        )
    )


@transaction.atomic
def end_monitoring(*, monitoring: Monitoring, on: dt.date) -> Monitoring:
    """From this day the household is no longer monitored."""
    return ended(locked(monitoring), on)
