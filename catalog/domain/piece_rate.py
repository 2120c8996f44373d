"""The lowest lawful piece rate: the minimum hourly wage at standard minutes.

Rule and worked table: docs/rules/piece-rate.md.
"""

from collections.abc import Iterable
from dataclasses import dataclass

Fen = int


class NoMinimumWage(ValueError):
    """A base has no minimum wage on record, so no rate can be held against it."""

    def __init__(self, bases: tuple[str, ...]) -> None:
        super().__init__(bases)
        self.bases = bases


class NoBases(ValueError):
    """No base may make the product, so nobody's minimum wage says what is lawful."""


@dataclass(frozen=True, slots=True)
class BaseWage:
    """The minimum hourly wage on record where a base stands, or None."""

    base: str
    minimum_hourly: Fen | None


@dataclass(frozen=True, slots=True)
class Verdict:
    """A rate held against the law, with every number of its sentence."""

    rate: Fen
    minutes: int
    minimum_hourly: Fen
    lowest: Fen
    hourly: Fen

    @property
    def lawful(self) -> bool:
        return self.rate >= self.lowest

    @property
    def short_by(self) -> Fen:
        return max(0, self.lowest - self.rate)


def lowest_rate(minimum_hourly: Fen, minutes: int) -> Fen:
    """ceil(minimum hourly wage × minutes ÷ 60), in fen per piece."""
    if minimum_hourly < 1 or minutes < 1:
        raise ValueError("a wage and standard minutes are positive")
    return -(-minimum_hourly * minutes // 60)


def hourly_pay(rate: Fen, minutes: int) -> Fen:
    """What a rate comes to an hour at standard minutes, in whole fen, rounded down."""
    return rate * 60 // minutes


def highest_minimum(wages: Iterable[BaseWage]) -> Fen:
    """The minimum wage that binds a rate paid at all these bases: the highest.

    Raises NoBases, and NoMinimumWage where any base has none on record.
    """
    known = list(wages)
    if not known:
        raise NoBases
    missing = tuple(wage.base for wage in known if wage.minimum_hourly is None)
    if missing:
        raise NoMinimumWage(missing)
    return max(wage.minimum_hourly or 0 for wage in known)


def judge(rate: Fen, minutes: int, minimum_hourly: Fen) -> Verdict:
    """The rate beside the lowest lawful one."""
    return Verdict(
        rate=rate,
        minutes=minutes,
        minimum_hourly=minimum_hourly,
        lowest=lowest_rate(minimum_hourly, minutes),
        hourly=hourly_pay(rate, minutes),
    )
