"""The continuous solution as the seam shows it: fen of each craft for each maker."""

from collections import defaultdict
from itertools import repeat

import numpy as np

from .collector import uncollected
from .columns import Columns, columns
from .intake import Ints
from .planning import by_turn, opened
from .terms import Levels, Problem, WorkKey
from .water import pour, pour_long

SHORT = 120
"""So few jobs are at rest soon; more are poured long."""


@uncollected
def levels(problem: Problem) -> Levels:
    """What each maker should get of each craft if work were liquid, kept work aside."""
    cols = columns(problem)
    book = opened(cols, problem)
    paid, held = by_turn(book)
    mine: dict[str, Ints] = {}
    work: dict[WorkKey, int] = defaultdict(int)
    jobs = paid + held
    water = pour(book, jobs) if len(jobs) <= SHORT else pour_long(book, jobs)
    for bucket in water.buckets:
        pool = bucket.pool
        craft, grade, deadline = bucket.kind[:3]
        fen_of = mine.setdefault(craft, np.zeros_like(cols.need))
        fen_of[pool.rows] += bucket.poured
        sums = np.add.reduceat(bucket.poured, pool.starts)
        for home, fen in zip(pool.base.tolist(), sums.tolist(), strict=True):
            if fen:
                county = cols.bases[home].county
                work[county, craft, grade, deadline, bucket.kind[3]] += fen
    return Levels(_quota(cols, mine), dict(work))


def _quota(cols: Columns, mine: dict[str, Ints]) -> dict[tuple[int, str], int]:
    """Who gets how much of which craft, by her id, from columns of all makers."""
    names = np.array([maker.id for maker in cols.makers], dtype=np.int64)
    found: dict[tuple[int, str], int] = {}
    for craft, fen_of in mine.items():
        rows = fen_of.nonzero()[0]
        pairs = zip(names[rows].tolist(), repeat(craft))
        found.update(zip(pairs, fen_of[rows].tolist(), strict=True))
    return found
