"""What the water gives: quotas by maker and craft, work by county and kind."""

from orders.domain.allocation import Base, Job, Maker, Problem, levels
from tests.domain.allocation.villages import weeks


def test_quotas_of_a_craft_add_up_over_its_kinds_of_work():
    """Two makers alike share two jobs of a craft that are due one after the other."""
    makers = tuple(
        Maker(at, at, {"weaving": 1}, 1_000, 0, (600, 1_200), 0) for at in (1, 2)
    )
    bases = (Base(1, "A", (6_000, 6_000)), Base(2, "B", (6_000, 6_000)))
    jobs = tuple(Job(at + 1, "weaving", 1, at, 60, 2_000, 6, 1, None) for at in (0, 1))
    problem = Problem(weeks(2), makers, bases, jobs, frozenset(), ())

    found = levels(problem)

    assert found.quota == {(1, "weaving"): 12_000, (2, "weaving"): 12_000}
    assert found.work == {
        (county, "weaving", 1, due, ()): 6_000 for county in "AB" for due in (0, 1)
    }
