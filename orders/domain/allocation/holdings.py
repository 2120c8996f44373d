"""All new shares of some jobs at once: as columns, and by maker."""

from itertools import chain

import numpy as np

from .book import Book
from .intake import Ints


def holdings(book: Book, jobs: list[int]) -> tuple[list[int], Ints, Ints]:
    """How many shares each job has; maker and pieces of every share, job after job."""
    held = [book.new[job] for job in jobs]
    sizes = list(map(len, held))
    makers = np.fromiter(chain.from_iterable(held), np.int64, sum(sizes))
    pieces = chain.from_iterable(one.values() for one in held)
    return sizes, makers, np.fromiter(pieces, np.int64, sum(sizes))


def as_rows(book: Book, jobs: list[int]) -> Ints:
    """Every new share of these jobs as a row of job, maker and pieces."""
    sizes, makers, pieces = holdings(book, jobs)
    job = np.repeat(np.array(jobs, dtype=np.int64), sizes)
    rows: Ints = np.stack((job, makers, pieces), axis=1)
    return rows


def jobs_by_maker(book: Book, jobs: list[int]) -> dict[int, set[int]]:
    """Of which of the jobs each maker has a new share."""
    found: dict[int, set[int]] = {}
    for job in jobs:
        for maker in book.new[job]:
            found.setdefault(maker, set()).add(job)
    return found
