"""Trades of whole shares even incomes out and cost nothing else."""

from dataclasses import replace
from fractions import Fraction

import pytest

from benchmarks.allocation.instances import network
from orders.domain.allocation import Base, Job, Maker, Problem, Reason, Share
from orders.domain.allocation.columns import columns
from orders.domain.allocation.measures import poorest_fifth
from orders.domain.allocation.place import place
from orders.domain.allocation.planning import by_turn, opened
from orders.domain.allocation.trade import trade
from tests.domain.allocation.villages import weeks


def book_of(problem):
    book = opened(columns(problem), problem)
    return book, by_turn(book)[0]


def unfairness(book):
    pairs = zip(book.income.tolist(), book.need, strict=True)
    return sum(Fraction(income**2, need) for income, need in pairs)


def parcels(book, jobs):
    return sum(len(book.parcels(job)) for job in jobs)


@pytest.fixture(scope="module")
def second_family():
    return network("M", 31, second=True)


def test_trades_even_incomes_out_with_as_many_hands_and_no_more_parcels(second_family):
    book, jobs = book_of(second_family)
    for job in jobs:
        place(book, job, 240)
    before, sent = unfairness(book), parcels(book, jobs)
    fifth, left = poorest_fifth(book.columns, book.income), book.open[:]
    sizes = [sorted(book.new[job].values()) for job in jobs]
    assert trade(book, jobs) > 0
    assert unfairness(book) < before
    assert poorest_fifth(book.columns, book.income) > fifth
    assert parcels(book, jobs) <= sent
    assert [sorted(book.new[job].values()) for job in jobs] == sizes
    assert book.open == left
    assert min(book.room_of) >= 0
    assert min(book.base_room_of) >= 0


def straw(row: int, pieces: int, *, grade: int = 1, bases=None) -> Job:
    return Job(row, "straw", grade, 0, 60, 2_000, pieces, 1, bases)


def maker(row: int, base: int, *, earned=0, hours=10, grade=1) -> Maker:
    return Maker(row, base, {"straw": grade}, 1_000, earned, (hours * 60,), 0)


BASES = (Base(1, "A", (6_000,)), Base(2, "A", (6_000,)))
RICHER = maker(1, 1, earned=20_000)
BEST_OFF = tuple(maker(row, 1 + row % 2, earned=10**6) for row in (3, 4, 5))
"""Three more, so that the poorest fifth is one of five."""


def two(jobs, makers, declined=frozenset(), bases=BASES):
    """The first maker has all of the first job, the second all of the second."""
    problem = Problem(weeks(1), (*makers, *BEST_OFF), bases, jobs, declined, ())
    book, rows = book_of(problem)
    for job, one in zip(jobs, makers, strict=True):
        at = book.columns.maker_row[one.id]
        book.give(book.columns.job_row[job.id], at, job.pieces)
    return book, rows


def income(book, row):
    return int(book.income[book.columns.maker_row[row]])


@pytest.mark.parametrize("hours", [8, 100])
def test_the_poorer_has_the_larger_share_afterwards(hours):
    """Even if their base is full: all stays in it."""
    bases = (Base(1, "A", (hours * 60,)), BASES[1])
    makers = (RICHER, maker(2, 1))
    book, jobs = two((straw(1, 6), straw(2, 2)), makers, bases=bases)
    assert trade(book, jobs) == 1
    assert (income(book, 1), income(book, 2)) == (24_000, 12_000)


def test_a_craft_of_which_nobody_has_any_changes_nothing():
    makers = (RICHER, maker(2, 1), *BEST_OFF)
    jobs = (straw(1, 6), straw(2, 2), replace(straw(3, 5), craft="reed"))
    book, rows = book_of(Problem(weeks(1), makers, BASES, jobs, frozenset(), ()))
    for job, one in ((0, 1), (1, 2)):
        book.give(job, book.columns.maker_row[one], jobs[job].pieces)
    assert trade(book, rows) == 1
    assert (income(book, 1), income(book, 2)) == (24_000, 12_000)


@pytest.mark.parametrize(
    ("jobs", "makers", "declined"),
    [
        pytest.param(
            (straw(1, 6, grade=2), straw(2, 2)),
            (maker(1, 1, earned=20_000, grade=2), maker(2, 1)),
            frozenset(),
            id="her grade is too low",
        ),
        pytest.param(
            (straw(1, 6), straw(2, 2)),
            (RICHER, maker(2, 1, hours=5)),
            frozenset(),
            id="she has no time for it",
        ),
        pytest.param(
            (straw(1, 6, bases=frozenset({1})), straw(2, 2)),
            (RICHER, maker(2, 2)),
            frozenset(),
            id="her base may not make it",
        ),
        pytest.param(
            (straw(1, 6), straw(2, 2)),
            (RICHER, maker(2, 1)),
            frozenset({(1, 2)}),
            id="she said no to it",
        ),
        pytest.param(
            (straw(1, 6), straw(2, 2)),
            (maker(1, 1, earned=0), maker(2, 1)),
            frozenset(),
            id="it would only turn the two about",
        ),
        pytest.param(
            (Job(1, "straw", 1, 0, 60, 10**9, 6, 1, None), straw(2, 2)),
            (maker(1, 1, earned=10**9), maker(2, 1)),
            frozenset(),
            id="incomes are beyond all wages",
        ),
    ],
)
def test_no_trade_where_it_is_not_lawful_or_not_fairer(jobs, makers, declined):
    book, rows = two(jobs, makers, declined)
    before = [dict(book.new[job]) for job in rows]
    assert trade(book, rows) == 0
    assert [book.new[job] for job in rows] == before


def test_lone_shares_of_two_bases_change_places():
    book, jobs = two((straw(1, 6), straw(2, 2)), (RICHER, maker(2, 2)))
    assert trade(book, jobs) == 1
    assert [len(book.parcels(job)) for job in jobs] == [1, 1]


def test_a_trade_that_needs_further_parcels_is_left():
    """Both bases would still send what they send, and the other job's parcel too."""
    book, jobs = two((straw(1, 7), straw(2, 3)), (RICHER, maker(2, 2)))
    for job, giver, heir in ((0, 1, 4), (1, 2, 3)):
        book.take(job, book.columns.maker_row[giver], 1)
        book.give(job, book.columns.maker_row[heir], 1)
    assert [len(book.parcels(job)) for job in jobs] == [1, 1]
    assert trade(book, jobs) == 0


def test_a_kept_share_of_a_base_that_is_gone_stands_in_no_trades_way():
    """The base that is gone must not look like the last one of the job before."""
    makers = (RICHER, maker(2, 2))
    jobs = (straw(1, 6), straw(2, 2), straw(3, 2))
    kept = (Share(3, 5, 1, Reason("KEPT", {}), 55),)
    problem = Problem(weeks(1), (*makers, *BEST_OFF), BASES, jobs, frozenset(), kept)
    book, rows = book_of(problem)
    for job, who, pieces in ((1, 1, 6), (2, 2, 2)):
        book.give(book.columns.job_row[job], book.columns.maker_row[who], pieces)
    assert trade(book, rows) == 1
