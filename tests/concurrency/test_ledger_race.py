"""Many people pay at once: a balance is paid out once, a line is settled once."""

import os
import signal
import subprocess
import sys
import threading
import time
import uuid

import pytest
from django.conf import settings
from django.db import IntegrityError, connection

from producers.ledger import books, pay, payouts
from producers.ledger.models import Balance, Entry, Payout, PayoutLine
from qiaoshou.local import postgres
from tests import ledger_builders as build
from tests.concurrency import racing
from tests.ledger_builders import APRIL, MARCH, RATE, Village, noon
from tests.template_database import cluster

pytestmark = pytest.mark.django_db(transaction=True)
PAYERS = 20
DAY = APRIL.replace(day=5)


@pytest.fixture
def here():
    village = Village()
    village.earns(village.wang, 2)
    village.earns(village.li, 1)
    return village


def all_at_once(deed, many=PAYERS):
    """What each of them met: "done", or the name of the refusal."""

    def somebody(number):
        def tried():
            with noon(DAY):
                deed(number)
            return "done"

        return tried

    refusals = (payouts.Refused, IntegrityError)
    return sorted(racing.at_once(*map(somebody, range(many)), refusals=refusals))


def prepare(here, month=MARCH):
    return payouts.prepare_payout(
        base=here.base,
        month=month,
        by=here.preparer,
        client_reference=uuid.uuid4(),
    )


def everything_sent(here):
    """Approves and confirms every payout that stands; fen that left the bank."""
    with noon(DAY):
        for payout in Payout.objects.order_by("pk"):
            payouts.approve_payout(payout=payout, by=here.approver)
            for line in payout.lines.order_by("pk"):
                payouts.confirm_line(
                    line=line, by=here.preparer, bank_reference=line.reference
                )
    return -Balance.objects.get(kind="bank").fen


@pytest.fixture
def lock_off(monkeypatch):
    """Balances are read without a lock, and everybody decides before any writes."""
    decided = threading.Barrier(PAYERS)
    read = payouts.due_at

    def waits(*words):
        found = read(*words)
        decided.wait(timeout=60)
        return found

    monkeypatch.setattr(payouts, "_lock_balances", lambda base: None)
    monkeypatch.setattr(payouts, "due_at", waits)


def test_twenty_payouts_of_one_balance_are_one(here):
    met = all_at_once(lambda _number: prepare(here))

    assert met == ["AlreadyPrepared"] * 19 + ["done"]
    assert everything_sent(here) == 3 * RATE
    assert books.differences() == []


def test_control_without_lock_and_constraints_all_twenty_pay(
    here, lock_off, monkeypatch
):
    # Who approves looks at the balances once more, under their lock.
    monkeypatch.setattr(payouts, "_no_longer_due", lambda payout, lines: [])
    drop = "ALTER TABLE {} DROP CONSTRAINT {}"
    with postgres.connect(cluster(), connection.settings_dict["NAME"]) as owner:
        for index in ("payout_prepared_once", "payout_line_open_once"):
            owner.execute(f"DROP INDEX {index}")
        owner.execute(drop.format("ledger_balance", "balance_not_overdrawn"))

    assert all_at_once(lambda _number: prepare(here)) == ["done"] * 20
    assert everything_sent(here) == PAYERS * 3 * RATE


def test_without_the_lock_the_database_still_lets_one_through(here, lock_off):
    met = all_at_once(lambda _number: prepare(here))

    assert met == ["IntegrityError"] * 19 + ["done"]
    assert everything_sent(here) == 3 * RATE


def test_payouts_of_different_months_share_one_balance_without_paying_twice(here):
    here.earns(here.wang, 1, on=APRIL)
    met = all_at_once(lambda number: prepare(here, (MARCH, APRIL)[number % 2]))

    # Whichever month came first took the pay of both, or left April's to April.
    assert set(met) <= {"done", "AlreadyPrepared", "NothingToPay"}
    assert everything_sent(here) == 4 * RATE
    assert books.differences() == []


def test_one_click_sent_twenty_times_at_once_is_one_payout(here):
    click = uuid.uuid4()
    met = all_at_once(
        lambda _number: payouts.prepare_payout(
            base=here.base, month=MARCH, by=here.preparer, client_reference=click
        )
    )

    assert met == ["done"] * 20
    assert Payout.objects.count() == 1


def test_twenty_approvers_at_once_send_it_once(here):
    with noon(DAY):
        payout = here.prepared()
    people = [build.person(f"approver-{n}@example.org") for n in range(PAYERS)]
    met = all_at_once(
        lambda number: payouts.approve_payout(payout=payout, by=people[number])
    )

    assert met == ["NotPrepared"] * 19 + ["done"]
    assert Entry.objects.filter(what="payout_sent").count() == 1
    assert pay.owed([here.wang.pk]) == {here.wang.pk: 0}


def test_approved_and_withdrawn_at_once_it_is_one_of_the_two(here):
    with noon(DAY):
        payout = here.prepared()

    def either(number):
        if number % 2:
            payouts.approve_payout(payout=payout, by=here.approver)
        else:
            payouts.withdraw_payout(payout=payout, reason="late", by=here.approver)

    met = all_at_once(either)
    payout.refresh_from_db()

    # Who came second with the same deed is told the same; the other deed is refused.
    assert met == ["NotPrepared"] * 10 + ["done"] * 10
    sent = Entry.objects.filter(what="payout_sent").count()
    assert (payout.state, sent) in (("approved", 1), ("withdrawn", 0))
    assert books.differences() == []


def test_confirmed_and_failed_at_once_a_line_is_one_of_the_two(here):
    with noon(DAY):
        line = here.approved().lines.get(maker=here.wang)

    def either(number):
        if number % 2:
            payouts.confirm_line(line=line, by=here.preparer, bank_reference="B1")
        else:
            payouts.fail_line(line=line, reason="no", by=here.preparer)

    met = all_at_once(either)
    line.refresh_from_db()

    assert met == ["LineSettled"] * 10 + ["done"] * 10
    assert Entry.objects.filter(source=line.reference).count() == 1
    assert books.differences() == []


def test_the_last_two_lines_confirmed_at_once_close_the_payout(here):
    with noon(DAY):
        payout = here.approved()
    lines = list(payout.lines.order_by("pk"))
    met = all_at_once(
        lambda number: payouts.confirm_line(
            line=lines[number], by=here.preparer, bank_reference=f"B{number}"
        ),
        many=2,
    )
    payout.refresh_from_db()

    assert (met, payout.state) == (["done", "done"], "closed")


def test_one_reference_of_the_bank_on_lines_of_two_payouts_at_once_stands_on_one(here):
    with noon(MARCH):
        here.approved()
    here.earns(here.wang, 1, on=APRIL)
    with noon(DAY):
        here.approved(APRIL)
    lines = list(PayoutLine.objects.filter(maker=here.wang).order_by("pk"))
    met = all_at_once(
        lambda number: payouts.confirm_line(
            line=lines[number], by=here.preparer, bank_reference="B1"
        ),
        many=2,
    )

    assert met == ["ReferenceTaken", "done"]
    states = PayoutLine.objects.filter(maker=here.wang).values_list("state", flat=True)
    assert sorted(states) == ["open", "paid"]
    assert books.differences() == []


def test_twenty_acceptances_of_the_same_pieces_at_once_are_paid_once(here):
    met = all_at_once(lambda _number: here.earns(here.zhao, 3, source="same"))

    assert met == ["done"] * 20
    assert pay.owed([here.zhao.pk]) == {here.zhao.pk: 3 * RATE}


def test_acceptances_and_a_payout_at_once_never_block_each_other(here):
    women = [here.wang, here.li, here.zhao]

    def one(number):
        if number == 0:
            return prepare(here)
        return here.earns(women[number % 3], 1, on=APRIL, source=f"S{number}")

    assert all_at_once(one) == ["done"] * 20
    assert books.differences() == []


KILLED = """
import django, os, sys, uuid
django.setup()
from django.db import connection
connection.settings_dict["NAME"] = sys.argv[1]
from producers.ledger import payouts
from producers.ledger.models import Payout, PayoutLine
from producers.models import Base
from qiaoshou.accounts.models import User
from tests.ledger_builders import MARCH, noon
from tests.concurrency.test_ledger_race import DAY
one, two = User.objects.order_by("pk")[:2]
print("ready", flush=True)
while True:
    with noon(DAY):
        try:
            payout = payouts.prepare_payout(base=Base.objects.get(), month=MARCH,
                                            by=one, client_reference=uuid.uuid4())
        except payouts.AlreadyPrepared as refusal:
            payout = refusal.payout
        except payouts.NothingToPay:
            payout = Payout.objects.get(state="approved")
        if payout.state == "prepared":
            payouts.approve_payout(payout=payout, by=two)
        for line in PayoutLine.objects.filter(state="open").order_by("pk"):
            payouts.fail_line(line=line, reason="again", by=one)
"""


def test_killed_at_any_moment_the_books_are_whole(here):
    name = connection.settings_dict["NAME"]
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "qiaoshou.settings.test"}
    for round_ in range(4):
        child = subprocess.Popen(
            [sys.executable, "-c", KILLED, name],
            cwd=settings.ROOT,
            env=environment,
            stdout=subprocess.PIPE,
        )
        assert child.stdout.readline() == b"ready\n"
        time.sleep(0.1 + 0.17 * round_)
        child.send_signal(signal.SIGKILL)
        child.wait(timeout=30)
        child.stdout.close()

        assert books.differences() == []
    assert PayoutLine.objects.filter(state="failed").exists()
    owed = sum(pay.owed([here.wang.pk, here.li.pk]).values())
    way = -sum(
        Balance.objects.filter(kind="pay_on_its_way").values_list("fen", flat=True)
    )
    assert owed + way == 3 * RATE
