"""Mail about orders and money; the words stand in `templates/orders/mail/`."""

from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from orders import policy
from orders.buyer import keys
from orders.models import Contact, LineTerms, PaymentAlarm, Sale
from qiaoshou.accounts.models import User
from qiaoshou.common.templatetags.look import in_language
from qiaoshou.common.today import now

DESK = "/shop/dashboard/"


def tell_buyer_paid(*, reference: str) -> bool:
    """The buyer has a mail with the link to her order; whether one was sent.

    A guest's link is signed and opens this order alone. Told once; without an e-mail
    address nothing is sent.
    """
    sale = Sale.objects.select_related("order__contact").get(reference=reference)
    contact = sale.order.contact
    if not contact.email or contact.told_paid_at is not None:
        return False
    path = in_language(f"/orders/{reference}/", contact.language)
    link = f"{settings.SITE_URL}{path}?{keys.TOKEN}={keys.token_for(reference)}"
    with translation.override(contact.language):
        send_mail(
            _("Order %(number)s is paid") % {"number": reference},
            render_to_string(
                "orders/mail/order_paid.txt",
                {
                    "sale": sale,
                    "contact": contact,
                    "lines": LineTerms.objects.filter(line__order=sale.order_id)
                    .select_related("line")
                    .order_by("line_id"),
                    "link": link,
                    "house": settings.OSCAR_SHOP_NAME,
                },
            ),
            None,
            [contact.email],
        )
    Contact.objects.filter(pk=contact.pk).update(told_paid_at=now())
    return True


def tell_shopkeepers(*, reference: str) -> int:
    """Every shopkeeper with an e-mail address hears of the alarm; how many did."""
    alarm = PaymentAlarm.objects.get(reference=reference)
    people = [person for person in policy.shopkeepers() if person.email]
    for person in people:
        _mail_alarm(alarm, person)
    return len(people)


def _mail_alarm(alarm: PaymentAlarm, person: User) -> None:
    with translation.override(person.language):
        send_mail(
            _("Money to look at: %(kind)s") % {"kind": alarm.get_kind_display()},
            render_to_string(
                "orders/mail/alarm.txt",
                {"alarm": alarm, "link": f"{settings.SITE_URL}{DESK}"},
            ),
            None,
            [person.email or ""],
        )
