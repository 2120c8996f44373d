"""The words of allocation: what goes in, what comes out, in whole fen and minutes."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

LIMIT = 10**9
"""No number of a problem is larger: minutes, fen, pieces, ids."""

MOST_DEADLINES = 12
FLOOR_MINUTES = 240
"""The least work of one line that a maker should get, unless the caller says so."""


class BadProblem(ValueError):
    """The problem contradicts itself; the message names the row and the field."""


@dataclass(frozen=True, slots=True)
class Maker:
    """One maker: what she may make, what she needs, earned, and has free."""

    id: int
    base: int
    grades: Mapping[str, int]
    need: int
    earned: int
    free: tuple[int, ...]
    idle_days: int


@dataclass(frozen=True, slots=True)
class Base:
    """One base and the minutes that its rooms, tools and leader can carry."""

    id: int
    county: str
    capacity: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Job:
    """One line of demand; `minutes` and `rate` are per piece."""

    id: int
    craft: str
    grade: int
    deadline: int
    minutes: int
    rate: int
    pieces: int
    min_lot: int
    bases: frozenset[int] | None
    held: bool = False


@dataclass(frozen=True, slots=True)
class Reason:
    """A code and the numbers of its sentence."""

    code: str
    facts: Mapping[str, int | str]


@dataclass(frozen=True, slots=True)
class Share:
    """One maker's part of one job; `base` None is the maker's present base."""

    job: int
    maker: int
    pieces: int
    reason: Reason
    base: int | None = None


@dataclass(frozen=True, slots=True)
class Late:
    """Pieces of a job that nobody could take by its deadline."""

    job: int
    pieces: int
    reason: Reason


@dataclass(frozen=True, slots=True)
class Problem:
    """Everything a plan depends on; `declined` holds (job, maker) pairs."""

    deadlines: tuple[date, ...]
    makers: tuple[Maker, ...]
    bases: tuple[Base, ...]
    jobs: tuple[Job, ...]
    declined: frozenset[tuple[int, int]]
    kept: tuple[Share, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """Who makes what, what stays open, how it measures, and its fingerprint."""

    shares: tuple[Share, ...]
    late: tuple[Late, ...]
    measures: Mapping[str, int]
    digest: str


WorkKey = tuple[str, str, int, int, tuple[int, ...]]


@dataclass(frozen=True, slots=True)
class Levels:
    """The continuous solution: fen of each craft that each maker should get.

    `work` tells the same by county and kind of work: fen by (county, craft, grade,
    deadline, bases that may make it in order, or () for all).
    """

    quota: Mapping[tuple[int, str], int]
    work: Mapping[WorkKey, int] = field(default_factory=dict)
