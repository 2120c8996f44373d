"""County jobs joined are one lawful plan, and nothing gets lost on the way."""

from dataclasses import replace

from benchmarks.allocation.instances import network
from orders.domain.allocation import (
    Base,
    Job,
    Maker,
    Problem,
    Reason,
    Share,
    join,
    levels,
    plan,
    split_by_county,
)

from .checker import broken_rules
from .villages import village, weeks


def by_county(problem):
    parts = split_by_county(problem, levels(problem))
    return join(problem, tuple(plan(part) for part in parts))


def test_the_parts_of_the_counties_add_up_to_every_job():
    for seed in range(60):
        problem = village(seed)
        parts = split_by_county(problem, levels(problem))
        for job in problem.jobs:
            split = [
                one.pieces for part in parts for one in part.jobs if one.id == job.id
            ]
            assert sum(split) == job.pieces
        assert sorted(m.id for part in parts for m in part.makers) == sorted(
            maker.id for maker in problem.makers
        )
        assert sum(len(part.kept) for part in parts) == len(problem.kept)


def test_the_joined_plan_breaks_no_hard_rule():
    for seed in range(60):
        problem = village(seed, load=1 + seed % 3)
        assert broken_rules(problem, by_county(problem)) == [], seed


def test_the_joined_plan_of_a_district_is_on_time_and_nearly_as_fair():
    problem = network("S", 3)
    whole, joined = plan(problem), by_county(problem)
    assert broken_rules(problem, joined) == []
    assert joined.measures["late_pieces"] == whole.measures["late_pieces"] == 0
    assert joined.measures["b20w"] * 100 >= whole.measures["b20w"] * 95


def test_joining_is_the_same_whatever_the_order_of_the_counties():
    problem = network("S", 3)
    plans = [plan(part) for part in split_by_county(problem, levels(problem))]
    assert join(problem, tuple(plans)) == join(problem, tuple(reversed(plans)))


def test_what_a_county_left_over_becomes_no_share_smaller_than_a_lot():
    """Nine of ten pieces are given out; the last goes to somebody new with another."""
    makers = tuple(
        Maker(row, row, {"weaving": 1}, 1_000, earned, (hours * 60,), 0)
        for row, hours, earned in ((1, 9, 0), (2, 10, 10**6))
    )
    bases = tuple(Base(row, "AB"[row - 1], (600,)) for row in (1, 2))
    jobs = (Job(1, "weaving", 1, 0, 60, 2_000, 10, 2, None),)
    problem = Problem(weeks(1), makers, bases, jobs, frozenset(), ())
    reason = Reason("FIT", {})
    part = plan(replace(problem, makers=makers[:1], bases=bases[:1]))
    part = replace(part, shares=(Share(1, 1, 9, reason),), late=())

    joined = join(problem, (part,))

    assert broken_rules(problem, joined) == []
    assert sum(share.pieces for share in joined.shares) == 10


def test_without_any_base_all_is_late_and_no_county_has_a_part():
    job = Job(1, "straw", 1, 0, 60, 2_000, 3, 1, None)
    problem = Problem(weeks(1), (), (), (job,), frozenset(), ())
    assert split_by_county(problem, levels(problem)) == ()
    (late,) = by_county(problem).late
    assert (late.pieces, late.reason.code) == (3, "NO_MAKER")
