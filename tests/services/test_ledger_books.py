"""What a superuser did behind the triggers' back is found and named."""

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from orders.services.auditing import OF_PIECES, audit
from producers.ledger import payouts
from producers.ledger.books import CHECKS
from producers.ledger.models import Account, Payout, PayoutLine
from qiaoshou.local import postgres
from tests.ledger_builders import APRIL, MARCH, RATE, Village, noon
from tests.template_database import cluster

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def here():
    """March is paid, one line of it failed and is on its way again; April is earned."""
    village = Village()
    village.earns(village.wang, 2, source="W1")
    village.earns(village.li, 1, source="L1")
    with noon(APRIL.replace(day=5)):
        village.march = village.approved(MARCH)
        payouts.confirm_line(
            line=village.march.lines.get(maker=village.wang),
            by=village.preparer,
            bank_reference="B1",
        )
        payouts.fail_line(
            line=village.march.lines.get(maker=village.li),
            reason="away",
            by=village.preparer,
        )
        village.earns(village.wang, 1, on=APRIL, source="W2")
        village.april = village.approved(APRIL)
    return village


def tamper(statement, *values):
    """As a superuser, with every trigger off."""
    name = connection.settings_dict["NAME"]
    with postgres.connect(cluster(), name) as owner:
        owner.execute("SET session_replication_role = replica")
        owner.execute(statement, values)


def account(kind, maker=None):
    return Account.objects.get(kind=kind, maker=maker).pk


def test_books_that_nobody_touched_are_right(here, capsys):
    assert audit() == []
    call_command("audit_books")
    assert capsys.readouterr().out == (
        f"7 entries, {len(CHECKS) + len(OF_PIECES)} checks: all well\n"
    )


def found(check):
    """The differences that one check found, without its name."""
    return [
        words.removeprefix(f"{check}: ")
        for words in audit()
        if words.startswith(f"{check}: ")
    ]


def test_a_changed_posting(here):
    tamper(
        "UPDATE ledger_posting p SET fen = fen - 100, pieces = NULL, rate_fen = NULL "
        "FROM ledger_entry e WHERE p.entry_id = e.id AND e.reference = 'pay:test:W2' "
        "AND p.fen < 0"
    )
    wang = account("maker_payable", here.wang)

    assert found("every entry sums to zero") == ["entry pay:test:W2 sums to -100 fen"]
    assert found("balances are the sums of their postings") == [
        f"account {wang} (maker_payable) stands at 0 fen, its postings sum to -100"
    ]
    assert found("pay is pieces times rate") == [
        "entry pay:test:W2: None pieces at None fen are not 8700 fen"
    ]


def test_a_posting_taken_out(here):
    tamper(
        "DELETE FROM ledger_posting p USING ledger_entry e WHERE p.entry_id = e.id "
        "AND e.reference = 'pay:test:W2' AND p.fen > 0"
    )

    assert found("every entry has its postings") == [
        "entry pay:test:W2 says 2 postings and has 1"
    ]


def test_an_entry_without_any_posting(here):
    tamper(
        'INSERT INTO ledger_entry (what, reference, at, "on", source_kind, source, '
        "size) VALUES ('settlement', 'ghost', now(), '2026-04-01', 'x', 'x', 2)"
    )

    assert found("every entry has its postings") == [
        "entry ghost says 2 postings and has 0"
    ]


def test_a_changed_balance(here):
    tamper("UPDATE ledger_balance SET fen = fen + 1 WHERE kind = 'work_in_stock'")
    work = account("work_in_stock")

    assert found("balances are the sums of their postings") == [
        f"account {work} (work_in_stock) stands at 34401 fen, its postings sum to 34400"
    ]


def test_a_balance_taken_out(here):
    tamper("DELETE FROM ledger_balance WHERE kind = 'work_in_stock'")

    assert found("balances are the sums of their postings")[0].endswith(
        "(work_in_stock) stands at 0 fen, its postings sum to 34400"
    )


def test_more_paid_than_was_owed(here):
    tamper(
        "UPDATE ledger_posting p SET fen = fen * 3 FROM ledger_entry e "
        "WHERE p.entry_id = e.id AND e.what = 'payout_sent' AND e.source = %s "
        "AND p.base_id IS NOT NULL",
        here.march.reference,
    )
    wang, li = account("maker_payable", here.wang), account("maker_payable", here.li)

    assert found("nothing is overdrawn") == [
        f"account {wang} (maker_payable) is overdrawn by {2 * 2 * RATE} fen",
        f"account {li} (maker_payable) is overdrawn by {2 * RATE} fen",
    ]


def test_more_taken_from_an_order_than_came_in(here):
    owed, bank = account("deferred_revenue"), account("bank")
    tamper(
        'WITH made AS (INSERT INTO ledger_entry (what, reference, at, "on", '
        "source_kind, source, size) VALUES ('refund', 'raw', now(), '2026-04-01', 'x', "
        "'x', 2) RETURNING id) INSERT INTO ledger_posting (entry_id, account_id, fen, "
        "about) SELECT id, %s, 5, 'ORDER1' FROM made UNION "
        "SELECT id, %s, -5, '' FROM made",
        owed,
        bank,
    )

    assert found("no order gave more than came in") == [
        "order ORDER1 is overdrawn by 5 fen on deferred_revenue"
    ]


def test_money_of_a_maker_at_no_base(here):
    tamper(
        "UPDATE ledger_posting SET base_id = NULL WHERE pieces = 1 AND fen = -8600 "
        "AND entry_id = (SELECT id FROM ledger_entry WHERE source = 'W2')"
    )

    assert found("a maker's money names its base") == [
        "entry pay:test:W2 moves -8600 fen of a maker at no base"
    ]


def test_a_changed_line(here):
    line = here.april.lines.get(maker=here.li)
    tamper("UPDATE ledger_payoutline SET fen = fen + 7 WHERE id = %s", line.pk)
    number = here.april.reference

    assert found("payouts are their lines") == [
        f"payout {number} says 17200 fen to 2 makers, its lines are 17207 fen to 2"
    ]
    assert found("an approved payout is sent in the journal") == [
        f"payout {number}, approved: 17200 fen were sent to makers, its lines are "
        "17207 fen"
    ]
    assert found("pay on its way is open lines") == [
        f"maker {here.li.reference}: 8600 fen are on their way, her open lines are "
        "8607 fen"
    ]


def test_a_line_taken_out(here):
    line = here.april.lines.get(maker=here.li)
    tamper("DELETE FROM ledger_payoutline WHERE id = %s", line.pk)

    assert found("payouts are their lines") == [
        f"payout {here.april.reference} says 17200 fen to 2 makers, its lines are "
        "8600 fen to 1"
    ]


@pytest.mark.parametrize(
    ("state", "payout"), [("closed", "april"), ("approved", "march")]
)
def test_a_payout_in_the_wrong_state(here, state, payout):
    row = getattr(here, payout)
    tamper("UPDATE ledger_payout SET state = %s, ended_at = CASE WHEN %s = 'closed' "
           "THEN now() END WHERE id = %s", state, state, row.pk)  # fmt: skip
    waiting = 2 if payout == "april" else 0

    assert found("a payout is closed when every line is settled") == [
        f"payout {row.reference} is {state} and has {waiting} open lines"
    ]


def test_an_approval_behind_the_journals_back(here):
    tamper(
        "DELETE FROM ledger_posting WHERE entry_id = (SELECT id FROM ledger_entry "
        "WHERE what = 'payout_sent' AND source = %s)",
        here.april.reference,
    )

    assert found("an approved payout is sent in the journal") == [
        f"payout {here.april.reference}, approved: 0 fen were sent to makers, its "
        "lines are 17200 fen"
    ]


@pytest.mark.parametrize(
    ("who", "change", "says"),
    [
        ("wang", "'failed', bank_reference = NULL, failure = 'no'",
         "failed with 17200 fen: 17200 fen were paid, 0 fen came back"),
        ("li", "'paid', bank_reference = 'B9', failure = ''",
         "paid with 8600 fen: 0 fen were paid, 8600 fen came back"),
    ],
)  # fmt: skip
def test_a_line_settled_behind_the_journals_back(here, who, change, says):
    line = here.march.lines.get(maker=getattr(here, who))
    tamper(f"UPDATE ledger_payoutline SET state = {change} WHERE id = %s", line.pk)

    assert found("a settled line is settled in the journal") == [
        f"line {line.reference}, {says}"
    ]


def test_the_command_ends_non_zero_and_names_the_differences(here):
    tamper("UPDATE ledger_balance SET fen = fen + 1 WHERE kind = 'work_in_stock'")
    with pytest.raises(CommandError) as error:
        call_command("audit_books")

    assert str(error.value).splitlines() == [
        "The books are wrong.",
        "balances are the sums of their postings: account "
        f"{account('work_in_stock')} (work_in_stock) stands at 34401 fen, its postings "
        "sum to 34400",
    ]


def test_no_check_names_more_than_ten(here):
    for number in range(12):
        here.earns(here.wang, 1, on=APRIL, source=f"many{number}")
    tamper("DELETE FROM ledger_posting WHERE fen > 0 AND entry_id IN (SELECT id FROM "
           "ledger_entry WHERE source LIKE 'many%%')")  # fmt: skip

    assert len(found("every entry has its postings")) == 10


def test_states_of_the_fixture(here):
    states = Payout.objects.order_by("pk").values_list("state", flat=True)
    lines = PayoutLine.objects.order_by("pk").values_list("state", flat=True)

    assert (list(states), sorted(lines)) == (
        ["closed", "approved"],
        ["failed", "open", "open", "paid"],
    )
