"""Buyers, payments and the clock at once: one outcome, and money told once."""

import threading
import uuid

import pytest
from django.db import connection
from oscar.core.loading import get_model

from catalog import stock
from orders.models import Payment, Refund, Reservation, Sale
from orders.services import (
    confirming,
    expiring,
    placing,
    refunding,
    reserving,
    taking,
)
from qiaoshou.common.today import clock_at
from qiaoshou.local import postgres
from tests import orders_builders as build
from tests.concurrency import racing
from tests.template_database import cluster

pytestmark = pytest.mark.django_db(transaction=True)
StockRecord = get_model("partner", "StockRecord")


@pytest.fixture
def shop():
    with clock_at(build.NOON):
        return build.shop(stock=1)


def at_once(*deeds):
    return racing.at_once(
        *deeds,
        refusals=(
            reserving.CannotReserve,
            placing.BasketEmpty,
            refunding.NothingToRefund,
            taking.AlreadyRecorded,
        ),
    )


def buying(basket, once=None):
    def deed():
        placing.place_order(
            basket=basket,
            wishes=build.wishes(),
            client_reference=once or uuid.uuid4(),
        )
        return "sold"

    return deed


def numbers(shop):
    record = StockRecord.objects.get(pk=shop.record.pk)
    return record.num_in_stock, record.num_allocated


def test_two_buyers_for_the_last_unit_at_once_exactly_one_is_sold(shop):
    for _round in range(5):
        baskets = [build.basket((shop.ready, 1)) for _buyer in range(2)]
        met = at_once(*(buying(basket) for basket in baskets))

        assert sorted(met) == ["CannotReserve", "sold"]
        assert numbers(shop) == (1, 1)
        sale = Sale.objects.get(state="awaiting_payment")
        expiring.give_up(reference=sale.reference)


def test_control_with_the_lock_and_the_check_off_both_are_sold(shop, monkeypatch):
    decided = threading.Barrier(2)

    def unlocked(**which):
        found = list(StockRecord.objects.order_by("pk").filter(**which))
        decided.wait(timeout=30)
        return found

    monkeypatch.setattr(stock, "_locked", unlocked)
    with postgres.connect(cluster(), connection.settings_dict["NAME"]) as owner:
        owner.execute(
            "ALTER TABLE partner_stockrecord DROP CONSTRAINT "
            "stock_reserved_within_stock"
        )
        owner.execute(
            "ALTER TABLE catalog_stockmovement DROP CONSTRAINT "
            "stock_movement_after_possible"
        )
    baskets = [build.basket((shop.ready, 1)) for _buyer in range(2)]

    assert at_once(*(buying(basket) for basket in baskets)) == ["sold", "sold"]
    assert numbers(shop) == (1, 2)


def test_the_last_minutes_of_a_week_are_sold_to_one_of_two(shop):
    baskets = [build.basket((shop.made, 3)) for _buyer in range(2)]
    met = at_once(*(buying(basket) for basket in baskets))

    assert sorted(met) == ["CannotReserve", "sold"]
    shop.week.refresh_from_db()
    assert (shop.week.offered, shop.week.reserved) == (960, 720)


def test_one_form_sent_five_times_at_once_is_one_order(shop):
    basket, once = build.basket((shop.ready, 1)), uuid.uuid4()
    met = at_once(*(buying(basket, once) for _time in range(5)))

    assert met == ["sold"] * 5
    assert Sale.objects.count() == 1
    assert numbers(shop) == (1, 1)


def paying(payment):
    return lambda: confirming.confirm_payment(
        payment=payment.reference,
        received_fen=payment.amount_fen,
        payment_intent=f"pi_{payment.pk}",
    )


def opened(sale):
    return Payment.objects.create(
        order=sale.order,
        method="stripe",
        state="open",
        session_id=f"cs_{sale.reference}",
        amount_fen=sale.total_fen,
    )


def test_eight_who_confirm_at_once_confirm_one_payment(shop):
    sale = build.order((shop.ready, 1), (shop.made, 2))
    payment = opened(sale)

    assert at_once(*[paying(payment)] * 8) == ["confirmed"] * 8

    assert sale.order.payment_events.count() == 1
    assert build.jobs("allocate_order") == [sale.reference]
    assert numbers(shop) == (1, 1)


def test_payment_and_the_end_of_the_hold_at_once_leave_it_paid_and_reserved(shop):
    for _round in range(5):
        sale = build.order((shop.ready, 1))
        payment = opened(sale)
        at_once(
            paying(payment), lambda ref=sale.reference: expiring._end(ref, "expired")
        )

        sale.refresh_from_db()
        assert sale.state == "paid"
        assert numbers(shop) == (1, 1)
        held = Reservation.objects.filter(line__order=sale.order, state="kept")
        assert sum(held.values_list("pieces", flat=True)) == 1
        refunding.refund_payment(
            payment=payment.reference,
            amount_fen=payment.amount_fen,
            cause="cancelled",
            client_reference=uuid.uuid4(),
            by=None,
        )
        assert numbers(shop) == (1, 0)


def test_two_refunds_of_the_whole_at_once_are_one(shop):
    sale = build.order((shop.ready, 1))
    payment = opened(sale)
    paying(payment)()

    def refunding_all():
        refunding.refund_payment(
            payment=payment.reference,
            amount_fen=payment.amount_fen,
            cause="goodwill",
            client_reference=uuid.uuid4(),
            by=None,
        )
        return "refunded"

    met = at_once(refunding_all, refunding_all)

    assert sorted(met) == ["NothingToRefund", "refunded"]
    assert Refund.objects.count() == 1
    payment.refresh_from_db()
    assert (payment.received_fen, payment.refunded_fen) == (18_000, 18_000)


def test_one_line_of_the_bank_for_two_orders_at_once_pays_one(shop):
    clerk = build.person("clerk@example.com")
    sales = [build.order((shop.made, 1)) for _buyer in range(2)]

    def paying(sale):
        def deed():
            return taking.take_payment(
                reference=sale.reference,
                method="transfer",
                received_fen=sale.total_fen,
                bank_reference="2026112400017",
                client_reference=uuid.uuid4(),
                by=clerk,
            )

        return deed

    met = at_once(*(paying(sale) for sale in sales))

    assert sorted(met) == ["AlreadyRecorded", "confirmed"]
    assert Payment.objects.count() == 1
    assert sorted(row.state for row in Sale.objects.all()) == [
        "awaiting_payment",
        "paid",
    ]
