"""Full bases make way for their poorest, and nobody pays for it below the fifth."""

from dataclasses import replace

import numpy as np
import pytest

from benchmarks.allocation.instances import network
from orders.domain.allocation import Base, Job, Maker, Problem, clear, plan
from orders.domain.allocation.clear import _wanted
from orders.domain.allocation.columns import columns
from orders.domain.allocation.gather import level_of_fifth
from orders.domain.allocation.lift import lift
from orders.domain.allocation.place import place
from orders.domain.allocation.planning import by_turn, opened
from tests.domain.allocation.villages import weeks

HOURS = 60
RICH = 10**6


def line(row: int, craft: str, by: int = 0) -> Job:
    """Ten pieces of an hour each."""
    return Job(row, craft, 1, by, HOURS, 2_000, 10, 1, None)


def maker(row: int, base: int, craft: str, *, earned=0, hours=10) -> Maker:
    return Maker(row, base, {craft: 1}, 10_000, earned, (hours * HOURS,), 0)


POOR = maker(1, 1, "straw")
CARVER = maker(2, 1, "carving", earned=RICH)
WEAVER = maker(3, 2, "straw", earned=RICH)
HEIR = maker(4, 2, "carving", earned=RICH)
OTHERS = tuple(maker(row, 2, "carving", earned=2 * RICH) for row in (5, 6))
"""So the poorest fifth is one of six."""
JOBS = (line(1, "carving"), line(2, "straw"))
BASES = (Base(1, "A", (10 * HOURS,)), Base(2, "A", (20 * HOURS,)))


def given(poor=POOR, carver=CARVER, bases=BASES):
    """The carver fills the base of the poor; the weaver has all of the straw work."""
    makers = (poor, carver, WEAVER, HEIR, *OTHERS)
    problem = Problem(weeks(1), makers, bases, JOBS, frozenset(), ())
    book = opened(columns(problem), problem)
    book.give(0, book.columns.maker_row[2], 10)
    book.give(1, book.columns.maker_row[3], 10)
    return book


def with_room(*hours):
    """Two bases with so many hours."""
    return tuple(
        replace(base, capacity=(room * HOURS,))
        for base, room in zip(BASES, hours, strict=True)
    )


def test_work_of_the_better_off_leaves_until_the_poor_have_room_for_what_they_lack():
    book = given()
    row = book.columns.maker_row[1]
    assert _wanted(book, [0, 1])[0, 0] == 10 * HOURS
    assert book.fits(1, row) == 0
    assert clear.clear(book, [0, 1]) == 1
    assert book.base_room_of[0] == 10 * HOURS
    assert book.open == [0, 0]
    lift(book, [0, 1], 120)
    assert book.income_of[row] > 0


@pytest.mark.parametrize(
    "state",
    [
        pytest.param({"poor": maker(1, 1, "straw", hours=0)}, id="no hours"),
        pytest.param({"poor": maker(1, 1, "straw", earned=RICH)}, id="not poor"),
        pytest.param({"bases": with_room(10, 13)}, id="nowhere to go"),
        pytest.param({"bases": with_room(20, 20)}, id="room enough"),
        pytest.param({"carver": replace(CARVER, need=10**9)}, id="poor herself"),
    ],
)
def test_a_base_that_nobody_poor_wants_or_nobody_may_leave_stays_as_it_is(state):
    book = given(**state)
    before = [dict(held) for held in book.new]
    assert clear.clear(book, [0, 1]) == 0
    assert book.new == before


def lacking(fen):
    """The poor lack so much of what counts as enough."""
    book = given()
    enough = clear.yielding(book, 95) * book.need[0] >> book.bits
    return given(poor=replace(POOR, earned=enough - fen))


def test_no_more_leaves_than_the_poor_lack():
    book = lacking(3 * 2_000)
    assert clear.clear(book, [0, 1]) == 1
    assert book.base_room_of[0] == 3 * HOURS


def test_less_than_an_hour_is_not_worth_a_move(monkeypatch):
    book = lacking(2_000)
    monkeypatch.setattr(clear, "LEAST", 61)
    assert clear.clear(book, [0, 1]) == 0
    monkeypatch.setattr(clear, "LEAST", 60)
    assert clear.clear(book, [0, 1]) == 1


def test_it_ends_when_as_many_heirs_were_looked_for_as_may_be(monkeypatch):
    monkeypatch.setattr(clear, "TRIES", 0)
    assert clear.clear(given(), [0, 1]) == 0


def test_hours_that_are_overdrawn_are_not_taken_from_what_others_want():
    book = given()
    book.slack[0] -= 20 * HOURS
    book.room[0] -= 20 * HOURS
    assert _wanted(book, [0, 1])[0, 0] == 0


@pytest.mark.parametrize("earned", [100_000, -100_000])
def test_where_all_earn_the_same_nobody_wants_room(earned):
    makers = tuple(maker(row, 1, "carving", earned=earned) for row in range(5))
    problem = Problem(weeks(1), makers, BASES, JOBS[:1], frozenset(), ())
    book = opened(columns(problem), problem)
    assert not _wanted(book, [0]).any()


def test_the_last_deadline_is_freed_first(monkeypatch):
    """So what is due later leaves too, not only what is due by the first deadline."""
    hours = (10 * HOURS, 20 * HOURS)
    makers = (replace(one, free=hours) for one in (POOR, CARVER, WEAVER, HEIR, *OTHERS))
    bases = (Base(1, "A", hours), Base(2, "A", (40 * HOURS, 40 * HOURS)))
    jobs = (line(1, "carving", 1), line(2, "straw"), line(3, "carving"))
    problem = Problem(weeks(2), tuple(makers), bases, jobs, frozenset(), ())
    book = opened(columns(problem), problem)
    carver, weaver = (book.columns.maker_row[row] for row in (2, 3))
    for job, row in ((0, carver), (2, carver), (1, weaver)):
        book.give(job, row, 10)
    wanted = np.zeros_like(book.base_room)
    wanted[0] = 10 * HOURS
    monkeypatch.setattr(clear, "_wanted", lambda book, jobs: wanted)
    clear.clear(book, [0, 1, 2])
    assert carver not in book.new[0]
    assert book.base_room[0].tolist() == [10 * HOURS, 20 * HOURS]


def test_a_large_network_keeps_its_rules_and_its_fifth():
    problem = network("M", 1504)
    book = opened(columns(problem), problem)
    jobs = by_turn(book)[0]
    for job in jobs:
        place(book, job, 240)
    fifth, left = level_of_fifth(book), book.open[:]
    kept = {
        row: min(pay, fifth * need >> book.bits)
        for row, (pay, need) in enumerate(zip(book.income_of, book.need, strict=True))
    }
    assert clear.clear(book, jobs) > 0
    assert book.open == left
    assert all(book.income_of[row] >= pay for row, pay in kept.items())
    assert min(book.room_of) >= 0
    assert min(book.base_room_of) >= 0
    for job in jobs:
        assert all(pieces >= book.lot[job] for pieces in book.new[job].values())


def test_a_plan_is_fairer_for_it():
    """Without it b20w would be 222,930, with as much late."""
    measures = plan(network("M", 1504)).measures
    assert (measures["b20w"], measures["late_pieces"]) == (224_326, 419)
