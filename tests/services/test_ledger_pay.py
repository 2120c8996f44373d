"""Pay for accepted pieces, and what is read of it."""

import datetime as dt

import pytest

from producers.ledger import pay
from producers.ledger.journal import reverse
from producers.ledger.models import Entry, Posting
from producers.services.households import move_household
from producers.services.makers import merge_maker
from tests import ledger_builders as build
from tests.ledger_builders import APRIL, MARCH, MAY, RATE, Village, noon

pytestmark = pytest.mark.django_db


@pytest.fixture
def here():
    return Village()


@pytest.fixture(autouse=True)
def checked_at_commit():
    yield
    build.check_now()


def day(number, month=3):
    return dt.date(2026, month, number)


def test_accepted_pieces_are_owed_to_her_at_the_rate(here):
    entry = here.earns(here.wang, 3, on=day(4), source="D7")

    assert (entry.reference, entry.on) == ("pay:test:D7", day(4))
    rows = entry.postings.order_by("pk").values_list(
        "account__kind", "fen", "craft", "base", "area", "pieces", "rate_fen"
    )
    village = here.county.village.pk
    assert list(rows) == [
        ("work_in_stock", 25_800, here.craft.pk, here.base.pk, None, None, None),
        (
            *("maker_payable", -25_800, here.craft.pk, here.base.pk, village),
            *(3, RATE),
        ),
    ]


def test_the_area_is_the_village_where_she_lives_that_day(here):
    here.earns(here.wang, on=day(4))
    move_household(household=here.home, village=here.county.other_village, on=day(10))
    here.earns(here.wang, on=day(10))
    here.earns(here.zhao, on=day(10))

    rows = Posting.objects.filter(account__maker__isnull=False).order_by("pk")
    assert [row.area.name_zh for row in rows] == ["柳村", "杏村", "柳村"]


def test_accepted_twice_it_is_paid_once(here):
    first = here.earns(here.wang, 3, source="D7")

    assert here.earns(here.wang, 3, source="D7") == first
    assert pay.owed([here.wang.pk]) == {here.wang.pk: 25_800}


@pytest.mark.parametrize(
    ("who", "pieces", "rate"), [("li", 3, RATE), ("wang", 4, RATE), ("wang", 3, 1)]
)
def test_the_same_pieces_are_not_paid_otherwise(here, who, pieces, rate):
    here.earns(here.wang, 3, source="D7")

    with pytest.raises(pay.PaidOtherwise, match="pay:test:D7"):
        here.earns(getattr(here, who), pieces, rate=rate, source="D7")
    assert Entry.objects.count() == 1


@pytest.mark.parametrize(("pieces", "rate"), [(0, RATE), (-1, RATE), (1, 0)])
def test_nothing_is_no_pay(here, pieces, rate):
    with pytest.raises(ValueError, match="are no pay"):
        here.earns(here.wang, pieces, rate=rate)


def test_what_is_owed_earned_and_paid_is_known_for_many_in_few_queries(
    here, django_assert_num_queries
):
    here.earns(here.wang, 2, on=day(31))
    here.earns(here.wang, 1, on=APRIL)
    here.earns(here.li, 1, on=day(2))
    with noon(day(5, 4)):
        here.paid()
    women = [here.wang.pk, here.li.pk, here.zhao.pk]
    wang, li, zhao = women

    with django_assert_num_queries(3):
        assert pay.owed(women) == {wang: RATE, li: 0, zhao: 0}
    with django_assert_num_queries(3):
        assert pay.earned(women, MARCH, APRIL) == {wang: 2 * RATE, li: RATE, zhao: 0}
    assert pay.earned(women, APRIL, MAY) == {wang: RATE, li: 0, zhao: 0}
    with django_assert_num_queries(3):
        assert pay.paid(women, APRIL, MAY) == {wang: 2 * RATE, li: RATE, zhao: 0}
    assert pay.paid(women, MARCH, APRIL) == {wang: 0, li: 0, zhao: 0}


def test_a_statement_shows_the_arithmetic_of_the_month(here, django_assert_num_queries):
    here.earns(here.wang, 2, on=day(2), source="first")
    here.earns(here.wang, 1, on=day(31), rate=9_000, source="last")
    here.earns(here.wang, 1, on=APRIL)
    here.earns(here.li, 1, on=day(3))

    with django_assert_num_queries(3):
        rows = pay.statement(here.wang, day(20))
    assert [
        (row.day, row.pieces, row.rate_fen, row.fen, row.source_kind, row.source)
        for row in rows
    ] == [
        (day(2), 2, RATE, 17_200, "test", "first"),
        (day(31), 1, 9_000, 9_000, "test", "last"),
    ]
    assert {(row.craft, row.base, row.correction) for row in rows} == {
        (here.craft, here.base, False)
    }


def test_a_correction_counts_on_the_day_of_the_mistake(here):
    wrong = here.earns(here.wang, 2, on=day(31), source="wrong")
    here.earns(here.wang, 1, on=day(31), source="right")
    with noon(day(3, 4)):
        reverse(entry=wrong, reason="counted twice", by=here.preparer)
    wang = here.wang.pk

    assert pay.earned([wang], MARCH, APRIL) == {wang: RATE}
    assert pay.earned([wang], APRIL, MAY) == {wang: 0}
    assert pay.owed([wang]) == {wang: RATE}
    assert [
        (row.day, row.fen, row.source, row.correction)
        for row in pay.statement(here.wang, MARCH)
    ] == [
        (day(31), 17_200, "wrong", False),
        (day(31), RATE, "right", False),
        (day(31), -17_200, "wrong", True),
    ]


def test_a_merged_maker_is_the_same_person(here):
    here.earns(here.zhao, 1, on=day(2))
    with noon(day(4)):
        merge_maker(maker=here.zhao, into=here.li, by=None, reason="same")
    here.zhao.refresh_from_db()
    here.earns(here.zhao, 1, on=day(5))
    here.earns(here.li, 1, on=day(6))
    both = [here.li.pk, here.zhao.pk]

    assert pay.owed(both) == dict.fromkeys(both, 3 * RATE)
    assert pay.earned([here.li.pk], MARCH, APRIL) == {here.li.pk: 3 * RATE}
    assert [row.day for row in pay.statement(here.li, MARCH)] == [
        day(2),
        day(5),
        day(6),
    ]
