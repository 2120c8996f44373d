"""Two parts of a job become one where that is lawful and costs nothing else."""

import pytest

from benchmarks.allocation.instances import network
from orders.domain.allocation import Base, Job, Maker, Problem
from orders.domain.allocation import merge as merging
from orders.domain.allocation.columns import columns
from orders.domain.allocation.gather import level_of_fifth
from orders.domain.allocation.merge import merge
from orders.domain.allocation.place import place
from orders.domain.allocation.planning import by_turn, opened
from tests.domain.allocation.villages import weeks

BASES = (Base(1, "A", (6_000,)), Base(2, "A", (6_000,)))
ANY_LEVEL = -1


def maker(row: int, base: int = 1, *, crafts=("straw", "weaving")) -> Maker:
    return Maker(row, base, dict.fromkeys(crafts, 1), 1_000, 0, (240,), 0)


def job(row: int, craft: str, pieces: int, *, minutes=60, bases=None) -> Job:
    return Job(row, craft, 1, 0, minutes, 2_000, pieces, 1, bases)


STRAW, WEAVING = job(1, "straw", 4), job(2, "weaving", 2)


def shared(makers, jobs=(STRAW, WEAVING), declined=frozenset()):
    """Two makers share the first job; the second one has all of the second, too."""
    problem = Problem(weeks(1), makers, BASES, jobs, declined, ())
    book = opened(columns(problem), problem)
    book.give(0, 0, 2)
    book.give(0, 1, 2)
    book.give(1, 1, jobs[1].pieces)
    return book, by_turn(book)[0]


def test_one_has_all_of_the_first_job_and_the_other_has_the_second():
    book, jobs = shared((maker(1), maker(2)))
    assert merge(book, jobs, 9, ANY_LEVEL) == 1
    assert book.new == [{1: 4}, {0: 2}]
    assert book.income.tolist() == [4_000, 8_000]


def test_no_more_than_is_asked_for():
    book, jobs = shared((maker(1), maker(2)))
    assert merge(book, jobs, 0, ANY_LEVEL) == 0
    assert book.new == [{0: 2, 1: 2}, {1: 2}]


@pytest.mark.parametrize(
    ("makers", "jobs", "declined"),
    [
        pytest.param(
            (maker(1, crafts=("straw",)), maker(2)),
            (STRAW, WEAVING),
            frozenset(),
            id="she can't weave",
        ),
        pytest.param(
            (maker(1), maker(2)),
            (STRAW, WEAVING),
            frozenset({(2, 1)}),
            id="she said no to it",
        ),
        pytest.param(
            (maker(1), maker(2)),
            (STRAW, job(2, "weaving", 1)),
            frozenset(),
            id="the other has no time for her part",
        ),
        pytest.param(
            (maker(1), maker(2, 2)),
            (STRAW, job(2, "weaving", 2, bases=frozenset({2}))),
            frozenset(),
            id="her base may not make it",
        ),
    ],
)
def test_both_keep_what_they_have_where(makers, jobs, declined):
    book, rows = shared(makers, jobs, declined)
    if jobs[1].pieces == 1:
        book.slack[1] -= 60
        book.room[1] -= 60
    before = [dict(held) for held in book.new]
    assert merge(book, rows, 9, ANY_LEVEL) == 0
    assert book.new == before


def test_nobody_falls_below_the_poorest_fifth_for_it():
    """She would give up 8,000 fen for 1,000."""
    dear = Job(1, "straw", 1, 0, 60, 4_000, 4, 1, None)
    cheap = Job(2, "weaving", 1, 0, 60, 500, 2, 1, None)
    book, jobs = shared((maker(1), maker(2)), (dear, cheap))
    fifth = (7_000 << book.bits) // book.need[0]
    assert merge(book, jobs, 9, fifth) == 0
    assert merge(book, jobs, 9, ANY_LEVEL) == 1


def test_who_is_poor_loses_nothing_however_little_a_piece_is():
    dear = Job(1, "straw", 1, 0, 60, 80_000, 2, 1, None)
    cheap = Job(2, "weaving", 1, 0, 60, 500, 1, 1, None)
    problem = Problem(
        weeks(1), (maker(1), maker(2)), BASES, (dear, cheap), frozenset(), ()
    )
    book = opened(columns(problem), problem)
    book.give(0, 0, 1)
    book.give(0, 1, 1)
    book.give(1, 1, 1)
    fifth = (90_000 << book.bits) // book.need[0]
    assert merge(book, [0, 1], 9, fifth) == 0


@pytest.mark.parametrize(("full", "rounds"), [(37, 1), (38, 2)])
def test_only_a_full_month_is_looked_through_again(full, rounds, monkeypatch):
    """One part joins another in every round."""
    book, jobs = shared((maker(1), maker(2)))
    seen = []
    monkeypatch.setattr(merging, "fullness", lambda columns: full)
    monkeypatch.setattr(merging, "_round", lambda *given: seen.append(given) or 1)
    assert merge(book, jobs, 9, ANY_LEVEL) == len(seen) == rounds


def test_without_shares_there_is_nothing_to_merge():
    problem = Problem(weeks(1), (maker(1),), BASES, (STRAW,), frozenset(), ())
    assert merge(opened(columns(problem), problem), [0], 9, ANY_LEVEL) == 0


def test_in_a_full_month_there_are_fewer_hand_offs_and_nothing_else_is_worse():
    problem = network("M", 31, util=0.6)
    book = opened(columns(problem), problem)
    jobs, _ = by_turn(book)
    for at in jobs:
        place(book, at, 60)
    hands = sum(len(book.new[at]) for at in jobs)
    parcels = sum(len(book.parcels(at)) for at in jobs)
    left, fifth = book.open[:], level_of_fifth(book)
    made = [sum(book.new[at].values()) for at in jobs]
    merged = merge(book, jobs, 10_000, fifth)
    assert merged > 0
    assert sum(len(book.new[at]) for at in jobs) == hands - merged
    assert sum(len(book.parcels(at)) for at in jobs) <= parcels
    assert book.open == left
    assert [sum(book.new[at].values()) for at in jobs] == made
    assert min(book.room_of) >= 0
    assert min(book.base_room_of) >= 0
    assert all(
        pieces >= book.lot[at] for at in jobs for pieces in book.new[at].values()
    )
