"""A basket becomes an order: what is held, frozen and refused."""

import datetime as dt
import uuid

import pytest
from oscar.core.loading import get_model

from orders.models import Contact, Demand, LineShare, Reservation, Sale
from orders.services import placing, reserving
from qiaoshou.common.today import clock_at
from tests import orders_builders as build

pytestmark = pytest.mark.django_db
Basket = get_model("basket", "Basket")
StockRecord = get_model("partner", "StockRecord")


@pytest.fixture(autouse=True)
def noon():
    with clock_at(build.NOON):
        yield


@pytest.fixture
def shop():
    return build.shop()


def nothing_happened(shop):
    shop.record.refresh_from_db()
    shop.week.refresh_from_db()
    return (
        Sale.objects.count(),
        get_model("order", "Order").objects.count(),
        Reservation.objects.count(),
        shop.record.num_allocated,
        shop.week.reserved,
    ) == (0, 0, 0, 0, 0)


def test_stock_and_capacity_are_held_for_forty_minutes(shop):
    sale = build.order((shop.ready, 2), (shop.made, 3))

    assert sale.state == "awaiting_payment"
    assert sale.hold_until == build.NOON + dt.timedelta(minutes=40)
    rows = Reservation.objects.order_by("pk").values_list(
        "stock_record", "capacity_week", "pieces", "minutes", "state", "expires_at"
    )
    until = sale.hold_until.astimezone(dt.UTC)
    assert list(rows) == [
        (shop.record.pk, None, 2, 0, "held", until),
        (None, shop.week.pk, 3, 720, "held", until),
    ]
    shop.record.refresh_from_db()
    shop.week.refresh_from_db()
    assert (shop.record.num_in_stock, shop.record.num_allocated) == (5, 2)
    assert shop.week.reserved == 720


def test_what_is_made_to_order_becomes_a_held_demand_due_on_its_sunday(shop):
    sale = build.order((shop.made, 3))

    demand = Demand.objects.get()
    assert (demand.line.order, demand.product) == (sale.order, shop.made)
    assert (demand.pieces, demand.ordered, demand.state) == (3, 0, "held")
    assert demand.due_on == dt.date(2026, 12, 6)
    assert demand.line.terms.promised_on == dt.date(2026, 12, 8)


def test_the_order_awaits_payment_under_its_public_reference(shop):
    sale = build.order((shop.ready, 2))

    order = sale.order
    assert (order.number, order.status) == (sale.reference, "awaiting-payment")
    assert len(sale.reference) == 10
    assert (sale.goods_fen, sale.shipping_fen, sale.total_fen) == (33600, 0, 33600)
    assert str(order.total_incl_tax) == "336.00"
    assert order.basket.status == Basket.FROZEN
    assert order.lines.get().terms.promised_on == dt.date(2026, 11, 26)


def test_a_small_parcel_costs_its_fee_and_a_pick_up_nothing(shop):
    parcel = build.order((shop.ready, 1))
    pickup = build.order((shop.ready, 1), wish=build.collects(shop.point))

    assert (parcel.goods_fen, parcel.shipping_fen) == (16800, 1200)
    assert (pickup.goods_fen, pickup.shipping_fen) == (16800, 0)


def test_the_shares_of_a_line_add_up_to_what_it_was_sold_for(shop):
    sale = build.order((shop.ready, 2))

    shares = dict(
        LineShare.objects.filter(line__order=sale.order).values_list("part", "fen")
    )
    assert shares == {
        "maker": 17200,
        "material": 5200,
        "base": 2800,
        "chamber": 6000,
        "tax_shipping": 2400,
    }
    terms = sale.order.lines.get().terms
    assert (terms.sold_fen, terms.piece_rate_fen, terms.minutes) == (33600, 8600, 240)


def test_telephone_and_address_are_stored_encrypted(shop):
    sale = build.order((shop.ready, 1))

    contact = Contact.objects.get(order=sale.order)
    assert (contact.phone, contact.phone_tail) == ("+8613900001234", "1234")
    assert contact.address == "辽宁省沈阳市和平区南京街 1 号"
    assert "13900001234" not in contact.phone_sealed
    assert "沈阳" not in contact.address_sealed


def test_sent_twice_with_one_client_reference_it_is_one_order(shop):
    basket, once = build.basket((shop.ready, 1)), uuid.uuid4()
    sales = [
        placing.place_order(basket=basket, wishes=build.wishes(), client_reference=once)
        for _time in range(2)
    ]

    assert sales[0] == sales[1]
    assert Sale.objects.count() == 1


def test_a_basket_that_was_ordered_is_empty_for_another_form(shop):
    basket = build.basket((shop.ready, 1))
    wish = build.wishes()
    placing.place_order(basket=basket, wishes=wish, client_reference=uuid.uuid4())

    with pytest.raises(placing.BasketEmpty):
        placing.place_order(basket=basket, wishes=wish, client_reference=uuid.uuid4())


def test_stock_at_the_chosen_pick_up_point_is_taken_first(shop):
    from catalog.models import StockPlace
    from tests import catalog_builders

    partner = get_model("partner", "Partner").objects.create(name="Lianhu")
    there = StockPlace.objects.create(pickup_point=shop.point, partner=partner)
    _lot, record = catalog_builders.lot(shop.ready, there, 1, reference="lianhu")
    build.order((shop.ready, 2), wish=build.collects(shop.point))

    rows = Reservation.objects.order_by("pk").values_list("stock_record", "pieces")
    assert list(rows) == [(record.pk, 1), (shop.record.pk, 1)]


def test_too_few_at_hand_holds_nothing_and_says_how_many_there_are(shop):
    with pytest.raises(reserving.CannotReserve) as refusal:
        build.order((shop.made, 1), (shop.ready, 6))

    assert refusal.value.free == {shop.ready.pk: 5}
    assert nothing_happened(shop)


def test_weeks_too_full_hold_nothing_and_say_how_many_would_fit(shop):
    with pytest.raises(reserving.CannotReserve) as refusal:
        build.order((shop.ready, 1), (shop.made, 5))

    assert refusal.value.free == {shop.made.pk: 4}
    assert nothing_happened(shop)


def test_a_product_that_was_withdrawn_is_not_sold(shop):
    from catalog import listing

    basket = build.basket((shop.ready, 1))
    listing.retire(listing=shop.listing)
    with pytest.raises(placing.NotForSale) as refusal:
        placing.place_order(
            basket=basket, wishes=build.wishes(), client_reference=uuid.uuid4()
        )

    assert refusal.value.products == [shop.ready.pk]
    assert nothing_happened(shop)


def test_a_price_that_rose_since_the_page_was_shown_is_not_charged_silently(shop):
    from catalog import listing

    listing.set_price(product=shop.ready.pk, fen=17_000)
    seen = placing.Seen(goods_fen=16_800, promised_on=dt.date(2026, 11, 26))
    with pytest.raises(placing.ChangedSinceSeen):
        build.order((shop.ready, 1), seen=seen)

    assert nothing_happened(shop)


def test_a_later_day_than_the_page_promised_is_not_taken_silently(shop):
    seen = placing.Seen(goods_fen=18_600, promised_on=dt.date(2026, 12, 1))
    with pytest.raises(placing.ChangedSinceSeen):
        build.order((shop.made, 1), seen=seen)

    assert nothing_happened(shop)


def test_what_the_page_promised_is_kept(shop):
    seen = placing.Seen(goods_fen=18_600, promised_on=dt.date(2026, 12, 8))
    assert build.order((shop.made, 1), seen=seen).state == "awaiting_payment"


def test_a_parcel_is_not_on_offer_where_no_rate_is_on_record(shop):
    from orders.models import ShippingRate

    ShippingRate.objects.all().delete()
    with pytest.raises(placing.WayNotOffered):
        build.order((shop.ready, 1))

    assert nothing_happened(shop)


def test_the_order_of_a_person_who_is_signed_in_is_hers(shop):
    lin = build.person()
    sale = build.order((shop.ready, 1), user=lin)

    assert (sale.order.user, sale.order.contact.user) == (lin, lin)
