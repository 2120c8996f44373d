"""From water to lots: every job goes to few hands whose quotas it fills."""

from dataclasses import dataclass

import numpy as np

from .book import Book
from .columns import Pool, PoolKey, pool_key
from .intake import Ints, Truths
from .place import whole
from .terms import Job
from .turns import in_turn
from .vessel import BIG
from .wishes import Wish, Wishes

SMALL_PAY = 150_00
"""A job that pays no more than this (fen) is not worth two pairs of hands."""
WHOLE = (7, 10)
"""A quota counts as whole for a job that so much of it fits ..."""
CLOSE = (32, 8)
"""... or, where quotas count exactly, first as close as that part of her income."""

BOUND = BIG >> 1
"""A base has no bound to its hours where more than that is left of its share."""


@dataclass(slots=True)
class Turn:
    """One job while it is handed out; `good` is a worthwhile lot in pieces.

    `places` and `bases` are where the pool's makers and bases stand in the wish;
    `of_kind` are minutes of just its grade and deadline for each base of the wish, and
    `income` is what water leaves each maker with. Who is `near`, with a quota of half a
    good lot, gets one; where quotas are `exact`, the closest lots go first. Where it
    has to be `timely`, a base makes no more of a kind than water gives it of just that.
    """

    book: Book
    job: int
    line: Job
    pool: Pool
    wish: Wish
    of_kind: Ints
    places: Ints
    bases: Ints
    income: Ints
    good: int
    near: bool
    exact: bool
    timely: bool

    def give(self, place: int, pieces: int) -> None:
        """Who stands at `place` of the pool has the pieces, and her quota knows it."""
        quota, at = self.wish.quota_of, int(self.places[place])
        self.book.give(self.job, int(self.pool.rows[place]), pieces)
        quota[at] = max(0, quota[at] - pieces * self.line.rate)

    def charge(self, base: int, pieces: int) -> None:
        """So many were given in this base of the pool."""
        minutes, at = pieces * self.line.minutes, self.bases[base]
        self.wish.share[at, self.line.deadline :] -= minutes
        self.of_kind[at] -= minutes


def hand_out(
    book: Book,
    jobs: list[int],
    wishes: Wishes,
    floor: int,
    *,
    near: bool = True,
    exact: bool = False,
    timely: bool = False,
) -> None:
    """Each job in turn fills open quotas: one person, one base, or few of either.

    Unless `near` is enough, who has a quota below a good lot is not among several. If
    quotas are `exact`, those whose lots come closest to them go first, not the largest;
    if it has to be `timely`, bases keep the hours of early work for it.
    """
    stands: dict[PoolKey, tuple[Ints, Ints]] = {}
    for job in in_turn(book, jobs):
        line = book.jobs[job]
        # A rest smaller than a lot is for hands that hold a part, as `place` mends it.
        wish = wishes.of(line) if book.open[job] >= max(1, book.lot[job]) else None
        pool = book.pool(job)
        if wish is not None and len(pool.rows):
            good = max(book.lot[job], -(-floor // line.minutes))
            key = pool_key(line)
            if key not in stands:
                places = wish.pool.rows.searchsorted(pool.rows)
                stands[key] = places, wish.pool.base.searchsorted(pool.base)
            of_kind = wish.parts[line.grade, line.deadline]
            here = of_kind, *stands[key], wishes.income
            how = near, exact, timely
            _one_job(Turn(book, job, line, pool, wish, *here, good, *how))


def _one_job(turn: Turn) -> None:
    """People whose quota fits well first, then all; each in few bases."""
    book, line, pool = turn.book, turn.line, turn.pool
    most = turn.wish.share[turn.bases, line.deadline :].min(axis=1)
    if turn.timely:
        own = np.maximum(turn.of_kind[turn.bases], 0)
        most = np.where(most < BOUND, np.minimum(most, own), most)
    most //= line.minutes
    most += book.lot[turn.job]
    mine = turn.wish.quota[turn.places]
    left = book.open[turn.job]
    if left <= turn.good or left * line.rate <= SMALL_PAY:
        _to_one(turn, most, mine)
        return
    part = _parts(turn, most, mine)
    for fits in _tiers(turn, part, mine):
        left = book.open[turn.job]
        first = np.where(fits, part, 0)
        enough = _one_base_can(pool, first, most, left)
        if enough or not _one_base_can(pool, part, most, left):
            _to_bases(turn, first, most)
            part[first > 0] = 0
        if not book.open[turn.job]:
            return
    _to_bases(turn, part, most)


def _tiers(turn: Turn, part: Ints, mine: Ints) -> list[Truths]:
    """Whose lots fit their quotas, the best fit first."""
    pay = part * turn.line.rate
    if not turn.exact:
        return [pay * WHOLE[1] >= mine * WHOLE[0]]
    gap, income = abs(pay - mine), abs(turn.income[turn.pool.rows])
    return [gap <= income // close for close in CLOSE]


def _parts(turn: Turn, most: Ints, mine: Ints) -> Ints:
    """Per maker of the pool the lot that quota and hours allow, 0 if not good."""
    book, rate = turn.book, turn.line.rate
    least = -(-turn.good // 2) if turn.near else turn.good
    some = (mine >= least * rate - rate // 2).nonzero()[0]
    fit = book.pieces_free(turn.job, turn.pool, some)
    fit = np.minimum(fit, most[turn.pool.starts.searchsorted(some, side="right") - 1])
    lot = np.minimum((mine[some] + rate // 2) // rate, fit)
    if turn.near:
        lot[(lot < turn.good) & (lot * 2 >= turn.good)] = turn.good
    lot[(lot < turn.good) | (lot > fit)] = 0
    part = np.zeros_like(mine)
    part[some] = lot
    return part


def _one_base_can(pool: Pool, part: Ints, most: Ints, left: int) -> bool:
    sums = np.minimum(np.add.reduceat(part, pool.starts), most)
    return bool((sums >= left).any())


def _to_bases(turn: Turn, part: Ints, most: Ints) -> None:
    """The smallest base whose parts take it all, else one base after the other.

    First comes where water asks for most work of this grade and deadline, for such a
    base may have no hours for what is due earlier; then where the parts take most. A
    base that sends a parcel anyway comes before both.
    """
    book, pool = turn.book, turn.pool
    sums = np.minimum(np.add.reduceat(part, pool.starts), most)
    some = bool(book.new[turn.job] or book.fixed[turn.job])
    sends = ~book.away(turn.job, pool.base) if some else None
    while book.open[turn.job] and sums.max() > 0:
        asked = sums
        if sends is not None and (sums[sends] > 0).any():
            asked = np.where(sends, sums, 0)
        enough = asked >= book.open[turn.job]
        if enough.any():
            best = int(np.where(enough, asked, 1 << 62).argmin())
        else:
            kind = np.minimum(asked, turn.of_kind[turn.bases] // turn.line.minutes)
            best = int((kind if kind.max() > 0 else asked).argmax())
        first = int(pool.starts[best])
        inside = part[first : first + int(pool.sizes[best])]
        given = _to_base(turn, first, inside, int(most[best]))
        turn.charge(best, given)
        most[best] -= given
        sums[best] = 0


def _to_one(turn: Turn, most: Ints, mine: Ints) -> None:
    """A small job goes whole to the one whose open quota is nearest to its pay."""
    book, pool, left = turn.book, turn.pool, turn.book.open[turn.job]
    pay = left * turn.line.rate
    able = (mine * 2 >= pay).nonzero()[0]
    base = pool.starts.searchsorted(able, side="right") - 1
    fit = np.minimum(book.pieces_free(turn.job, pool, able), most[base])
    able, base = able[fit >= left], base[fit >= left]
    if len(able):
        gap = abs(mine[able] - pay)
        nearest = np.flatnonzero(gap == gap.min())
        rank = book.columns.rank[pool.rows[able[nearest]]]
        place = int(nearest[int(rank.argmin())])
        turn.give(int(able[place]), left)
        turn.charge(int(base[place]), left)


def _to_base(turn: Turn, first: int, part: Ints, most: int) -> int:
    """People of one base by quota, the last one she whose quota is nearest the rest.

    Returns how many pieces they get; the last one may get more than is left of `most`.
    """
    book, job, good, given = turn.book, turn.job, turn.good, 0
    able = part.nonzero()[0]
    places = able + first
    rank = book.columns.rank[turn.pool.rows[places]]
    quota = turn.wish.quota[turn.places[places]]
    part = part[able]
    in_part = quota * 19 > part * turn.line.rate * 20
    columns = (one.tolist() for one in (in_part, -part, rank, places))
    in_turn = sorted(zip(*columns, strict=True))
    queue = [(-less, place) for _, less, _, place in in_turn]
    while queue and book.open[job] and given < most:
        left = book.open[job]
        at = 0
        while at + 1 < len(queue) and queue[at + 1][0] >= left:
            at += 1
        wanted, place = queue.pop(at)
        fit = book.fits(job, int(turn.pool.rows[place]))
        if 0 < left - wanted < good // 2 and fit >= left:
            wanted = left
        wanted = min(wanted, fit)
        pieces = whole(wanted, left, good, 0)
        if not pieces:
            pieces = whole(wanted, left, book.lot[job], 0)
        if pieces:
            turn.give(place, pieces)
            given += pieces
    return given
