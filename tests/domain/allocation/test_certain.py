"""What must be late in every lawful plan is never said to be more than it is."""

import pytest

from orders.domain.allocation import Base, Job, Maker, Problem, plan
from orders.domain.allocation.certain import must_be_late
from orders.domain.allocation.columns import columns
from orders.domain.allocation.place import place_all
from orders.domain.allocation.planning import by_turn, opened

from .oracle import best
from .villages import village, weeks

BASE = Base(1, "A", (1_000, 2_000))


def maker(row: int, minutes: tuple[int, int], grade: int = 1) -> Maker:
    return Maker(row, 1, {"weaving": grade}, 1_000, 0, minutes, 0)


def line(row: int, pieces: int, *, minutes=60, lot=1, grade=1, by=1) -> Job:
    return Job(row, "weaving", grade, by, minutes, 2_000, pieces, lot, None)


def certain(makers, jobs, base=BASE) -> int:
    problem = Problem(weeks(2), makers, (base,), jobs, frozenset(), ())
    book = opened(columns(problem), problem)
    found = must_be_late(book, by_turn(book)[0])
    assert found <= plan(problem).measures["late_pieces"]
    return found


@pytest.mark.parametrize(
    ("makers", "jobs", "base", "late"),
    [
        pytest.param((maker(1, (90, 90)),), (line(1, 1),), BASE, 0, id="it fits"),
        pytest.param((), (line(1, 5),), BASE, 5, id="nobody"),
        pytest.param((maker(1, (90, 90)),), (), BASE, 0, id="nothing"),
        pytest.param(
            (maker(1, (90, 90)), maker(2, (90, 90))),
            (line(1, 3),),
            BASE,
            1,
            id="two half hours make no piece",
        ),
        pytest.param(
            (maker(1, (90, 90)), maker(2, (120, 120))),
            (line(1, 3, lot=2),),
            BASE,
            1,
            id="less than a lot's time is none",
        ),
        pytest.param(
            (maker(1, (500, 500)),),
            (line(1, 3),),
            Base(1, "A", (150, 150)),
            1,
            id="a full base",
        ),
        pytest.param(
            (maker(1, (60, 600)),),
            (line(1, 3, by=0), line(2, 4)),
            BASE,
            2,
            id="by the first deadline",
        ),
        pytest.param(
            (maker(1, (60, 60), grade=2), maker(2, (600, 600))),
            (line(1, 3, grade=2), line(2, 1)),
            BASE,
            2,
            id="of the higher grade",
        ),
        pytest.param(
            (maker(1, (120, 120)),),
            (line(1, 2), line(2, 1, minutes=100)),
            BASE,
            1,
            id="the longest is the fewest",
        ),
        pytest.param(
            tuple(maker(row, (180, 180)) for row in range(5)),
            (line(1, 5, minutes=140), line(2, 3, minutes=100)),
            BASE,
            3,
            id="only one piece fits whichever it is",
        ),
        pytest.param(
            tuple(maker(row, (110, 110)) for row in range(10)),
            (line(1, 100), line(2, 10, minutes=100)),
            BASE,
            100,
            id="one short piece each, the long ones late anyhow",
        ),
        pytest.param(
            (maker(1, (60, 600)), maker(2, (0, 300), grade=2)),
            (line(1, 3, by=0), line(2, 6, grade=2)),
            BASE,
            3,
            id="who may only make what is due first has her hours until then",
        ),
        pytest.param(
            (maker(1, (120, 120)),),
            (line(1, 2, lot=2),),
            Base(1, "A", (100, 100)),
            2,
            id="less than a lot's room in a base is none",
        ),
    ],
)
def test_counted_by_hand(makers, jobs, base, late):
    assert certain(makers, jobs, base) == late


def test_who_declined_has_no_hours_for_it():
    problem = Problem(
        weeks(2),
        (maker(1, (600, 600)), maker(2, (120, 120))),
        (BASE,),
        (line(1, 5),),
        frozenset({(1, 1)}),
        (),
    )
    book = opened(columns(problem), problem)
    assert must_be_late(book, [0]) == plan(problem).measures["late_pieces"] == 3


def test_hours_without_end_are_counted_as_minutes():
    makers = (maker(1, (10**9, 10**9)), maker(2, (90, 90)))
    jobs = (line(1, 20_000_000, minutes=59),)
    assert certain(makers, jobs, Base(1, "A", (10**9, 10**9))) == 3_050_848


@pytest.mark.parametrize("load", [1.0, 2.0])
def test_no_more_than_the_exact_answer_and_as_much_in_many_networks(load):
    """Before anything is given out, and when no more finds room."""
    exact = [0, 0]
    for seed in range(150):
        problem = village(seed, load=load)
        late = best(problem).late
        book = opened(columns(problem), problem)
        paid, _ = by_turn(book)
        for at in range(2):
            found = must_be_late(book, paid)
            assert (seed, at, late is None or found <= late) == (seed, at, True)
            exact[at] += 0 < found == late
            place_all(book, paid, 120)
    assert min(exact) > 10
