"""Vouchers and offers: the chamber bears them; counted when paid, freed if not."""

import datetime as dt
import uuid

import pytest
from django.contrib.auth.models import AnonymousUser
from oscar.core.loading import get_model

from orders.models import LineShare
from orders.services import bagging, expiring, placing
from qiaoshou.common.today import clock_at, now
from tests import orders_builders as build

pytestmark = pytest.mark.django_db
Voucher = get_model("voucher", "Voucher")
NOBODY = AnonymousUser()


@pytest.fixture
def shop():
    with clock_at(build.NOON):
        return build.shop()


@pytest.fixture
def voucher():
    """TIGER10: ten percent off everything, once."""
    return build.voucher("TIGER10")


def with_voucher(shop, code="tiger10"):
    basket = build.basket((shop.ready, 3))
    bagging.use_voucher(basket=basket, code=code, user=NOBODY)
    return placing.place_order(
        basket=basket,
        wishes=build.wishes(),
        client_reference=uuid.uuid4(),
    )


def test_ten_percent_off_comes_out_of_the_chambers_part_alone(shop, voucher):
    sale = with_voucher(shop)

    assert sale.goods_fen == 45_360
    shares = dict(
        LineShare.objects.filter(line__order=sale.order).values_list("part", "fen")
    )
    assert shares == {
        "maker": 25_800,
        "material": 7_800,
        "base": 4_200,
        "chamber": 3_960,
        "tax_shipping": 3_600,
    }


def test_a_voucher_is_used_by_the_order_and_counted_when_it_is_paid(shop, voucher):
    sale = with_voucher(shop)
    assert voucher.applications.get().order == sale.order
    voucher.refresh_from_db()
    assert (voucher.num_orders, str(voucher.total_discount)) == (0, "0.00")

    build.counter(sale)

    voucher.refresh_from_db()
    offer = voucher.offers.get()
    assert (voucher.num_orders, str(voucher.total_discount)) == (1, "50.40")
    assert (offer.num_orders, str(offer.total_discount)) == (1, "50.40")


def test_a_voucher_that_is_used_up_counts_for_nobody_else(shop, voucher):
    with_voucher(shop)
    with pytest.raises(bagging.VoucherRefused):
        bagging.use_voucher(
            basket=build.basket((shop.ready, 1)), code="TIGER10", user=NOBODY
        )


def test_an_order_that_is_not_paid_gives_its_voucher_back(shop, voucher):
    sale = with_voucher(shop)
    expiring.give_up(reference=sale.reference)

    assert voucher.applications.count() == 0
    assert list(sale.order.basket.vouchers.all()) == [voucher]
    bagging.use_voucher(
        basket=build.basket((shop.ready, 1)), code="TIGER10", user=NOBODY
    )


@pytest.mark.parametrize("code", ["", "NOSUCH", "x" * 200])
def test_an_unknown_code_is_refused(shop, voucher, code):
    with pytest.raises(bagging.VoucherRefused):
        bagging.use_voucher(
            basket=build.basket((shop.ready, 1)), code=code, user=NOBODY
        )


def test_a_voucher_that_is_over_is_refused(shop, voucher):
    Voucher.objects.update(end_datetime=now() - dt.timedelta(hours=1))
    with pytest.raises(bagging.VoucherRefused):
        bagging.use_voucher(
            basket=build.basket((shop.ready, 1)), code="TIGER10", user=NOBODY
        )


def test_on_the_page_a_voucher_is_typed_used_and_taken_out(client, shop, voucher):
    put = {"product": shop.ready.pk, "pieces": 3}
    client.post("/basket/add/", put | {"client_reference": uuid.uuid4()})
    client.post("/en/basket/voucher/", {"code": " tiger10 "})
    html = client.get("/en/basket/").content.decode()
    assert "¥453.60" in html
    assert "¥50.40" in html

    client.post("/en/basket/voucher/", {"code": "TIGER10", "remove": "1"})

    assert "¥50.40" not in client.get("/en/basket/").content.decode()
