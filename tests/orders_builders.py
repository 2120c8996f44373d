"""Small named things for tests of orders: a shop with two tigers, baskets, wishes."""

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import Any

from oscar.core.loading import get_class, get_model
from procrastinate.contrib.django.models import ProcrastinateJob

from orders.models import ShippingRate
from orders.services import paying, placing, taking
from producers.models import CapacityWeek, PickupPoint
from qiaoshou.accounts.models import User
from qiaoshou.common.today import ZONE, now
from tests import catalog_builders as build

DAY = build.DAY
NOON = dt.datetime(2026, 11, 24, 12, 0, tzinfo=ZONE)
NEXT_MONDAY = dt.date(2026, 11, 30)
READY_FEN, MADE_FEN, PAY_FEN, MINUTES = 16_800, 18_600, 8_600, 240
PARCEL_FEN, FREE_FROM_FEN = 1_200, 29_900


@dataclass
class Shop:
    """A base with three makers that sells a cloth tiger from stock and to order."""

    village: Any
    base: Any
    craft: Any
    makers: list[Any]
    place: Any
    listing: Any
    ready: Any
    made: Any
    record: Any
    week: Any
    point: Any


def shop(*, stock=5, minutes=MINUTES * 4):
    """Five tigers at hand, room for four more in the week of 30 November."""
    village = build.village()
    build.minimum_wage(village)
    base = build.base(village)
    makers = build.three_makers(base)
    cloth = build.craft()
    listed = build.product(
        base,
        cloth,
        choices=[
            build.choice([base], label="大", price_fen=READY_FEN),
            build.choice(
                [base], label="定做", kind="made_to_order", price_fen=MADE_FEN
            ),
        ],
    )
    build.on_sale(listed, makers, minutes=MINUTES, rate=PAY_FEN)
    ready, made = (spec.product for spec in listed.specs)
    place = build.place(base)
    record = None
    if stock:
        _lot, record = build.lot(ready, place, stock, maker=makers[0])
    week = CapacityWeek.objects.create(
        base=base, craft=cloth, week=NEXT_MONDAY, offered=minutes
    )
    ShippingRate.objects.create(
        valid_from=dt.date(2026, 1, 1), fee_fen=PARCEL_FEN, free_from_fen=FREE_FROM_FEN
    )
    return Shop(
        village=village,
        base=base,
        craft=cloth,
        makers=makers,
        place=place,
        listing=listed.listing,
        ready=ready,
        made=made,
        record=record,
        week=week,
        point=pickup_point(village),
    )


def another_tiger(shop, slug="another-tiger", stock=5):
    """A second product of the same base, sold from stock."""
    listed = build.product(shop.base, shop.craft, slug=slug)
    build.on_sale(listed, shop.makers)
    product = listed.listing.product
    build.lot(product, shop.place, stock, reference=slug)
    return product


def pickup_point(where, name_zh="莲湖景区游客中心", name_en="Lianhu visitor centre"):
    return PickupPoint.objects.create(
        name_zh=name_zh,
        name_en=name_en,
        sort_key=name_en.lower(),
        area=where,
        address_zh="莲湖路 1 号",
        address_en="1 Lianhu Road",
        hours_zh="8:30 至 17:00",
        hours_en="8:30 to 17:00",
        opened=dt.date(2024, 1, 1),
    )


def basket(*wanted, user=None):
    """An open basket of (product, pieces)."""
    found = get_model("basket", "Basket").objects.create(owner=user)
    found.strategy = get_class("partner.strategy", "Selector")().strategy()
    for product, pieces in wanted:
        found.add_product(product, quantity=pieces)
    return found


def wishes(**other):
    fields = {
        "name": "林晓雯",
        "way": "parcel",
        "language": "zh-hans",
        "phone": "+8613900001234",
        "address": "辽宁省沈阳市和平区南京街 1 号",
    } | other
    return placing.Wishes(**fields)


def collects(point, **other):
    return wishes(way="pickup", address="", pickup_point=point, **other)


def order(*wanted, user=None, wish=None, seen=None, client_reference=None):
    """An order that awaits payment."""
    return placing.place_order(
        basket=basket(*wanted, user=user),
        wishes=wish or wishes(),
        client_reference=client_reference or uuid.uuid4(),
        user=user,
        seen=seen,
    )


def person(email="lin@example.com", **other):
    return User.objects.create_user(email=email, full_name="林晓雯", **other)


def addresses(language, site="http://shop.example"):
    return paying.Addresses(
        success=f"{site}/{language}/back", cancel=f"{site}/{language}/order"
    )


def pay_page(sale, language="zh-hans", site="http://shop.example"):
    """The payment page is opened; the payment as it then stands."""
    paying.open_payment(
        reference=sale.reference,
        addresses=addresses(language, site),
        language=language,
    )
    return sale.order.payments.order_by("-pk").first()


def jobs(name):
    """The references of queued jobs of one kind, oldest first."""
    queued = ProcrastinateJob.objects.filter(task_name=name).order_by("id")
    return [job.args["reference"] for job in queued]


def counter(sale, received_fen=None, by=None):
    """The order is paid at the counter; what came of it."""
    return taking.take_payment(
        reference=sale.reference,
        method="counter",
        received_fen=sale.total_fen if received_fen is None else received_fen,
        client_reference=uuid.uuid4(),
        by=by or person(f"clerk-{uuid.uuid4().hex[:8]}@example.com"),
    )


def voucher(code):
    """Ten percent off everything, once; the machine's own clock says its days."""
    everything = get_model("offer", "Range").objects.create(
        name="Everything", includes_all_products=True
    )
    offer = get_model("offer", "ConditionalOffer").objects.create(
        name="Ten percent",
        offer_type="Voucher",
        condition=get_model("offer", "Condition").objects.create(
            range=everything, type="Count", value=1
        ),
        benefit=get_model("offer", "Benefit").objects.create(
            range=everything, type="Percentage", value=10
        ),
    )
    made = get_model("voucher", "Voucher").objects.create(
        name=code,
        code=code,
        usage="Single use",
        start_datetime=now() - dt.timedelta(days=3650),
        end_datetime=now() + dt.timedelta(days=3650),
    )
    made.offers.add(offer)
    return made
