"""What swaps of shares need, for many pairs at once: hours and parcels."""

from dataclasses import dataclass

import numpy as np

from .book import Book
from .holdings import holdings
from .intake import Ints
from .slack import closed


@dataclass(slots=True)
class Parcels:
    """A number for each parcel in order, and how many shares it holds."""

    bases: int
    known: Ints
    shares: Ints

    def of(self, job: Ints | int, base: Ints) -> Ints:
        """How many shares of the job the base makes, pair by pair."""
        parcel = job * self.bases + base
        at = np.minimum(np.searchsorted(self.known, parcel), len(self.known) - 1)
        found: Ints = np.where(self.known[at] == parcel, self.shares[at], 0)
        return found


def parcels_of(book: Book, jobs: list[int]) -> Parcels:
    """The parcels of these jobs as they are now; there has to be one."""
    bases = len(book.columns.bases) + 1  # a kept share may be at a base that is gone
    sizes, maker, _ = holdings(book, jobs)
    new = np.repeat(jobs, sizes) * bases + book.columns.home[maker]
    fixed = [job * bases + base for job in jobs for _, base in book.fixed[job].values()]
    both = np.concatenate([new, np.array(fixed, np.int64)])
    known, shares = np.unique(both, return_counts=True)
    return Parcels(bases, known, shares)


def room_without(slack: Ints, due: Ints | int, minutes: Ints) -> Ints:
    """What is free by each deadline once this work is gone, row by row."""
    days = np.arange(slack.shape[1])
    gone = np.less_equal(np.reshape(due, (-1, 1)), days)
    return closed(slack + np.where(gone, minutes[:, None], 0))
