"""From which places pieces are taken: the preferred one first, then as few as can be.

Rule and worked table: docs/rules/stock.md.
"""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Shelf:
    """The free pieces of one product at one place."""

    id: int
    free: int
    preferred: bool = False


def pick(shelves: Sequence[Shelf], pieces: int) -> list[tuple[int, int]] | None:
    """(shelf id, pieces) that add up to `pieces`, or None where there are too few.

    The preferred shelf gives all it can. Then a shelf that holds the rest by itself
    gives it, the smallest such, so that big ones stay for big orders; else the largest
    gives all it has. Ties go to the lower id.
    """
    if sum(shelf.free for shelf in shelves if shelf.free > 0) < pieces:
        return None
    open_ = sorted(
        (shelf for shelf in shelves if shelf.free > 0), key=lambda shelf: shelf.id
    )
    picks: list[tuple[int, int]] = []
    rest = pieces
    while rest:
        best = min(open_, key=lambda shelf: _order(shelf, rest))
        part = min(best.free, rest)
        picks.append((best.id, part))
        open_.remove(best)
        rest -= part
    return picks


def _order(shelf: Shelf, rest: int) -> tuple[bool, bool, int]:
    whole = shelf.free >= rest
    return (not shelf.preferred, not whole, shelf.free if whole else -shelf.free)
