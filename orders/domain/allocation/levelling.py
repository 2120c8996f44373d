"""The continuous solution as the seam shows it: fen of each craft for each maker."""

from collections import defaultdict

import numpy as np

from .columns import columns
from .planning import by_turn, opened
from .terms import Levels, Problem, WorkKey
from .water import pour


def levels(problem: Problem) -> Levels:
    """What each maker should get of each craft if work were liquid, kept work aside."""
    cols = columns(problem)
    book = opened(cols, problem)
    paid, held = by_turn(book)
    quota: dict[tuple[int, str], int] = defaultdict(int)
    work: dict[WorkKey, int] = defaultdict(int)
    for bucket in pour(book, paid + held).buckets:
        pool = bucket.pool
        craft, grade, deadline = bucket.kind[:3]
        filled = bucket.poured.nonzero()[0]
        for row, fen in zip(
            pool.rows[filled].tolist(), bucket.poured[filled].tolist(), strict=True
        ):
            quota[cols.makers[row].id, craft] += fen
        sums = np.add.reduceat(bucket.poured, pool.starts)
        for home, fen in zip(pool.base.tolist(), sums.tolist(), strict=True):
            if fen:
                county = cols.bases[home].county
                work[county, craft, grade, deadline, bucket.kind[3]] += fen
    return Levels(dict(quota), dict(work))
