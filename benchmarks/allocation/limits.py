"""What no plan of a network can do: whole pieces on time, and fairness beside it.

The linear relaxation parts pieces and lots; where not all can be on time it promises
more than can be made. Here whole pieces are priced (`whole.py`) and in small networks
counted (mixed-integer, HiGHS), and the fairest liquid work is looked for among what
leaves hardly more late than the relaxation does.
"""

from collections.abc import Iterable

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import coo_matrix, vstack

from orders.domain.allocation import Problem, plan
from orders.domain.allocation.columns import Columns, columns
from orders.domain.allocation.slack import closed

from . import baselines as plain
from .bounds import bound, fairest_beside
from .instances import network
from .planning import say
from .whole import whole_pieces

UNDER = 0.0035
"""So much of the pay may be late beyond what the relaxation leaves late."""
SECONDS = 120
CLOSE = 1e-4


def limits(size: str, seeds: Iterable[int], util: float, *, second: bool) -> None:
    """One line per seed: what is on time and how fair, beside what can be at most."""
    family = ", second family" if second else ""
    say(f"# limits {size}, util {util}{family}")
    for seed in seeds:
        problem = network(size, seed, util=util, second=second)
        limit = bound(problem)
        result = plan(problem)
        rate = {job.id: job.rate for job in problem.jobs}
        late = sum(rest.pieces * rate[rest.job] for rest in result.late)
        value = sum(job.pieces * job.rate for job in problem.jobs)
        heap = plain.lowest_first(problem)
        both = zip(heap.open, heap.jobs, strict=True)
        late_of_lowest_first = sum(pieces * job.rate for pieces, job in both)
        least = min(1, limit.on_time) - UNDER
        counted = f" whole lots {whole_lots(problem):.5f}," if size == "S" else ""
        say(
            f"{size}{seed}: on time {1 - late / value:.5f}, LP {limit.on_time:.5f},"
            f" whole pieces {whole_pieces(problem):.5f},{counted} lowest first"
            f" {1 - late_of_lowest_first / value:.5f};"
            f" b20w {result.measures['b20w'] / limit.b20w:.4f},"
            f" at most {fairest_beside(problem, least) / limit.b20w:.4f} with"
            f" {least:.5f} on time"
        )


def whole_lots(problem: Problem) -> float:
    """No plan has more than this share of all pay on time.

    The bound is within .01 % of the best plan, but looser where the time ran out.
    """
    cols = columns(problem)
    job, maker, most = _shares(cols)
    if not len(job):
        return 0.0
    line = cols.jobs
    pieces = np.array([one.pieces for one in line])
    lots = np.minimum([one.min_lot for one in line], pieces)
    rate = np.array([one.rate for one in line])
    count = len(job)
    every, ones = np.arange(count), np.ones(count)
    parts = [coo_matrix((ones, (job, every)), (len(line), 2 * count))]
    rooms = [pieces]
    minutes = np.array([one.minutes for one in line])[job]
    due = np.array([one.deadline for one in line])[job]
    for by in range(cols.days):
        early = every[due <= by]
        for who, free in ((maker, cols.free), (cols.home[maker], cols.capacity)):
            shape = (len(free), 2 * count)
            parts.append(coo_matrix((minutes[early], (who[early], early)), shape))
            rooms.append(free[:, by])
    # A share is nothing, or from its lot up to what her hours allow.
    both = (np.concatenate([every, every]), np.concatenate([every, count + every]))
    parts += [
        coo_matrix((np.concatenate([ones, -most]), both), (count, 2 * count)),
        coo_matrix((np.concatenate([-ones, lots[job]]), both), (count, 2 * count)),
    ]
    rooms += [np.zeros(count), np.zeros(count)]
    value = int((pieces * rate).sum())
    found = milp(
        np.concatenate([-rate[job] / value, np.zeros(count)]),
        constraints=LinearConstraint(
            vstack(parts).tocsr(), -np.inf, np.concatenate(rooms)
        ),
        bounds=Bounds(0, np.concatenate([most, ones])),
        integrality=np.ones(2 * count),
        options={"time_limit": SECONDS, "mip_rel_gap": CLOSE},
    )
    return -float(found.mip_dual_bound)


def _shares(cols: Columns) -> tuple[np.ndarray, ...]:
    """Every lawful share: job, maker, and the most pieces of it."""
    free = closed(cols.free)
    capacity = closed(cols.capacity)
    jobs: list[int] = []
    makers: list[int] = []
    most: list[int] = []
    for at, line in enumerate(cols.jobs):
        rows = cols.pool(line).rows
        room = np.minimum(
            free[rows, line.deadline], capacity[cols.home[rows], line.deadline]
        )
        pieces = np.minimum(room // line.minutes, line.pieces)
        able = pieces >= min(line.min_lot, line.pieces)
        jobs += [at] * int(able.sum())
        makers += rows[able].tolist()
        most += pieces[able].tolist()
    found = (np.array(one, dtype=np.int64) for one in (jobs, makers, most))
    return tuple(found)
