"""Whole plans beside their bounds and the plain ways: quality, time, reasons."""

import resource
import sys
from collections.abc import Callable, Iterable, Sequence
from statistics import mean, median
from time import process_time
from typing import TypeVar

from orders.domain.allocation import Plan, Problem, levels, plan, why
from orders.domain.allocation.columns import columns
from orders.domain.allocation.measures import measures, poorest_fifth
from tests.domain.allocation.checker import broken_rules
from tests.domain.allocation.recheck import Afterwards, false_reason, pairs

from . import baselines as plain
from .bounds import Bound, bound
from .instances import network

T = TypeVar("T")


def say(line: str) -> None:
    """One line of figures, at once."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def timed(work: Callable[[], T], times: int = 1) -> tuple[float, T]:
    """Processor seconds, the median of so many times, and the result."""
    seconds = []
    for _ in range(times):
        start = process_time()
        found = work()
        seconds.append(process_time() - start)
    return median(seconds), found


def in_turn(works: Sequence[Callable[[], T]], times: int) -> list[tuple[float, T]]:
    """The least processor seconds of each, and the result; round after round of them.

    A machine is never too fast, and where it is slow for a while all of them are.
    """
    rounds = [[timed(work) for work in works] for _ in range(times)]
    return [
        (min(seconds for seconds, _ in each), each[-1][1])
        for each in zip(*rounds, strict=True)
    ]


def quality(
    size: str,
    seeds: Iterable[int],
    *,
    util: float = 0.25,
    second: bool = False,
    bounded: bool,
    baselines: bool = False,
) -> None:
    """One line per seed, and the averages."""
    say(f"# quality {size}, util {util}, {'second' if second else 'first'} family")
    fair, placed, ratios = [], [], []
    for seed in seeds:
        problem = network(size, seed, util=util, second=second)
        limit = bound(problem) if bounded else None
        if baselines:
            for way in (plain.nearest_base, plain.equal_split, plain.lowest_first):
                seconds, book = timed(lambda way=way, p=problem: way(p))
                done = measures(book, 0)
                late = sum(
                    left * job.rate
                    for left, job in zip(book.open, book.jobs, strict=True)
                )
                _line(f"  {way.__name__}", problem, done, late, limit, seconds)
        times = 1 if size == "XL" else 3
        both = [lambda p=problem: plain.lowest_first(p), lambda p=problem: plan(p)]
        (base_seconds, book), (seconds, result) = in_turn(both, times)
        heap = measures(book, 0)
        broken = broken_rules(problem, result)
        rate = {job.id: job.rate for job in problem.jobs}
        late = sum(rest.pieces * rate[rest.job] for rest in result.late)
        name = f"{size}{seed}"
        _line(name, problem, dict(result.measures), late, limit, seconds)
        water = _water(problem)
        goal = limit.b20w if limit else water
        fair.append(result.measures["b20w"] / goal)
        placed.append(1 - late / _value(problem))
        ratios.append(seconds / base_seconds)
        say(
            f"    time {ratios[-1]:.2f} x lowest first; levels / bound"
            f" {water / goal:.4f}; lowest first b20w {heap['b20w'] / goal:.3f},"
            f" hand-offs {heap['hand_offs']}; floor {result.measures['floor_used']};"
            f" broken rules {len(broken)}; memory {_memory()} MB"
        )
    say(
        f"  => b20w / {'bound' if bounded else 'levels'}: mean {mean(fair):.4f} median"
        f" {median(fair):.4f} least {min(fair):.4f}; on time mean {mean(placed):.5f}"
        f" least {min(placed):.5f}; time mean {mean(ratios):.2f}"
    )


def _line(
    name: str,
    problem: Problem,
    done: dict[str, int],
    late: int,
    limit: Bound | None,
    seconds: float,
) -> None:
    lines = len(problem.jobs)
    fair = f"{done['b20w'] / limit.b20w:.4f}" if limit else str(done["b20w"])
    possible = f" (LP {limit.on_time:.5f})" if limit else ""
    say(
        f"{name}: lines {lines}, on time {1 - late / _value(problem):.5f}{possible},"
        f" b20w {fair}, hand-offs {done['hand_offs']}"
        f" ({done['hand_offs'] / (lines + done['makers']):.3f} of lines + makers),"
        f" parcels per line {done['parcels'] / lines:.2f}, {seconds:.2f} s"
    )


def _value(problem: Problem) -> int:
    return sum(job.pieces * job.rate for job in problem.jobs)


def _water(problem: Problem) -> int:
    """b20w of the continuous solution."""
    cols = columns(problem)
    income = cols.earned.copy()
    for (maker, _), fen in levels(problem).quota.items():
        income[cols.maker_row[maker]] += fen
    return poorest_fifth(cols, income)


def _memory() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def unexplained(size: str, seeds: Iterable[int], lines: int = 200) -> None:
    """Certified pairs without a share on `lines` lines, and those without a reason."""
    say(f"# reasons {size}")
    for seed in seeds:
        problem = network(size, seed)
        result = plan(problem)
        after = Afterwards(problem, result)
        step = max(1, len(problem.jobs) // lines)
        chosen = [job.id for job in problem.jobs[::step]]
        asked, lacking, false = _asked(problem, result, after, chosen)
        say(
            f"{size}{seed}: {asked} pairs on {len(chosen)} lines,"
            f" {100 * lacking / asked:.3f} % without a true reason, {false} false"
        )


def _asked(
    problem: Problem, result: Plan, after: Afterwards, chosen: list[int]
) -> tuple[int, int, int]:
    asked = lacking = false = 0
    for job, maker in pairs(after, chosen):
        reason = why(problem, result, job=job, maker=maker)
        asked += 1
        false += false_reason(after, job, maker, reason)
        if reason.code in ("BUDGET", "LOT"):
            lacking += after.fairer_move(job, maker)
    return asked, lacking, false
