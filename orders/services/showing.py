"""What Oscar's own tables say of an order: for display only, never read back."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

from django.db.models import F
from django.utils.text import slugify
from oscar.core.loading import get_model

from orders import edge
from qiaoshou.common.today import now

Order = get_model("order", "Order")
Line = get_model("order", "Line")
OrderStatusChange = get_model("order", "OrderStatusChange")
PaymentEventType = get_model("order", "PaymentEventType")
ShippingEventType = get_model("order", "ShippingEventType")
ShippingEventQuantity = get_model("order", "ShippingEventQuantity")
Basket = get_model("basket", "Basket")
ProductRecord = get_model("analytics", "ProductRecord")
UserRecord = get_model("analytics", "UserRecord")
Offer = get_model("offer", "ConditionalOffer")
Voucher = get_model("voucher", "Voucher")
VoucherApplication = get_model("voucher", "VoucherApplication")


def show_status(order: Any, status: str) -> None:
    """The order and its lines stand as `status` on Oscar's screens, with the change."""
    before = Order.objects.values_list("status", flat=True).get(pk=order.pk)
    if before == status:
        return
    Order.objects.filter(pk=order.pk).update(status=status)
    Line.objects.filter(order=order.pk).update(status=status)
    OrderStatusChange.objects.create(
        order_id=order.pk, old_status=before, new_status=status
    )


def show_payment(order: Any, kind: str, fen: int, reference: str) -> None:
    """Oscar's page lists that money came in ("Paid") or went back ("Refunded")."""
    event_type, _created = PaymentEventType.objects.get_or_create(
        code=kind.lower(), defaults={"name": kind}
    )
    order.payment_events.create(
        event_type=event_type, amount=edge.yuan(fen), reference=reference
    )


def show_shipping(
    order: Any, kind: str, pieces: Mapping[int, int], reference: str
) -> None:
    """Oscar's page lists that pieces (by line id) were sent, collected or arrived."""
    event_type, _created = ShippingEventType.objects.get_or_create(
        name=kind, defaults={"code": slugify(kind)}
    )
    event = order.shipping_events.create(event_type=event_type, notes=reference)
    type(event).objects.filter(pk=event.pk).update(date_created=now())
    ShippingEventQuantity.objects.bulk_create(
        ShippingEventQuantity(event=event, line_id=line, quantity=count)
        for line, count in sorted(pieces.items())
    )


def count_sale(order: Any) -> None:
    """Offers, vouchers and Oscar's statistics count the order; once, when paid.

    Rows that many orders share are touched in the order of their keys, last of all.
    """
    pieces: Counter[int] = Counter()
    for line in order.lines.all():
        pieces[line.product_id] += line.quantity
    for product in sorted(pieces):
        ProductRecord.objects.get_or_create(product_id=product)
        ProductRecord.objects.filter(product=product).update(
            num_purchases=F("num_purchases") + pieces[product]
        )
    if order.user_id:
        UserRecord.objects.get_or_create(user_id=order.user_id)
        UserRecord.objects.filter(user=order.user_id).update(
            num_orders=F("num_orders") + 1,
            num_order_lines=F("num_order_lines") + order.lines.count(),
            num_order_items=F("num_order_items") + pieces.total(),
            total_spent=F("total_spent") + order.total_incl_tax,
            date_last_order=order.date_placed,
        )
    discounts = list(order.discounts.all())
    for discount in sorted(discounts, key=lambda one: one.offer_id or 0):
        Offer.objects.filter(pk=discount.offer_id).update(
            num_applications=F("num_applications") + (discount.frequency or 0),
            total_discount=F("total_discount") + discount.amount,
            num_orders=F("num_orders") + 1,
        )
    for discount in sorted(discounts, key=lambda one: one.voucher_id or 0):
        Voucher.objects.filter(pk=discount.voucher_id).update(
            num_orders=F("num_orders") + 1,
            total_discount=F("total_discount") + discount.amount,
        )


def freeze_basket(basket: Any) -> None:
    """The basket can't be changed while its order awaits payment."""
    basket.status = Basket.FROZEN
    Basket.objects.filter(pk=basket.pk).update(status=basket.status)


def submit_basket(order: Any) -> None:
    """The basket is spent; one that was given back and still holds the same, too."""
    Basket.objects.filter(
        pk=order.basket_id, status__in=[Basket.FROZEN, Basket.OPEN]
    ).update(status=Basket.SUBMITTED, date_submitted=now())


def give_back_basket(order: Any) -> None:
    """The buyer finds her basket as it was; her vouchers may be used again."""
    VoucherApplication.objects.filter(order=order.pk).delete()
    Basket.objects.filter(pk=order.basket_id, status=Basket.FROZEN).update(
        status=Basket.OPEN
    )


def claim_vouchers(order: Any) -> None:
    """The vouchers that lowered the price of this order count as used by it."""
    used = order.discounts.filter(voucher_id__isnull=False)
    for voucher in Voucher.objects.filter(
        pk__in=used.values_list("voucher_id", flat=True)
    ).exclude(applications__order=order.pk):
        VoucherApplication.objects.create(voucher=voucher, order=order, user=order.user)
