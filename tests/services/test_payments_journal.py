"""Every payment and refund in the journal, to the fen; the entries always balance."""

import uuid

import pytest
from django.db import connection

from orders.models import Payment, Refund
from orders.services import confirming, expiring, refunding
from producers.ledger.models import Account, Entry, Posting
from qiaoshou.common.today import clock_at, today
from tests import orders_builders as build

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def noon():
    with clock_at(build.NOON):
        yield
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


@pytest.fixture
def shop():
    return build.shop()


@pytest.fixture
def sale(shop):
    return build.order((shop.ready, 2))


@pytest.fixture
def clerk():
    return build.person("clerk@example.com")


def journal(sale):
    """(what, account, fen, about) in the order of booking; the sale stands as "it"."""
    rows = Posting.objects.order_by("entry_id", "pk").values_list(
        "entry__what", "account__kind", "fen", "about"
    )
    return [
        (what, kind, fen, "it" if about == sale.reference else about)
        for what, kind, fen, about in rows
    ]


def refund(payment, fen, clerk):
    return refunding.refund_payment(
        payment=payment.reference,
        amount_fen=fen,
        cause="goodwill",
        client_reference=uuid.uuid4(),
        by=clerk,
    )


def test_a_payment_is_what_we_owe_the_buyer(sale, clerk):
    build.counter(sale, by=clerk)

    assert journal(sale) == [
        ("payment", "clearing_counter", 33_600, ""),
        ("payment", "deferred_revenue", -33_600, "it"),
    ]
    entry = Entry.objects.get()
    payment = Payment.objects.get()
    assert (entry.reference, entry.source) == (
        f"payment:{payment.reference}",
        payment.reference,
    )
    assert entry.on == today()


def test_told_three_times_it_is_booked_once(sale):
    payment = Payment.objects.create(
        order=sale.order,
        method="stripe",
        state="open",
        session_id="cs_1",
        amount_fen=33_600,
    )
    for _time in range(3):
        confirming.confirm_payment(payment=payment.reference, received_fen=33_600)

    assert Entry.objects.count() == 1
    assert journal(sale)[0] == ("payment", "clearing_stripe", 33_600, "")


def test_the_wrong_sum_is_kept_apart(sale, clerk):
    build.counter(sale, 33_599, clerk)

    assert journal(sale) == [
        ("unexplained", "clearing_counter", 33_599, ""),
        ("unexplained", "suspense", -33_599, "it"),
    ]


def test_the_wrong_sum_goes_back_from_where_it_was_kept(sale, clerk):
    build.counter(sale, 33_599, clerk)
    refund(Payment.objects.get(), 33_599, clerk)

    assert journal(sale)[2:] == [
        ("refund", "suspense", 33_599, "it"),
        ("refund", "clearing_counter", -33_599, ""),
    ]


def test_what_is_not_shipped_goes_back_from_what_we_owe(sale, clerk):
    build.counter(sale, by=clerk)
    refund(Payment.objects.get(), 10_000, clerk)

    assert journal(sale)[2:] == [
        ("refund", "deferred_revenue", 10_000, "it"),
        ("refund", "clearing_counter", -10_000, ""),
    ]


def test_what_was_shipped_is_refunded_by_the_chamber(sale, clerk):
    build.counter(sale, by=clerk)
    shipped = Entry.objects.create(
        what="release",
        reference="release:test",
        on=today(),
        source_kind="shipment",
        source="test",
        size=2,
    )
    owed = Account.objects.get(kind="deferred_revenue")
    revenue = Account.objects.get(kind="chamber_revenue")
    Posting.objects.bulk_create(
        [
            Posting(entry=shipped, account=owed, fen=30_000, about=sale.reference),
            Posting(entry=shipped, account=revenue, fen=-30_000),
        ]
    )
    refund(Payment.objects.get(), 10_000, clerk)

    assert journal(sale)[4:] == [
        ("refund", "deferred_revenue", 3_600, "it"),
        ("refund", "refunds", 6_400, "it"),
        ("refund", "clearing_counter", -10_000, ""),
    ]


def test_a_second_payment_is_kept_apart_and_sent_back(sale, clerk):
    build.counter(sale, by=clerk)
    build.counter(sale, by=clerk)

    assert journal(sale)[2:] == [
        ("unexplained", "clearing_counter", 33_600, ""),
        ("unexplained", "suspense", -33_600, "it"),
        ("refund", "suspense", 33_600, "it"),
        ("refund", "clearing_counter", -33_600, ""),
    ]


def test_a_refund_that_failed_leaves_everything_as_it_was(sale, payment_double, clerk):
    payment = Payment.objects.create(
        order=sale.order,
        method="stripe",
        state="open",
        session_id="cs_1",
        amount_fen=33_600,
    )
    confirming.confirm_payment(
        payment=payment.reference, received_fen=33_600, payment_intent="pi_nobody"
    )
    asked = refund(payment, 10_000, clerk)
    refunding.send(reference=asked.reference)

    assert Refund.objects.get().state == "failed"
    assert journal(sale)[4:] == [
        ("refund_failed", "deferred_revenue", -10_000, "it"),
        ("refund_failed", "clearing_stripe", 10_000, ""),
    ]


def test_an_order_that_ends_unpaid_leaves_no_trace_in_the_journal(sale):
    expiring.give_up(reference=sale.reference)

    assert Entry.objects.count() == 0
