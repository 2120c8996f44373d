"""What water at rest says: how much of each kind of work each maker should get."""

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from .columns import Columns, Pool, by_base
from .intake import EMPTY, Ints, Truths
from .slack import flat
from .terms import Job
from .vessel import BIG, Bucket, Kind, Water, named

SEVERAL = 5
"""Fewer who could swap two kinds are not worth the look."""
LOOSE = 8
"""A base without a price is loose if one hour in so many is free by each deadline."""


@dataclass(slots=True, eq=False)
class Wish:
    """What water says about one kind of work, less what is handed out already.

    `quota` is in fen for each maker of `pool`, who is certified for any of the work;
    `share` in minutes for each base of the pool and deadline, of all that is due by
    then. `parts` has by grade and deadline the minutes of each base for that alone.
    """

    pool: Pool
    quota: Ints
    share: Ints
    parts: dict[tuple[int, int], Ints] = field(default_factory=dict)
    quota_of: memoryview = field(init=False)

    def __post_init__(self) -> None:
        self.quota_of = flat(self.quota)


class Wishes:
    """The wishes by kind; jobs of one kind draw on the same quotas.

    A kind is a craft, so that few makers with large quotas are found. Where some of
    the craft may be made in few bases only, hours are matched more closely: each grade
    is a kind of its own, and so is every choice of bases in it. `income` is what the
    water leaves every maker with.
    """

    def __init__(self, water: Water) -> None:
        self.parted = {one.kind[0] for one in water.buckets if one.kind[3]}
        self.by_kind: dict[Kind, Wish] = {}
        self.income: Ints = water.income
        columns = water.book.columns
        load = np.zeros_like(water.price.T)
        for bucket in water.buckets:
            craft, grade, _, bases = bucket.kind
            kind = self._kind(craft, grade, bases)
            wish = self.by_kind.get(kind)
            if wish is None:
                wide = bucket.pool if kind[1] >= 0 else columns.everybody(craft)
                table = np.zeros((len(wide.base), columns.days), dtype=np.int64)
                wish = Wish(wide, np.zeros_like(wide.rows), table)
                self.by_kind[kind] = wish
            _add(wish, bucket)
        for wish in self.by_kind.values():
            load[wish.pool.base] += wish.share
        full = load > water.book.base_slack // LOOSE * (LOOSE - 1)
        loose: Truths = ~np.logical_or.reduce(full | (water.price.T > 0), axis=1)
        for wish in self.by_kind.values():
            wish.share[loose[wish.pool.base]] = BIG
        self._concentrate(columns)

    def of(self, line: Job) -> Wish | None:
        """The wish on which this job draws."""
        kind = self._kind(line.craft, line.grade, named(line.bases))
        return self.by_kind.get(kind)

    def _kind(self, craft: str, grade: int, bases: tuple[int, ...]) -> Kind:
        return craft, grade if craft in self.parted else -1, -1, bases

    def _concentrate(self, columns: Columns) -> None:
        """Makers with quotas of two kinds get it in one, totals kept.

        Of those who have both at the same grades some take only the one kind and the
        rest only the other, so that each works on fewer lines.
        """
        kinds = sorted(self.by_kind)
        for at, to, here, there in _in_two([self.by_kind[kind] for kind in kinds]):
            one, other = self.by_kind[kinds[at]], self.by_kind[kinds[to]]
            still = (one.quota[here] > 0) & (other.quota[there] > 0)
            if np.count_nonzero(still) < SEVERAL:
                continue
            here, there = here[still], there[still]
            rows = one.pool.rows[here]
            class_of = _grades(columns, kinds[at], rows) * 1_000
            class_of += _grades(columns, kinds[to], rows)
            for grades in np.unique(class_of).tolist():
                same = class_of == grades
                if np.count_nonzero(same) >= SEVERAL:
                    _swap(one, other, here[same], there[same])


def _add(wish: Wish, bucket: Bucket) -> None:
    pool, (_, grade, deadline, _) = bucket.pool, bucket.kind
    part = np.zeros_like(wish.pool.base)
    wish.parts[grade, deadline] = part
    sums = np.add.reduceat(bucket.minutes, pool.starts)
    if wish.pool is pool:
        wish.quota += bucket.poured
        part += sums
    else:
        wish.quota[np.searchsorted(wish.pool.rows, pool.rows)] += bucket.poured
        part[np.searchsorted(wish.pool.base, pool.base)] += sums
    wish.share[:, deadline:] += part[:, None]


def _in_two(wishes: list[Wish]) -> Iterator[tuple[int, int, Ints, Ints]]:
    """Two wishes after the other, and where in them stand who has a quota in both."""
    places = [wish.quota.nonzero()[0] for wish in wishes]
    rows = [wish.pool.rows[at] for wish, at in zip(wishes, places, strict=True)]
    which = np.repeat(np.arange(len(rows)), list(map(len, rows)))
    who, place = np.concatenate([EMPTY, *rows]), np.concatenate([EMPTY, *places])
    order = np.argsort(who, kind="stable")
    who, which, place = who[order], which[order], place[order]
    ones, others = [], []
    for gap in range(1, int(np.bincount(who).max(initial=1))):
        found = np.flatnonzero(who[gap:] == who[:-gap])
        ones.append(found)
        others.append(found + gap)
    one, other = np.concatenate([EMPTY, *ones]), np.concatenate([EMPTY, *others])
    both = which[one] * len(wishes) + which[other]
    order = np.lexsort((who[one], both))
    one, other, both = one[order], other[order], both[order]
    starts, sizes = by_base(both)
    several = sizes >= SEVERAL
    for first, size in zip(
        starts[several].tolist(), sizes[several].tolist(), strict=True
    ):
        at, to = one[first : first + size], other[first : first + size]
        yield int(which[at[0]]), int(which[to[0]]), place[at], place[to]


def _grades(columns: Columns, kind: Kind, makers: Ints) -> Ints:
    """Their grades where the kind is of several grades, else no difference."""
    if kind[1] >= 0:
        return np.zeros_like(makers)
    return columns.grade(kind[0], makers)


def _swap(one: Wish, other: Wish, here: Ints, there: Ints) -> None:
    """The first makers take all of the one kind, the last all of the other.

    They stand `here` in the one wish, `there` in the other. First are those in whose
    base the one kind prevails: fewer bases share a line.
    """
    home = one.pool.home[here]
    mine, theirs = _of_base(one, home), _of_base(other, home)
    order = np.lexsort((home, -((mine << 16) // (mine + theirs))))
    here, there = here[order], there[order]
    total = one.quota[here] + other.quota[there]
    reach = np.cumsum(total)
    wanted = int(one.quota[here].sum())
    taken = np.clip(wanted - (reach - total), 0, total)
    one.quota[here] = taken
    other.quota[there] = total - taken


def _of_base(wish: Wish, home: Ints) -> Ints:
    """Per base of `home` the hundreds of fen that the kind gives it."""
    sums = np.add.reduceat(wish.quota, wish.pool.starts) // 100 + 1
    found: Ints = sums[np.searchsorted(wish.pool.base, home)]
    return found
