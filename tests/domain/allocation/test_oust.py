"""Where not all can be on time, work that is worth more goes first."""

from dataclasses import replace

import pytest

from benchmarks.allocation.instances import network
from orders.domain.allocation import Base, Job, Maker, Problem
from orders.domain.allocation.columns import columns
from orders.domain.allocation.oust import in_pieces, oust
from orders.domain.allocation.place import place
from orders.domain.allocation.planning import by_turn, opened
from tests.domain.allocation.villages import weeks

DEAR, CHEAP = 2_400, 1_200


def line(row: int, rate: int, pieces: int, *, lot=1, minutes=60, grade=1) -> Job:
    return Job(row, "straw", grade, 0, minutes, rate, pieces, lot, None)


def book_with(jobs, shares, declined=frozenset(), minutes=240, capacity=6_000):
    """One maker with so many minutes has these pieces of the jobs."""
    her = Maker(1, 1, {"straw": 1}, 1_000, 0, (minutes,), 0)
    bases = (Base(1, "A", (capacity,)),)
    book = opened(
        columns(Problem(weeks(1), (her,), bases, jobs, declined, ())),
        Problem(weeks(1), (her,), bases, jobs, declined, ()),
    )
    for job, pieces in enumerate(shares):
        if pieces:
            book.give(job, 0, pieces)
    return book, by_turn(book)[0]


def made(book):
    return [held.get(0, 0) for held in book.new]


def test_late_work_takes_the_place_of_what_pays_less():
    book, jobs = book_with((line(1, DEAR, 3), line(2, CHEAP, 4)), (0, 4))
    assert oust(book, jobs) == 3 * (DEAR - CHEAP)
    assert made(book) == [3, 1]
    assert book.open == [0, 3]


def test_in_a_full_base_work_makes_way_however_many_hours_she_has():
    jobs = (line(1, DEAR, 3), line(2, CHEAP, 4))
    book, rows = book_with(jobs, (0, 4), minutes=6_000, capacity=240)
    assert oust(book, rows) == 3 * (DEAR - CHEAP)
    assert made(book) == [3, 1]


def test_what_is_left_of_a_share_is_a_lot_or_nothing():
    book, jobs = book_with((line(1, DEAR, 3), line(2, CHEAP, 4, lot=2)), (0, 4))
    oust(book, jobs)
    assert made(book) == [2, 2]


def test_a_lot_that_cannot_be_kept_goes_whole_where_that_still_pays():
    book, jobs = book_with((line(1, DEAR, 3), line(2, CHEAP, 4, lot=4)), (0, 4))
    assert oust(book, jobs) == 3 * DEAR - 4 * CHEAP
    assert made(book) == [3, 0]


@pytest.mark.parametrize(
    ("late", "why"),
    [
        (line(1, CHEAP, 3), "it pays no more"),
        (line(1, CHEAP * 11 // 10, 4), "it hardly pays more"),
        (line(1, DEAR, 5, lot=5), "its lot does not fit"),
        (line(1, DEAR, 3, grade=2), "her grade is too low"),
        (line(1, 5_300, 1, minutes=250), "its hours do not fit"),
    ],
)
def test_nothing_makes_way_where(late, why):
    book, jobs = book_with((late, line(2, CHEAP, 4)), (0, 4))
    assert oust(book, jobs) == 0
    assert made(book) == [0, 4]


def test_counted_by_pieces_long_ones_make_way_for_more_short_ones_that_pay_less():
    jobs = (line(1, CHEAP, 5, minutes=40), line(2, 9_000, 2, minutes=120))
    book, rows = book_with(jobs, (0, 2))
    assert oust(book, rows) == 0
    assert oust(book, rows, in_pieces) == 3 << 40
    assert made(book) == [5, 0]


@pytest.mark.parametrize(
    ("minutes", "ousts"), [(54, True), (55, False), (60, False), (80, False)]
)
def test_counted_by_pieces_they_have_to_be_a_tenth_shorter(minutes, ousts):
    """Four instead of three fit into her 220 minutes, of 55 minutes each too."""
    jobs = (line(1, CHEAP, 4, minutes=minutes), line(2, DEAR, 3))
    book, rows = book_with(jobs, (0, 3), minutes=220)
    assert (oust(book, rows, in_pieces) > 0) == ousts


def test_the_longest_pieces_make_way_first():
    jobs = (
        line(1, DEAR, 2),
        line(2, DEAR, 2, minutes=90),
        line(3, DEAR, 1, minutes=120),
    )
    book, rows = book_with(jobs, (0, 2, 1), minutes=300)
    assert oust(book, rows, in_pieces) == 1 << 40
    assert made(book) == [2, 2, 0]


def test_a_tenth_is_told_apart_in_absurdly_long_pieces_too():
    jobs = (
        line(1, CHEAP, 2, minutes=600_000_000),
        line(2, DEAR, 1, minutes=1_000_000_000),
    )
    book, rows = book_with(jobs, (0, 1), minutes=10**9, capacity=10**9)
    assert oust(book, rows, in_pieces) == 0
    jobs = (replace(jobs[0], minutes=500_000_000), jobs[1])
    book, rows = book_with(jobs, (0, 1), minutes=10**9, capacity=10**9)
    assert oust(book, rows, in_pieces) == 1 << 40


def test_what_is_not_to_be_kept_is_undone():
    jobs = (line(1, DEAR, 2), line(2, CHEAP, 2), line(3, CHEAP // 2, 2))
    book, rows = book_with(jobs, (0, 2, 2))
    before = [room.tolist() for room in (book.slack, book.base_slack, book.income)]
    assert oust(book, rows, keep=lambda: False) == 0
    assert made(book) == [0, 2, 2]
    assert [x.tolist() for x in (book.slack, book.base_slack, book.income)] == before
    assert oust(book, rows, keep=lambda: True) == 2 * (DEAR - CHEAP // 2)
    assert made(book) == [2, 2, 0]


def test_who_said_no_keeps_her_other_work():
    jobs = (line(1, DEAR, 3), line(2, CHEAP, 4))
    book, rows = book_with(jobs, (0, 4), declined=frozenset({(1, 1)}))
    assert oust(book, rows) == 0


def test_in_a_month_that_is_too_full_less_pay_is_late_and_no_rule_is_broken():
    problem = network("M", 31, util=0.8)
    book = opened(columns(problem), problem)
    jobs, _ = by_turn(book)
    for job in jobs:
        place(book, job, 240)

    def late():
        return sum(book.open[job] * book.jobs[job].rate for job in jobs)

    before = late()
    gain = oust(book, jobs)
    assert gain > 0
    assert late() == before - gain
    assert min(book.room_of) >= 0
    assert min(book.base_room_of) >= 0
    for job in jobs:
        line, held = book.jobs[job], book.new[job]
        assert sum(held.values()) + book.open[job] == line.pieces
        assert all(pieces >= book.lot[job] for pieces in held.values())
