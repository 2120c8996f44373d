"""The hard rules hold in every plan, and after every change, of random networks."""

from dataclasses import replace

import pytest

from benchmarks.allocation.instances import network
from orders.domain.allocation import plan, promise, replan, why

from .checker import broken_rules
from .villages import village


@pytest.mark.parametrize("first", range(0, 300, 100))
def test_no_plan_breaks_a_hard_rule(first):
    for seed in range(first, first + 100):
        problem = village(seed, load=1 + seed % 3)
        assert broken_rules(problem, plan(problem, floor_minutes=120)) == [], seed


@pytest.mark.parametrize(
    ("seed", "util", "second"), [(812, 0.6, False), (813, 0.25, True)]
)
def test_no_large_plan_in_which_work_makes_way_breaks_a_hard_rule(seed, util, second):
    """At 813 a chain comes back to the very share for which it was to make room."""
    problem = network("M", seed, util=util, second=second)
    result = plan(problem)
    assert result.measures["late_pieces"] > 0
    assert broken_rules(problem, result) == []


@pytest.mark.parametrize("first", range(0, 200, 100))
def test_no_plan_breaks_a_hard_rule_after_declines_and_illness(first):
    for seed in range(first, first + 100):
        problem = village(seed, load=1 + seed % 2)
        before = plan(problem)
        pinned = {(share.job, share.maker) for share in problem.kept}
        offered = [s for s in before.shares if (s.job, s.maker) not in pinned]
        no = frozenset((s.job, s.maker) for s in offered[::3])
        ill = problem.makers[seed % len(problem.makers)]
        makers = tuple(
            replace(m, free=tuple(0 for _ in m.free)) if m is ill else m
            for m in problem.makers
        )
        after = replace(problem, makers=makers)
        result = replan(after, before, declined=no)
        state = replace(after, declined=after.declined | no)
        old = frozenset((s.job, s.maker) for s in offered) - no
        assert broken_rules(state, result, old) == [], seed


def test_what_is_promised_is_placed_by_its_date():
    placed = 0
    for seed in range(200):
        problem = village(seed)
        before = plan(problem)
        one = problem.jobs[0]
        by = promise(
            problem,
            before,
            craft=one.craft,
            grade=one.grade,
            minutes=one.minutes,
            pieces=one.pieces,
            min_lot=one.min_lot,
        )
        if by is None:
            continue
        more = replace(one, id=99, deadline=by, bases=None)
        after = replan(replace(problem, jobs=(*problem.jobs, more)), before)
        assert [late.pieces for late in after.late if late.job == 99] == [], seed
        placed += 1
    assert placed > 60


def test_everybody_can_ask_why():
    for seed in range(100):
        problem = village(seed)
        result = plan(problem)
        for job in problem.jobs:
            for maker in problem.makers:
                assert why(problem, result, job=job.id, maker=maker.id).code
