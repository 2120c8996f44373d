"""County jobs joined are one lawful plan, and nothing gets lost on the way."""

from benchmarks.allocation.instances import network
from orders.domain.allocation import join, levels, plan, split_by_county

from .checker import broken_rules
from .villages import village


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
