"""Late pieces find room: other work makes way, and nothing that was placed gets late.

First what leaves its makers above the poorest fifth, then what leaves them half of that
level, then anybody's, at once if the others had their turn; in full bases with free
makers first, then of busy makers. Late work that pays most an hour has the first choice
of what room there is.
`reach.py` says where room is near, `chains.py` moves what is in the way.
"""

import numpy as np

from .book import Book
from .chains import Chains
from .gather import level_of_fifth
from .place import place, whole
from .reach import FAR, Reach, kinds, reach
from .sites import Spot

SCALES = (80 * 60, 10 * 60)
"""Wide ways first, in minutes: only what frees so much counts as a way to room."""
CRUMB = 15
"""In the end, for little work: who has some of a job may take a piece more."""
ROUNDS = 2
Turn = tuple[int, int]
TURNS: tuple[Turn, ...] = ((4_000, 1), (2_000, 2), (2_000, 0))
"""So often an heir is looked for in work that leaves its makers one part in so many of
the level of the poorest fifth, and of anybody in the end."""
ANYBODY = TURNS[-1:]
"""The last of them only, where the others were taken before."""
AT_ONCE = 40 * 60
"""A busy maker hands no more than a full week on for one job."""


def repair(
    book: Book, jobs: list[int], floor: int, turns: tuple[Turn, ...] = TURNS
) -> None:
    """Fewer pieces of these jobs stay open."""
    if any(book.open[job] for job in jobs):
        _Repair(book, jobs, floor).run(turns)


class _Repair:
    """These jobs in one book, and the chains that make room for them."""

    def __init__(self, book: Book, jobs: list[int], floor: int) -> None:
        self.book, self.jobs, self.floor = book, jobs, floor
        self.chains = Chains(book, jobs)
        self.kinds = kinds(book, jobs)

    def run(self, turns: tuple[Turn, ...]) -> None:
        """Turn after turn, of which the last one comes in finer steps as well."""
        book = self.book
        fifth = level_of_fifth(book)
        late = self._hopeful()
        for tries, part in turns:
            self.chains.left += tries
            self.chains.keep(fifth, part)
            late = [job for job in late if book.open[job]]
            if not late:
                return
            scales = self._scales(late)
            for scale in scales[:1] if part else scales:
                self._in_rounds(late, scale)
        if self._minutes(late) <= AT_ONCE:
            self._in_rounds(late, CRUMB)

    def _hopeful(self) -> list[int]:
        """The late jobs for which there is room after as many moves as may be."""
        late = [job for job in self.jobs if self.book.open[job]]
        near = self._reach(min(map(self._least, late)))
        return [job for job in late if near.of(job) < FAR]

    def _scales(self, late: list[int]) -> list[int]:
        """Wide ways for as much as is late, then as little as is of use."""
        finest, asked = min(map(self._least, late)), self._minutes(late)
        return [*(scale for scale in SCALES if finest < scale < asked), finest]

    def _in_rounds(self, late: list[int], scale: int) -> None:
        """Round after round at one scale."""
        self.chains.forget()
        for _ in range(ROUNDS):
            late = [job for job in late if self.book.open[job]]
            if not late or self.chains.left <= 0:
                return
            before, known = self._minutes(late), len(self.chains.failed)
            self._round(late, self._reach(scale))
            slow = self._minutes(late) * 50 > before * 49
            if slow and len(self.chains.failed) < known + 20:
                return

    def _minutes(self, late: list[int]) -> int:
        return sum(self.book.open[job] * self.book.jobs[job].minutes for job in late)

    def _reach(self, scale: int) -> Reach:
        failed, least = self.chains.failed, self.chains.least
        return reach(self.book, self.jobs, self.kinds, scale, failed, least)

    def _round(self, late: list[int], near: Reach) -> None:
        """Each late job once, what pays most an hour first: late it costs most."""
        book = self.book
        self.chains.follow(near)

        def turn(job: int) -> tuple[int, int, int]:
            line = book.jobs[job]
            return -(line.rate << 10) // line.minutes, near.of(job), job

        for job in sorted(late, key=turn):
            if near.of(job) < FAR:
                self._place(job)
                self._through_bases(job)
                self._through_makers(job)

    def _place(self, job: int) -> None:
        place(self.book, job, self.floor)
        for maker in self.book.new[job]:
            self.chains.note(job, maker)

    def _give(self, job: int, maker: int) -> None:
        book, left = self.book, self.book.open[job]
        held = book.new[job].get(maker, 0)
        pieces = whole(min(book.fits(job, maker), left), left, book.lot[job], held)
        if pieces:
            book.give(job, maker, pieces)
            self.chains.note(job, maker)

    def _least(self, job: int) -> int:
        book = self.book
        lot = max(1, min(book.lot[job], book.open[job]))
        return lot * book.jobs[job].minutes

    def _through_bases(self, job: int) -> None:
        """Full bases with free makers send other work away, the best off first."""
        book, line = self.book, self.book.jobs[job]
        pool, by = book.pool(job), line.deadline
        own = np.maximum(book.room[:, by][pool.rows], 0)
        own[own < self._least(job)] = 0
        free = np.add.reduceat(own, pool.starts)
        moves = self.chains.reach.bases[:, by][pool.base]
        open_to = np.flatnonzero((moves > 0) & (moves < FAR) & (free > 0))
        ranks = self.chains.sites.ranks[pool.base[open_to]]
        order = np.lexsort((-free[open_to], -ranks, moves[open_to]))
        for at in open_to[order].tolist():
            if not book.open[job] or self.chains.left <= 0:
                return
            base = int(pool.base[at])
            wanted = min(int(free[at]), book.open[job] * line.minutes)
            if self.chains.free(Spot(base), by, wanted, int(moves[at]), job):
                self._place(job)

    def _through_makers(self, job: int) -> None:
        """Busy makers hand other work on, out of their base where it is full too."""
        book, line = self.book, self.book.jobs[job]
        pool, by = book.pool(job), line.deadline
        busy = self.chains.reach.makers[:, by][pool.rows]
        full = self.chains.reach.bases[:, by][pool.home]
        moves = np.maximum(busy, full)
        able = np.flatnonzero((busy > 0) & (moves < FAR))
        order = np.lexsort((pool.rows[able], book.levels(pool)[able], moves[able]))
        able = able[order]
        columns = pool.home[able], pool.rows[able], full[able] > 0, moves[able]
        least = self._least(job)
        rows = zip(*(one.tolist() for one in columns), strict=True)
        for base, maker, away, far in rows:
            spot = Spot(base, maker, away)
            if self.chains.sites.is_dead(spot, by):
                continue
            if not book.open[job] or self.chains.left <= 0:
                return
            wanted = min(book.open[job] * line.minutes, AT_ONCE)
            if not away:
                wanted = min(wanted, book.base_room_of[base * book.days + by])
            if wanted < least or not book.may(job, maker):
                continue
            if self.chains.free(spot, by, wanted, far, job):
                self._give(job, maker)
                least = self._least(job)
