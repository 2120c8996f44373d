"""What the tables of journal and payouts refuse by themselves, one constraint each."""

import datetime as dt

import pytest
from django.db import connection

from producers.ledger.models import Entry, Payout, PayoutLine
from qiaoshou.common.reference import new_reference
from qiaoshou.common.today import now
from tests.ledger_builders import APRIL, MARCH, Village, check_now, noon
from tests.services.registry_world import refused

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def a_day_in_april():
    with noon(dt.date(2026, 4, 5)):
        yield


@pytest.fixture
def here():
    village = Village()
    village.earns(village.wang, 2)
    village.payout = village.prepared()
    village.line = village.payout.lines.get()
    check_now()
    return village


def payout(here, **other):
    return {
        "base": here.base,
        "month": APRIL,
        "makers": 1,
        "fen": 100,
        "prepared_by": here.preparer,
    } | other


@pytest.mark.parametrize(
    ("other", "constraint"),
    [
        ({"month": dt.date(2026, 4, 2)}, "payout_month_is_its_first_day"),
        ({"fen": 0}, "payout_pays_somebody"),
        ({"makers": 0}, "payout_pays_somebody"),
        ({"month": MARCH}, "payout_prepared_once"),
        ({"state": "approved"}, "payout_state_is_whole"),
        ({"state": "closed"}, "payout_state_is_whole"),
        ({"state": "withdrawn"}, "payout_state_is_whole"),
        ({"withdrawn_reason": "x"}, "payout_state_is_whole"),
        ({"state": "nothing"}, "payout_state_is_whole"),
    ],
)
def test_a_payout(here, other, constraint):
    with refused(constraint):
        Payout.objects.create(**payout(here, **other))


def test_a_payout_approved_by_its_preparer(here):
    with refused("payout_approved_by_another"):
        Payout.objects.create(
            **payout(
                here,
                state="approved",
                approved_by=here.preparer,
                approved_at=now(),
            )
        )


def test_one_click_is_one_payout(here):
    with refused("ledger_payout_client_reference_key"):
        Payout.objects.create(
            **payout(here, client_reference=here.payout.client_reference)
        )


def line(here, **other):
    return {
        "payout": here.payout,
        "month": MARCH,
        "maker": here.li,
        "fen": 100,
        "pay_account": here.cash,
        "account_kind": "cash",
    } | other


SETTLED = {"settled_at": dt.datetime(2026, 4, 5, tzinfo=dt.UTC)}


@pytest.mark.parametrize(
    ("other", "constraint"),
    [
        ({"fen": 0}, "payout_line_positive"),
        ({"account_kind": "gold"}, "payout_line_account_kind_known"),
        ({"bank_reference": ""}, "payout_line_reference_not_empty"),
        ({"state": "paid"}, "payout_line_state_is_whole"),
        ({"state": "failed"} | SETTLED, "payout_line_state_is_whole"),
        ({"state": "withdrawn", "failure": "x"}, "payout_line_state_is_whole"),
        ({"failure": "x"}, "payout_line_state_is_whole"),
        ({"state": "nothing"}, "payout_line_state_is_whole"),
    ],
)
def test_a_line(here, other, constraint):
    with refused(constraint):
        PayoutLine.objects.create(**line(here, **other))


def test_a_bank_line_is_paid_with_a_reference(here):
    with refused("payout_line_state_is_whole"):
        PayoutLine.objects.create(
            **line(
                here,
                state="paid",
                account_kind="bank",
                settled_by=here.preparer,
                **SETTLED,
            )
        )


def test_a_maker_has_one_line_in_a_payout(here):
    with refused("payout_line_once_per_maker"):
        PayoutLine.objects.create(
            **line(
                here,
                maker=here.wang,
                state="failed",
                failure="x",
                settled_by=here.preparer,
                **SETTLED,
            )
        )


def test_a_maker_has_one_open_line_a_month(here):
    approved = {"approved_by": here.approver, "approved_at": now()}
    with refused("payout_line_open_once"):
        other = Payout.objects.create(
            **payout(here, month=MARCH, state="approved", **approved)
        )
        PayoutLine.objects.create(**line(here, payout=other, maker=here.wang))


def test_a_line_is_of_its_payouts_month(here):
    def wrong():
        PayoutLine.objects.create(**line(here, month=APRIL))
        check_now()

    with refused("payout_line_of_its_month"):
        wrong()


def test_a_bank_reference_is_used_once(here):
    used = {"state": "paid", "bank_reference": "B1", "settled_by": here.preparer}
    with refused("ledger_payoutline_bank_reference_key"):
        PayoutLine.objects.create(**line(here, **used, **SETTLED))
        PayoutLine.objects.create(**line(here, maker=here.zhao, **used, **SETTLED))


def test_a_line_added_later_is_not_in_the_sum(here):
    with refused("payout_adds_up"):
        PayoutLine.objects.create(**line(here))
        check_now()


def test_a_payout_does_not_end_with_open_lines(here):
    here.payout.state, here.payout.ended_at = "withdrawn", now()
    here.payout.withdrawn_by, here.payout.withdrawn_reason = here.approver, "x"
    with refused("payout_ends_settled"):
        here.payout.save()
        check_now()


def test_a_line_is_not_paid_before_the_approval(here):
    with refused("payout_line_goes_forward"):
        PayoutLine.objects.filter(pk=here.line.pk).update(
            state="paid",
            bank_reference="B1",
            settled_at=now(),
            settled_by=here.preparer,
        )


@pytest.mark.parametrize(
    ("other", "constraint"),
    [
        ({"what": "nothing"}, "entry_what_known"),
        ({"source": ""}, "entry_has_source"),
        ({"source_kind": ""}, "entry_has_source"),
        ({"reference": ""}, "entry_has_source"),
        ({"size": 1}, "entry_has_two_postings"),
        ({"what": "reversal"}, "entry_reversal_names_the_mistake"),
    ],
)
def test_an_entry(here, other, constraint):
    fields = {
        "what": "settlement",
        "reference": new_reference(),
        "on": MARCH,
        "source_kind": "test",
        "source": "1",
        "size": 2,
    }
    with refused(constraint):
        Entry.objects.create(**(fields | other))


def test_an_entry_that_would_correct_itself(here):
    with refused("entry_not_its_own_reversal"), connection.cursor() as cursor:
        cursor.execute("SELECT nextval('ledger_entry_id_seq')")
        (number,) = cursor.fetchone()
        Entry.objects.create(
            pk=number,
            what="reversal",
            reference="itself",
            on=MARCH,
            source_kind="test",
            source="1",
            size=2,
            reverses_id=number,
        )


def test_everything_that_was_refused_left_nothing(here):
    check_now()

    assert (Payout.objects.count(), PayoutLine.objects.count()) == (1, 1)
