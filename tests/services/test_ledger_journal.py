"""Entries of the journal: once, whole, on the right accounts; mistakes are reversed."""

import datetime as dt

import pytest
from django.db import IntegrityError, connection, transaction

from producers.ledger.journal import CantReverse, Move, Unbalanced, enter, reverse
from producers.ledger.models import Account, Balance, Entry, Posting
from producers.ledger.tables.journal import Kind, What
from qiaoshou.accounts.models import User
from qiaoshou.common.models import AuditRow
from qiaoshou.common.today import ZONE, clock_at
from tests.services.registry_world import County, active_maker, base

pytestmark = pytest.mark.django_db
NOON = dt.datetime(2026, 3, 4, 12, tzinfo=ZONE)


@pytest.fixture(autouse=True)
def noon():
    with clock_at(NOON):
        yield
        check_now()


def check_now():
    """What the database checks at commit is checked here."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


@pytest.fixture
def here():
    return base(County().village)


@pytest.fixture
def woman(here):
    return active_maker(at=here)


@pytest.fixture
def clerk():
    return User.objects.create_user(email="clerk@example.org", full_name="赵会计")


def pay(woman, here, reference="pay:test", fen=8_600, **other):
    return enter(
        what=What.PAY,
        reference=reference,
        source_kind="test",
        source="1",
        moves=[
            Move(Kind.WORK_IN_STOCK, fen),
            Move(Kind.MAKER_PAYABLE, -fen, maker=woman, base=here, **other),
        ],
    )


def balances():
    rows = Balance.objects.exclude(fen=0).order_by("account_id")
    return list(rows.values_list("account__kind", "fen"))


def test_an_entry_has_its_day_its_source_and_its_postings(woman, here):
    entry = pay(woman, here, pieces=1, rate_fen=8_600)

    assert (entry.on, entry.at, entry.size) == (dt.date(2026, 3, 4), NOON, 2)
    assert (entry.source_kind, entry.source) == ("test", "1")
    rows = entry.postings.order_by("pk").values_list(
        "account__kind", "account__maker", "fen", "base", "pieces", "rate_fen"
    )
    assert list(rows) == [
        ("work_in_stock", None, 8_600, None, None, None),
        ("maker_payable", woman.pk, -8_600, here.pk, 1, 8_600),
    ]
    assert balances() == [("work_in_stock", 8_600), ("maker_payable", -8_600)]


def test_the_same_reference_twice_is_one_entry(woman, here):
    first = pay(woman, here)
    again = pay(woman, here, fen=1)

    assert again == first
    assert balances() == [("work_in_stock", 8_600), ("maker_payable", -8_600)]


def test_an_account_is_made_once(woman, here):
    pay(woman, here)
    pay(woman, here, "pay:second")

    assert Account.objects.filter(maker=woman).count() == 1
    assert balances() == [("work_in_stock", 17_200), ("maker_payable", -17_200)]


def test_each_maker_and_each_base_has_an_account_of_her_own(woman, here):
    other = active_maker("李秀英", at=here)
    enter(
        what=What.RELEASE,
        reference="release:test",
        source_kind="test",
        source="1",
        moves=[
            Move(Kind.BANK, 600),
            Move(Kind.MAKER_PAYABLE, -100, maker=woman, base=here),
            Move(Kind.MAKER_PAYABLE, -200, maker=other, base=here),
            Move(Kind.BASE_PAYABLE, -300, base_owner=here),
        ],
    )
    owners = Account.objects.exclude(maker=None, base=None).order_by("balance__fen")

    assert list(owners.values_list("kind", "maker", "base", "balance__fen")) == [
        ("base_payable", None, here.pk, -300),
        ("maker_payable", other.pk, None, -200),
        ("maker_payable", woman.pk, None, -100),
    ]


def test_a_day_before_today_can_be_given(woman, here):
    entry = enter(
        what=What.OPENING,
        reference="opening:bank",
        source_kind="opening",
        source="bank",
        moves=[Move(Kind.BANK, 5), Move(Kind.OPENING, -5)],
        on=dt.date(2026, 1, 1),
    )

    assert entry.on == dt.date(2026, 1, 1)


@pytest.mark.parametrize("fen", [(5, -4), (0, 0), ()])
def test_what_does_not_sum_to_nothing_or_moves_nothing_is_no_entry(fen):
    kinds = (Kind.BANK, Kind.OPENING)
    with pytest.raises(Unbalanced):
        enter(
            what=What.OPENING,
            reference="opening:bank",
            source_kind="opening",
            source="bank",
            moves=[Move(kind, part) for kind, part in zip(kinds, fen, strict=False)],
        )

    assert not Entry.objects.exists()


def test_moves_of_nothing_are_left_out():
    entry = enter(
        what=What.SETTLEMENT,
        reference="settlement:1",
        source_kind="test",
        source="1",
        moves=[
            Move(Kind.BANK, 5),
            Move(Kind.PAYMENT_FEES, 0),
            Move(Kind.CLEARING_COUNTER, -5),
        ],
    )

    assert entry.size == entry.postings.count() == 2


def test_an_account_has_the_owner_of_its_kind(woman, here):
    with pytest.raises(ValueError, match="maker_payable: a maker owns it"):
        Move(Kind.MAKER_PAYABLE, 1)
    with pytest.raises(ValueError, match="bank: a maker owns it"):
        Move(Kind.BANK, 1, maker=woman)
    with pytest.raises(ValueError, match="base_payable: a base owns it"):
        Move(Kind.BASE_PAYABLE, 1, base=here)
    with pytest.raises(ValueError, match="at which base did she earn it"):
        Move(Kind.MAKER_PAYABLE, 1, maker=woman)


def test_a_reversal_undoes_the_whole_entry_once(woman, here, clerk):
    entry = pay(woman, here, pieces=1, rate_fen=8_600)
    undone = reverse(entry=entry, reason="  wrong maker ", by=clerk)
    again = reverse(entry=entry, reason="wrong maker", by=clerk)
    check_now()

    assert undone == again
    assert (undone.what, undone.reverses, undone.source) == ("reversal", entry, "1")
    assert balances() == []
    rows = Posting.objects.filter(entry=undone).order_by("pk")
    assert list(rows.values_list("fen", "base", "pieces", "rate_fen")) == [
        (-8_600, None, None, None),
        (8_600, here.pk, 1, 8_600),
    ]
    trail = AuditRow.objects.get()
    assert (trail.deed, trail.subject, trail.purpose, trail.by) == (
        "reverse_entry",
        "entry:pay:test",
        "wrong maker",
        clerk,
    )


def test_a_correction_is_not_corrected(woman, here, clerk):
    undone = reverse(entry=pay(woman, here), reason="wrong", by=clerk)
    with pytest.raises(CantReverse, match="REVERSAL"):
        reverse(entry=undone, reason="right after all", by=clerk)


def test_a_reversal_needs_a_reason(woman, here, clerk):
    with pytest.raises(CantReverse, match="NO_REASON"):
        reverse(entry=pay(woman, here), reason=" ", by=clerk)


def test_pay_that_is_on_its_way_is_not_taken_back(woman, here, clerk):
    entry = pay(woman, here)
    sent = enter(
        what=What.PAYOUT_SENT,
        reference="payout-sent:test",
        source_kind="test",
        source="1",
        moves=[
            Move(Kind.MAKER_PAYABLE, 8_600, maker=woman, base=here),
            Move(Kind.PAY_ON_ITS_WAY, -8_600, maker=woman, base=here),
        ],
    )
    with pytest.raises(IntegrityError) as error, transaction.atomic():
        reverse(entry=entry, reason="wrong", by=clerk)
    assert error.value.__cause__.diag.constraint_name == "balance_not_overdrawn"
    with pytest.raises(CantReverse, match="PAYOUT"):
        reverse(entry=sent, reason="wrong", by=clerk)
    assert balances() == [("work_in_stock", 8_600), ("pay_on_its_way", -8_600)]


@pytest.mark.parametrize(
    "what", ["payment", "unexplained", "refund", "refund_failed", "release"]
)
def test_money_of_an_order_goes_back_by_a_refund_only(clerk, what):
    entry = enter(
        what=What(what),
        reference=f"{what}:test",
        source_kind="test",
        source="1",
        moves=[
            Move(Kind.CLEARING_COUNTER, 100),
            Move(Kind.DEFERRED_REVENUE, -100, "0123456789"),
        ],
    )
    with pytest.raises(CantReverse, match="ORDER"):
        reverse(entry=entry, reason="wrong", by=clerk)
    assert not Entry.objects.filter(what="reversal").exists()
