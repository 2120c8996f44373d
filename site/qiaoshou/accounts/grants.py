"""Gives and ends grants; each deed is in the audit trail and in Wagtail’s groups."""

import datetime as dt

from django.db import IntegrityError, transaction
from django.db.models import Q

from qiaoshou.accounts import office_groups, policy
from qiaoshou.accounts.models import Grant, User
from qiaoshou.common import audit
from qiaoshou.common.broken_rules import rule_broken
from qiaoshou.common.models import Area
from qiaoshou.common.today import today

HELD_ONCE = "grant_held_once"


class GrantRefused(Exception):
    """The grant can't be given or ended like this; nothing has changed."""


class OwnGrant(GrantRefused):
    """Nobody gives or ends her own grants."""


class NeedsArea(GrantRefused):
    """An officer works for an area; the grant names none."""


class NoPeriod(GrantRefused):
    """The end lies before the beginning."""


class HeldAlready(GrantRefused):
    """She holds this role in this area already on a day of the period."""


class EndsInThePast(GrantRefused):
    """A grant that has held can't be made not to have held."""


class EndedAlready(GrantRefused):
    """The grant has an earlier end; a longer one is a new grant."""


def _facts(grant: Grant) -> dict[str, object]:
    return {
        "role": grant.role,
        "area": grant.area_id,
        "from": grant.valid_from.isoformat(),
        "to": grant.valid_to.isoformat() if grant.valid_to else None,
    }


@transaction.atomic
def give_grant(
    *,
    user: User,
    role: str,
    area: Area | None,
    by: User | None,
    valid_from: dt.date,
    valid_to: dt.date | None = None,
) -> Grant:
    """The person holds the role from one day up to, but not on, another.

    The same grant given twice is one. `by` None is the system itself. Raises
    GrantRefused with its reason as the class, PermissionDenied.
    """
    policy.check_manages(by)
    if by is not None and by.pk == user.pk:
        raise OwnGrant
    if role == Grant.Role.OFFICER and area is None:
        raise NeedsArea
    if valid_to is not None and valid_to <= valid_from:
        raise NoPeriod
    User.objects.select_for_update().get(pk=user.pk)
    same = Grant.objects.filter(user=user, role=role, area=area)
    known = same.filter(valid_from=valid_from, valid_to=valid_to).first()
    if known is not None:
        return known
    try:
        with transaction.atomic():
            grant = Grant.objects.create(
                user=user,
                role=role,
                area=area,
                granted_by=by,
                valid_from=valid_from,
                valid_to=valid_to,
            )
    except IntegrityError as error:
        if rule_broken(error) != HELD_ONCE:
            raise
        raise HeldAlready from error
    _after(grant, "grant.given", by)
    return grant


@transaction.atomic
def end_grant(*, grant: Grant, on: dt.date, by: User | None) -> Grant:
    """The grant no longer holds on that day; at once when the day is today.

    One that begins later never begins. Ended on the same day twice, it is ended once.
    Raises GrantRefused with its reason as the class, PermissionDenied.
    """
    policy.check_manages(by)
    if by is not None and by.pk == grant.user_id:
        raise OwnGrant
    grant = Grant.objects.select_for_update().get(pk=grant.pk)
    last = max(on, grant.valid_from)
    if grant.valid_to == last:
        return grant
    if on < today():
        raise EndsInThePast
    if grant.valid_to is not None and grant.valid_to < last:
        raise EndedAlready
    grant.valid_to = last
    grant.save(update_fields=["valid_to"])
    _after(grant, "grant.ended", by)
    return grant


def _after(grant: Grant, deed: str, by: User | None) -> None:
    audit.record(
        deed=deed, subject=f"user:{grant.user.key}", by=by, facts=_facts(grant)
    )
    office_groups.mirror(today(), [grant.user_id])


def current(user: User, day: dt.date) -> list[Grant]:
    """Her grants that hold on this day or later, in the order of their beginning."""
    rows = Grant.objects.filter(Q(valid_to=None) | Q(valid_to__gt=day), user=user)
    return list(rows.select_related("area").order_by("valid_from", "pk"))
