"""A thousand tiny networks against the exact answer (CP-SAT)."""

from statistics import mean

import pytest

from .against_oracle import Tally, compare


@pytest.fixture(scope="module")
def tally() -> Tally:
    return compare(range(1000))


def test_no_plan_of_a_thousand_breaks_a_hard_rule(tally):
    assert (tally.plans, tally.broken) == (1000, [])


def test_where_all_can_be_on_time_all_is(tally):
    assert tally.possible > 400
    assert tally.reached / tally.possible >= 0.995


def test_hand_offs_and_parcels_are_near_the_fewest(tally):
    assert mean(tally.journeys) <= 1.12


def test_incomes_are_near_the_fairest_for_these_hand_offs(tally):
    assert mean(tally.fairness) <= 1.015
