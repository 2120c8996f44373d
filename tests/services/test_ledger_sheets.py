"""Pay sheets and lines as screens show them."""

import datetime as dt

import pytest

from producers.ledger import payouts, selectors
from producers.ledger.journal import Move, enter, reverse
from producers.ledger.tables.journal import Kind, What
from producers.services.makers import merge_maker
from tests.ledger_builders import APRIL, MARCH, RATE, Village, noon
from tests.services import registry_world as registry

pytestmark = pytest.mark.django_db
FIFTH = dt.date(2026, 4, 5)


@pytest.fixture
def here():
    return Village()


@pytest.fixture(autouse=True)
def a_day_in_april():
    with noon(FIFTH):
        yield


def made(earned):
    return [(one.craft.slug, one.pieces, one.rate_fen, one.fen) for one in earned.made]


def test_a_pay_sheet_shows_who_made_what_at_which_rate(here, django_assert_num_queries):
    here.earns(here.wang, 2)
    here.earns(here.wang, 1, on=dt.date(2026, 3, 31))
    here.earns(here.wang, 4, rate=2_400)
    here.earns(here.zhao, 1)
    here.earns(here.li, 1, on=APRIL)
    with django_assert_num_queries(3):
        sheet = selectors.pay_sheet(here.base, dt.date(2026, 3, 20))

    assert (sheet.month, sheet.pay_fen, sheet.top_up_fen, sheet.fen) == (
        MARCH,
        3 * RATE + 4 * 2_400 + RATE,
        0,
        44_000,
    )
    assert [(row.maker, made(row.earned)) for row in sheet.rows] == [
        (
            here.wang,
            [("paper-cut", 4, 2_400, 9_600), ("paper-cut", 3, RATE, 25_800)],
        ),
        (here.zhao, [("paper-cut", 1, RATE, RATE)]),
    ]


def test_a_top_up_stands_beside_the_pay(here):
    here.earns(here.wang, 1)
    for what, moves in (
        (What.RELIEF, [Move(Kind.BANK, 500), Move(Kind.RELIEF_FUND, -500)]),
        (
            What.TOP_UP,
            [
                Move(Kind.RELIEF_FUND, 46),
                Move(Kind.MAKER_PAYABLE, -46, maker=here.wang, base=here.base),
            ],
        ),
    ):
        enter(
            what=what,
            reference=f"test:{what}",
            source_kind="test",
            source="1",
            moves=moves,
            on=MARCH,
        )
    (row,) = selectors.pay_sheet(here.base, MARCH).rows

    assert (row.earned.pay_fen, row.earned.top_up_fen, row.earned.fen) == (
        RATE,
        46,
        RATE + 46,
    )


def test_corrected_pay_is_not_on_the_sheet_of_its_month(here):
    wrong = here.earns(here.wang, 2)
    here.earns(here.wang, 1)
    reverse(entry=wrong, reason="counted twice", by=here.preparer)
    (row,) = selectors.pay_sheet(here.base, MARCH).rows

    assert made(row.earned) == [("paper-cut", 1, RATE, RATE)]
    assert selectors.pay_sheet(here.base, APRIL).rows == ()


def test_the_sheet_says_which_lines_were_paid(here):
    here.earns(here.wang)
    here.earns(here.li)
    payout = here.approved()
    line = payout.lines.get(maker=here.wang)
    payouts.confirm_line(line=line, by=here.preparer, bank_reference="B1")
    sheet = selectors.pay_sheet(here.base, MARCH)

    assert sheet.payouts == (payout,)
    assert {row.maker: [line.state for line in row.lines] for row in sheet.rows} == {
        here.li: ["open"],
        here.wang: ["paid"],
    }


def test_a_payout_shows_what_it_is_for_and_what_is_of_earlier_months(
    here, django_assert_num_queries
):
    here.earns(here.li, 2)
    payout = here.approved()
    line = payout.lines.get()
    payouts.fail_line(line=line, reason="away", by=here.preparer)
    here.earns(here.li, 1, on=APRIL)
    payout = here.prepared(APRIL)
    with django_assert_num_queries(2):
        (row,) = selectors.payout_rows(payout)

    assert (row.line.fen, made(row.earned), row.earlier_fen) == (
        3 * RATE,
        [("paper-cut", 1, RATE, RATE)],
        2 * RATE,
    )


def test_she_sees_her_lines_once_they_were_approved(here, django_assert_num_queries):
    here.earns(here.wang)
    here.paid()
    here.earns(here.wang, 2, on=APRIL)
    here.prepared(APRIL)
    with django_assert_num_queries(2):
        lines = selectors.lines_of(here.wang)

    assert [
        (line.month, line.fen, line.state, line.settled_at.date()) for line in lines
    ] == [(MARCH, RATE, "paid", FIFTH)]


def test_a_merged_maker_stands_on_the_sheet_as_one_person(here):
    here.earns(here.zhao)
    here.earns(here.li)
    merge_maker(maker=here.zhao, into=here.li, by=None, reason="same")
    here.paid()
    (row,) = selectors.pay_sheet(here.base, MARCH).rows

    assert (row.maker, row.earned.fen, len(row.lines)) == (here.li, 2 * RATE, 2)
    assert len(selectors.lines_of(here.li)) == 2


def test_months_with_pay_are_listed_newest_first(here):
    other = registry.base(here.county.other_village, "杏村基地")
    here.earns(here.wang)
    here.earns(here.wang)
    here.earns(here.wang, on=APRIL)
    here.earns(here.li, base=other)

    assert selectors.months_with_pay(base=here.base) == [APRIL, MARCH]
    assert selectors.months_with_pay(base=other) == [MARCH]
    assert selectors.months_with_pay(maker=here.wang) == [APRIL, MARCH]
    assert selectors.months_with_pay(maker=here.zhao) == []
