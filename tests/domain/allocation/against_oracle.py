"""Plans of tiny networks beside the exact answer, for the short and the long form."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from orders.domain.allocation import plan

from .checker import broken_rules
from .oracle import best, fairest, unfairness
from .villages import village

FLOOR = 120


@dataclass(slots=True)
class Tally:
    """What was found over many networks; ratios are to the proven optimum."""

    plans: int = 0
    broken: list[int] = field(default_factory=list)
    possible: int = 0
    reached: int = 0
    fewest_late: int = 0
    journeys: list[float] = field(default_factory=list)
    fairness: list[float] = field(default_factory=list)


def compare(seeds: Iterable[int], *, load: float = 1.0) -> Tally:
    """Plans every network, checks the hard rules and measures against the oracle."""
    tally = Tally()
    for seed in seeds:
        problem = village(seed, load=load)
        result = plan(problem, floor_minutes=FLOOR)
        tally.plans += 1
        if broken_rules(problem, result):
            tally.broken.append(seed)
        answer = best(problem)
        if answer.late is None:
            continue
        late = result.measures["late_pieces"]
        tally.possible += answer.late == 0
        tally.reached += answer.late == 0 == late
        if late > answer.late:
            continue
        tally.fewest_late += 1
        if answer.journeys:
            journeys = result.measures["hand_offs"] + result.measures["parcels"]
            tally.journeys.append(journeys / answer.journeys)
        least = fairest(problem, result)
        if least:
            tally.fairness.append(unfairness(problem, result) / least)
    return tally
