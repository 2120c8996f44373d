"""Merging small groups before figures are carried away (docs/rules/gain.md)."""

from collections.abc import Sequence
from dataclasses import dataclass

from producers.domain.gain import Figures, total

# Fewer people than this could be told apart.
LEAST = 5


@dataclass(frozen=True, slots=True)
class Carried:
    """One line of an export: the rows that it stands for, with their sum.

    Without `money`, only its counts may be carried away.
    """

    rows: tuple[int, ...]
    figures: Figures
    money: bool = True


def small(figures: Figures) -> bool:
    """Whether a few people stand behind the gain or behind the pay."""
    return 0 < figures.behind_gain < LEAST or 0 < figures.behind_pay < LEAST


def silent(figures: Figures) -> bool:
    """Whether the row says nothing of anybody's money."""
    return not figures.behind_gain and not figures.behind_pay


def merged(rows: Sequence[Figures]) -> list[Carried]:
    """The rows in their order, small ones together at the end.

    While the small ones together are still small, the next smallest row that says
    anything of money joins them; where all together are, the line has no money.
    """
    apart = [number for number, one in enumerate(rows) if small(one)]
    others = [
        number
        for number, one in enumerate(rows)
        if number not in apart and not silent(one)
    ]
    others.sort(key=lambda number: (rows[number].households, number))
    while apart and small(total(rows[number] for number in apart)) and others:
        apart.append(others.pop(0))
    lines = [
        Carried((number,), one)
        for number, one in enumerate(rows)
        if number not in apart
    ]
    if apart:
        together = total(rows[number] for number in apart)
        lines.append(Carried(tuple(sorted(apart)), together, not small(together)))
    return lines
