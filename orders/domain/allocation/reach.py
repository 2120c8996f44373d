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
from .intake import EMPTY, Ints, Truths

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
    """Moves away from room: per kind; per base or maker and deadline.

    `shares` are the maker and the kind of every share.
    """

    kind_of: dict[int, int]
    kinds: list[int]
    bases: Ints
    makers: Ints
    shares: tuple[Ints, Ints]

    def of(self, job: int) -> int:
        """How many moves away room for this job is."""
        return self.kinds[self.kind_of[job]]


@dataclass(slots=True)
class _Places:
    """Where makers of some kinds of work and their bases stand, kind after kind.

    The tables have the deadlines of one row after those of another. `starts` is where
    among the makers a base begins, `firsts` where among the bases a kind does.
    """

    people: Ints
    sites: Ints
    starts: Ints
    firsts: Ints


@dataclass(slots=True)
class Kinds:
    """The kind of each job; the deadline and the makers of each kind.

    `makable` are the kinds that anybody can make, `all` the places of all of them.
    """

    of: dict[int, int]
    due: Ints
    pools: list[Pool]
    days: int
    makable: Ints
    all: _Places

    def places(self, kinds: Ints) -> _Places:
        """Those of these kinds, each of which somebody can make."""
        if len(kinds) == len(self.makable):
            return self.all
        return _places([self.pools[kind] for kind in kinds], self.due[kinds], self.days)


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
    kind_of, due = known.of, known.due
    who, kind, minutes = _work(book, jobs, kind_of)
    shares = who, kind
    if least is not None:
        free = book.income[who] > least[who]
        who, kind, minutes = who[free], kind[free], minutes[free]
    if failed:
        stays = _stays(failed, len(due), len(book.columns.bases))
        free = ~stays[kind, home[who]]
        who, kind, minutes = who[free], kind[free], minutes[free]
    bases = _room(book.base_slack, book.base_room, scale)
    lot = min(scale, max(LOT_MINUTES, scale // PART))
    makers = _room(book.slack, book.room, lot)
    moves_of = np.full(len(due), FAR)
    _reached(moves_of, known, bases, makers, scale, 0)
    movers, mover = _numbered(who, len(home))
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
    return Reach(kind_of, moves_of.tolist(), bases.moves, makers.moves, shares)


def _work(book: Book, jobs: list[int], kind_of: dict[int, int]) -> tuple[Ints, ...]:
    """Maker, kind and minutes of every share that may be moved."""
    sizes, who, pieces = holdings(book, jobs)
    minutes = pieces * np.repeat([book.jobs[job].minutes for job in jobs], sizes)
    return who, np.repeat([kind_of[job] for job in jobs], sizes), minutes


def _numbered(who: Ints, makers: int) -> tuple[Ints, Ints]:
    """Each of these makers once, ascending, and which of them every row has."""
    some = np.zeros(makers, dtype=bool)
    some[who] = True
    return some.nonzero()[0], (np.cumsum(some) - 1)[who]


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
            pools.append(book.pool(job))
        kind_of[job] = known[key]
    due = np.array([due for _, due in known], dtype=np.int64)
    makable = np.flatnonzero([len(pool.rows) > 0 for pool in pools])
    some = [pools[kind] for kind in makable]
    every = _places(some, due[makable], book.days)
    return Kinds(kind_of, due, pools, book.days, makable, every)


def _places(pools: list[Pool], due: Ints, days: int) -> _Places:
    """The places of kinds with these makers and deadlines."""
    people = np.array([len(pool.rows) for pool in pools], dtype=np.int64)
    sites = np.array([len(pool.base) for pool in pools], dtype=np.int64)
    rows = np.concatenate([EMPTY, *(pool.rows for pool in pools)])
    bases = np.concatenate([EMPTY, *(pool.base for pool in pools)])
    starts = np.concatenate([EMPTY, *(pool.starts for pool in pools)])
    return _Places(
        rows * days + np.repeat(due, people),
        bases * days + np.repeat(due, sites),
        starts + np.repeat(np.cumsum(people) - people, sites),
        np.cumsum(sites) - sites,
    )


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
    far = known.makable[kinds[known.makable] == FAR]
    if not len(far):
        return
    places = known.places(far)
    own = makers.within(moves)[places.people]
    most = bases.within(moves)[places.sites]
    free = np.minimum(np.add.reduceat(own, places.starts), most)
    kinds[far[np.add.reduceat(free, places.firsts) >= scale]] = moves
