"""Who may manage people and their grants: administrators, never their own."""

import rules
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied

from qiaoshou.accounts.models import Grant, User
from qiaoshou.accounts.roles import roles_of

Person = User | AnonymousUser


@rules.predicate
def manages_people(user: Person) -> bool:
    """An administrator; or who set the site up, so that there is a first one."""
    if not user.is_authenticated or not user.is_active:
        return False
    return user.is_superuser or Grant.Role.ADMINISTRATOR in roles_of(user)


@rules.predicate
def not_above_her(user: Person, person: User | None) -> bool:
    """Who set the site up stands above administrators: by her contacts and her second
    step one of them would sign in as her."""
    return person is None or not person.is_superuser or user.is_superuser


rules.add_perm("accounts.manage_people", manages_people)
rules.add_perm("accounts.change_person", manages_people & not_above_her)


def check_manages(by: Person | None) -> None:
    """Raises PermissionDenied unless she may; None is the system itself."""
    if by is not None and not manages_people(by):
        raise PermissionDenied


def check_changes(by: Person, person: User) -> None:
    """Raises PermissionDenied unless she may change this very person."""
    if not rules.has_perm("accounts.change_person", by, person):
        raise PermissionDenied
