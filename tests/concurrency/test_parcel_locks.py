"""A parcel makes two entries and takes the balances of both in their one order."""

import threading
import time
import uuid

import pytest
from django.db import connection, connections, transaction

from orders.models import Shipment
from orders.services import shipping
from producers.ledger.journal import hold
from producers.ledger.models import Balance
from producers.ledger.tables.journal import Kind
from qiaoshou.common.today import clock_at
from tests import work_builders as build

pytestmark = pytest.mark.django_db(transaction=True)


def somebody_waits_for_us():
    """Whether another connection comes to wait for a lock of this one."""
    for _look in range(200):
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_locks WHERE NOT granted"
                " AND pg_backend_pid() = ANY (pg_blocking_pids(pid))"
            )
            if cursor.fetchone()[0]:
                return True
        time.sleep(0.05)
    return False


def test_a_parcel_that_waits_for_the_banks_balance_holds_no_later_one():
    with clock_at(build.NOON):
        shop = build.workshop()
        leader = build.leader(shop.base)
        build.paid(shop, 0, ready=2)
    parcel = Shipment.objects.get()

    def sends():
        try:
            with clock_at(build.NOON):
                shipping.send_shipment(
                    shipment=parcel,
                    by=leader,
                    client_reference=uuid.uuid4(),
                    cost_fen=900,
                )
        finally:
            connections.close_all()

    sending = threading.Thread(target=sends)
    with transaction.atomic():
        hold(house=[Kind.BANK])
        sending.start()
        assert somebody_waits_for_us()
        bank = Balance.objects.get(kind=Kind.BANK)
        later = Balance.objects.filter(account_id__gt=bank.account_id)
        free = later.select_for_update(of=("self",), no_key=True, skip_locked=True)
        assert len(free) == later.count() > 0
    sending.join(timeout=60)

    parcel.refresh_from_db()
    assert parcel.state == "sent"
    assert Balance.objects.get(kind=Kind.BANK).fen == -900
