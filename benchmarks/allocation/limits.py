"""What no plan of a network can do: whole pieces on time, and fairness beside it.

The linear relaxation parts pieces and lots; where not all can be on time it promises
more than can be made. Here whole pieces are priced (`whole.py`), whole lots are counted
(`lots.py`: all of them in small networks, else those of the crafts that stay late), and
the fairest liquid work is looked for among what leaves hardly more late than the
relaxation does.
"""

from collections.abc import Iterable

from orders.domain.allocation import plan

from . import baselines as plain
from .bounds import bound, fairest_beside
from .instances import network
from .lots import whole_lots
from .planning import say
from .whole import whole_pieces

UNDER = 0.0035
"""So much of the pay may be late beyond what the relaxation leaves late."""


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
        crafts = {job.craft for job in problem.jobs}
        if size != "S":
            craft_of = {job.id: job.craft for job in problem.jobs}
            crafts = {craft_of[rest.job] for rest in result.late}
        counted = f" whole lots {whole_lots(problem, crafts):.5f}," if crafts else ""
        say(
            f"{size}{seed}: on time {1 - late / value:.5f}, LP {limit.on_time:.5f},"
            f" whole pieces {whole_pieces(problem):.5f},{counted} lowest first"
            f" {1 - late_of_lowest_first / value:.5f};"
            f" b20w {result.measures['b20w'] / limit.b20w:.4f},"
            f" at most {fairest_beside(problem, least) / limit.b20w:.4f} with"
            f" {least:.5f} on time"
        )
