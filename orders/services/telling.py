"""Tells people about orders and money; the words stand in `templates/notices/`."""

from django.conf import settings

from orders import policy
from orders.buyer import keys
from orders.models import Contact, LineTerms, PaymentAlarm, Sale
from qiaoshou.common.templatetags.look import in_language
from qiaoshou.common.today import now
from qiaoshou.notices.channels import tell

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
    lines = list(
        LineTerms.objects.filter(line__order=sale.order_id).order_by("line_id")
    )
    tell(
        event="order_paid",
        channel="mail",
        to=contact.email,
        language=contact.language,
        sale=sale,
        contact=contact,
        lines=[(line.title(contact.language), line.pieces) for line in lines],
        link=link,
    )
    Contact.objects.filter(pk=contact.pk).update(told_paid_at=now())
    return True


def tell_shopkeepers(*, reference: str) -> int:
    """Every shopkeeper with an e-mail address hears of the alarm; how many did."""
    alarm = PaymentAlarm.objects.get(reference=reference)
    people = [person for person in policy.shopkeepers() if person.email]
    for person in people:
        tell(
            event="payment_alarm",
            channel="mail",
            to=person.email,
            language=person.language,
            alarm=alarm,
            link=f"{settings.SITE_URL}{DESK}",
        )
    return len(people)
