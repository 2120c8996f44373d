"""Ten thousand fresh tiny networks against the exact answer; see the figures printed.

.venv/bin/python -m pytest -s tests/domain/allocation/long_oracle.py
"""

import sys
from statistics import mean

import pytest

from .against_oracle import compare


@pytest.mark.parametrize(("first", "load"), [(100_000, 1.0), (200_000, 0.6)])
def test_five_thousand_tiny_networks(first, load):
    tally = compare(range(first, first + 5000), load=load)
    sys.stdout.write(
        f"\nload {load}: {tally.plans} plans, {len(tally.broken)} broken;"
        f" fewest late {tally.fewest_late};"
        f" all on time {tally.reached} of {tally.possible} possible;"
        f" hand-offs and parcels {mean(tally.journeys):.4f} of the fewest;"
        f" unfairness {mean(tally.fairness):.4f} of the least\n"
    )
    assert tally.broken == []
    assert tally.reached / tally.possible >= 0.995
    assert mean(tally.journeys) <= 1.12
    assert mean(tally.fairness) <= 1.015
