"""Small plans: some shares are taken up and handed out anew while that is better.

A plan that is a little worse may stand for a while, less and less so, for better ones
may lie behind it; the best that was seen stands in the end.
"""

from collections.abc import Callable

from .book import Book
from .certain import could_be_fewer, unpaid
from .dice import Dice
from .giving import give_out
from .taking import Taking
from .tidy import tidy
from .worth import GRANTED, LATE, URGENT, Standing, Worth

ROUNDS = 2000
MANY_ROUNDS = 6000
"""Once more from the start where the plan is still too unfair."""
FEW_ROUNDS = 400
"""Ends after so many where nothing is wanting."""
HEAT = 6
"""So many units may a plan be worse that stands for a while, at first."""
AIM = 100
"""After so many rounds the goals follow the plan."""
SEARCHES = 3
"""It starts so often where too much is wanting, each time with other throws."""
LATE_SEARCHES = 4
"""So often at most the least that must be late is looked for, before all others, ..."""
HELPED = (99, 100)
"""... once more only where no more than this part was left of it."""
TOO_FAR = (10, 1000)
"""So much of the b20w that is aimed at is too much; two searches nearer agree."""
PASSES = 20
LEAST_BITS = 16
"""Incomes need more bits than that only where numbers are beyond all wages."""


def anew(book: Book, jobs: list[int], target: int, lowest: int, hands: int) -> None:
    """These jobs are given out better or as they were: on time, fairly, by few hands.

    `target` is the b20w and `hands` the hand-offs that are enough. While b20w is below
    the `lowest` that will do, and some must be late, a little more may be. All is
    tidied.
    """
    if book.bits < LEAST_BITS or not any(book.new[job] for job in jobs):
        return
    tidy(book, jobs, PASSES)
    dice = Dice()

    def search(urgency: int = LATE, granted: int = 0, rounds: int = ROUNDS) -> _Search:
        worth = Worth(book, jobs, target, hands, urgency=urgency, granted=granted)
        found = _Search(book, jobs, dice, worth, rounds)
        found.run()
        return found

    def unfair() -> bool:
        return target - found.least.short < lowest

    if could_be_fewer(book, jobs):
        _least_late(book, jobs, search)
    start = _Copy(book)
    found = search()
    for _ in range(1, SEARCHES):
        before = found.least
        if not _wanting(before, target, hands):
            break
        start.back(jobs)
        other = search()
        found = _better(found, other)
        if abs(other.least.short - before.short) * TOO_FAR[1] <= target * TOO_FAR[0]:
            break
    if unfair():
        start.back(jobs)
        found = _better(found, search(rounds=MANY_ROUNDS))
    found.best.back(jobs)
    must = unpaid(book, jobs) if unfair() else 0
    granted = must + found.worth.pay * GRANTED[0] // GRANTED[1]
    for _ in range(SEARCHES):
        if not unfair() or not must or granted <= found.least.late:
            break
        found = search(granted=granted)


def _least_late(
    book: Book, jobs: list[int], search: Callable[[int], "_Search"]
) -> None:
    """As little stays late as is found; what is fair and short is looked for later."""
    late = sum(book.open[job] * book.jobs[job].rate for job in jobs)
    for _ in range(LATE_SEARCHES):
        start = _Copy(book)
        before, late = late, search(URGENT).least.late
        if late >= before:
            start.back(jobs)
        if not late or late * HELPED[1] > before * HELPED[0]:
            return


def _wanting(least: Standing, target: int, hands: int) -> bool:
    return least.short * TOO_FAR[1] > target * TOO_FAR[0] or least.hands > hands


def _better(one: "_Search", other: "_Search") -> "_Search":
    """Which of the two found the plan that costs less, both on the same scale.

    Each was run with what its own start left late allowed, so they are weighed anew.
    """
    late = min(one.least.late, other.least.late)
    for search in (one, other):
        search.worth.allow(late)
    return min(
        (one, other), key=lambda each: (each.worth.cost(each.least), each.least.late)
    )


class _Search:
    def __init__(
        self, book: Book, jobs: list[int], dice: Dice, worth: Worth, rounds: int
    ) -> None:
        self.book, self.jobs, self.rounds = book, jobs, rounds
        self.dice = dice
        self.worth = worth
        self.taking = Taking(self.worth, self.dice)
        self.now, self.best = _Copy(book), _Copy(book)
        self.least = self.worth.standing()
        self.cost = self.lowest = self.worth.cost(self.least)

    def run(self) -> None:
        """The book is the best that was found."""
        stale = 0
        for at in range(self.rounds):
            if at >= FEW_ROUNDS and self.worth.enough(self.least):
                break
            if at % AIM == 0:
                self.worth.aim()
            stale += 1
            # Half of the rounds without a better plan: the best is taken up again.
            if stale == self.rounds // 2:
                stale = 0
                self._back_to_best()
            left = self.rounds - at
            heat = HEAT * self.worth.unit * left // self.rounds
            if self._round(heat * self.dice.below(256) >> 8):
                stale = 0
        self._back_to_best()

    def _round(self, heat: int) -> bool:
        """Whether a plan was found that is better than all before."""
        pairs = self.taking.draw()
        for job, maker in pairs:
            self.book.take(job, maker, self.book.new[job][maker])
        taken = {job for job, _ in pairs}
        touched = sorted(taken | give_out(self.worth, self.dice, taken))
        tidy(self.book, touched, 1)
        self.worth.note(touched)
        cost = self.worth.cost(self.worth.standing())
        if cost >= self.cost + heat:
            self.now.back(touched)
            self.worth.note(touched)
            return False
        if cost < self.lowest:
            return self._better()
        self.cost = cost
        self.now.keep(touched)
        return False

    def _better(self) -> bool:
        """All is tidied; if that is still the best, it is kept as such."""
        tidy(self.book, self.jobs, PASSES)
        self.worth.note(self.jobs)
        found = self.worth.standing()
        self.cost = self.worth.cost(found)
        self.now.keep(self.jobs)
        if self.cost >= self.lowest or found.late > self.worth.allowed:
            return False
        if found.late < self.least.late:
            self.worth.allow(found.late)
            self.cost = self.worth.cost(found)
        self.least, self.lowest = found, self.cost
        self.best.keep(self.jobs)
        return True

    def _back_to_best(self) -> None:
        self.best.back(self.jobs)
        self.now.keep(self.jobs)
        self.worth.note(self.jobs)
        self.cost = self.lowest


class _Copy:
    """What a book held at one time."""

    def __init__(self, book: Book) -> None:
        self.book = book
        self.live = (
            *(book.income, book.slack, book.room),
            *(book.base_slack, book.base_room),
        )
        self.tables = [table.copy() for table in self.live]
        self.open = book.open[:]
        self.new = [dict(held) for held in book.new]

    def keep(self, jobs: list[int]) -> None:
        """The book as it is; only these jobs differ from what was held."""
        for table, live in zip(self.tables, self.live, strict=True):
            table[:] = live
        for job in jobs:
            self.open[job] = self.book.open[job]
            self.new[job] = dict(self.book.new[job])

    def back(self, jobs: list[int]) -> None:
        """The book is again as it was; only these jobs differ."""
        for table, live in zip(self.tables, self.live, strict=True):
            live[:] = table
        for job in jobs:
            self.book.open[job] = self.open[job]
            self.book.new[job] = dict(self.new[job])
