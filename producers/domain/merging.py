"""Merging small groups before figures are carried away (docs/rules/gain.md)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from producers.domain.tallying import Figures, total

# Fewer people than this could be told apart.
LEAST = 5


@dataclass(frozen=True, slots=True)
class Group:
    """Figures with the people behind them: households behind the gain, women paid."""

    figures: Figures
    known: frozenset[int]
    paid: frozenset[int]

    @property
    def small(self) -> bool:
        """Whether only a few people stand behind the gain or behind the pay."""
        return 0 < len(self.known) < LEAST or 0 < len(self.paid) < LEAST

    @property
    def silent(self) -> bool:
        """Whether it says nothing of anybody's money."""
        return not self.known and not self.paid


@dataclass(frozen=True, slots=True)
class Carried:
    """One line of an export: the rows that it stands for, with their sum.

    Without `money`, only its counts may be carried away.
    """

    rows: tuple[int, ...]
    figures: Figures
    money: bool = True


def together(groups: Iterable[Group]) -> Group:
    """The groups as one; people who stand behind several count once."""
    rows = list(groups)
    return Group(
        total(one.figures for one in rows),
        frozenset().union(*(one.known for one in rows)),
        frozenset().union(*(one.paid for one in rows)),
    )


def merged(groups: Sequence[Group]) -> list[Carried]:
    """The groups in their order, small ones together at the end.

    While the small ones together are still small, the next smallest that says anything
    of money joins them; where all together are small, the line has no money.
    """
    apart = [number for number, one in enumerate(groups) if one.small]
    others = [
        number
        for number, one in enumerate(groups)
        if number not in apart and not one.silent
    ]
    others.sort(key=lambda number: (groups[number].figures.households, number))
    while apart and others and together(groups[number] for number in apart).small:
        apart.append(others.pop(0))
    lines = [
        Carried((number,), one.figures)
        for number, one in enumerate(groups)
        if number not in apart
    ]
    if apart:
        one = together(groups[number] for number in apart)
        lines.append(Carried(tuple(sorted(apart)), one.figures, not one.small))
    return lines
