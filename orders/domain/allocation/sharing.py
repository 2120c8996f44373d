"""A share is parted among others who make some of the same job already."""

import numpy as np

from .book import Book
from .intake import Ints


def makers_of(book: Book, job: int) -> Ints:
    """Who has a new share of the job."""
    return np.array(list(book.new[job]), dtype=np.int64)


def could(book: Book, job: int, maker: int, others: Ints) -> int:
    """How many of her pieces these others have hours for, each by herself."""
    line, home = book.jobs[job], book.columns.home[others]
    own = book.room[others, line.deadline]
    both = np.minimum(own, book.base_room[home, line.deadline])
    minutes = np.where(home == book.home[maker], own, both)
    return int((np.maximum(minutes, 0) // line.minutes).sum())


def share_out(
    book: Book, job: int, maker: int, others: list[int]
) -> list[tuple[int, int]] | None:
    """Her pieces are with these others, who make some already, the lowest level first.

    Returns who got how many; None, and nothing has moved, if they have no room for all.
    """
    pieces = book.new[job][maker]
    book.take(job, maker, pieces)
    parts: list[tuple[int, int]] = []
    rest = pieces
    for heir in sorted(others, key=book.turn):
        part = min(rest, book.fits(job, heir))
        if part > 0:
            book.give(job, heir, part)
            parts.append((heir, part))
            rest -= part
        if not rest:
            return parts
    for heir, part in parts:
        book.take(job, heir, part)
    book.give(job, maker, pieces)
    return None
