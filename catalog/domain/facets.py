"""Facets of a list: what is chosen, how many each choice would show, what stands in the
way. Rule and worked table: docs/rules/search.md.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace

READY = "ready"
MADE_TO_ORDER = "made_to_order"
NEWEST, CHEAPEST, DEAREST, BEST = "newest", "price", "-price", "best"


@dataclass(frozen=True, slots=True)
class Row:
    """What facets and order need of one listed product; the price in fen."""

    id: int
    craft: str
    county: str
    kinds: frozenset[str]
    price: int | None
    published: int = 0
    rank: float = 0.0


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the visitor chose; nothing chosen of a facet means all of it."""

    crafts: frozenset[str] = frozenset()
    counties: frozenset[str] = frozenset()
    kinds: frozenset[str] = frozenset()
    at_least: int | None = None
    at_most: int | None = None

    @property
    def any(self) -> bool:
        return self != Wanted()


@dataclass(frozen=True, slots=True)
class Counts:
    """How many products each choice of a facet holds under the other facets."""

    crafts: Counter[str] = field(default_factory=Counter)
    counties: Counter[str] = field(default_factory=Counter)
    kinds: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True, slots=True)
class Obstacle:
    """A filter without which there would be `found` products."""

    facet: str
    found: int


def _by_craft(row: Row, wanted: Wanted) -> bool:
    return not wanted.crafts or row.craft in wanted.crafts


def _by_county(row: Row, wanted: Wanted) -> bool:
    return not wanted.counties or row.county in wanted.counties


def _by_kind(row: Row, wanted: Wanted) -> bool:
    return not wanted.kinds or bool(row.kinds & wanted.kinds)


def _by_price(row: Row, wanted: Wanted) -> bool:
    if wanted.at_least is None and wanted.at_most is None:
        return True
    if row.price is None:
        return False
    return (wanted.at_least is None or row.price >= wanted.at_least) and (
        wanted.at_most is None or row.price <= wanted.at_most
    )


FACETS: dict[str, Callable[[Row, Wanted], bool]] = {
    "craft": _by_craft,
    "county": _by_county,
    "kind": _by_kind,
    "price": _by_price,
}


def _meets(row: Row, wanted: Wanted, *, but: str = "") -> bool:
    return all(test(row, wanted) for name, test in FACETS.items() if name != but)


def chosen(rows: Iterable[Row], wanted: Wanted) -> list[Row]:
    """The rows that meet every facet."""
    return [row for row in rows if _meets(row, wanted)]


def count(rows: Iterable[Row], wanted: Wanted) -> Counts:
    """Each facet counted under all others, so that a choice never counts to nothing
    because of its neighbours in the same facet."""
    counts = Counts()
    for row in rows:
        if _meets(row, wanted, but="craft"):
            counts.crafts[row.craft] += 1
        if _meets(row, wanted, but="county"):
            counts.counties[row.county] += 1
        if _meets(row, wanted, but="kind"):
            counts.kinds.update(row.kinds)
    return counts


def obstacles(rows: Sequence[Row], wanted: Wanted) -> list[Obstacle]:
    """The filters that alone stand in the way, most products first.

    Empty where no single filter is to blame.
    """
    cleared = {
        "craft": replace(wanted, crafts=frozenset()),
        "county": replace(wanted, counties=frozenset()),
        "kind": replace(wanted, kinds=frozenset()),
        "price": replace(wanted, at_least=None, at_most=None),
    }
    found = [
        Obstacle(facet, len(chosen(rows, without)))
        for facet, without in cleared.items()
        if without != wanted
    ]
    return sorted(
        (one for one in found if one.found), key=lambda one: (-one.found, one.facet)
    )


def in_order(rows: Iterable[Row], order: str) -> list[Row]:
    """Newest, best match, cheapest or dearest first; ties to the newer, then the id.

    Products without a price come last in both orders of price.
    """
    ordered = sorted(rows, key=lambda row: (-row.published, -row.id))
    if order == BEST:
        ordered.sort(key=lambda row: -row.rank)
    elif order in (CHEAPEST, DEAREST):
        sign = 1 if order == CHEAPEST else -1
        ordered.sort(key=lambda row: (row.price is None, sign * (row.price or 0)))
    return ordered
