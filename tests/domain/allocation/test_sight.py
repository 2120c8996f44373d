"""Who could make a lot besides: the same as asking everybody one by one."""

import random

import pytest

from orders.domain.allocation import Base, Job, Maker, Problem
from orders.domain.allocation.columns import columns
from orders.domain.allocation.planning import opened
from orders.domain.allocation.sight import FEW, NOBODY, Sight
from tests.domain.allocation.villages import village, weeks


def one_by_one(book, job: int) -> list[int]:
    line, found = book.jobs[job], []
    for maker in book.columns.pool(line).rows.tolist():
        if maker in book.new[job] or not book.may(job, maker):
            continue
        if book.fits(job, maker) >= max(1, book.lot[job]):
            found.append(maker)
    return found


def assert_seen_rightly(book, sight: Sight, job: int) -> None:
    able, others = sight.able(job), one_by_one(book, job)
    assert able.count() == len(others)
    assert able.lowest() == min(map(book.level, others), default=NOBODY)
    for base in range(len(book.columns.bases)):
        here = [maker for maker in others if book.home[maker] == base]
        assert able.lowest_in([base]) == min(map(book.level, here), default=NOBODY)


@pytest.mark.parametrize("seed", range(40))
def test_in_a_village(seed):
    problem = village(seed)
    book = opened(columns(problem), problem)
    for job in range(0, len(book.jobs), 2):
        for maker in one_by_one(book, job)[:2]:
            pieces = min(book.fits(job, maker), book.open[job])
            if pieces:
                book.give(job, maker, pieces)
    sight = Sight(book)
    for job in range(len(book.jobs)):
        assert_seen_rightly(book, sight, job)


@pytest.mark.parametrize("busy", [0, FEW - 2, FEW, FEW + 3, 3 * FEW])
@pytest.mark.parametrize("step", [0, 1])
def test_where_the_lowest_have_no_time(busy, step):
    """The `busy` lowest of many makers have no hour; at step 0 all levels are equal."""
    dice = random.Random(busy)
    makers = tuple(
        Maker(at + 1, 1 + at % 3, {"weaving": 1}, 1_000, at * step, (hours,), 0)
        for at, hours in enumerate([0] * busy + [600] * (3 * FEW - busy))
    )
    bases = tuple(Base(at, "A", (10**6,)) for at in (1, 2, 3))
    jobs = (Job(1, "weaving", 1, 0, 60, 2_000, 50, 2, None),)
    problem = Problem(weeks(1), makers, bases, jobs, frozenset(), ())
    book = opened(columns(problem), problem)
    for maker in dice.sample(one_by_one(book, 0), min(3, 3 * FEW - busy)):
        book.give(0, maker, 2)

    assert_seen_rightly(book, Sight(book), 0)


def test_levels_that_look_alike_when_rounded_are_told_apart():
    """Much work leaves eleven bits: incomes of 1 to 128 fen make one rounded level."""
    count = 2 * FEW
    makers = tuple(
        Maker(at + 1, 1, {"weaving": 1}, 10**7 + at % 2, count - at, (10**6,), 0)
        for at in range(count)
    )
    job = Job(1, "weaving", 1, 0, 1, 10**9, 10**6, 1, None)
    problem = Problem(
        weeks(1), makers, (Base(1, "A", (10**9,)),), (job,), frozenset(), ()
    )
    book = opened(columns(problem), problem)
    assert len(set(book.levels(book.columns.pool(job)).tolist())) == 1

    assert_seen_rightly(book, Sight(book), 0)
