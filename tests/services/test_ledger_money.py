"""The tables of docs/rules/money.md, read from the page and booked."""

import pytest
from django.conf import settings
from django.db import connection

from producers.ledger.journal import Move, enter
from producers.ledger.models import Account, Balance, Entry
from producers.ledger.tables.journal import (
    NEVER_DEBIT,
    OF_BASES,
    OF_MAKERS,
    Kind,
    What,
)
from tests.services.registry_world import County, active_maker, base

PAGE = (settings.ROOT / "docs/rules/money.md").read_text(encoding="utf-8")
# Written by `reverse`, and by a refund that failed: the same postings turned round.
TURNED_ROUND = {"reversal", "refund_failed"}


def table(heading: str) -> list[list[str]]:
    """The cells of the table with this heading, without backticks."""
    lines = PAGE[PAGE.index(f"\n| {heading} |") :].strip().splitlines()
    rows = []
    for line in lines[2:]:
        if not line.startswith("|"):
            break
        rows.append([cell.strip(" `") for cell in line.strip("|").split("|")])
    return rows


def fen(yuan: str) -> int:
    return int(yuan.replace(",", "").replace(".", ""))


def events() -> list[tuple[str, list[tuple[str, str, int]]]]:
    """Each event of the page with its (account, order, fen)."""
    found = []
    for event, account, order, yuan in table("event | account | order | yuan"):
        if event:
            found.append((event, []))
        found[-1][1].append((account, order, fen(yuan)))
    return found


def test_the_chart_names_each_account_its_owner_and_its_limit():
    chart = {
        (name, owner, limit)
        for name, owner, _debit, _credit, limit in table(
            "account | owner | above zero (debit) | below zero (credit) "
            "| never above zero"
        )
    }

    assert chart == {
        (
            kind,
            "maker" if kind in OF_MAKERS else "base" if kind in OF_BASES else "house",
            "yes" if kind in NEVER_DEBIT else "",
        )
        for kind in Kind.values
    }


def test_the_page_shows_the_entry_of_every_event():
    assert {event for event, _moves in events()} | TURNED_ROUND == set(What.values)


@pytest.mark.parametrize(("event", "moves"), events())
def test_an_entry_of_the_page_sums_to_nothing(event, moves):
    assert sum(fen for _account, _order, fen in moves) == 0


@pytest.mark.django_db
def test_booked_one_after_the_other_the_accounts_stand_as_the_page_says():
    here = base(County().village)
    woman = active_maker(at=here)
    for number, (event, moves) in enumerate(events()):
        enter(
            what=What(event),
            reference=f"page:{number}",
            source_kind="page",
            source=str(number),
            moves=[
                Move(
                    Kind(account),
                    fen,
                    order,
                    maker=woman if account in OF_MAKERS else None,
                    base_owner=here if account in OF_BASES else None,
                    base=here if account in OF_MAKERS else None,
                )
                for account, order, fen in moves
            ],
        )
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")

    assert Entry.objects.count() == len(events())
    standing = dict(Balance.objects.exclude(fen=0).values_list("account__kind", "fen"))
    assert standing == {account: fen(yuan) for account, yuan in table("account | yuan")}
    assert sum(standing.values()) == 0
    assert Account.objects.filter(maker=woman).count() == 2
