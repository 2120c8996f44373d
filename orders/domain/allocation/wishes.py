"""What water at rest says: how much of each kind of work each maker should get."""

from dataclasses import dataclass, field
from itertools import combinations

import numpy as np

from .columns import Columns, Pool
from .intake import EMPTY, Ints
from .slack import flat
from .terms import Job
from .vessel import BIG, Bucket, Kind, Water, named

SEVERAL = 5
"""Fewer who could swap two kinds are not worth the look."""


@dataclass(slots=True, eq=False)
class Wish:
    """What water says about one kind of work, less what is handed out already.

    `quota` is in fen for each maker of `pool`, who is certified for any of the work;
    `share` in minutes for each base of the pool and deadline.
    """

    pool: Pool
    quota: Ints
    share: Ints
    quota_of: memoryview = field(init=False)

    def __post_init__(self) -> None:
        self.quota_of = flat(self.quota)


class Wishes:
    """The wishes by kind; jobs of one kind draw on the same quotas.

    A kind is a craft, so that few makers with large quotas are found. Where some of
    the craft may be made in few bases only, hours are matched more closely: each grade
    is a kind of its own, and so is every choice of bases in it.
    """

    def __init__(self, water: Water) -> None:
        self.parted = {one.kind[0] for one in water.buckets if one.kind[3]}
        self.by_kind: dict[Kind, Wish] = {}
        columns = water.book.columns
        loose = (water.lid[0] == BIG).all(axis=1)
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
            wish.share[loose[wish.pool.base]] = BIG

    def of(self, line: Job) -> Wish | None:
        """The wish on which this job draws."""
        kind = self._kind(line.craft, line.grade, named(line.bases))
        return self.by_kind.get(kind)

    def _kind(self, craft: str, grade: int, bases: tuple[int, ...]) -> Kind:
        return craft, grade if craft in self.parted else -1, -1, bases

    def concentrate(self, columns: Columns) -> None:
        """Makers with quotas of two kinds get it in one, totals kept.

        Of those who have both at the same grades some take only the one kind and the
        rest only the other, so that each works on fewer lines.
        """
        kinds = sorted(self.by_kind)
        both = _in_two([self.by_kind[kind] for kind in kinds])
        for at, makers in sorted(both.items()):
            if len(makers) < SEVERAL:
                continue
            one, other = kinds[at[0]], kinds[at[1]]
            rows = np.array(makers)
            class_of = _grades(columns, one, rows) * 1_000 + _grades(
                columns, other, rows
            )
            for grades in np.unique(class_of).tolist():
                same = rows[class_of == grades]
                if len(same) >= SEVERAL:
                    _swap(self.by_kind[one], self.by_kind[other], same)


def _add(wish: Wish, bucket: Bucket) -> None:
    pool = bucket.pool
    sums = np.add.reduceat(bucket.minutes, pool.starts)[:, None]
    if wish.pool is pool:
        wish.quota += bucket.poured
        wish.share[:, bucket.deadline :] += sums
    else:
        wish.quota[np.searchsorted(wish.pool.rows, pool.rows)] += bucket.poured
        places = np.searchsorted(wish.pool.base, pool.base)
        wish.share[places, bucket.deadline :] += sums


def _in_two(wishes: list[Wish]) -> dict[tuple[int, int], list[int]]:
    """Per two wishes the makers who have a quota in both, in their order."""
    rows = [wish.pool.rows[wish.quota > 0] for wish in wishes]
    which = np.repeat(np.arange(len(rows)), list(map(len, rows)))
    who = np.concatenate([EMPTY, *rows])
    order = np.argsort(who, kind="stable")
    who, which = who[order], which[order]
    several = np.bincount(who)[who] > 1 if len(who) else who > 0
    hers: dict[int, list[int]] = {}
    for maker, kind in zip(who[several].tolist(), which[several].tolist(), strict=True):
        hers.setdefault(maker, []).append(kind)
    both: dict[tuple[int, int], list[int]] = {}
    for maker, mine in hers.items():
        for pair in combinations(mine, 2):
            both.setdefault(pair, []).append(maker)
    return both


def _grades(columns: Columns, kind: Kind, makers: Ints) -> Ints:
    """Their grades where the kind is of several grades, else no difference."""
    if kind[1] >= 0:
        return np.zeros_like(makers)
    return columns.grade(kind[0], makers)


def _swap(one: Wish, other: Wish, makers: Ints) -> None:
    """The first makers take all of the one kind, the last all of the other.

    First are those in whose base the one kind prevails: fewer bases share a line.
    """
    here = np.searchsorted(one.pool.rows, makers)
    there = np.searchsorted(other.pool.rows, makers)
    still = (one.quota[here] > 0) & (other.quota[there] > 0)
    here, there = here[still], there[still]
    if len(here) < 2:
        return
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
