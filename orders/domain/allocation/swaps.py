"""What swaps of shares need, for many pairs at once: hours and parcels."""

from dataclasses import dataclass

import numpy as np

from .book import Book
from .holdings import holdings
from .intake import Ints, Truths


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


Load = tuple[Ints | int, Ints]
"""Deadline and minutes."""


def has_time(slack: Ints, gone: Load, asked: Load) -> Truths:
    """Whether the work that is asked for fits once other work is gone.

    `slack` is by deadline last; all else goes with its other axes.
    """
    (gone_due, freed), (due, minutes) = gone, asked
    found: Truths = np.ones(1, dtype=bool)
    for day in range(slack.shape[-1]):
        left = slack[..., day] + np.where(np.less_equal(gone_due, day), freed, 0)
        found = found & ((left >= minutes) | np.greater(due, day))
    return found
