"""Money that comes in, in every way it can: confirmed once, or never."""

import datetime as dt

import pytest
from oscar.core.loading import get_model

from orders.models import Demand, Payment, PaymentAlarm, Refund, Reservation
from orders.services import confirming, expiring, paying
from qiaoshou.common.today import clock_at, now
from tests import orders_builders as build

pytestmark = pytest.mark.django_db
Basket = get_model("basket", "Basket")


@pytest.fixture
def shop():
    with clock_at(build.NOON):
        made = build.shop()
    return made


@pytest.fixture
def sale(shop):
    return build.order((shop.ready, 2), (shop.made, 3))


def paid(payment, **other):
    fields = {
        "payment": payment.reference,
        "received_fen": payment.amount_fen,
        "payment_intent": f"pi_{payment.reference}",
    } | other
    return confirming.confirm_payment(**fields)


def states(sale):
    rows = Reservation.objects.filter(line__order=sale.order).order_by("pk")
    return list(rows.values_list("state", "expires_at"))


def numbers(shop):
    shop.record.refresh_from_db()
    shop.week.refresh_from_db()
    return shop.record.num_in_stock, shop.record.num_allocated, shop.week.reserved


def after_the_hold():
    return clock_at(now() + dt.timedelta(minutes=41))


def test_a_payment_page_opens_for_31_minutes_over_the_whole_sum(sale, payment_double):
    before = now()
    payment = build.pay_page(sale)

    assert (payment.state, payment.amount_fen) == ("open", 33600 + 55800)
    assert payment.session_id.startswith("cs_")
    minutes = (payment.expires_at - before).total_seconds() / 60
    assert 30.9 < minutes < 31.1
    session = payment_double.api("GET", f"/v1/checkout/sessions/{payment.session_id}")[
        1
    ]
    assert session["amount_total"] == 89_400
    assert session["client_reference_id"] == sale.reference


def test_the_payment_page_opens_once_however_often_it_is_asked_for(
    sale, payment_double
):
    payments = {build.pay_page(sale).session_id for _time in range(3)}

    assert len(payments) == 1
    assert Payment.objects.count() == 1


def test_a_lost_answer_is_found_by_asking_again(sale, payment_double):
    from orders.payments.gateway import GatewayUnavailable

    payment_double.faults(request="lost_answer", times=10)
    with pytest.raises(GatewayUnavailable):
        build.pay_page(sale)
    lost = Payment.objects.get()
    assert (lost.state, lost.session_id) == ("opening", None)
    payment_double.clear_faults()

    again = build.pay_page(sale)

    assert (again.pk, again.state) == (lost.pk, "open")
    sessions = payment_double.api("GET", "/v1/checkout/sessions")[1]["data"]
    assert [session["id"] for session in sessions] == [again.session_id]


def test_money_that_came_while_the_answer_was_lost_is_matched_by_the_order(
    sale, payment_double
):
    from orders.payments.gateway import GatewayUnavailable

    payment_double.faults(request="lost_answer", times=10)
    with pytest.raises(GatewayUnavailable):
        build.pay_page(sale)
    payment_double.clear_faults()
    (session,) = payment_double.api("GET", "/v1/checkout/sessions")[1]["data"]
    payment_double.pay(session["id"])

    outcome = confirming.settle_session(session["id"], reference=sale.reference)

    assert outcome == "confirmed"
    assert Payment.objects.get().session_id == session["id"]


def test_a_page_that_would_outlive_the_hold_is_not_opened(sale, payment_double):
    with (
        clock_at(now() + dt.timedelta(minutes=10)),
        pytest.raises(paying.TooLateToOpen),
    ):
        build.pay_page(sale)

    assert Payment.objects.count() == 0


def test_paid_at_the_provider_is_confirmed_and_kept(shop, sale, payment_double):
    payment = build.pay_page(sale)
    payment_double.pay(payment.session_id)

    assert confirming.settle_session(payment.session_id) == "confirmed"

    sale.refresh_from_db()
    payment.refresh_from_db()
    assert (sale.state, payment.state) == ("paid", "paid")
    assert payment.received_fen == 89_400
    assert payment.payment_intent.startswith("pi_")
    assert states(sale) == [("kept", None), ("kept", None)]
    assert numbers(shop) == (5, 2, 720)
    assert Demand.objects.get().state == "open"
    sale.order.refresh_from_db()
    assert sale.order.status == "making"
    assert sale.order.basket.status == Basket.SUBMITTED
    assert build.jobs("allocate_order") == [sale.reference]
    event = sale.order.payment_events.get()
    assert (event.event_type.code, str(event.amount)) == ("paid", "894.00")


def test_not_yet_paid_changes_nothing(shop, sale, payment_double):
    payment = build.pay_page(sale)

    assert confirming.settle_session(payment.session_id) == "not_paid"

    sale.refresh_from_db()
    assert sale.state == "awaiting_payment"
    assert build.jobs("allocate_order") == []


def test_told_three_times_it_is_paid_once(sale, payment_double):
    payment = build.pay_page(sale)

    assert [paid(payment) for _time in range(3)] == ["confirmed"] * 3

    assert build.jobs("allocate_order") == [sale.reference]
    assert sale.order.payment_events.count() == 1


def test_an_order_from_stock_alone_asks_nobody_to_make_anything(shop, payment_double):
    sale = build.order((shop.ready, 1))

    assert paid(build.pay_page(sale)) == "confirmed"

    sale.order.refresh_from_db()
    assert sale.order.status == "paid"
    assert build.jobs("allocate_order") == []


def test_the_wrong_sum_confirms_nothing_and_calls_the_shopkeeper(
    shop, sale, payment_double
):
    payment = build.pay_page(sale)
    payment_double.pay(payment.session_id, amount=89_300)

    assert confirming.settle_session(payment.session_id) == "wrong_amount"
    assert confirming.settle_session(payment.session_id) == "wrong_amount"

    sale.refresh_from_db()
    payment.refresh_from_db()
    assert (sale.state, payment.state) == ("awaiting_payment", "mismatched")
    assert payment.received_fen == 89_300
    assert [state for state, _until in states(sale)] == ["held", "held"]
    alarm = PaymentAlarm.objects.get()
    assert (alarm.kind, alarm.payment) == ("wrong_amount", payment)
    assert alarm.facts == {
        "order": sale.reference,
        "expected_fen": 89_400,
        "received_fen": 89_300,
        "currency": "cny",
    }
    assert build.jobs("tell_shopkeepers") == [alarm.reference]
    assert build.jobs("allocate_order") == []


def test_a_hold_that_is_over_frees_the_pieces_and_gives_the_basket_back(
    shop, sale, payment_double
):
    build.pay_page(sale)
    with after_the_hold():
        ended = expiring.expire(reference=sale.reference)

    assert ended.state == "expired"
    assert states(sale) == [("released", None), ("released", None)]
    assert numbers(shop) == (5, 0, 0)
    assert Demand.objects.get().state == "closed"
    basket = Basket.objects.get(pk=sale.order.basket_id)
    assert (basket.status, basket.lines.count()) == (Basket.OPEN, 2)
    sale.order.refresh_from_db()
    assert sale.order.status == "expired"
    assert Payment.objects.get().state == "ended"


def test_a_hold_that_still_stands_is_not_ended(shop, sale, payment_double):
    with clock_at(now() + dt.timedelta(minutes=39)):
        assert expiring.expire(reference=sale.reference).state == "awaiting_payment"
        assert expiring.over() == []
    with after_the_hold():
        assert expiring.over() == [sale.reference]


def test_paid_in_the_last_moment_the_order_is_paid_and_not_expired(
    shop, sale, payment_double
):
    payment = build.pay_page(sale)
    payment_double.pay(payment.session_id)
    with after_the_hold():
        assert expiring.expire(reference=sale.reference).state == "paid"

    assert numbers(shop) == (5, 2, 720)


def test_with_the_provider_silent_the_hold_ends_all_the_same(
    shop, sale, payment_double
):
    build.pay_page(sale)
    payment_double.faults(request="lost_answer", times=20)
    with after_the_hold():
        assert expiring.expire(reference=sale.reference).state == "expired"


def test_paid_after_the_hold_everything_is_reserved_again(shop, sale, payment_double):
    payment = build.pay_page(sale)
    with after_the_hold():
        expiring.expire(reference=sale.reference)

    assert paid(payment) == "confirmed"

    sale.refresh_from_db()
    assert (sale.state, sale.ended_at) == ("paid", None)
    assert states(sale) == [
        ("released", None),
        ("released", None),
        ("kept", None),
        ("kept", None),
    ]
    assert numbers(shop) == (5, 2, 720)
    assert Demand.objects.get().state == "open"
    assert Refund.objects.count() == 0


def test_paid_after_the_hold_when_all_is_sold_the_money_goes_back_once(
    shop, sale, payment_double
):
    payment = build.pay_page(sale)
    payment_double.pay(payment.session_id)
    expired_without_asking(sale)
    build.order((shop.ready, 4))

    for _time in range(3):
        assert confirming.settle_session(payment.session_id) == "sent_back"

    sale.refresh_from_db()
    payment.refresh_from_db()
    assert (sale.state, payment.state) == ("expired", "surplus")
    assert numbers(shop) == (5, 4, 0)
    refund = Refund.objects.get()
    assert (refund.amount_fen, refund.cause) == (89_400, "too_late")
    assert build.jobs("send_refund") == [refund.reference]
    assert PaymentAlarm.objects.get().kind == "paid_too_late"


def expired_without_asking(sale):
    """The hold ends while the provider does not know of the payment yet."""
    with after_the_hold():
        expiring._end(sale.reference, "expired")


def test_an_order_that_was_paid_already_gives_the_second_money_back(
    sale, payment_double
):
    first = build.pay_page(sale)
    second = Payment.objects.create(
        order=sale.order,
        method="counter",
        amount_fen=first.amount_fen,
        state="open",
    )
    clerk = build.person("clerk@example.com")
    paid(first)

    assert paid(second, payment_intent=None, by=clerk) == "sent_back"

    refund = Refund.objects.get()
    assert (refund.payment, refund.cause) == (second, "twice")
    assert PaymentAlarm.objects.get().kind == "paid_twice"


def test_a_session_of_nobody_is_unknown(sale, payment_double):
    with pytest.raises(confirming.UnknownPayment):
        confirming.settle_session("cs_test_nobody", reference="NOSUCHREF0")


def test_a_buyer_who_would_rather_change_her_order_has_her_basket_back(
    shop, sale, payment_double
):
    payment = build.pay_page(sale)

    assert expiring.give_up(reference=sale.reference).state == "cancelled"

    session = payment_double.api("GET", f"/v1/checkout/sessions/{payment.session_id}")[
        1
    ]
    assert session["status"] == "expired"
    assert numbers(shop) == (5, 0, 0)
    assert Basket.objects.get(pk=sale.order.basket_id).status == Basket.OPEN


def test_a_returned_basket_may_be_ordered_again(shop, sale, payment_double):
    from orders.services import placing

    expiring.give_up(reference=sale.reference)
    again = placing.place_order(
        basket=sale.order.basket,
        wishes=build.wishes(),
        client_reference="6f6f5a2e-0000-4000-8000-000000000001",
    )

    assert again.order.basket_id == sale.order.basket_id
    assert numbers(shop) == (5, 2, 720)


def test_she_who_paid_before_she_changed_her_mind_has_paid(shop, sale, payment_double):
    payment = build.pay_page(sale)
    payment_double.pay(payment.session_id)

    assert expiring.give_up(reference=sale.reference).state == "paid"


def test_a_payment_page_that_can_not_be_closed_leaves_the_order_as_it_is(
    shop, sale, payment_double
):
    build.pay_page(sale)
    payment_double.faults(request="lost_answer", times=20)
    with pytest.raises(expiring.ProviderSilent):
        expiring.give_up(reference=sale.reference)

    sale.refresh_from_db()
    assert sale.state == "awaiting_payment"
