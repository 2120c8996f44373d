"""Payouts from the first click to the last line, and what is refused on the way."""

import datetime as dt
import uuid

import pytest

from producers.ledger import due, journal, pay, payouts
from producers.ledger.models import Balance, Entry, Payout, PayoutLine, Posting
from producers.services import personal
from producers.services.households import move_household
from tests import ledger_builders as build
from tests.ledger_builders import APRIL, MARCH, RATE, Village, noon
from tests.services import registry_world as registry

pytestmark = pytest.mark.django_db
FIFTH = dt.date(2026, 4, 5)


@pytest.fixture
def here():
    village = Village()
    village.earns(village.wang, 2)
    village.earns(village.li, 1)
    village.earns(village.zhao, 1)
    return village


@pytest.fixture(autouse=True)
def a_day_in_april():
    with noon(FIFTH):
        yield
        build.check_now()


def balances():
    rows = Balance.objects.exclude(fen=0).order_by("kind", "account__maker_id")
    return list(rows.values_list("kind", "account__maker__name_zh", "fen"))


def line_of(payout, woman):
    return payout.lines.get(maker=woman)


def moves(entry):
    rows = Posting.objects.filter(entry=entry).order_by("pk")
    return list(rows.values_list("account__kind", "account__maker__name_zh", "fen"))


STANDING = [
    ("maker_payable", "王桂兰", -17_200),
    ("maker_payable", "李秀英", -8_600),
    ("maker_payable", "赵凤芹", -8_600),
    ("work_in_stock", None, 34_400),
]


def test_a_prepared_payout_holds_who_can_be_paid_and_moves_nothing(here):
    payout = here.prepared()

    assert (payout.state, payout.month, payout.makers, payout.fen) == (
        "prepared",
        MARCH,
        2,
        25_800,
    )
    assert payout.prepared_by == here.preparer
    rows = payout.lines.order_by("pk").values_list(
        "maker__name_zh", "fen", "account_kind", "pay_account", "state"
    )
    assert sorted(rows) == sorted(
        [
            ("李秀英", 8_600, "cash", here.cash.pk, "open"),
            ("王桂兰", 17_200, "bank", here.account.pk, "open"),
        ]
    )
    assert balances() == STANDING
    assert [one.reason for one in due.due_at(here.base, MARCH).left_out] == [
        "PREPARED",
        "PREPARED",
        "NO_ACCOUNT",
    ]


def test_prepared_twice_with_one_click_it_is_one_payout(here):
    click = uuid.uuid4()
    first = here.prepared(client_reference=click)

    assert here.prepared(client_reference=click) == first
    assert Payout.objects.count() == 1


def test_a_base_has_one_payout_of_a_month_to_be_approved(here):
    first = here.prepared()
    with pytest.raises(payouts.AlreadyPrepared) as refusal:
        here.prepared()

    assert refusal.value.payout == first


def test_where_nothing_can_be_paid_the_refusal_says_who_waits(here):
    other = registry.base(here.county.other_village, "杏村基地")
    here.earns(here.zhao, 1, base=other)
    with pytest.raises(payouts.NothingToPay) as refusal:
        here.prepared(base=other)

    assert [(one.maker, one.reason) for one in refusal.value.left_out] == [
        (here.zhao, "NO_ACCOUNT")
    ]
    assert not Payout.objects.exists()


def test_approved_the_pay_is_on_its_way(here):
    payout = here.approved()

    assert (payout.state, payout.approved_by) == ("approved", here.approver)
    entry = Entry.objects.get(reference=f"payout-sent:{payout.reference}")
    assert (entry.what, entry.on, entry.source_kind, entry.source) == (
        "payout_sent",
        FIFTH,
        "payout",
        payout.reference,
    )
    assert balances() == [
        ("maker_payable", "赵凤芹", -8_600),
        ("pay_on_its_way", "王桂兰", -17_200),
        ("pay_on_its_way", "李秀英", -8_600),
        ("work_in_stock", None, 34_400),
    ]
    assert set(Posting.objects.filter(entry=entry).values_list("base", flat=True)) == {
        here.base.pk
    }


def test_who_prepared_it_does_not_approve_it(here):
    payout = here.prepared()
    with pytest.raises(payouts.PreparedByYou):
        payouts.approve_payout(payout=payout, by=here.preparer)

    payout.refresh_from_db()
    assert payout.state == "prepared"


def test_approved_twice_it_is_sent_once(here):
    payout = here.approved()
    again = payouts.approve_payout(payout=payout, by=here.approver)
    third = build.person("third@example.org")
    with pytest.raises(payouts.NotPrepared) as refusal:
        payouts.approve_payout(payout=payout, by=third)

    assert (again.state, refusal.value.state) == ("approved", "approved")
    assert Entry.objects.filter(what="payout_sent").count() == 1


def test_an_account_that_was_closed_since_stops_the_approval(here):
    payout = here.prepared()
    personal.open_pay_account(maker=here.wang, kind="cash")
    with pytest.raises(payouts.AccountsChanged) as refusal:
        payouts.approve_payout(payout=payout, by=here.approver)

    assert refusal.value.makers == [here.wang]
    assert balances() == STANDING


@pytest.mark.parametrize(
    ("before", "after", "corrected", "approved"),
    [
        ([2], [], None, True),
        ([2], [], 0, False),
        ([1, 1], [], 1, False),
        ([2], [1], 0, False),
        ([2], [1], 1, True),
    ],
)
def test_pay_that_was_corrected_below_her_line_stops_the_approval(
    before, after, corrected, approved
):
    village = Village()
    earned = [village.earns(village.wang, pieces) for pieces in before]
    payout = village.prepared()
    earned += [village.earns(village.wang, pieces, on=APRIL) for pieces in after]
    if corrected is not None:
        journal.reverse(
            entry=earned[corrected], reason="miscounted", by=village.preparer
        )

    if approved:
        payouts.approve_payout(payout=payout, by=village.approver)
    else:
        with pytest.raises(payouts.NoLongerDue) as refusal:
            payouts.approve_payout(payout=payout, by=village.approver)
        assert refusal.value.makers == [village.wang]

    assert Entry.objects.filter(what="payout_sent").exists() is approved


def test_a_later_month_that_was_sent_first_does_not_stop_the_earlier_one(here):
    march = here.prepared()
    here.earns(here.wang, 1, on=APRIL)
    here.approved(APRIL)

    payouts.approve_payout(payout=march, by=here.approver)

    assert balances() == [
        ("maker_payable", "赵凤芹", -8_600),
        ("pay_on_its_way", "王桂兰", -25_800),
        ("pay_on_its_way", "李秀英", -8_600),
        ("work_in_stock", None, 43_000),
    ]


def test_withdrawn_it_leaves_everything_due_as_before(here):
    payout = here.prepared()
    for _time in range(2):
        payout = payouts.withdraw_payout(
            payout=payout, reason=" wrong month ", by=here.approver
        )

    assert (payout.state, payout.withdrawn_reason, payout.withdrawn_by) == (
        "withdrawn",
        "wrong month",
        here.approver,
    )
    assert set(payout.lines.values_list("state", "failure")) == {
        ("withdrawn", "wrong month")
    }
    assert balances() == STANDING
    assert here.prepared().fen == 25_800


def test_an_approved_payout_is_not_withdrawn(here):
    payout = here.approved()
    with pytest.raises(payouts.NotPrepared):
        payouts.withdraw_payout(payout=payout, reason="late", by=here.approver)


def test_withdrawing_and_failing_need_a_reason(here):
    payout = here.prepared()
    with pytest.raises(payouts.NoReason):
        payouts.withdraw_payout(payout=payout, reason=" ", by=here.approver)
    payouts.approve_payout(payout=payout, by=here.approver)
    with pytest.raises(payouts.NoReason):
        payouts.fail_line(line=line_of(payout, here.li), reason="", by=here.preparer)


def test_a_confirmed_line_has_left_the_bank(here):
    payout = here.approved()
    move_household(
        household=here.home, village=here.county.other_village, on=dt.date(2026, 4, 2)
    )
    line = payouts.confirm_line(
        line=line_of(payout, here.wang), by=here.preparer, bank_reference=" B1 "
    )

    assert (line.state, line.bank_reference, line.settled_by) == (
        "paid",
        "B1",
        here.preparer,
    )
    entry = Entry.objects.get(reference=f"payout-paid:{line.reference}")
    assert (entry.source_kind, entry.source) == ("payout_line", line.reference)
    assert moves(entry) == [
        ("pay_on_its_way", "王桂兰", 17_200),
        ("bank", None, -17_200),
    ]
    hers = entry.postings.get(account__kind="pay_on_its_way")
    assert (hers.area, hers.base) == (here.county.other_village, here.base)
    payout.refresh_from_db()
    assert payout.state == "approved"


def test_confirmed_twice_it_is_paid_once(here):
    line = line_of(here.approved(), here.wang)
    for _time in range(2):
        payouts.confirm_line(line=line, by=here.preparer, bank_reference="B1")
    with pytest.raises(payouts.LineSettled):
        payouts.confirm_line(line=line, by=here.preparer, bank_reference="B2")
    with pytest.raises(payouts.LineSettled):
        payouts.fail_line(line=line, reason="no", by=here.preparer)

    assert pay.paid([here.wang.pk], APRIL, dt.date(2026, 5, 1)) == {
        here.wang.pk: 17_200
    }


def test_cash_needs_no_reference_and_a_bank_does(here):
    payout = here.approved()
    payouts.confirm_line(line=line_of(payout, here.li), by=here.preparer)
    with pytest.raises(payouts.ReferenceMissing):
        payouts.confirm_line(line=line_of(payout, here.wang), by=here.preparer)


def test_a_reference_of_the_bank_stands_on_one_line(here):
    payout = here.approved()
    first, second = line_of(payout, here.wang), line_of(payout, here.li)
    payouts.confirm_line(line=first, by=here.preparer, bank_reference="B1")
    with pytest.raises(payouts.ReferenceTaken) as refusal:
        payouts.confirm_line(line=second, by=here.preparer, bank_reference="B1")

    assert refusal.value.line == first
    second.refresh_from_db()
    assert second.state == "open"


def test_nothing_is_paid_before_it_was_approved(here):
    line = line_of(here.prepared(), here.wang)
    with pytest.raises(payouts.NotApproved):
        payouts.confirm_line(line=line, by=here.preparer, bank_reference="B1")
    with pytest.raises(payouts.NotApproved):
        payouts.fail_line(line=line, reason="no", by=here.preparer)


def test_a_failed_line_is_owed_again_and_in_the_next_payout(here):
    payout = here.approved()
    line = line_of(payout, here.wang)
    for _time in range(2):
        line = payouts.fail_line(line=line, reason="no such number", by=here.preparer)

    assert (line.state, line.failure) == ("failed", "no such number")
    entry = Entry.objects.get(reference=f"payout-failed:{line.reference}")
    assert moves(entry) == [
        ("pay_on_its_way", "王桂兰", 17_200),
        ("maker_payable", "王桂兰", -17_200),
    ]
    assert pay.owed([here.wang.pk]) == {here.wang.pk: 17_200}
    assert [
        (row.maker, row.fen) for row in here.prepared(APRIL).lines.order_by("pk")
    ] == [(here.wang, 17_200)]


def test_a_payout_closes_with_its_last_line(here):
    payout = here.approved()
    payouts.fail_line(line=line_of(payout, here.li), reason="away", by=here.preparer)
    payout.refresh_from_db()
    assert (payout.state, payout.ended_at) == ("approved", None)

    payouts.confirm_line(
        line=line_of(payout, here.wang), by=here.preparer, bank_reference="B1"
    )
    payout.refresh_from_db()
    assert payout.state == "closed"
    assert payout.ended_at.date() == FIFTH


def test_the_next_month_holds_only_what_came_after(here):
    here.paid()
    here.earns(here.wang, 1, on=APRIL)

    assert here.prepared(APRIL).fen == RATE


def test_what_was_prepared_by_somebody_can_not_be_changed_by_anybody(here):
    payout = here.approved()
    line = line_of(payout, here.wang)
    for model, row, change, constraint in (
        (Payout, payout, {"fen": 1}, "payout_goes_forward"),
        (Payout, payout, {"state": "prepared"}, "payout_goes_forward"),
        (PayoutLine, line, {"fen": 1}, "payout_line_goes_forward"),
        (PayoutLine, line, {"maker": here.zhao}, "payout_line_goes_forward"),
        (PayoutLine, line, {"state": "withdrawn"}, "payout_line_goes_forward"),
    ):
        with registry.refused(constraint):
            model.objects.filter(pk=row.pk).update(**change)
