"""What is due at a base for a month, as in docs/rules/pay.md."""

import datetime as dt

import pytest
from django.conf import settings

from producers.domain.payout import MonthToCome
from producers.ledger import due, payouts
from producers.ledger.journal import reverse
from producers.services import personal
from producers.services.makers import merge_maker
from producers.services.memberships import join_base, leave_base
from tests import ledger_builders as build
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
        build.check_now()


def lines(village, month=MARCH, base=None):
    found = due.due_at(base or village.base, month)
    return {str(one.maker): one.fen for one in found.lines}


def left_out(village, month=MARCH, base=None):
    found = due.due_at(base or village.base, month)
    return {str(one.maker): (one.reason, one.fen) for one in found.left_out}


def pay_first(here):
    """86.00 of hers were paid for March before."""
    here.earns(here.wang, 1, on=MARCH)
    with noon(dt.date(2026, 4, 1)):
        here.paid()


def fail_first(here):
    here.earns(here.wang, 1, on=MARCH)
    with noon(dt.date(2026, 4, 1)):
        line = here.approved().lines.get()
    with noon(dt.date(2026, 4, 3)):
        payouts.fail_line(line=line, reason="no such number", by=here.preparer)


def correct(here):
    wrong = here.earns(here.wang, 2, on=dt.date(2026, 3, 31))
    with noon(dt.date(2026, 4, 3)):
        reverse(entry=wrong, reason="not hers", by=here.preparer)


# The first table of docs/rules/pay.md: what happened, due for March, due for April.
CASES = [
    (lambda here: here.earns(here.wang, 1, on=dt.date(2026, 3, 31)), RATE, RATE),
    (lambda here: here.earns(here.wang, 1, on=APRIL), 0, RATE),
    (lambda here: (pay_first(here), here.earns(here.wang, 1)), RATE, RATE),
    (pay_first, 0, 0),
    (fail_first, RATE, RATE),
    (correct, 0, 0),
]


@pytest.mark.parametrize(("happened", "march", "april"), CASES)
def test_what_is_due_for_each_month(here, happened, march, april):
    happened(here)

    assert due.due_at(here.base, MARCH).fen == march
    assert due.due_at(here.base, APRIL).fen == april


def test_the_page_has_these_cases():
    text = (settings.ROOT / "docs/rules/pay.md").read_text(encoding="utf-8")
    start = text.index("| what happened, at the base |")
    rows = [
        [cell.strip() for cell in line.strip("|").split("|")][3:]
        for line in text[start:].split("\n\n")[0].splitlines()[2:]
    ]

    assert rows == [
        [f"{march / 100:.2f}" if march else "0", f"{april / 100:.2f}" if april else "0"]
        for _happened, march, april in CASES
    ]


def test_who_has_no_confirmed_account_is_left_out_with_the_reason(here):
    for woman in (here.wang, here.li, here.zhao):
        here.earns(woman)
    sun = registry.active_maker("孙丽娟", at=here.base)
    personal.open_pay_account(maker=sun, kind="cash")
    here.earns(sun, 2)

    assert lines(here) == {"王桂兰": RATE, "李秀英": RATE}
    assert left_out(here) == {
        "赵凤芹": ("NO_ACCOUNT", RATE),
        "孙丽娟": ("NOT_CONFIRMED", 2 * RATE),
    }


def test_what_she_earned_at_two_bases_is_due_at_each_but_one_line_a_month(here):
    other = registry.base(here.county.other_village, "杏村基地")
    leave_base(membership=here.wang.memberships.get(), on=dt.date(2026, 3, 20))
    join_base(maker=here.wang, base=other, since=dt.date(2026, 3, 20))
    here.earns(here.wang, 1)
    here.earns(here.wang, 2, base=other)

    assert (lines(here), lines(here, base=other)) == (
        {"王桂兰": RATE},
        {"王桂兰": 2 * RATE},
    )
    here.prepared()
    assert left_out(here, base=other) == {"王桂兰": ("WAITING", 2 * RATE)}
    assert lines(here, APRIL, other) == {"王桂兰": 2 * RATE}


def test_what_waits_for_approval_is_not_prepared_again_for_another_month(here):
    here.earns(here.wang, 1)
    here.earns(here.wang, 2, on=APRIL)
    here.prepared()

    assert lines(here, APRIL) == {"王桂兰": 2 * RATE}
    assert left_out(here) == {"王桂兰": ("PREPARED", RATE)}


def test_a_merged_maker_is_paid_into_the_account_of_the_person(here):
    here.earns(here.zhao)
    merge_maker(maker=here.zhao, into=here.li, by=None, reason="same")
    found = due.due_at(here.base, MARCH)

    assert [(one.maker, one.account) for one in found.lines] == [(here.zhao, here.cash)]


def test_a_month_to_come_is_refused(here):
    with pytest.raises(MonthToCome):
        due.due_at(here.base, dt.date(2026, 5, 1))


def test_every_base_is_read_in_as_many_queries_as_one(here, django_assert_num_queries):
    other = registry.base(here.county.other_village, "杏村基地")
    here.earns(here.wang)
    here.earns(here.zhao, base=other)
    with django_assert_num_queries(6):
        due.due_at(here.base, MARCH)
    with django_assert_num_queries(6):
        found = due.due_everywhere(MARCH)

    assert [(one.base, one.fen, len(one.left_out)) for one in found] == [
        (here.base, RATE, 0),
        (other, 0, 1),
    ]
