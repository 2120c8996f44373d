"""Consent for each purpose by itself: given, and as easily withdrawn."""

import datetime as dt
from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from producers.models import (
    Consent,
    ConsentText,
    Maker,
    PayAccount,
    Purpose,
)
from producers.selectors import resolved
from producers.services.keeping import locked, save_checked
from qiaoshou.accounts.models import User
from qiaoshou.common.today import now, today


def text_of(purpose: str, on: dt.date | None = None) -> ConsentText:
    """The newest published words of this purpose."""
    text = (
        ConsentText.objects.filter(purpose=purpose, published_on__lte=on or today())
        .order_by("version")
        .last()
    )
    if text is None:
        raise ValidationError({"purpose": _("No text of this consent is published.")})
    return text


@transaction.atomic
def publish_text(
    *, purpose: str, body_zh: str, body_en: str, on: dt.date | None = None
) -> ConsentText:
    """The next version of the words; consents given to earlier ones stay valid."""
    newest = ConsentText.objects.filter(purpose=purpose).order_by("version").last()
    return save_checked(
        ConsentText(
            purpose=purpose,
            version=newest.version + 1 if newest else 1,
            body_zh=body_zh.strip(),
            body_en=body_en.strip(),
            published_on=on or today(),
        )
    )


@transaction.atomic
def give_consent(
    *,
    maker: Maker,
    purpose: str,
    how: str,
    by: User | None,
    at: dt.datetime | None = None,
) -> Consent:
    """The maker agrees to the newest text of this purpose; twice is once."""
    person = locked(resolved(maker))
    known = Consent.objects.filter(
        maker=person, purpose=purpose, withdrawn=None
    ).first()
    if known is not None:
        return known
    moment = at or now()
    return save_checked(
        Consent(
            maker=person,
            purpose=purpose,
            text=text_of(purpose, moment.date()),
            given=moment,
            how=how,
            recorded_by=by,
        )
    )


@transaction.atomic
def give_consents(
    *, maker: Maker, purposes: Iterable[str], how: str, by: User | None
) -> list[Consent]:
    """The maker agrees to each of these purposes, each with a row of its own."""
    return [
        give_consent(maker=maker, purpose=purpose, how=how, by=by)
        for purpose in purposes
    ]


@transaction.atomic
def withdraw_consent(
    *, maker: Maker, purpose: str, how: str, by: User | None
) -> Consent | None:
    """She no longer agrees; what rested on this consent alone is undone.

    The identity number is deleted; of the pay account the number stays sealed for
    payouts that were made, and she is paid in cash from now on. None where she had not
    agreed.
    """
    person = locked(resolved(maker))
    consent = Consent.objects.filter(
        maker=person, purpose=purpose, withdrawn=None
    ).first()
    if consent is None:
        return None
    consent.withdrawn, consent.withdrawn_how = now(), how
    consent.withdrawal_recorded_by = by
    save_checked(consent)
    if purpose == Purpose.IDENTITY_CHECK:
        person.identity = ""
        person.save(update_fields=["identity_sealed", "identity_index"])
    if purpose == Purpose.PAY_ACCOUNT:
        _pay_in_cash(person)
    return consent


def _pay_in_cash(maker: Maker) -> None:
    open_ = PayAccount.objects.filter(maker=maker, closed=None)
    if open_.exclude(kind=PayAccount.Kind.CASH).update(closed=today()):
        save_checked(PayAccount(maker=maker, kind=PayAccount.Kind.CASH, opened=today()))


def require_consent(maker: Maker, purpose: str) -> None:
    """Raises ValidationError unless the maker agrees to this purpose."""
    if not Consent.objects.filter(
        maker=maker, purpose=purpose, withdrawn=None
    ).exists():
        raise ValidationError(
            _("She has not agreed to this yet: %(purpose)s.")
            % {"purpose": Purpose(purpose).label}
        )
