"""Money that goes back: asked once, sent once, and what happens when it fails."""

import datetime as dt
import uuid

import pytest
from django.core.management import CommandError, call_command

from orders.models import Payment, PaymentAlarm, Refund
from orders.payments.gateway import GatewayUnavailable, PaymentLine, gateway
from orders.services import alarming, confirming, reconciling, refunding, taking
from qiaoshou.common.today import clock_at, now
from tests import orders_builders as build

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop():
    with clock_at(build.NOON):
        return build.shop()


@pytest.fixture
def sale(shop):
    return build.order((shop.ready, 2))


@pytest.fixture
def clerk():
    return build.person("clerk@example.com")


@pytest.fixture
def paid(sale, payment_double):
    payment = build.pay_page(sale)
    payment_double.pay(payment.session_id)
    confirming.settle_session(payment.session_id)
    payment.refresh_from_db()
    return payment


def refund(payment, amount_fen, clerk, **other):
    fields = {
        "payment": payment.reference,
        "amount_fen": amount_fen,
        "cause": "returned",
        "client_reference": uuid.uuid4(),
        "by": clerk,
    } | other
    return refunding.refund_payment(**fields)


def at_provider(payment_double):
    refunds = payment_double.api("GET", "/v1/refunds")[1]["data"]
    return [(one["amount"], one["status"]) for one in refunds]


def test_a_part_goes_back_and_the_order_stays_paid(sale, paid, clerk, payment_double):
    asked = refund(paid, 10_000, clerk, note="一只开线")
    assert build.jobs("send_refund") == [asked.reference]

    sent = refunding.send(reference=asked.reference)

    assert sent.state == "done"
    assert at_provider(payment_double) == [(10_000, "succeeded")]
    sale.refresh_from_db()
    paid.refresh_from_db()
    assert (sale.state, paid.refunded_fen) == ("paid", 10_000)


def test_all_of_it_goes_back_and_what_was_kept_is_free(
    shop, sale, paid, clerk, payment_double
):
    refund(paid, paid.received_fen, clerk, cause="cancelled")

    sale.refresh_from_db()
    shop.record.refresh_from_db()
    assert sale.state == "refunded"
    assert (shop.record.num_in_stock, shop.record.num_allocated) == (5, 0)
    sale.order.refresh_from_db()
    assert sale.order.status == "refunded"


def test_asked_twice_with_one_form_it_goes_back_once(paid, clerk, payment_double):
    once = uuid.uuid4()
    first = refund(paid, 10_000, clerk, client_reference=once)
    second = refund(paid, 10_000, clerk, client_reference=once)

    assert first == second
    assert Payment.objects.get().refunded_fen == 10_000


def test_more_than_came_in_never_goes_back(paid, clerk, payment_double):
    refund(paid, 30_000, clerk)
    with pytest.raises(refunding.NothingToRefund) as refusal:
        refund(paid, 3_601, clerk)

    assert refusal.value.left == 3_600
    assert Refund.objects.count() == 1


def test_sent_twice_after_a_lost_answer_the_provider_pays_once(
    paid, clerk, payment_double
):
    asked = refund(paid, 10_000, clerk)
    payment_double.faults(request="lost_answer", times=10)
    with pytest.raises(GatewayUnavailable):
        refunding.send(reference=asked.reference)
    payment_double.clear_faults()

    assert refunding.send(reference=asked.reference).state == "done"
    assert refunding.send(reference=asked.reference).state == "done"
    assert at_provider(payment_double) == [(10_000, "succeeded")]


def test_a_refund_that_the_provider_refuses_calls_the_shopkeeper(
    paid, clerk, payment_double
):
    Payment.objects.filter(pk=paid.pk).update(payment_intent="pi_of_nobody")
    asked = refund(paid, 10_000, clerk)

    assert refunding.send(reference=asked.reference).state == "failed"

    paid.refresh_from_db()
    assert paid.refunded_fen == 0
    alarm = PaymentAlarm.objects.get()
    assert (alarm.kind, alarm.subject) == ("refund_failed", asked.reference)


def test_money_from_the_counter_goes_back_by_hand(sale, clerk):
    assert build.counter(sale, by=clerk) == "confirmed"
    payment = Payment.objects.get()
    asked = refund(payment, 5_000, clerk)
    assert build.jobs("send_refund") == []
    assert refunding.send(reference=asked.reference).state == "asked"

    done = refunding.record_paid_back(reference=asked.reference)

    assert (done.state, done.settled_at is not None) == ("done", True)


def test_a_transfer_needs_the_line_of_the_statement_and_pays_once(shop, sale, clerk):
    def transfer(of, statement):
        return taking.take_payment(
            reference=of.reference,
            method="transfer",
            received_fen=of.total_fen,
            bank_reference=statement,
            client_reference=uuid.uuid4(),
            by=clerk,
        )

    with pytest.raises(taking.NoBankReference):
        transfer(sale, " ")
    assert transfer(sale, "2026112400017") == "confirmed"
    other = build.order((shop.ready, 1))
    with pytest.raises(taking.AlreadyRecorded):
        transfer(other, "2026112400017")


def test_too_little_at_the_counter_confirms_nothing(sale, clerk):
    assert build.counter(sale, 33_599, clerk) == "wrong_amount"

    sale.refresh_from_db()
    assert sale.state == "awaiting_payment"
    assert PaymentAlarm.objects.get().facts["received_fen"] == 33_599


def test_after_too_little_at_the_counter_another_page_opens_to_pay_online(
    sale, clerk, payment_double
):
    first = build.pay_page(sale)
    assert build.counter(sale, 33_599, clerk) == "wrong_amount"
    first.refresh_from_db()
    assert first.state == "ended"

    second = build.pay_page(sale)

    assert second.session_id != first.session_id
    payment_double.pay(second.session_id)
    assert confirming.settle_session(second.session_id) == "confirmed"
    sale.refresh_from_db()
    assert sale.state == "paid"


def test_the_page_to_pay_online_is_closed_when_the_counter_takes_the_money(
    sale, clerk, payment_double
):
    online = build.pay_page(sale)
    assert build.counter(sale, by=clerk) == "confirmed"

    session = payment_double.api("GET", f"/v1/checkout/sessions/{online.session_id}")[1]
    assert session["status"] == "expired"


def test_reconciling_confirms_what_no_event_ever_told(sale, payment_double):
    payment = build.pay_page(sale)
    payment_double.pay(payment.session_id)

    report = reconciling.reconcile()

    assert report.confirmed == [sale.reference]
    assert report.wrong == []
    sale.refresh_from_db()
    assert sale.state == "paid"
    assert reconciling.reconcile().confirmed == []


def test_reconciling_finds_a_session_whose_answer_was_lost(sale, payment_double):
    payment_double.faults(request="lost_answer", times=10)
    with pytest.raises(GatewayUnavailable):
        build.pay_page(sale)
    payment_double.clear_faults()
    (session,) = payment_double.api("GET", "/v1/checkout/sessions")[1]["data"]
    payment_double.pay(session["id"])

    assert reconciling.reconcile().confirmed == [sale.reference]


def test_reconciling_calls_out_the_wrong_sum_until_somebody_has_looked(
    sale, clerk, payment_double
):
    payment = build.pay_page(sale)
    payment_double.pay(payment.session_id, amount=1)
    assert reconciling.reconcile().wrong == [sale.reference]
    assert reconciling.reconcile().wrong == [sale.reference]

    alarm = PaymentAlarm.objects.get()
    assert alarm.kind == "wrong_amount"
    alarming.settle_alarm(alarm=alarm, note="called her", by=clerk)

    assert reconciling.reconcile().wrong == []


def test_reconciling_calls_out_money_of_no_order_of_ours(payment_double):
    session = gateway().open_session(
        reference="NOSUCHREF0",
        amount_fen=100,
        currency="cny",
        lines=[PaymentLine("?", 100)],
        success_url="http://shop.example/",
        cancel_url="http://shop.example/",
        expires_at=now() + dt.timedelta(minutes=31),
        idempotency_key=str(uuid.uuid4()),
        locale="en",
    )
    payment_double.pay(session.id)

    assert reconciling.reconcile().wrong == ["NOSUCHREF0"]
    alarm = PaymentAlarm.objects.get()
    assert (alarm.kind, alarm.subject) == ("unknown", session.id)


def test_the_command_fails_and_names_what_is_wrong(sale, payment_double, capsys):
    payment = build.pay_page(sale)
    payment_double.pay(payment.session_id, amount=1)
    with pytest.raises(CommandError, match=f"To look at: {sale.reference}"):
        call_command("reconcile_payments")

    assert "sessions: 1" in capsys.readouterr().out


def test_the_command_says_so_when_the_provider_can_not_be_asked(payment_double):
    payment_double.faults(request="lost_answer", times=20)
    with pytest.raises(CommandError, match="The payment provider can't be asked"):
        call_command("reconcile_payments")


def test_reconciling_sends_refunds_that_were_left(paid, clerk, payment_double):
    asked = refund(paid, 10_000, clerk)

    assert reconciling.reconcile().refunds == [asked.reference]
    assert at_provider(payment_double) == [(10_000, "succeeded")]
