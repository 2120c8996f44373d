"""County jobs as real processes: levels once, a plan per county, joined and checked."""

import os
import pickle
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from tempfile import TemporaryDirectory
from time import process_time

from orders.domain.allocation import Plan, Problem, join, levels, plan, split_by_county
from tests.domain.allocation.checker import broken_rules

from .instances import network
from .planning import say, timed

ROOT = Path(__file__).resolve().parents[2]
CHILD = """
import pickle, sys, time
from orders.domain.allocation import plan
problem = pickle.load(open(sys.argv[1], "rb"))
start = time.process_time()
made = plan(problem)
seconds = time.process_time() - start
pickle.dump((seconds, made), open(sys.argv[2], "wb"))
"""


def counties(size: str, seeds: Iterable[int]) -> None:
    """Time of the longest county and of all, and the joined plan beside the whole."""
    say(f"# counties {size}")
    for seed in seeds:
        problem = network(size, seed)
        whole_seconds, whole = timed(lambda p=problem: plan(p))
        start = process_time()
        parts = split_by_county(problem, levels(problem))
        before = process_time() - start
        done = [_in_a_process(part) for part in parts]
        after, joined = timed(
            lambda p=problem, d=done: join(p, tuple(made for _, made in d))
        )
        longest = max(seconds for seconds, _ in done)
        total = before + sum(seconds for seconds, _ in done) + after
        say(
            f"{size}{seed}: {len(parts)} counties, split {before:.2f} s, longest"
            f" {longest:.2f} s, join {after:.2f} s, all {total:.2f} s (whole network"
            f" {whole_seconds:.2f} s); late {joined.measures['late_pieces']}"
            f" ({whole.measures['late_pieces']}), b20w"
            f" {joined.measures['b20w'] / whole.measures['b20w']:.4f} of the whole,"
            f" parcels per line {joined.measures['parcels'] / len(problem.jobs):.2f},"
            f" broken rules {len(broken_rules(problem, joined))}"
        )


def _in_a_process(part: Problem) -> tuple[float, Plan]:
    with TemporaryDirectory() as folder:
        source, target = Path(folder, "problem"), Path(folder, "plan")
        source.write_bytes(pickle.dumps(part))
        subprocess.run(
            [sys.executable, "-c", CHILD, str(source), str(target)],
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            check=True,
        )
        seconds, made = pickle.loads(target.read_bytes())
    return seconds, made
