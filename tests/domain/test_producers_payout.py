"""Who is in a payout: the table of docs/rules/pay.md, read from the page."""

import datetime as dt
from pathlib import Path

import pytest

from producers.domain import payout as rule
from producers.domain.payout import Candidate, Verdict, judge

PAGE = Path(__file__).parents[2] / "docs/rules/pay.md"
HEAD = "| due here | prepared here |"


def fen(yuan):
    return round(float(yuan) * 100)


def rows():
    lines = iter(PAGE.read_text(encoding="utf-8").splitlines())
    for line in lines:
        if line.startswith(HEAD):
            break
    next(lines)
    for line in lines:
        if not line.startswith("|"):
            return
        yield [cell.strip() for cell in line.strip("|").split("|")]


def verdict(paid, left_out):
    if left_out:
        reason, sum_ = left_out.replace("`", "").split()
        return Verdict(fen(sum_), reason)
    return Verdict(fen(paid)) if paid else None


CASES = list(rows())


@pytest.mark.parametrize("row", CASES, ids=" ".join)
def test_who_is_paid_and_who_is_left_out(row):
    due, here, owed, in_all, account, waiting, paid, left_out = row

    assert judge(
        Candidate(
            payable=fen(due),
            prepared=fen(here),
            owed=fen(owed),
            prepared_in_all=fen(in_all),
            account=account,
            waiting=waiting == "yes",
        )
    ) == verdict(paid, left_out)


def test_the_page_has_every_reason():
    found = {row[7].split()[0].strip("`") for row in CASES if row[7]}

    assert found == {
        rule.NO_ACCOUNT,
        rule.NOT_CONFIRMED,
        rule.WAITING,
        rule.PREPARED,
    }


@pytest.mark.parametrize(
    ("day", "first", "after", "before"),
    [
        ("2026-03-31", "2026-03-01", "2026-04-01", "2026-02-01"),
        ("2026-12-01", "2026-12-01", "2027-01-01", "2026-11-01"),
        ("2026-01-15", "2026-01-01", "2026-02-01", "2025-12-01"),
    ],
)
def test_months(day, first, after, before):
    read = dt.date.fromisoformat

    assert rule.first_of(read(day)) == read(first)
    assert rule.next_month(read(day)) == read(after)
    assert rule.month_before(read(day)) == read(before)


def test_the_running_month_can_be_paid_and_a_month_to_come_can_not():
    today = dt.date(2026, 3, 1)

    assert rule.until_of(dt.date(2026, 3, 20), today) == dt.date(2026, 4, 1)
    with pytest.raises(rule.MonthToCome, match="2026-04"):
        rule.until_of(dt.date(2026, 4, 1), today)
