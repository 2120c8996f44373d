"""Chains that make room: a share moves on after those in its way have moved.

Where a base is full, work of its makers goes to other bases; where a maker is busy, her
other work goes to others; where those are full or busy too, they hand work on first.
Each link is nearer to room than the one before, so that a chain ends.
"""

from itertools import pairwise

import numpy as np

from .book import Book
from .holdings import jobs_by_maker
from .intake import Ints
from .reach import FAR, Pair, Reach
from .sites import Sites, Spot

PATIENCE = 100
"""So often at most an heir is looked for to free one place, or a single one that is far
from room would use up all there is."""
IN_VAIN = 8
"""A kind of work that found no heir so often finds none by this reach."""
MOST_PAY = 1 << 62
"""No income is further from nothing where it is compared."""


class Chains:
    """Room made by moving shares, with what was tried in vain.

    `left` is how often an heir may still be looked for, for the present place until no
    more than `stop` are left. `held` has all jobs that each maker has or had, `people`
    the makers of each base. Kinds of work that found no heir twice stay in their base,
    as `failed` says; `vain` is how often each found none by this reach. Who gives work
    up keeps the `least` income, if there is one.
    """

    def __init__(self, book: Book, jobs: list[int]) -> None:
        self.book, self.left = book, 0
        self.stop = 0
        self.least: Ints | None = None
        self.held = jobs_by_maker(book, jobs)
        sites = np.arange(len(book.columns.bases) + 1)
        ends = book.columns.home.searchsorted(sites).tolist()
        self.people = [range(*both) for both in pairwise(ends)]
        self.missed: set[Pair] = set()
        self.failed: set[Pair] = set()
        self.vain: list[int] = []
        self.reach: Reach
        self.sites: Sites

    def follow(self, reach: Reach) -> None:
        """From now on by this reach."""
        self.reach, self.vain = reach, [0] * len(reach.kinds)
        self.sites = Sites(self.book, reach, self._ranks())

    def _ranks(self) -> Ints:
        """By base, from the lowest: how high those stand whose work leaves first."""
        book, columns = self.book, self.book.columns
        makers, kind = self.reach.shares
        far = np.array(self.reach.kinds)[kind]
        home = columns.home[makers]
        least = np.full(len(columns.bases), FAR)
        np.minimum.at(least, home, far)
        who = np.unique(makers[far == least[home]])
        sums = np.zeros((2, len(columns.bases)), dtype=np.int64)
        np.add.at(sums[0], columns.home[who], book.income[who])
        np.add.at(sums[1], columns.home[who], columns.need[who])
        levels = [(pay << 60) // max(1, need) for pay, need in sums.T.tolist()]
        rank = {level: at for at, level in enumerate(sorted(set(levels)))}
        return np.array([rank[level] for level in levels], dtype=np.int64)

    def forget(self) -> None:
        """What found no heir at another scale may be tried again."""
        self.missed, self.failed = set(), set()

    def keep(self, level: int, part: int) -> None:
        """Who gives work up keeps one part in so many of the level; if 0, nothing."""
        if not part:
            self.least = None
            return
        needs, which = np.unique(self.book.columns.need, return_inverse=True)
        pay = [level * need >> self.book.bits for need in needs.tolist()]
        # Below nothing half of a level is further down: of -10 it is -15.
        least = [one - abs(one) + abs(one) // part for one in pay]
        most = [max(-MOST_PAY, min(one, MOST_PAY)) for one in least]
        self.least = np.array(most, dtype=np.int64)[which]

    def note(self, job: int, maker: int) -> None:
        """She has some of the job now."""
        self.held.setdefault(maker, set()).add(job)

    def free(self, spot: Spot, by: int, wanted: int, moves: int, job: int) -> bool:
        """Work nearer to room than `moves` leaves, until `wanted` minutes are free."""
        self.stop = max(0, self.left - PATIENCE)
        return self._free(spot, by, wanted, moves, job)

    def _free(self, spot: Spot, by: int, wanted: int, moves: int, job: int) -> bool:
        """The same on the way to another place, as long as there is patience."""
        if self.sites.is_dead(spot, by):
            return False
        book = self.book
        tables = []
        if spot.away:
            tables = [(book.base_slack_of, book.base_room_of, spot.base * book.days)]
        if spot.maker is not None:
            tables.append((book.slack_of, book.room_of, spot.maker * book.days))
        had = now = min(room[first + by] for _, room, first in tables)
        for pair in self._movable(spot, moves, job):
            if wanted <= now or self.left <= self.stop:
                break
            other, giver = pair
            kind, due = self.reach.kind_of[other], book.jobs[other].deadline
            # What is due before this share keeps its own bounds, wherever that goes.
            bounds = [
                slack[first + at] for slack, _, first in tables for at in range(by, due)
            ]
            short = min([wanted, *bounds]) - now
            if (
                short <= 0
                or (kind, spot.base) in self.failed
                or self.reach.kinds[kind] >= moves
                or giver not in book.new[other]
            ):
                continue
            if not self._move(pair, spot, short):
                self._missed(kind, spot.base)
            now = min(room[first + by] for _, room, first in tables)
        if now > had:
            return True
        if self.left > self.stop:
            self.sites.bury(spot, by)
        return False

    def _movable(self, spot: Spot, moves: int, job: int) -> list[Pair]:
        """Shares at the spot, those nearest to room first, then the highest level."""
        kinds, kind_of = self.reach.kinds, self.reach.kind_of
        givers = self.people[spot.base] if spot.maker is None else (spot.maker,)
        found: list[tuple[int, int, int, int]] = []
        for giver in givers:
            for other in self.held.get(giver, ()):
                far = kinds[kind_of[other]]
                if far < moves and other != job and self._spare(other, giver) > 0:
                    found.append((far, -self.book.level(giver), other, giver))
        return [(other, giver) for _, _, other, giver in sorted(found)]

    def _spare(self, job: int, giver: int) -> int:
        """How much of her share she may give up, so that she keeps a lot or nothing."""
        book, share = self.book, self.book.new[job].get(giver, 0)
        if self.least is None:
            return share
        above = book.income_of[giver] - int(self.least[giver])
        most, lot = above // book.jobs[job].rate, book.lot[job]
        if most >= share:
            return share
        most = min(most, share - lot)
        return most if most >= lot else 0

    def _missed(self, kind: int, base: int) -> None:
        kinds = self.reach.kinds
        if kinds[kind]:
            again = (kind, base) in self.missed
            (self.failed if again else self.missed).add((kind, base))
        self.vain[kind] += 1
        if not kinds[kind] or self.vain[kind] == IN_VAIN:
            kinds[kind] = FAR

    def _move(self, pair: Pair, spot: Spot, short: int) -> bool:
        """Up to `short` minutes of the share go to others, in lawful lots."""
        job, giver = pair
        book, line, lot = self.book, self.book.jobs[pair[0]], self.book.lot[pair[0]]
        moved = False
        for _ in range(4):
            share, most = book.new[job].get(giver, 0), self._spare(job, giver)
            if most <= 0 or short <= 0:
                break
            self.left -= 1
            need = min(most, max(lot, -(-short // line.minutes)))
            if share - need < lot:
                need = share
            fit = self._fit(job, giver, spot)
            if self.reach.of(job) and int(fit.max()) < need:
                self._make_heirs(pair, spot, need)
                if self._spare(job, giver) != most:
                    continue  # the chain came back to her
                fit = self._fit(job, giver, spot)
            heir, pieces = self._heir(job, fit, need, most, share)
            if pieces < (1 if heir in book.new[job] else lot):
                break
            book.take(job, giver, pieces)
            book.give(job, heir, pieces)
            self.note(job, heir)
            short -= pieces * line.minutes
            moved = True
        return moved

    def _fit(self, job: int, giver: int, spot: Spot) -> Ints:
        """Pieces of the giver's share that each of the pool could take."""
        pool = self.book.pool(job)
        fit = self.book.pieces_free(job, pool)
        if spot.away:
            fit[pool.home == spot.base] = 0
        fit[pool.rows == giver] = 0
        return fit

    def _heir(self, job: int, fit: Ints, need: int, most: int, share: int) -> Pair:
        """Who takes what is needed, in a parcel that goes anyway, at the lowest level.

        Else who has room for most of it, with up to `most` pieces of the share.
        """
        book = self.book
        pool = book.pool(job)
        whole = np.flatnonzero(fit >= need)
        if len(whole):
            near = whole[~book.away(job, pool.home[whole])]
            rows = pool.rows[near if len(near) else whole]
            levels = (book.income[rows] << book.bits) // book.columns.need[rows]
            lowest = rows[levels == levels.min()]
            return int(lowest[book.columns.rank[lowest].argmin()]), need
        best = int(fit.argmax())
        pieces = min(int(fit[best]), most)
        if 0 < share - pieces < book.lot[job]:
            pieces = share - book.lot[job]
        return int(pool.rows[best]), pieces

    def _make_heirs(self, pair: Pair, spot: Spot, need: int) -> None:
        """Full bases, then busy people, nearer to room make room for the share."""
        job, giver = pair
        book, line = self.book, self.book.jobs[job]
        share = book.new[job][giver]
        for site in self.sites.near(job, giver, spot, need):
            if not book.may(job, site.heir):
                continue
            wanted = site.pieces * line.minutes
            self._free(site.spot, line.deadline, wanted, site.moves, job)
            fits = book.fits(job, site.heir) >= site.pieces
            if fits or book.new[job].get(giver, 0) != share:
                return
