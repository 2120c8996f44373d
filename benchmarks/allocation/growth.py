"""How the time of a whole plan grows with the makers, beside that of the plain way."""

from collections.abc import Callable, Iterable
from math import log

from orders.domain.allocation import Problem, plan

from . import baselines as plain
from .instances import network
from .planning import in_turn, say

SIZES = ("M", "L", "XL")
TIMES = 3


def growth(seeds: Iterable[int]) -> None:
    """One line per seed: exponents in makers from M to L and from L to XL."""
    say("# growth, plan (lowest first)")
    for seed in seeds:
        networks = [network(size, seed) for size in SIZES]
        ours, theirs = _least(plan, networks), _least(plain.lowest_first, networks)
        steps = [
            f"{SIZES[at]} to {SIZES[at + 1]}"
            f" {_exponent(ours, networks, at):.2f}"
            f" ({_exponent(theirs, networks, at):.2f})"
            for at in range(len(SIZES) - 1)
        ]
        say(f"{seed}: {', '.join(steps)}")


def _least(work: Callable[[Problem], object], networks: list[Problem]) -> list[float]:
    works = [lambda p=problem: work(p) for problem in networks]
    return [seconds for seconds, _ in in_turn(works, TIMES)]


def _exponent(seconds: list[float], networks: list[Problem], at: int) -> float:
    makers = len(networks[at + 1].makers) / len(networks[at].makers)
    return log(seconds[at + 1] / seconds[at]) / log(makers)
