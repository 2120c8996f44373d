"""What the benchmark says that no plan can do holds in networks counted by hand."""

import pytest

from benchmarks.allocation.bounds import bound, fairest_beside
from benchmarks.allocation.instances import network
from benchmarks.allocation.lots import whole_lots
from benchmarks.allocation.whole import whole_pieces
from orders.domain.allocation import Base, Job, Maker, Problem, plan
from tests.domain.allocation.villages import weeks

BASE = Base(1, "A", (600,))


def maker(row: int, minutes: int, earned: int = 0) -> Maker:
    return Maker(row, 1, {"weaving": 1}, 1_000, earned, (minutes,), 0)


def line(row: int, pieces: int, lot: int) -> Job:
    return Job(row, "weaving", 1, 0, 60, 2_000, pieces, lot, None)


def test_two_half_free_hours_make_no_piece_though_liquid_work_would_fit():
    makers = (maker(1, 90), maker(2, 90))
    jobs = (line(1, 3, lot=1),)
    problem = Problem(weeks(1), makers, (BASE,), jobs, frozenset(), ())
    assert bound(problem).on_time == pytest.approx(1, abs=1e-3)
    assert whole_lots(problem, {"weaving"}) == pytest.approx(2 / 3, abs=1e-3)
    assert whole_pieces(problem) == pytest.approx(2 / 3, abs=1e-3)


def test_a_lot_for_which_nobody_has_the_hours_is_late_whole():
    makers = (maker(1, 90), maker(2, 120))
    jobs = (line(1, 3, lot=3), line(2, 2, lot=2))
    problem = Problem(weeks(1), makers, (BASE,), jobs, frozenset(), ())
    assert whole_lots(problem, {"weaving"}) == pytest.approx(2 / 5, abs=1e-3)
    assert whole_pieces(problem) == pytest.approx(2 / 5, abs=1e-3)


def test_work_of_crafts_that_are_not_counted_in_lots_is_parted():
    both = {"weaving": 1, "dyeing": 1}
    makers = tuple(Maker(row, 1, both, 1_000, 0, (90,), 0) for row in (1, 2))
    jobs = (line(1, 2, lot=1), Job(2, "dyeing", 1, 0, 60, 2_000, 1, 1, None))
    problem = Problem(weeks(1), makers, (BASE,), jobs, frozenset(), ())
    assert whole_lots(problem, {"weaving"}) == pytest.approx(1, abs=1e-3)
    assert whole_lots(problem, set(both)) == pytest.approx(2 / 3, abs=1e-3)
    assert whole_lots(problem, set()) == pytest.approx(1, abs=1e-3)


def test_liquid_work_is_counted_to_the_minute_in_a_large_network():
    problem = network("M", 3101, second=True)
    liquid = bound(problem, fairness=False).on_time
    assert whole_lots(problem, set()) == pytest.approx(liquid, abs=1e-3)


def test_nothing_is_on_time_where_nothing_is_asked_for():
    nothing = Problem(weeks(1), (maker(1, 90),), (BASE,), (), frozenset(), ())
    assert whole_lots(nothing, {"weaving"}) == 0


def test_fairness_costs_what_has_to_be_on_time():
    """Only the well-off can do the large job; the poorest fifth has the small one."""
    rich = Maker(1, 1, {"weaving": 1, "dyeing": 1}, 1_000, 90_000, (240,), 0)
    poor = Maker(2, 1, {"weaving": 1}, 1_000, 0, (240,), 0)
    base = Base(1, "A", (240,))
    dyed = Job(2, "dyeing", 1, 0, 60, 8_000, 4, 1, None)
    jobs = (line(1, 4, lot=1), dyed)
    problem = Problem(weeks(1), (rich, poor), (base,), jobs, frozenset(), ())
    free = bound(problem)
    assert fairest_beside(problem, 0.2) == pytest.approx(free.b20w, rel=1e-3)
    assert fairest_beside(problem, 0.79) < free.b20w / 10


@pytest.mark.parametrize("seed", range(1, 7))
def test_no_plan_is_above_what_whole_pieces_allow_and_that_not_above_liquid_work(seed):
    problem = network("S", seed, util=0.6)
    rate = {job.id: job.rate for job in problem.jobs}
    late = sum(rest.pieces * rate[rest.job] for rest in plan(problem).late)
    value = sum(job.pieces * job.rate for job in problem.jobs)
    allowed = whole_pieces(problem)
    assert 1 - late / value <= allowed + 1e-6
    assert allowed <= bound(problem, fairness=False).on_time + 1e-3
