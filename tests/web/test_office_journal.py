"""The journal in the office: entries, corrections, balances."""

import datetime as dt

import pytest

from producers.ledger.journal import Move, enter
from producers.ledger.models import Account, Entry
from producers.ledger.tables.journal import Kind, What
from tests.ledger_builders import Village, noon
from tests.web.test_office_payouts import told, words
from tests.web.test_office_registry import enters_office

pytestmark = pytest.mark.django_db
JOURNAL, BALANCES = "/office/journal/", "/office/journal/balances/"


@pytest.fixture(autouse=True)
def a_day_in_april():
    with noon(dt.date(2026, 4, 5)):
        yield


@pytest.fixture
def here():
    village = Village()
    village.first = village.earns(village.wang, 2, source="FIRST")
    village.second = village.earns(
        village.li, 1, on=dt.date(2026, 3, 9), source="SECOND"
    )
    village.order = enter(
        what=What.PAYMENT,
        reference="payment:P1",
        source_kind="payment",
        source="P1",
        moves=[
            Move(Kind.CLEARING_COUNTER, 33_600),
            Move(Kind.DEFERRED_REVENUE, -33_600, "ORDER00001"),
        ],
    )
    return village


@pytest.fixture
def hers(here):
    return enters_office(here.preparer)


def one(entry):
    return f"{JOURNAL}{entry.pk}/"


def listed(client, **asked):
    shown = words(client.get(JOURNAL, asked))
    return [
        entry.reference
        for entry in Entry.objects.order_by("pk")
        if f" {entry.reference} " in shown
    ]


def test_entries_are_listed_with_what_they_moved(hers):
    shown = words(hers.get(JOURNAL))

    assert "Moved in these entries 594.00" in shown
    assert "Payment of an order 5 April 2026" in shown or "336.00" in shown


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({}, ["pay:test:FIRST", "pay:test:SECOND", "payment:P1"]),
        ({"what": "pay"}, ["pay:test:FIRST", "pay:test:SECOND"]),
        ({"on_from": "2026-03-05", "on_to": "2026-03-31"}, ["pay:test:SECOND"]),
        ({"kind": "deferred_revenue"}, ["payment:P1"]),
        ({"order": "order00001"}, ["payment:P1"]),
        ({"q": "SECOND"}, ["pay:test:SECOND"]),
        ({"q": "nothing at all"}, []),
    ],
)
def test_entries_are_found_by_day_kind_and_source(hers, asked, found):
    assert listed(hers, **asked) == found


def test_entries_are_found_by_account(here, hers):
    account = Account.objects.get(maker=here.li)

    assert listed(hers, account=account.pk) == ["pay:test:SECOND"]


def test_an_entry_shows_its_postings(here, hers):
    shown = words(hers.get(one(here.first)))

    assert "Pay in pieces in stock 172.00 paper-cut 柳村基地" in shown
    assert "Owed to a maker Wang Guilan 172.00 2 × 86 paper-cut 柳村基地 柳村" in shown
    assert "Sum of all postings 0.00" in shown
    assert hers.get(f"{JOURNAL}999999/").status_code == 404


def test_a_mistake_is_corrected_once_with_a_reason(here, hers):
    assert "This field is required" in words(hers.post(one(here.first), {}))
    answer = hers.post(one(here.first), {"reason": "wrong maker"}, follow=True)
    assert told(answer) == ["Corrected: another entry undoes this one."]
    assert "This entry was a mistake. It is corrected by" in words(answer)
    again = hers.post(one(here.first), {"reason": "wrong maker"}, follow=True)

    assert again.status_code == 200
    undone = Entry.objects.get(reverses=here.first)
    assert "This entry corrects another one: pay:test:FIRST" in words(
        hers.get(one(undone))
    )
    refused = hers.post(one(undone), {"reason": "right after all"})
    assert "This entry can’t be corrected here." in words(refused)


def test_what_was_given_on_already_is_not_corrected(here, hers):
    here.approved()
    answer = hers.post(one(here.first), {"reason": "wrong maker"})

    assert "Part of this money was given on already." in words(answer)
    assert not Entry.objects.filter(what="reversal").exists()


def test_an_entry_of_a_payout_is_mended_in_the_payout(here, hers):
    here.approved()
    sent = Entry.objects.get(what="payout_sent")
    shown = words(hers.get(one(sent)))

    assert "It belongs to a payout" in shown
    assert "This entry is a mistake" not in shown
    assert "can’t be corrected here" in words(hers.post(one(sent), {"reason": "no"}))


def test_who_only_looks_corrects_nothing(here):
    from tests import ledger_builders as build

    looker = enters_office(build.person("admin@example.org", "administrator"))
    assert "This entry is a mistake" not in words(looker.get(one(here.first)))
    answer = looker.post(one(here.first), {"reason": "wrong"})

    assert (answer.status_code, answer.url) == (302, "/office/")


def test_debit_and_credit_are_equal(hers):
    shown = words(hers.get(BALANCES))

    assert "In the till 336.00" in shown
    assert "Owed to a maker 258.00 2 accounts" in shown
    assert "Sum 594.00 594.00" in shown


def test_who_is_owed_is_listed_largest_first(here, hers):
    shown = words(hers.get(f"{BALANCES}maker_payable/"))

    assert "Wang Guilan 172.00 Li Xiuying 86.00" in shown
    assert "Nobody is owed anything here." in words(
        hers.get(f"{BALANCES}pay_on_its_way/")
    )
    assert hers.get(f"{BALANCES}bank/").status_code == 404
    assert hers.get(f"{BALANCES}nothing/").status_code == 404
