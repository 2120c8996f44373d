"""The background jobs of buying, run by a real worker on the rows that queued them."""

import datetime as dt
import uuid

import pytest
from django.core import mail
from django.db import transaction
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from orders import tasks
from orders.models import Refund, Sale
from orders.services import confirming, refunding
from qiaoshou.common.today import clock_at, now
from tests import orders_builders as build

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def shop():
    return build.shop()


def work(*names):
    """What a worker does with the queue; the states of the jobs of these names."""
    with app.replace_connector(app.connector.get_worker_connector()) as at_work:
        at_work.run_worker(
            wait=False, install_signal_handlers=False, listen_notify=False
        )
    jobs = ProcrastinateJob.objects.filter(task_name__in=names).order_by("id")
    return list(jobs.values_list("task_name", "status"))


def test_a_hold_that_is_over_is_ended_by_the_minutes_job(shop):
    with clock_at(now() - dt.timedelta(minutes=41)):
        over = build.order((shop.ready, 1))
    waiting = build.order((shop.ready, 1))
    tasks.expire_holds.defer(timestamp=0)

    # At a full minute the worker itself queues the job once more.
    assert set(work("expire_holds", "expire_hold")) == {
        ("expire_holds", "succeeded"),
        ("expire_hold", "succeeded"),
    }
    states = dict(Sale.objects.values_list("reference", "state"))
    assert states == {
        over.reference: "expired",
        waiting.reference: "awaiting_payment",
    }


def test_a_paid_order_is_told_and_its_refund_is_sent(shop, payment_double):
    sale = build.order((shop.ready, 1), wish=build.wishes(email="lin@example.com"))
    payment = build.pay_page(sale)
    payment_double.pay(payment.session_id)
    confirming.settle_session(payment.session_id)
    refunding.refund_payment(
        payment=payment.reference,
        amount_fen=500,
        cause="goodwill",
        client_reference=uuid.uuid4(),
        by=None,
    )

    assert work("tell_buyer", "send_refund") == [
        ("tell_buyer", "succeeded"),
        ("send_refund", "succeeded"),
    ]
    assert [letter.to for letter in mail.outbox] == [["lin@example.com"]]
    assert Refund.objects.get().state == "done"


def test_a_job_vanishes_with_the_rows_that_it_was_about(shop):
    sale = build.order((shop.made, 1))

    @transaction.atomic
    def paid_and_stopped():
        build.counter(sale)
        raise RuntimeError("the machine stops here")

    with pytest.raises(RuntimeError, match="stops here"):
        paid_and_stopped()

    assert build.jobs("allocate_order") == []
    assert Sale.objects.get().state == "awaiting_payment"


def test_no_job_carries_anything_but_one_public_reference(shop, payment_double):
    build.counter(build.order((shop.made, 1)))
    build.counter(build.order((shop.ready, 1)), received_fen=1)

    arguments = list(ProcrastinateJob.objects.values_list("args", flat=True))
    assert [sorted(one) for one in arguments] == [["reference"]] * len(arguments)
    assert {len(one["reference"]) for one in arguments} == {10}
