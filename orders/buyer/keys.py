"""Who may see an order without an account: the link in her mail, and her own browser.

A guest's link carries a signed token once; from then on her session knows the order.
"""

from typing import Any

from django.core import signing
from django.http import HttpRequest

from orders.models import Sale

SALT = "orders.buyer.keys"
SESSION = "orders"
TOKEN = "key"
MOST_REMEMBERED = 50


def token_for(reference: str) -> str:
    """A signed text that opens this one order; it does not end by itself."""
    return signing.dumps(reference, salt=SALT, compress=False)


def opens(token: str, reference: str) -> bool:
    """Whether the token was made for this order."""
    try:
        return signing.loads(token, salt=SALT) == reference
    except signing.BadSignature:
        return False


def remember(request: HttpRequest, reference: str) -> None:
    """This browser may see the order from now on."""
    known = [one for one in request.session.get(SESSION, []) if one != reference]
    request.session[SESSION] = [*known, reference][-MOST_REMEMBERED:]


def remembered(request: HttpRequest) -> list[str]:
    """The orders that this browser may see, oldest first."""
    return list(request.session.get(SESSION, []))


def may_see(request: HttpRequest, sale: Sale) -> bool:
    """Her own browser, or her own account."""
    user: Any = request.user
    return sale.reference in remembered(request) or (
        user.is_authenticated and sale.order.user_id == user.pk
    )
