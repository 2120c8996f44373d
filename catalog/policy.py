"""Who may see and change the catalogue in the office; asked for lists and deeds.

The catalogue is one for the whole network, so nobody's area limits it: the chamber's
shopkeeper and the administrator keep it; officers and finance may look.
"""

import rules
from django.contrib.auth.models import AnonymousUser

from producers.working_time import on_day
from qiaoshou.accounts.models import Grant, User
from qiaoshou.common.today import today

Person = User | AnonymousUser
KEEPERS = frozenset({Grant.Role.SHOPKEEPER, Grant.Role.ADMINISTRATOR})
LOOKERS = KEEPERS | {Grant.Role.OFFICER, Grant.Role.FINANCE}


def _holds_one_of(user: Person, roles: frozenset[str]) -> bool:
    if not user.is_authenticated or not user.is_active:
        return False
    grants = Grant.objects.filter(user=user, role__in=roles)
    return on_day(grants, today()).exists()


@rules.predicate
def sees_rates(user: Person) -> bool:
    return _holds_one_of(user, frozenset(LOOKERS))


@rules.predicate
def sets_rates(user: Person) -> bool:
    return _holds_one_of(user, KEEPERS)


rules.add_perm("catalog.see_rates", sees_rates)
rules.add_perm("catalog.set_rates", sets_rates)
