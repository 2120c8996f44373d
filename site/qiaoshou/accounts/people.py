"""Adds people with accounts and changes them; the audit trail says what changed."""

from collections.abc import Iterator
from contextlib import contextmanager

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from qiaoshou.accounts import office_groups, policy
from qiaoshou.accounts.models import User
from qiaoshou.common import audit
from qiaoshou.common.broken_rules import rule_broken
from qiaoshou.common.phones import whole_phone
from qiaoshou.common.today import today

CONTACTS_ONCE = (
    "accounts_user_email_key",
    "user_email_once",
    "accounts_user_phone_index_key",
)


def _check_contacts(user: User | None, email: str, phone: str) -> None:
    """One of the two is there, and nobody else has either."""
    if not email and not phone:
        raise ValidationError(
            {"email": _("She needs an e-mail address or a number to sign in.")}
        )
    others = User.objects.exclude(pk=user.pk if user else None)
    if email and (
        others.filter(email=email).exists()
        or EmailAddress.objects.filter(email=email, verified=True)
        .exclude(user=user)
        .exists()
    ):
        raise ValidationError({"email": _("Another account has this e-mail address.")})
    if phone and others.filter(pk__in=User.objects.by_phone(phone)).exists():
        raise ValidationError({"phone": _("Another account has this number.")})


@contextmanager
def _contacts_once(user: User | None, email: str, phone: str) -> Iterator[None]:
    """What somebody else was given at the same moment is refused as one checked."""
    _check_contacts(user, email, phone)
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        if rule_broken(error) in CONTACTS_ONCE:
            _check_contacts(user, email, phone)
        raise


@transaction.atomic
def add_person(
    *, by: User, full_name: str, email: str, phone: str, language: str
) -> User:
    """She can sign in by a code from now on; `phone` is E.164, "" where there is none.

    Raises ValidationError naming the field, PermissionDenied.
    """
    policy.check_manages(by)
    email = email.strip().lower()
    with _contacts_once(None, email, phone):
        user = User.objects.create_user(
            email=email, phone=phone, full_name=full_name, language=language
        )
    audit.record(deed="person.added", subject=f"user:{user.key}", by=by)
    return user


@transaction.atomic
def change_person(
    *,
    person: User,
    by: User,
    full_name: str,
    email: str,
    phone: str,
    language: str,
    is_active: bool,
) -> User:
    """The person is as given; who is closed is signed out everywhere at once.

    An old e-mail address no longer signs in. Raises ValidationError naming the field,
    PermissionDenied.
    """
    policy.check_changes(by, person)
    user = User.objects.select_for_update().get(pk=person.pk)
    email = email.strip().lower()
    if by.pk == user.pk and not is_active:
        raise ValidationError({"is_active": _("Nobody closes her own account.")})
    _check_contacts(user, email, phone)
    changed = [
        name
        for name, old, new in (
            ("full_name", user.full_name, full_name),
            ("email", user.email or "", email),
            ("phone", user.phone, phone),
            ("language", user.language, language),
            ("is_active", user.is_active, is_active),
        )
        if old != new
    ]
    if not changed:
        return user
    user.full_name, user.language, user.is_active = full_name, language, is_active
    user.email = email or None
    if "phone" in changed:
        user.phone, user.phone_verified = phone, False
    with _contacts_once(user, email, phone):
        user.save()
    if "email" in changed:
        EmailAddress.objects.filter(user=user).delete()
    if "is_active" in changed:
        office_groups.mirror(today(), [user.pk])
        if not is_active:
            end_sessions(user)
    # Which fields, never what stands in them.
    audit.record(
        deed="person.changed",
        subject=f"user:{user.key}",
        by=by,
        facts={"fields": changed, "active": is_active},
    )
    return user


def end_sessions(user: User) -> None:
    """She is signed out on every device."""
    for session in UserSession.objects.filter(user=user):
        session.end()


@transaction.atomic
def take_second_step_away(*, person: User, by: User) -> int:
    """Her app and emergency codes no longer count; how many were taken away.

    For somebody who lost her telephone. Nobody does it for herself here.
    """
    policy.check_changes(by, person)
    if person.pk == by.pk:
        raise ValidationError(_("Your own second step is on your account’s page."))
    gone, _kinds = Authenticator.objects.filter(user=person).delete()
    if gone:
        audit.record(
            deed="person.second_step_taken_away", subject=f"user:{person.key}", by=by
        )
    return gone


def found(people: QuerySet[User], asked: str) -> QuerySet[User]:
    """Those whose name or e-mail contains the words, or who have this very number."""
    words = Q(full_name__icontains=asked) | Q(email__icontains=asked)
    try:
        number = whole_phone(asked)
    except ValidationError:
        return people.filter(words)
    return people.filter(words | Q(pk__in=User.objects.by_phone(number)))
