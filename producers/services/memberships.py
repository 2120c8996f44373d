"""Who belongs to a base and who leads it."""

import datetime as dt

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from producers.models import Base, Maker, Membership
from producers.selectors import resolved
from producers.services.keeping import ended, follow_on, locked, save_checked


def _open_base(base: Base, since: dt.date) -> Base:
    row = locked(base)
    if row.closed is not None and since >= row.closed:
        raise ValidationError({"base": _("This base is closed.")})
    if since < row.opened:
        raise ValidationError({"valid_from": _("The base opened later than this day.")})
    return row


@transaction.atomic
def join_base(
    *, maker: Maker, base: Base, since: dt.date, role: str = Membership.Role.MAKER
) -> Membership:
    """From this day the maker belongs to the base, or leads it.

    Refused while she belongs to another base: `move_to_base` says that she changes.
    """
    home = _open_base(base, since)
    person = locked(resolved(maker))
    known = Membership.objects.filter(
        maker=person, base=home, role=role, valid_from=since, valid_to=None
    ).first()
    if known is not None:
        return known
    return save_checked(
        Membership(maker=person, base=home, role=role, valid_from=since)
    )


@transaction.atomic
def move_to_base(*, maker: Maker, base: Base, on: dt.date) -> Membership:
    """From this day she belongs to this base, and no longer to the one before."""
    home = _open_base(base, on)
    person = locked(resolved(maker))
    row = Membership(maker=person, base=home, role=Membership.Role.MAKER, valid_from=on)
    rows = Membership.objects.filter(maker=person, role=Membership.Role.MAKER)
    return follow_on(rows, row)


@transaction.atomic
def leave_base(*, membership: Membership, on: dt.date) -> Membership:
    """From this day she no longer belongs to the base, or leads it."""
    return ended(locked(membership), on)


def leads(maker: Maker, base: Base, on: dt.date) -> bool:
    """Whether she leads the base on this day."""
    return (
        Membership.objects.filter(
            maker=maker, base=base, role=Membership.Role.LEADER, valid_from__lte=on
        )
        .filter(Q(valid_to=None) | Q(valid_to__gt=on))
        .exists()
    )
