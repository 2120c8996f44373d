"""Changes what is in an open basket; each deed may be sent twice and acts once."""

from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _
from oscar.core.loading import get_model

from orders.models import Addition

Basket = get_model("basket", "Basket")
Line = get_model("basket", "Line")
Voucher = get_model("voucher", "Voucher")
MOST_LINES = 50


class BagFull(Exception):
    """A basket holds at most `MOST_LINES` different things."""


class VoucherRefused(Exception):
    """The voucher does not count; the sentence says why, in the buyer's language."""


class NotForSale(Exception):
    """The product can't be bought now."""


@transaction.atomic
def add_pieces(
    *, basket: Any, product: Any, pieces: int, client_reference: UUID
) -> None:
    """The basket holds so many more of the product. Raises NotForSale and BagFull.

    How many there are is said on the basket's page and decided at checkout. Sent twice
    with one client reference it is added once.
    """
    info = basket.strategy.fetch_for_product(product)
    if product.is_parent or not info.price.exists or info.stockrecord is None:
        raise NotForSale
    if basket.pk and basket.lines.exclude(product=product).count() >= MOST_LINES:
        raise BagFull
    if not basket.pk:
        basket.save()
    _addition, first_time = Addition.objects.get_or_create(
        client_reference=client_reference,
        defaults={"basket_id": basket.pk, "product": product, "pieces": pieces},
    )
    if first_time:
        basket.add_product(product, quantity=pieces)


@transaction.atomic
def set_pieces(*, basket: Any, line: int, pieces: int) -> None:
    """That line has so many pieces; none takes it out. A line that is gone stays so."""
    rows = Line.objects.filter(
        pk=line, basket=basket.pk, basket__status=Basket.OPEN
    ).select_for_update(of=("self",))
    row = rows.first()
    if row is None:
        return
    if pieces < 1:
        row.delete()
    else:
        price = row.stockrecord.price if row.stockrecord else None
        row.quantity, row.price_incl_tax, row.price_excl_tax = pieces, price, price
        row.save(update_fields=["quantity", "price_incl_tax", "price_excl_tax"])


@transaction.atomic
def use_voucher(*, basket: Any, code: str, user: Any) -> None:
    """The voucher of this code counts for the basket. Raises VoucherRefused."""
    voucher = Voucher.objects.filter(code__iexact=code).first()
    if voucher is None or not code:
        raise VoucherRefused(_("There is no such voucher."))
    if not voucher.is_active():
        raise VoucherRefused(_("This voucher is not valid today."))
    free, problem = voucher.is_available_to_user(user=user)
    if not free:
        raise VoucherRefused(problem)
    if not basket.pk:
        basket.save()
    basket.vouchers.add(voucher)


@transaction.atomic
def drop_voucher(*, basket: Any, code: str) -> None:
    """The voucher of this code no longer counts for the basket."""
    if basket.pk:
        basket.vouchers.remove(*basket.vouchers.filter(code__iexact=code))


@transaction.atomic
def take_back(*, into: Any, returned: list[Any]) -> int:
    """What stood in returned baskets is in the present one; how many lines moved.

    Of a piece that is in both, the larger number counts.
    """
    if not into.pk:
        into.save()
    moved = 0
    for basket in Basket.objects.select_for_update().filter(
        pk__in=[one.pk for one in returned], status=Basket.OPEN
    ):
        if basket.pk != into.pk and basket.lines.exists():
            moved += basket.lines.count()
            into.merge(basket, add_quantities=False)
    return moved
