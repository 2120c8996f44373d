"""Which shares are taken up together, so that they may be handed out better."""

from .book import Book
from .dice import Dice
from .worth import URGENT, Worth

MOST = 12
"""No more shares are taken up at a time."""
AROUND_LATE = 4
AROUND_URGENT = 6
"""So many draws of ten are around late work, more where the least is looked for."""
TIGHT = 240
"""A base with fewer minutes left counts as full."""

Pair = tuple[int, int]


class Taking:
    """Draws shares around late work, around a poor maker, of like jobs or of a base."""

    def __init__(self, worth: Worth, dice: Dice) -> None:
        self.worth, self.dice = worth, dice
        self.book: Book = worth.book
        self.jobs = worth.jobs
        self.mine: dict[int, list[int]] = {}
        for job in self.jobs:
            for maker in self.may(job):
                self.mine.setdefault(maker, []).append(job)

    def draw(self) -> list[Pair]:
        """Some (job, maker) pairs; none where there is nothing to take up."""
        book, dice = self.book, self.dice
        kind = dice.below(10)
        late = [job for job in self.jobs if book.open[job]]
        found: set[Pair] = set()
        urgent = self.worth.urgency == URGENT
        if late and kind < (AROUND_URGENT if urgent else AROUND_LATE):
            found = self._around_late(dice.one(late))
        elif kind < 7:
            found = self._around_poor()
        if not found:
            found = self._like() if kind < 9 else self._of_base()
        pairs = sorted(found)
        return dice.some(pairs, MOST) if len(pairs) > MOST else pairs

    def may(self, job: int) -> list[int]:
        """Who may make the job, apart from hours."""
        rows = self.book.pool(job).rows.tolist()
        return [maker for maker in rows if self.book.may(job, maker)]

    def _hers(self, maker: int) -> list[Pair]:
        mine = self.mine.get(maker, ())
        return [(job, maker) for job in mine if maker in self.book.new[job]]

    def _inside(self, base: int) -> list[Pair]:
        new, home = self.book.new, self.book.home
        return [
            (job, who) for job in self.jobs for who in new[job] if home[who] == base
        ]

    def _above(self, pairs: list[Pair]) -> list[Pair]:
        """Those of the pairs whose maker is not poor."""
        income, goal = self.book.income_of, self.worth.goal
        return [pair for pair in pairs if income[pair[1]] > goal[pair[1]]]

    def _around_late(self, job: int) -> set[Pair]:
        """What stands in the way of late pieces with some who could make them."""
        book, dice, line = self.book, self.dice, self.book.jobs[job]
        found = {(job, who) for who in book.new[job]} if dice.below(2) else set()
        lot = max(1, min(book.lot[job], book.open[job])) * line.minutes
        for maker in dice.some(self.may(job), 1 + dice.below(3)):
            home = book.home[maker]
            if book.room_of[maker * book.days + line.deadline] < lot:
                found.update(dice.some(self._hers(maker), 1 + dice.below(2)))
            if book.base_room_of[home * book.days + line.deadline] < lot:
                found.update(dice.some(self._inside(home), 1 + dice.below(4)))
        return found | self._next(found)

    def _around_poor(self) -> set[Pair]:
        """Work of the better off that a poor maker could do, and perhaps her own."""
        book, dice = self.book, self.dice
        reach = self.worth.reach
        poor = reach[book.income[reach] < self.worth.goal[reach]].tolist()
        poor = [maker for maker in poor if maker in self.mine]
        if not poor:
            return set()
        maker = dice.one(poor)
        found: set[Pair] = set()
        for job in dice.some(self.mine[maker], 1 + dice.below(3)):
            above = self._above([(job, who) for who in book.new[job]])
            found.update(dice.some(above, 1 + dice.below(3)))
        if dice.below(2):
            found.update(self._hers(maker))
        home = book.home[maker]
        if int(book.base_room[home].min()) < TIGHT:
            above = self._above(self._inside(home))
            found.update(dice.some(above, 1 + dice.below(4)))
        return found | self._next(found) if dice.below(2) else found

    def _next(self, pairs: set[Pair]) -> set[Pair]:
        """Other work of people who could take these shares over."""
        dice = self.dice
        found: set[Pair] = set()
        for job, _ in sorted(pairs):
            if dice.below(2):
                rows = self.book.pool(job).rows.tolist()
                for maker in dice.some(rows, 2):
                    found.update(dice.some(self._hers(maker), 1))
        return found

    def _like(self) -> set[Pair]:
        """All shares of a few jobs of one craft."""
        book, dice = self.book, self.dice
        first = dice.one(self.jobs)
        craft = book.jobs[first].craft
        like = [job for job in self.jobs if book.jobs[job].craft == craft]
        picked = [first, *dice.some(like, 1 + dice.below(3))]
        return {(job, maker) for job in picked for maker in book.new[job]}

    def _of_base(self) -> set[Pair]:
        """Some shares of one base."""
        book, dice = self.book, self.dice
        bases = sorted({book.home[who] for job in self.jobs for who in book.new[job]})
        if not bases:
            return set()
        return set(dice.some(self._inside(dice.one(bases)), 2 + dice.below(7)))
