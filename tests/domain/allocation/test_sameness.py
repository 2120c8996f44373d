"""The same problem gives the same digest everywhere, whatever the order of rows."""

import os
import random
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks.allocation.instances import network
from orders.domain.allocation import plan

from .villages import village

ROOT = Path(__file__).resolve().parents[3]
PRINT = """
import sys
from benchmarks.allocation.instances import network
from orders.domain.allocation import plan
sys.stdout.write(plan(network("S", 7)).digest)
"""


def shuffled(problem, seed):
    dice = random.Random(seed)

    def mixed(rows):
        return tuple(dice.sample(rows, len(rows)))

    return replace(
        problem,
        makers=mixed(problem.makers),
        bases=mixed(problem.bases),
        jobs=mixed(problem.jobs),
        kept=mixed(problem.kept),
    )


def test_the_order_of_rows_changes_nothing():
    for seed in range(60):
        problem = village(seed)
        assert plan(shuffled(problem, seed)) == plan(problem)
    large = network("S", 3)
    assert plan(shuffled(large, 1)) == plan(large)


@pytest.mark.parametrize("hash_seed", ["0", "1", "4711"])
def test_the_hash_seed_changes_nothing(hash_seed):
    digest = subprocess.run(
        [sys.executable, "-c", PRINT],
        cwd=ROOT,
        env={**os.environ, "PYTHONHASHSEED": hash_seed, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert digest == plan(network("S", 7)).digest


def test_a_thousand_times_every_need_changes_no_share():
    # The networks have jobs enough to be worked over.
    problems = [village(seed) for seed in range(60)]
    for problem in (*problems, network("S", 2712), network("S", 2720)):
        makers = tuple(replace(m, need=m.need * 1000) for m in problem.makers)
        before, after = plan(problem), plan(replace(problem, makers=makers))
        rows = [[(s.job, s.maker, s.pieces) for s in p.shares] for p in (before, after)]
        assert rows[0] == rows[1]


def test_the_digest_tells_problems_and_floors_apart():
    problem = village(1)
    richer = replace(problem.makers[0], idle_days=problem.makers[0].idle_days + 1)
    other = replace(problem, makers=(richer, *problem.makers[1:]))
    digests = {
        plan(problem).digest,
        plan(other).digest,
        plan(problem, floor_minutes=239).digest,
    }
    assert len(digests) == 3
