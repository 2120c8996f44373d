"""What a change left late: shorter pieces oust longer ones."""

from dataclasses import dataclass

from .book import Book
from .measures import fairness
from .oust import in_pieces, oust
from .place import place_all, still_open
from .repair import repair
from .worth import LATE

Held = dict[int, dict[int, int]]
LITTLE = 40 * 60
"""For so many minutes of late work others make room once more."""
DEAR = (1, 100)
"""Fewer pieces late may not cost more than this part of b20w."""


@dataclass(frozen=True, slots=True)
class State:
    """Fen late of so much pay; b20w."""

    late_fen: int
    pay: int
    fair: int

    def is_dear(self, first: "State") -> bool:
        """Pay and fairness have lost too much since the first state.

        A thousandth of all pay weighs as much as `LATE` thousandths of b20w. Where that
        is nothing it cannot be a measure: more of it makes up for no pay.
        """
        fair = abs(first.fair) or 1
        gained = self.fair - first.fair if first.fair else min(0, self.fair)
        lost = (self.late_fen - first.late_fen) * LATE * fair - gained * self.pay
        return lost * DEAR[1] > fair * self.pay * DEAR[0]


def retry(book: Book, jobs: list[int], floor: int) -> None:
    """Fewer pieces of these jobs stay late, if that is not too dear.

    Longer pieces make way for more short ones, and find room where any is.
    """
    if not still_open(book, jobs):
        return
    first, held = _state(book, jobs), {job: dict(book.new[job]) for job in jobs}
    if not oust(book, jobs, in_pieces, lambda: not _state(book, jobs).is_dear(first)):
        return
    late = [job for job in jobs if book.open[job]]
    place_all(book, late, floor)
    minutes = sum(book.open[job] * book.jobs[job].minutes for job in late)
    if minutes <= LITTLE:
        repair(book, jobs, floor)
    if _state(book, jobs).is_dear(first):
        _give_back(book, held)


def _state(book: Book, jobs: list[int]) -> State:
    return State(
        sum(book.open[job] * book.jobs[job].rate for job in jobs),
        sum(job.pieces * job.rate for job in book.jobs if not job.held),
        fairness(book.columns, book.income),
    )


def _give_back(book: Book, held: Held) -> None:
    """Everybody has of these jobs what she had."""
    for job in held:
        for maker, pieces in list(book.new[job].items()):
            book.take(job, maker, pieces)
    for job, before in held.items():
        for maker, pieces in before.items():
            book.give(job, maker, pieces)
