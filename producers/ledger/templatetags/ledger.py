"""Template filters of pay: sums to the fen, where somebody is paid."""

from django import template
from django.utils.translation import gettext as _

from producers.ledger.models import PayoutLine
from producers.selectors import masked_account

register = template.Library()


@register.filter
def exact(fen: int | None) -> str:
    """13760 as 137.60 and 12345600 as 123,456.00, as a column of sums shows them."""
    if fen is None:
        return ""
    whole, rest = divmod(abs(int(fen)), 100)
    return f"{'-' if fen < 0 else ''}{whole:,}.{rest:02}"


@register.filter
def paid_into(line: PayoutLine) -> str:
    """Bank and the last digits of the account; never more of the number."""
    account = line.pay_account
    if not account.number_sealed:
        return str(account.get_kind_display())
    words = _("%(where)s %(number)s")
    where = account.bank or account.get_kind_display()
    return words % {"where": where, "number": masked_account(account)}


@register.filter
def owed(fen: int) -> str:
    """What an account owes, whose credit stands below zero: -8600 as 86.00."""
    return exact(-fen)
