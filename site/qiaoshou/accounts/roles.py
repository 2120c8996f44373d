"""Which roles a person holds on a day, by her grants."""

import datetime as dt

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q, QuerySet

from qiaoshou.accounts.models import Grant, User
from qiaoshou.common.today import today


def in_force(grants: QuerySet[Grant], day: dt.date) -> QuerySet[Grant]:
    """The grants that hold on this day; the day of the end no longer counts."""
    return grants.filter(Q(valid_to=None) | Q(valid_to__gt=day), valid_from__lte=day)


def grants_of(user: User | AnonymousUser) -> frozenset[tuple[str, str | None]]:
    """Role and path of the area of each grant that holds today, the path None for all.

    One query, and none when the same user object is asked again on that day.
    """
    if not user.is_authenticated or not user.is_active:
        return frozenset()
    day = today()
    kept = getattr(user, "_grants_on", None)
    if kept is not None and kept[0] == day:
        return kept[1]
    rows = in_force(Grant.objects.filter(user=user), day)
    found = frozenset(rows.values_list("role", "area__path"))
    user._grants_on = (day, found)
    return found


def roles_of(user: User | AnonymousUser) -> frozenset[str]:
    """The roles that she holds today, wherever."""
    return frozenset(role for role, _path in grants_of(user))
