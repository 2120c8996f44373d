"""In which order jobs are handed out: what has fewest places to go comes first."""

import numpy as np

from .book import Book
from .columns import by_base
from .intake import EMPTY


def in_turn(book: Book, jobs: list[int]) -> list[int]:
    """Scarcest craft first; in it hardest grade, earliest due, then largest."""
    asked: dict[str, int] = {}
    for job in jobs:
        line = book.jobs[job]
        asked[line.craft] = asked.get(line.craft, 0) + book.open[job] * line.minutes
    scarce = {craft: _scarcity(book, craft, asked[craft]) for craft in asked}

    def turn(job: int) -> tuple[int, str, int, int, int, int]:
        line = book.jobs[job]
        work = -book.open[job] * line.minutes
        first = -scarce[line.craft]
        return first, line.craft, -line.grade, line.deadline, work, line.id

    return sorted(jobs, key=turn)


def _scarcity(book: Book, craft: str, asked: int) -> int:
    """Minutes asked for per thousand that makers of the craft and their bases have."""
    columns = book.columns
    rows, _ = columns.crafts.get(craft, (EMPTY, EMPTY))
    if not len(rows):
        return 0
    home = columns.home[rows]
    starts, _ = by_base(home)
    own = np.add.reduceat(np.maximum(book.room[rows, -1], 0), starts)
    free = np.minimum(own, np.maximum(book.base_room[home[starts], -1], 0))
    return asked * 1_000 // (int(free.sum()) + 1)
