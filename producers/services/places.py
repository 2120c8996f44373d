"""Bases and pick-up points: opened, changed, closed, with their capacity."""

import datetime as dt

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from producers.models import Base, BaseCapacity, Membership, PickupPoint
from producers.services.keeping import (
    create_once,
    follow_on,
    locked,
    save_checked,
)
from producers.services.sorting import sort_key
from qiaoshou.common.models import Area
from qiaoshou.common.reference import new_reference

# From the top of the federation down; a base is never above the area it stands in.
TIERS = ("province", "city", "county", "township", "village")


def check_place_in_tree(base: Base) -> None:
    """Raises ValidationError where tier, area and the base above don't fit together."""
    if TIERS.index(base.tier) > TIERS.index(base.area.tier):
        raise ValidationError(
            {"tier": _("A base of this tier needs an area of its own tier or below.")}
        )
    if base.parent is None:
        return
    if TIERS.index(base.parent.tier) >= TIERS.index(base.tier):
        raise ValidationError({"parent": _("The base above must be of a higher tier.")})
    if base.parent.closed is not None:
        raise ValidationError({"parent": _("The base above is closed.")})


@transaction.atomic
def open_base(
    *,
    tier: str,
    area: Area,
    name_zh: str,
    name_en: str,
    opened: dt.date,
    parent: Base | None = None,
    minutes_a_week: int | None = None,
    about_zh: str = "",
    about_en: str = "",
    reference: str | None = None,
) -> Base:
    """A base is on record, with its weekly capacity from its first day if given.

    Sent twice with the same `reference`, it is on record once.
    """
    base = Base(
        reference=reference or new_reference(),
        tier=tier,
        area=area,
        parent=parent,
        name_zh=name_zh,
        name_en=name_en,
        sort_key=sort_key(name_zh),
        about_zh=about_zh,
        about_en=about_en,
        opened=opened,
    )
    base.clean_fields()
    check_place_in_tree(base)
    base, new = create_once(base)
    if new and minutes_a_week is not None:
        set_base_capacity(base=base, minutes=minutes_a_week, since=opened)
    return base


@transaction.atomic
def change_base(*, base: Base, **values: object) -> Base:
    """The base has these values (tier, area, parent, names, what is said about it)."""
    row = locked(base)
    for name, value in values.items():
        setattr(row, name, value)
    row.sort_key = sort_key(row.name_zh)
    row.clean_fields()
    check_place_in_tree(row)
    return save_checked(row)


@transaction.atomic
def close_base(*, base: Base, on: dt.date) -> Base:
    """The base is closed from this day; refused while anybody belongs to it then."""
    row = locked(base)
    if row.closed == on:
        return row
    left = Membership.objects.filter(base=row).exclude(valid_to__lte=on).count()
    if left:
        raise ValidationError(
            _("%(count)d memberships run beyond this day. End them first.")
            % {"count": left}
        )
    row.closed = on
    return save_checked(row)


@transaction.atomic
def set_base_capacity(*, base: Base, minutes: int, since: dt.date) -> BaseCapacity:
    """From this day on the base can take so many minutes of work a week."""
    row = BaseCapacity(base=locked(base), minutes=minutes, valid_from=since)
    return follow_on(BaseCapacity.objects.filter(base=base), row)


@transaction.atomic
def open_pickup_point(
    *,
    area: Area,
    name_zh: str,
    name_en: str,
    address_zh: str,
    address_en: str,
    hours_zh: str,
    hours_en: str,
    opened: dt.date,
    base: Base | None = None,
    reference: str | None = None,
) -> PickupPoint:
    """A place where buyers collect is on record, once per `reference`."""
    point, _new = create_once(
        PickupPoint(
            reference=reference or new_reference(),
            area=area,
            name_zh=name_zh,
            name_en=name_en,
            sort_key=sort_key(name_zh),
            address_zh=address_zh,
            address_en=address_en,
            hours_zh=hours_zh,
            hours_en=hours_en,
            opened=opened,
            base=base,
        )
    )
    return point


@transaction.atomic
def change_pickup_point(*, point: PickupPoint, **values: object) -> PickupPoint:
    """The pick-up point has these values."""
    row = locked(point)
    for name, value in values.items():
        setattr(row, name, value)
    row.sort_key = sort_key(row.name_zh)
    return save_checked(row)
