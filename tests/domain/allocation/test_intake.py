"""Bad input gets an error that names the row; what is merely hopeless gets none."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from orders.domain.allocation import (
    BadProblem,
    Base,
    Job,
    Maker,
    Problem,
    Reason,
    Share,
    plan,
)

MAKER = Maker(11, 1, {"embroidery": 1}, 108_000, 0, (1200,), 5)
BASE = Base(1, "Xifeng", (6000,))
JOB = Job(5, "embroidery", 1, 0, 60, 2000, 10, 2, None)
GOOD = Problem((date(2026, 3, 9),), (MAKER,), (BASE,), (JOB,), frozenset(), ())
WEEKS = tuple(date(2026, 3, day) for day in range(1, 14))


def with_job(**changes):
    return replace(GOOD, jobs=(replace(JOB, **changes),))


def with_maker(**changes):
    return replace(GOOD, makers=(replace(MAKER, **changes),))


def two_makers(first, second):
    other = replace(MAKER, id=12, grades=second)
    return replace(GOOD, makers=(replace(MAKER, grades=first), other))


def kept(**changes):
    share = Share(5, 11, 2, Reason("KEPT", {"pieces": 2}), 1)
    return replace(GOOD, kept=(replace(share, **changes),))


BAD = {
    "no minutes": (with_job(minutes=0), "job 5: minutes must be at least 1, not 0"),
    "no pieces": (with_job(pieces=0), "job 5: pieces must be at least 1, not 0"),
    "no rate": (with_job(rate=0), "job 5: rate must be at least 1, not 0"),
    "no lot": (with_job(min_lot=0), "job 5: min_lot must be at least 1, not 0"),
    "half a piece": (
        with_job(pieces=2.5),
        "job 5: pieces must be a whole number, not 2.5",
    ),
    "no need": (with_maker(need=0), "maker 11: need must be at least 1, not 0"),
    "negative hours": (
        with_maker(free=(-1,)),
        "maker 11: free by deadline 1 must be at least 0, not -1",
    ),
    "hours for no deadline": (
        with_maker(free=(1, 2)),
        "maker 11: free has 2 numbers for 1 deadlines",
    ),
    "too large": (
        with_maker(earned=10**9 + 1),
        "maker 11: earned must be at most 1000000000, not 1000000001",
    ),
    "beyond 64 bits": (
        with_maker(earned=2**70),
        f"maker 11: earned must be at most 1000000000, not {2**70}",
    ),
    "a grade in words": (
        with_maker(grades={"embroidery": "2"}),
        "maker 11: grade in embroidery must be a whole number, not '2'",
    ),
    "a grade that is true, of another maker and craft": (
        two_makers({"embroidery": 1}, {"straw": True}),
        "maker 12: grade in straw must be a whole number, not True",
    ),
    "a need that is true, of another maker": (
        replace(GOOD, makers=(MAKER, replace(MAKER, id=12, need=True))),
        "maker 12: need must be a whole number, not True",
    ),
    "hours that are false, of another maker": (
        replace(GOOD, makers=(MAKER, replace(MAKER, id=12, free=(False,)))),
        "maker 12: free by deadline 1 must be a whole number, not False",
    ),
    "a grade of 32 bits": (
        two_makers({"embroidery": 1}, {"embroidery": 2, "straw": np.int32(3)}),
        "maker 12: grade in straw must be a whole number, not np.int32(3)",
    ),
    "a list of grades": (
        two_makers({"embroidery": [1]}, {"straw": [2]}),
        "maker 11: grade in embroidery must be a whole number, not [1]",
    ),
    "a grade far below": (
        two_makers({"embroidery": 1}, {"straw": -(2**63)}),
        f"maker 12: grade in straw must be at least -1000000000, not {-(2**63)}",
    ),
    "negative capacity": (
        replace(GOOD, bases=(replace(BASE, capacity=(-5,)),)),
        "base 1: capacity by deadline 1 must be at least 0, not -5",
    ),
    "maker twice": (
        replace(GOOD, makers=(MAKER, MAKER)),
        "maker 11: stands twice in the problem",
    ),
    "base twice": (
        replace(GOOD, bases=(BASE, BASE)),
        "base 1: stands twice in the problem",
    ),
    "job twice": (replace(GOOD, jobs=(JOB, JOB)), "job 5: stands twice in the problem"),
    "unknown base": (with_maker(base=7), "maker 11: base 7 is unknown"),
    "deadlines fall": (
        replace(GOOD, deadlines=(date(2026, 3, 9), date(2026, 3, 2))),
        "deadline 2: 2026-03-02 does not come after 2026-03-09",
    ),
    "thirteen deadlines": (
        replace(GOOD, deadlines=WEEKS),
        "deadlines: at most 12, not 13",
    ),
    "position outside": (
        with_job(deadline=1),
        "job 5: deadline 1 is outside the 1 deadlines of the problem",
    ),
    "position before": (
        with_job(deadline=-1),
        "job 5: deadline must be at least 0, not -1",
    ),
    "no base at all": (
        with_job(bases=frozenset()),
        "job 5: bases is empty; None means every base",
    ),
    "kept too much": (
        kept(pieces=11),
        "job 5: 11 pieces are kept, but only 10 are ordered",
    ),
    "kept beyond all counting": (
        replace(
            GOOD,
            jobs=tuple(
                replace(JOB, id=row, rate=10**9, pieces=10**9) for row in (5, 6)
            ),
            kept=tuple(
                Share(row, 11, 10**9, Reason("KEPT", {"pieces": 10**9}), 1)
                for row in (5, 6)
            ),
        ),
        "kept share of job 6 and maker 11: with it more is kept than can be counted",
    ),
    "kept for nobody": (
        kept(maker=12),
        "kept share of job 5 and maker 12: maker 12 is unknown",
    ),
    "kept of nothing": (
        kept(job=6),
        "kept share of job 6 and maker 11: job 6 is unknown",
    ),
}


@pytest.mark.parametrize(("problem", "message"), BAD.values(), ids=BAD.keys())
def test_the_error_names_the_row(problem, message):
    with pytest.raises(BadProblem) as error:
        plan(problem)
    assert str(error.value) == message


def test_a_floor_below_one_minute_is_an_error():
    with pytest.raises(BadProblem, match="floor_minutes must be at least 1, not 0"):
        plan(GOOD, floor_minutes=0)


@pytest.mark.parametrize(
    ("problem", "code"),
    [
        (with_maker(free=(0,)), "HOURS"),
        (with_job(craft="straw"), "NO_MAKER"),
        (with_job(bases=frozenset({9})), "BASE_NOT_ALLOWED"),
        (replace(GOOD, makers=(), bases=()), "NO_MAKER"),
        (replace(GOOD, declined=frozenset({(5, 11)})), "DECLINED"),
        (replace(GOOD, bases=(replace(BASE, capacity=(0,)),)), "BASE_FULL"),
    ],
)
def test_what_is_hopeless_is_late_with_its_reason_and_no_error(problem, code):
    result = plan(problem)
    late = [(rest.job, rest.pieces, rest.reason.code) for rest in result.late]
    assert (result.shares, late) == ((), [(5, 10, code)])


def test_a_problem_without_anything_has_an_empty_plan():
    result = plan(Problem((), (), (), (), frozenset(), ()))
    assert (result.shares, result.late, result.measures["pieces"]) == ((), (), 0)


def test_the_largest_numbers_do_not_overflow():
    most = 10**9
    maker = replace(MAKER, need=1, earned=most, free=(most,))
    job = replace(JOB, minutes=1, rate=most, pieces=most)
    problem = replace(
        GOOD, makers=(maker,), bases=(replace(BASE, capacity=(most,)),), jobs=(job,)
    )
    assert [(s.maker, s.pieces) for s in plan(problem).shares] == [(11, most)]
