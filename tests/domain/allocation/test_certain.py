"""What must be late in every lawful plan is never said to be more than it is."""

from dataclasses import replace

import pytest

from orders.domain.allocation import Base, Job, Maker, Problem, Reason, Share, plan
from orders.domain.allocation.certain import could_be_fewer, must_be_late, unpaid
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


def opened_with(makers, jobs, *bases, declined=frozenset(), kept=()):
    """The problem, and its book before anything is given out."""
    problem = Problem(weeks(2), makers, bases or (BASE,), jobs, declined, kept)
    return problem, opened(columns(problem), problem)


def certain(makers, jobs, base=BASE) -> int:
    problem, book = opened_with(makers, jobs, base)
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
        pytest.param(
            (maker(1, (120, 120)),),
            (line(1, 3, lot=3), line(2, 3)),
            BASE,
            4,
            id="of one length in the least lot",
        ),
        pytest.param(
            (maker(1, (600, 600)),),
            (line(1, 3, by=0),),
            Base(1, "A", (60, 600)),
            2,
            id="a base that is full by the first deadline",
        ),
        pytest.param(
            (maker(1, (300, 300)),),
            (line(1, 4), line(2, 3, minutes=100)),
            BASE,
            3,
            id="hours for either the long or the short ones",
        ),
        pytest.param(
            (*(maker(row, (90, 90)) for row in range(5)), maker(5, (90, 90), grade=2)),
            (line(1, 5, minutes=100), line(2, 1, minutes=90, grade=2)),
            BASE,
            5,
            id="who can't make the short ones has no hours for them",
        ),
    ],
)
def test_counted_by_hand(makers, jobs, base, late):
    assert certain(makers, jobs, base) == late


TWO = (maker(1, (600, 600)), maker(2, (120, 120)))
"""One with ten hours, one with two."""


@pytest.mark.parametrize(
    "state",
    [
        pytest.param({"declined": frozenset({(1, 1)})}, id="who declined"),
        pytest.param(
            {"kept": (Share(1, 1, 1, Reason("KEPT", {})),)}, id="who keeps some"
        ),
    ],
)
def test_she_has_no_hours_for_more_of_it(state):
    problem, book = opened_with(TWO, (line(1, 5),), **state)
    late = plan(problem).measures["late_pieces"]
    assert must_be_late(book, [0]) == late
    assert late == (3 if "declined" in state else 2)


def test_a_share_from_before_may_be_less_than_a_lot():
    """She was to make two pieces of two; now six are asked for, in lots of three."""
    jobs = (line(1, 6, lot=3),)
    _, book = opened_with(TWO, jobs, declined=frozenset({(1, 1)}))
    assert must_be_late(book, [0]) == 6
    book.give(0, 1, 2)
    assert must_be_late(book, [0]) == 4


def test_what_is_late_is_looked_at_alone_too():
    """Five of fifteen long pieces are late; one of ten minutes could fill all rests."""
    makers = tuple(maker(row, (170, 170)) for row in range(10))
    jobs = (line(1, 15, minutes=120), line(2, 1, minutes=10))
    _, book = opened_with(makers, jobs, Base(1, "A", (9_000, 9_000)))
    assert must_be_late(book, [0, 1]) == 1
    place_all(book, [0, 1], 120)
    assert book.open == [5, 0]
    assert must_be_late(book, [0, 1]) == 5


def test_work_for_different_bases_is_looked_at_apart_too():
    """The other base has hours without end, but not for this."""
    makers = (maker(1, (120, 120)), replace(maker(2, (900, 900)), base=2))
    jobs = (
        replace(line(1, 5), bases=frozenset({1})),
        replace(line(2, 1), bases=frozenset({2})),
    )
    _, book = opened_with(makers, jobs, BASE, Base(2, "B", (900, 900)))
    assert must_be_late(book, [0, 1]) == 3


def test_crafts_are_added_up_and_one_where_fewer_may_be_late_is_enough():
    makers = (maker(1, (120, 120)), replace(maker(2, (120, 120)), grades={"straw": 1}))
    jobs = (line(1, 5), replace(line(2, 4), craft="straw"))
    _, book = opened_with(makers, jobs)
    assert must_be_late(book, [0, 1]) == 5
    assert could_be_fewer(book, [0, 1])
    place_all(book, [0], 120)
    assert not could_be_fewer(book, [0])
    assert could_be_fewer(book, [0, 1])
    place_all(book, [1], 120)
    assert (book.open, could_be_fewer(book, [0, 1])) == ([3, 2], False)


def test_many_lengths_and_kinds_of_makers_are_counted_as_minutes():
    """No length has a part in common with all others; everybody declined something."""
    makers = tuple(maker(row, (9_000, 9_000)) for row in range(100))
    jobs = tuple(line(row, 150, minutes=100 + 7 * row) for row in range(80))
    declined = frozenset((row, 7 * row % 100) for row in range(80))
    base = Base(1, "A", (10**6, 10**6))
    _, book = opened_with(makers, jobs, base, declined=declined)
    assert must_be_late(book, list(range(80))) == 7_523


def test_hours_without_end_are_counted_as_minutes():
    makers = (maker(1, (10**9, 10**9)), maker(2, (90, 90)))
    jobs = (line(1, 20_000_000, minutes=59),)
    assert certain(makers, jobs, Base(1, "A", (10**9, 10**9))) == 3_050_848


EXACT = {1.0: [73, 74], 2.0: [77, 78]}
"""By load: so often the bound is the exact answer, with some late."""


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
    assert exact == EXACT[load]


def test_what_must_be_late_is_unpaid_as_if_the_worst_paid_were():
    """Four of nine are late: three at 5 yuan and one at 20, or dearer ones."""
    makers = (maker(1, (300, 300)),)
    jobs = (line(1, 4), replace(line(2, 3), rate=500), replace(line(3, 2), rate=3_000))
    _, book = opened_with(makers, jobs)
    assert must_be_late(book, [0, 1, 2]) == 4
    assert unpaid(book, [0, 1, 2]) == 3 * 500 + 2_000
    place_all(book, [1, 2, 0], 120)
    assert book.open == [4, 0, 0]
    assert unpaid(book, [0, 1, 2]) == 3 * 500 + 2_000


@pytest.mark.parametrize("seed", range(40))
def test_nothing_lawful_leaves_less_unpaid(seed):
    problem = village(seed, load=3)
    book = opened(columns(problem), problem)
    result = plan(problem)
    rate = {job.id: job.rate for job in problem.jobs}
    late = sum(rest.pieces * rate[rest.job] for rest in result.late)
    assert unpaid(book, by_turn(book)[0]) <= late
