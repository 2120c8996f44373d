"""What a small plan is worth: late work, fairness and journeys on one scale.

The unit is a thousandth of the b20w that is aimed at, in fen of the poorest fifth.
"""

from dataclasses import dataclass

import numpy as np

from .book import Book
from .gather import level_of_fifth
from .intake import Ints
from .measures import PER_NEED, fairness, within_reach

LATE = 8
"""A thousandth of all pay that is late costs so many units."""
TOO_LATE = 70
"""So many more, where it is beyond what counts as nothing: fairness seldom pays it."""
URGENT = 60
"""Instead of `LATE` where the least that must be late is looked for."""
JOURNEY = (3, 10)
"""A hand-off or a parcel costs this part of a unit, a hand-off over budget ..."""
TOO_MANY = 12
"""... so many units."""
SPARING = 4
"""While there are too many hands journeys count so many times when handing out."""
NOTHING = (1, 1000)
"""So little of the pay is nothing beside fairness, where some is late anyhow ..."""
GRANTED = (33, 10_000)
"""... and so little beyond what must be late, where the plain way is far fairer."""
ABOVE = 16
"""The poorest are raised a sixteenth above the level of the fifth, so that it rises."""


@dataclass(frozen=True, slots=True)
class Standing:
    """Late fen, how much b20w is short of the aim, hand-offs, parcels."""

    late: int
    short: int
    hands: int
    parcels: int


class Worth:
    """The standing of some jobs of a book, kept up to date job by job.

    `goal` is the income in fen up to which each maker counts as poor, `toll` what a
    journey costs while work is handed out, `urgency` the units that a thousandth of
    all pay costs if it is late. Up to the `granted` fen none is too late.
    """

    def __init__(
        self,
        book: Book,
        jobs: list[int],
        target: int,
        hands: int,
        *,
        urgency: int = LATE,
        granted: int = 0,
    ) -> None:
        self.book, self.jobs = book, jobs
        self.urgency, self.granted = urgency, granted
        self.target, self.hands = target, hands
        self.reach = within_reach(book.columns)
        fifth = int(book.columns.need[self.reach].sum()) // 5
        self.unit = max(1, target * fifth // (PER_NEED * 1000))
        self.price = max(1, self.unit * JOURNEY[0] // JOURNEY[1])
        self.pay = sum(book.jobs[job].pieces * book.jobs[job].rate for job in jobs)
        self.toll = self.price
        self.allowed = 0
        self.parts: dict[int, tuple[int, int, int]] = {}
        self.goal: Ints = book.income
        self.note(jobs)
        self.allow(self.standing().late)
        self.aim()

    def note(self, jobs: list[int]) -> None:
        """The shares of these jobs are counted again."""
        book = self.book
        for job in jobs:
            self.parts[job] = (
                book.open[job] * book.jobs[job].rate,
                len(book.new[job]) + len(book.fixed[job]),
                len(book.parcels(job)),
            )

    def aim(self) -> None:
        """The goals follow the level of the poorest fifth, the toll the hand-offs."""
        book = self.book
        level = level_of_fifth(book)
        goals = [level * need >> book.bits for need in book.need]
        self.goal = np.array([max(1, goal + goal // ABOVE) for goal in goals])
        many = self.standing().hands > self.hands
        self.toll = self.price * (SPARING if many else 1)

    def allow(self, late: int) -> None:
        """So much is late at least; where it is not 0, a little more is nothing."""
        nothing = self.pay * NOTHING[0] // NOTHING[1] if late else 0
        self.allowed = max(late, self.granted) if self.granted else late + nothing

    def standing(self) -> Standing:
        """How the plan stands now."""
        late = hands = parcels = 0
        for fen, shares, bases in self.parts.values():
            late += fen
            hands += shares
            parcels += bases
        b20w = fairness(self.book.columns, self.book.income)
        return Standing(late, max(0, self.target - b20w), hands, parcels)

    def cost(self, now: Standing) -> int:
        """What is wanting, in fen of the poorest fifth: the lower the better."""
        over = max(0, now.late - self.allowed)
        late = (over * TOO_LATE + now.late * self.urgency) * 1000 * self.unit
        short = now.short * 1000 * self.unit
        return (
            late // max(1, self.pay)
            + short // max(1, self.target)
            + (now.hands + now.parcels) * self.price
            + max(0, now.hands - self.hands) * TOO_MANY * self.unit
        )

    def enough(self, now: Standing) -> bool:
        """Nothing is late, fairness is reached, and there are not too many hands."""
        return now.late == 0 == now.short and now.hands <= self.hands
