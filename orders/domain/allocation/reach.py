"""How far from room the work is: what has to move first so that late work fits.

A kind of work that people in bases with room can still take is 0 moves away. A full
base, or a busy maker, who holds work of kinds n − 1 moves away is n moves away, and so
is a kind that only such people can take. Only what frees at least `scale` minutes
counts, so that crumbs do not lead astray.
"""

from collections.abc import Set
from dataclasses import dataclass

import numpy as np

from .book import Book
from .columns import Pool, PoolKey, pool_key
from .holdings import holdings
from .intake import Ints, Truths

FAR = 99
"""Out of reach."""
MOST_MOVES = 5
LOT_MINUTES = 240
PART = 10
"""A maker counts as free, or as worth freeing, from this part of the scale on, and from
so many minutes at least; where the scale is less than that, from the scale on."""

Pair = tuple[int, int]


@dataclass(slots=True)
class Reach:
    """Moves away from room: per kind; per base or maker and deadline."""

    kind_of: dict[int, int]
    kinds: list[int]
    bases: Ints
    makers: Ints

    def of(self, job: int) -> int:
        """How many moves away room for this job is."""
        return self.kinds[self.kind_of[job]]


@dataclass(slots=True)
class Kinds:
    """The kind of each job; the makers and the deadline of each kind.

    `people` and `sites` are where its makers and their bases stand in tables that have
    the deadlines of one row after those of another.
    """

    of: dict[int, int]
    pools: list[Pool]
    due: Ints
    people: list[Ints]
    sites: list[Ints]


@dataclass(slots=True)
class _Room:
    """Minutes by row and deadline that are free, or would be after some moves."""

    moves: Ints
    minutes: Ints
    tight: Ints
    least: int

    def open(self, rows: Ints, work: Ints, moves: int) -> None:
        """Those of these rows that hold enough of this work are `moves` away.

        The work is all that may be moved by its deadline, and no other row has any.
        """
        days = work.shape[1] + 1
        until = np.zeros((len(rows), days), dtype=np.int64)
        np.cumsum(work, axis=1, out=until[:, :-1])
        far = self.moves[rows]
        by = until.reshape(-1)[self.tight[rows] + days * np.arange(len(rows))[:, None]]
        far[(by >= self.least) & (far == FAR)] = moves
        self.moves[rows] = far
        self.minutes[rows] = np.where(far > 0, by, self.minutes[rows])

    def within(self, moves: int) -> Ints:
        """The minutes at most so many moves away, as one long row."""
        return np.where(self.moves <= moves, self.minutes, 0).reshape(-1)


def reach(
    book: Book,
    jobs: list[int],
    known: Kinds,
    scale: int,
    failed: Set[Pair],
    least: Ints | None,
) -> Reach:
    """Everything's distance from room; work of (kind, base) in `failed` stays put.

    So does that of makers with no more than the `least` income, if one is given.
    """
    home = book.columns.home
    kind_of, pools, due = known.of, known.pools, known.due
    who, kind, minutes = _work(book, jobs, kind_of)
    if least is not None:
        free = book.income[who] > least[who]
        who, kind, minutes = who[free], kind[free], minutes[free]
    if failed:
        stays = _stays(failed, len(pools), len(book.columns.bases))
        free = ~stays[kind, home[who]]
        who, kind, minutes = who[free], kind[free], minutes[free]
    bases = _room(book.base_slack, book.base_room, scale)
    lot = min(scale, max(LOT_MINUTES, scale // PART))
    makers = _room(book.slack, book.room, lot)
    moves_of = np.full(len(pools), FAR)
    _reached(moves_of, known, bases, makers, scale, 0)
    movers, mover = np.unique(who, return_inverse=True)
    sites = np.arange(len(book.columns.bases))
    at_base = np.zeros((len(sites), book.days), dtype=np.int64)
    of_maker = np.zeros((len(movers), book.days), dtype=np.int64)
    for moves in range(1, MOST_MOVES + 1):
        fresh = moves_of[kind] == moves - 1
        if not fresh.any():
            break
        by, most = due[kind[fresh]], minutes[fresh]
        np.add.at(at_base, (home[who[fresh]], by), most)
        np.add.at(of_maker, (mover[fresh], by), most)
        bases.open(sites, at_base, moves)
        makers.open(movers, of_maker, moves)
        _reached(moves_of, known, bases, makers, scale, moves)
    return Reach(kind_of, moves_of.tolist(), bases.moves, makers.moves)


def _work(book: Book, jobs: list[int], kind_of: dict[int, int]) -> tuple[Ints, ...]:
    """Maker, kind and minutes of every share that may be moved."""
    sizes, who, pieces = holdings(book, jobs)
    minutes = pieces * np.repeat([book.jobs[job].minutes for job in jobs], sizes)
    return who, np.repeat([kind_of[job] for job in jobs], sizes), minutes


def _stays(failed: Set[Pair], kinds: int, bases: int) -> Truths:
    found: Truths = np.zeros((kinds, bases), dtype=bool)
    found[tuple(np.array(sorted(failed)).T)] = True
    return found


def kinds(book: Book, jobs: list[int]) -> Kinds:
    """Jobs for the same makers by the same deadline are of one kind."""
    kind_of: dict[int, int] = {}
    known: dict[tuple[PoolKey, int], int] = {}
    pools: list[Pool] = []
    for job in jobs:
        line = book.jobs[job]
        key = pool_key(line), line.deadline
        if key not in known:
            known[key] = len(known)
            pools.append(book.columns.pool(line))
        kind_of[job] = known[key]
    days, due = book.days, [due for _, due in known]
    people = [pool.rows * days + by for pool, by in zip(pools, due, strict=True)]
    sites = [pool.base * days + by for pool, by in zip(pools, due, strict=True)]
    return Kinds(kind_of, pools, np.array(due, dtype=np.int64), people, sites)


def _room(slack: Ints, room: Ints, least: int) -> _Room:
    """Free from `least` minutes on; `tight` is the first deadline that has less."""
    days = slack.shape[1]
    tight = np.full(slack.shape, days)
    following = np.full(len(slack), days)
    for by in range(days - 1, -1, -1):
        following = np.where(slack[:, by] < least, by, following)
        tight[:, by] = following
    minutes = np.where(room >= least, room, 0)
    return _Room(np.where(minutes > 0, 0, FAR), minutes, tight, least)


def _reached(
    kinds: Ints, known: Kinds, bases: _Room, makers: _Room, scale: int, moves: int
) -> None:
    """Kinds for which enough minutes are free after so many moves."""
    pools = known.pools
    far = [
        kind for kind in (kinds == FAR).nonzero()[0].tolist() if len(pools[kind].rows)
    ]
    if not far:
        return
    own = makers.within(moves)[np.concatenate([known.people[kind] for kind in far])]
    most = bases.within(moves)[np.concatenate([known.sites[kind] for kind in far])]
    people = np.array([len(pools[kind].rows) for kind in far])
    sites = np.array([len(pools[kind].base) for kind in far])
    starts = np.concatenate([pools[kind].starts for kind in far])
    starts += np.repeat(np.cumsum(people) - people, sites)
    free = np.minimum(np.add.reduceat(own, starts), most)
    found = np.add.reduceat(free, np.cumsum(sites) - sites) >= scale
    kinds[np.array(far)[found]] = moves
