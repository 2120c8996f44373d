"""Raw SQL as the application's role against the journal: the table of money.md."""

import psycopg
import pytest
from django.conf import settings
from django.db import DatabaseError, connection, transaction

from producers.ledger.models import Account, Balance, Entry, Posting
from tests import ledger_builders as build
from tests.ledger_builders import RATE, Village

pytestmark = pytest.mark.django_db
TABLES = ("ledger_account", "ledger_entry", "ledger_posting")
ENTRY = (
    'INSERT INTO ledger_entry (what, reference, at, "on", source_kind, source, size, '
    "reverses_id) VALUES (%s, %s, now(), '2026-03-04', 'test', 'x', %s, %s) "
    "RETURNING id"
)
POSTING = (
    "INSERT INTO ledger_posting (entry_id, account_id, fen, about, craft_id, base_id, "
    "area_id, pieces, rate_fen) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)"
)


@pytest.fixture
def here():
    village = Village()
    village.first = village.earns(village.wang, 2, source="first")
    build.check_now()
    return village


def refused_by(deed):
    """The constraint or the kind of refusal that stopped the deed at its commit."""

    @transaction.atomic
    def committed():
        with connection.cursor() as cursor:
            deed(cursor)
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")

    with pytest.raises(DatabaseError) as error:
        committed()
    cause = error.value.__cause__
    return cause.diag.constraint_name or type(cause).__name__


def account(kind, maker=None):
    return Account.objects.get(kind=kind, maker=maker).pk


def entry(cursor, size, what="settlement", reference="raw", reverses=None):
    cursor.execute(ENTRY, [what, reference, size, reverses])
    return cursor.fetchone()[0]


def post(cursor, of, to, fen, about="", pieces=None, rate=None, base=None, craft=None,
         area=None):  # fmt: skip
    cursor.execute(POSTING, [of, to, fen, about, craft, base, area, pieces, rate])


def whole(cursor, *moves, size=None, **said):
    """An entry with (account, fen, order) as its postings."""
    of = entry(cursor, size or len(moves), **said)
    for to, fen, *about in moves:
        post(cursor, of, to, fen, *about)


def test_the_tests_run_as_the_role_of_the_application():
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user, usesuper FROM pg_user "
                       "WHERE usename = current_user")  # fmt: skip
        assert cursor.fetchone() == (settings.APPLICATION_ROLE, False)


def test_an_entry_that_does_not_balance(here):
    bank, till = account("bank"), account("clearing_counter")

    assert (
        refused_by(lambda cursor: whole(cursor, (bank, 5), (till, -4)))
        == "entry_balances"
    )


def test_a_posting_added_to_an_entry_later(here):
    bank, till = account("bank"), account("clearing_counter")

    def add(cursor):
        post(cursor, here.first.pk, bank, 5)
        post(cursor, here.first.pk, till, -5)

    assert refused_by(add) == "entry_has_its_postings"


def test_an_entry_without_postings(here):
    assert refused_by(lambda cursor: entry(cursor, 2)) == "entry_has_its_postings"
    assert refused_by(lambda cursor: entry(cursor, 1)) == "entry_has_two_postings"


def test_a_posting_of_nothing(here):
    bank, till = account("bank"), account("clearing_counter")

    assert (
        refused_by(lambda cursor: whole(cursor, (bank, 0), (till, 0)))
        == "posting_of_something"
    )


def test_the_same_reference_again(here):
    found = refused_by(lambda cursor: entry(cursor, 2, reference="pay:test:first"))

    assert found.startswith("ledger_entry_reference")


def test_a_reversal_of_half_a_mistake(here):
    hers, work = account("maker_payable", here.wang), account("work_in_stock")
    found = refused_by(
        lambda cursor: whole(
            cursor, (hers, RATE), (work, -RATE), what="reversal", reverses=here.first.pk
        )
    )

    assert found == "entry_reverses_the_whole"


def test_a_mistake_corrected_twice(here):
    def undo(cursor, reference):
        of = entry(cursor, 2, "reversal", reference, here.first.pk)
        for row in here.first.postings.order_by("pk"):
            post(cursor, of, row.account_id, -row.fen, row.about, row.pieces,
                 row.rate_fen, row.base_id, row.craft_id, row.area_id)  # fmt: skip

    def twice(cursor):
        undo(cursor, "first")
        undo(cursor, "second")

    assert refused_by(twice).startswith("ledger_entry_reverses_id")


def test_a_correction_that_names_no_mistake(here):
    bank, till = account("bank"), account("clearing_counter")
    found = refused_by(
        lambda cursor: whole(cursor, (bank, 5), (till, -5), what="reversal")
    )

    assert found == "entry_reversal_names_the_mistake"


def test_more_of_an_order_than_came_in(here):
    till, owed = account("clearing_counter"), account("deferred_revenue")

    def take(cursor):
        whole(cursor, (till, 500), (owed, -500, "ORDER1"), reference="in")
        whole(cursor, (owed, 400, "ORDER2"), (till, -400), reference="out")

    assert refused_by(take) == "order_not_overdrawn"


def test_more_than_is_owed_to_her(here):
    hers, bank = account("maker_payable", here.wang), account("bank")
    found = refused_by(
        lambda cursor: whole(cursor, (hers, 2 * RATE + 1), (bank, -2 * RATE - 1))
    )

    assert found == "balance_not_overdrawn"


def test_pay_that_is_not_pieces_times_rate(here):
    hers, work = account("maker_payable", here.wang), account("work_in_stock")

    def cheat(cursor):
        of = entry(cursor, 2, "pay")
        post(cursor, of, work, 9_000)
        post(cursor, of, hers, -9_000, "", 1, RATE)

    assert refused_by(cheat) == "posting_pieces_times_rate"


def test_a_second_account_of_the_same_owner(here):
    found = refused_by(
        lambda cursor: cursor.execute(
            "INSERT INTO ledger_account (kind, maker_id) VALUES ('maker_payable', %s)",
            [here.wang.pk],
        )
    )

    assert found == "account_once"


@pytest.mark.parametrize(
    ("kind", "owner"), [("bank", "maker"), ("maker_payable", None), ("nothing", None)]
)
def test_an_account_without_the_owner_of_its_kind(here, kind, owner):
    found = refused_by(
        lambda cursor: cursor.execute(
            "INSERT INTO ledger_account (kind, maker_id) VALUES (%s, %s)",
            [kind, here.wang.pk if owner else None],
        )
    )

    assert found == "account_has_the_owner_of_its_kind"


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize(
    "statement",
    ["UPDATE {} SET id = id", "DELETE FROM {}", "TRUNCATE {} CASCADE"],
)
def test_rewriting_deleting_or_emptying(here, table, statement):
    found = refused_by(lambda cursor: cursor.execute(statement.format(table)))

    assert found == psycopg.errors.InsufficientPrivilege.__name__
    assert (Entry.objects.count(), Posting.objects.count()) == (1, 2)


@pytest.mark.parametrize(
    ("statement", "refusal"),
    [
        ("UPDATE ledger_balance SET fen = fen - 1", "RestrictViolation"),
        ("DELETE FROM ledger_balance", "RestrictViolation"),
        ("INSERT INTO ledger_balance VALUES (99, 'bank', 5)", "RestrictViolation"),
        ("TRUNCATE ledger_balance", "InsufficientPrivilege"),
        ("ALTER TABLE ledger_posting DISABLE TRIGGER ALL", "InsufficientPrivilege"),
        ("DROP TRIGGER entry_is_whole ON ledger_entry", "InsufficientPrivilege"),
        ("SET session_replication_role = replica", "InsufficientPrivilege"),
    ],
)
def test_writing_a_balance_or_taking_the_guards_away(here, statement, refusal):
    before = list(Balance.objects.order_by("pk").values_list("pk", "fen"))

    assert refused_by(lambda cursor: cursor.execute(statement)) == refusal
    assert list(Balance.objects.order_by("pk").values_list("pk", "fen")) == before


@pytest.mark.parametrize("table", ["ledger_payout", "ledger_payoutline"])
def test_payouts_are_not_deleted(here, table):
    here.prepared()
    build.check_now()

    assert (
        refused_by(lambda cursor: cursor.execute(f"DELETE FROM {table}"))
        == "RaiseException"
    )
