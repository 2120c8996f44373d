"""What is recorded only with consent: the identity number and the pay account."""

import datetime as dt

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from producers.models import Maker, PayAccount, Purpose
from producers.registry.makers import IDENTITY
from producers.selectors import resolved
from producers.services.consents import require_consent
from producers.services.keeping import locked, save_checked
from producers.services.numbers import check_identity, read_bank_number
from qiaoshou.accounts.models import User
from qiaoshou.common import crypto
from qiaoshou.common.today import today


@transaction.atomic
def record_identity(*, maker: Maker, identity: str) -> Maker:
    """Her identity number is sealed on the record, and her birth is what it says.

    Needs her consent to the identity check. Raises ValidationError for a number that
    can't be right, that somebody else has, or that contradicts a birth on record.
    """
    person = locked(resolved(maker))
    require_consent(person, Purpose.IDENTITY_CHECK)
    read = check_identity(identity)
    index = crypto.blind_index(read.number, column=IDENTITY)
    if Maker.objects.filter(identity_index=index).exclude(pk=person.pk).exists():
        raise ValidationError(
            {"identity": _("Somebody with this identity number is on record already.")}
        )
    if person.birth is not None and person.birth != read.birth:
        raise ValidationError(
            {"identity": _("The number says another date of birth than the record.")}
        )
    person.identity, person.birth = read.number, read.birth
    return save_checked(person)


@transaction.atomic
def open_pay_account(
    *,
    maker: Maker,
    kind: str,
    number: str = "",
    bank: str = "",
    on: dt.date | None = None,
) -> PayAccount:
    """She is paid into this account from now on; the one before is closed.

    Bank and WeChat need her consent; cash needs none. The account counts as confirmed
    only once somebody has checked it.
    """
    person = locked(resolved(maker))
    day = on or today()
    account = PayAccount(maker=person, kind=kind, bank=bank.strip(), opened=day)
    if kind == PayAccount.Kind.BANK:
        account.number = read_bank_number(number)
    elif kind == PayAccount.Kind.WECHAT:
        account.number = number.strip()
    if kind != PayAccount.Kind.CASH:
        require_consent(person, Purpose.PAY_ACCOUNT)
    before = PayAccount.objects.filter(maker=person, closed=None).first()
    if before is not None:
        same = (before.kind, before.bank, before.number_index)
        if same == (account.kind, account.bank, account.number_index):
            return before
        before.closed = max(day, before.opened)
        before.save(update_fields=["closed"])
    return save_checked(account)


@transaction.atomic
def confirm_pay_account(
    *, account: PayAccount, by: User, on: dt.date | None = None
) -> PayAccount:
    """Somebody has checked that the account is hers; a second time changes nothing."""
    row = locked(account)
    if row.confirmed_on is not None:
        return row
    if row.closed is not None:
        raise ValidationError(_("This account is closed."))
    row.confirmed_on, row.confirmed_by = on or today(), by
    return save_checked(row)
