"""Open work before it is poured: all of one kind in one bucket."""

import numpy as np

from .bend import Shape, bend_at
from .book import Book
from .measures import fifth_at
from .vessel import BIG, FINE, PACE, Bucket, Water, named

MOST_MONEY = 1 << 45
MOST_USUAL = 1 << 26


def still_dry(book: Book, jobs: list[int], shape: Shape) -> Water:
    """The open pieces of these jobs in buckets, and nobody has any yet."""
    columns = book.columns
    needs = columns.need
    most, least = int(needs.max(initial=1)), max(1, int(needs.min(initial=1)))
    bits = max(0, book.bits - (most // least + 1).bit_length() - 1)
    grouped: dict[tuple[int, str, int, frozenset[int] | None], list[int]] = {}
    for job in filter(book.open.__getitem__, jobs):
        line = book.jobs[job]
        key = (line.deadline, line.craft, line.grade, line.bases)
        grouped.setdefault(key, []).append(job)
    usual = _usual(book, jobs)
    buckets = [_bucket(book, members, usual) for members in grouped.values()]
    buckets = [bucket for bucket in buckets if len(bucket.pool.rows)]
    buckets.sort(key=lambda one: (one.deadline, len(one.pool.rows), one.kind))
    return Water(
        book,
        bits,
        book.income.copy(),
        book.slack.T.flatten(),
        np.zeros_like(columns.capacity.T),
        [None] * columns.days,
        usual,
        buckets,
        bend_at(fifth_at(columns, book.income, bits), BIG // most, shape),
        np.array(bits),
        np.full_like(columns.capacity.T, PACE),
        np.zeros(columns.capacity.T.shape, dtype=bool),
    )


def _usual(book: Book, jobs: list[int]) -> int:
    """What 1,024 minutes of all open work pay on average."""
    fen = sum(book.open[job] * book.jobs[job].rate for job in jobs)
    minutes = sum(book.open[job] * book.jobs[job].minutes for job in jobs)
    return min(max(1, (fen << 10) // max(1, minutes)), MOST_USUAL)


def _bucket(book: Book, jobs: list[int], usual: int) -> Bucket:
    line = book.jobs[jobs[0]]
    money = sum(book.open[job] * book.jobs[job].rate for job in jobs)
    minutes = sum(book.open[job] * book.jobs[job].minutes for job in jobs)
    shift = max(0, max(money, minutes).bit_length() - 32)
    fen, per = max(1, money >> shift), max(1, minutes >> shift)
    dear = (usual * per << FINE - 10) // fen
    pool = book.columns.pool(line)
    none = np.zeros(len(pool.rows), dtype=np.int64)
    due = np.arange(line.deadline, book.columns.days)
    return Bucket(
        (line.craft, line.grade, line.deadline, named(line.bases)),
        pool,
        line.deadline,
        min(money, MOST_MONEY),
        fen,
        per,
        min(max(dear, 1 << FINE - 2), 1 << FINE + 2),
        0,
        due[:, None] * len(book.need) + pool.rows,
        none,
        none.copy(),
    )
