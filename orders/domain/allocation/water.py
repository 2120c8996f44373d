"""Water levels: how much of each craft each maker should get if work were liquid.

Work of one kind (craft, grade, deadline, bases) is a bucket poured over its makers so
that it fills the lowest first. Buckets are taken up and poured again, one after the
other, until little moves. A base that is overfull gets a lid: by that deadline no
level in it rises above the lid. All in whole numbers.
"""

import numpy as np

from .book import Book
from .filling import filled
from .intake import Ints
from .lids import let_through, set_lids, under
from .measures import fifth_at
from .tight import find_tight, lids_of, toll_of
from .vessel import BIG, NIL, URGENCIES, Bucket, Water, named

MOST_SWEEPS = 11
TIGHT_AFTER = 1
"""After this sweep lids show which bases are tight."""
LET_THROUGH = range(2, 8)
"""After these sweeps buckets that lids keep from being emptied become more urgent."""
LITTLE = 10_000
"""A bucket of which less than one part in so many of all work moved rests."""
REST = 3
"""Sweeps; it comes along again in the fourth, for the others have moved since."""
STILL = 100
"""Pouring ends when less than one part in this many still moves."""
MOST_MONEY = 1 << 45


def pour(book: Book, jobs: list[int], sweeps: int = MOST_SWEEPS) -> Water:
    """The open pieces of these jobs as water at rest over the makers of the book."""
    water = _still_dry(book, jobs)
    if sweeps >= MOST_SWEEPS:
        _scarce_first(water)
        if not _narrow(water):
            for bucket in water.buckets:
                _refill(water, bucket)
    for sweep in range(sweeps):
        total = sum(bucket.money for bucket in water.buckets)
        little = total // LITTLE
        moved = sum(_stir(water, bucket, sweep, little) for bucket in water.buckets)
        if sweep == 0:
            water.fifth = fifth_at(water.book.columns, water.income, water.bits)
        if sweep in LET_THROUGH and sweep + 1 < sweeps:
            moved += let_through(water)
        over = set_lids(water)
        if sweep == TIGHT_AFTER:
            water.tight = find_tight(water)
            _wake(water)
        water.under = under(water.lid)
        if (
            sweep >= LET_THROUGH[0]
            and moved * STILL < total
            and over * 2 * STILL < total
        ):
            break
    return water


def _scarce_first(water: Water) -> None:
    """Buckets that find too little room come before all others.

    They are found by handing every bucket out evenly.
    """
    slack = water.slack.copy()
    short = [one for one in water.buckets if not _finds_room(slack, one)]
    water.buckets = short + [one for one in water.buckets if one not in short]


def _finds_room(slack: Ints, bucket: Bucket) -> bool:
    """The bucket takes its part of these free minutes, from all alike.

    Returns whether it fits.
    """
    free = slack[bucket.spots]
    room = np.maximum(np.minimum.reduce(free), NIL)
    most = np.minimum(room * bucket.fen // bucket.per, bucket.money)
    total = int(np.add.reduce(most))
    if total > bucket.money:
        room = room * ((bucket.money << 16) // total) >> 16
    slack[bucket.spots] = free - room
    return (bucket.money - total) * 2_000 <= bucket.money


def _narrow(water: Water) -> bool:
    """Some work may be made in few bases only, which makes for many small buckets."""
    return any(bucket.kind[3] for bucket in water.buckets)


def _still_dry(book: Book, jobs: list[int]) -> Water:
    columns = book.columns
    needs = columns.need
    spread = int(needs.max(initial=1)) // max(1, int(needs.min(initial=1))) + 1
    bits = max(4, book.bits - spread.bit_length() - 1)
    grouped: dict[tuple[int, str, int, frozenset[int] | None], list[int]] = {}
    for job in filter(book.open.__getitem__, jobs):
        line = book.jobs[job]
        key = (line.deadline, line.craft, line.grade, line.bases)
        grouped.setdefault(key, []).append(job)
    buckets = [_bucket(book, members) for members in grouped.values()]
    buckets = [bucket for bucket in buckets if len(bucket.pool.rows)]
    buckets.sort(key=lambda one: (one.deadline, len(one.pool.rows), one.kind))
    lid = np.full((URGENCIES, *columns.capacity.shape), BIG, dtype=np.int64)
    return Water(
        book,
        bits,
        book.income.copy(),
        book.slack.T.flatten(),
        lid,
        np.zeros((URGENCIES, *book.income.shape), dtype=np.int64),
        np.zeros((URGENCIES, *book.slack.T.shape), dtype=np.int64),
        buckets,
        under(lid),
        np.array(bits),
    )


def _bucket(book: Book, jobs: list[int]) -> Bucket:
    line = book.jobs[jobs[0]]
    money = sum(book.open[job] * book.jobs[job].rate for job in jobs)
    minutes = sum(book.open[job] * book.jobs[job].minutes for job in jobs)
    shift = max(0, max(money, minutes).bit_length() - 32)
    pool = book.columns.pool(line)
    none = np.zeros(len(pool.rows), dtype=np.int64)
    due = np.arange(line.deadline, book.columns.days)
    return Bucket(
        (line.craft, line.grade, line.deadline, named(line.bases)),
        pool,
        line.deadline,
        min(money, MOST_MONEY),
        max(1, money >> shift),
        max(1, minutes >> shift),
        0,
        2 * BIG // int(pool.need.max(initial=1)),
        due[:, None] * len(book.need) + pool.rows,
        none,
        none.copy(),
    )


def _stir(water: Water, bucket: Bucket, sweep: int, little: int) -> int:
    """Poured again, but where hardly anything moved the last time it rests awhile."""
    if bucket.rests:
        bucket.rests -= 1
        return 0
    moved = _refill(water, bucket)
    if sweep > 0 and moved < little:
        bucket.rests = REST
    return moved


def _wake(water: Water) -> None:
    """Where tight bases are known now, all start afresh."""
    if water.tight is not None:
        for bucket in water.buckets:
            bucket.rests = 0


def _refill(water: Water, bucket: Bucket) -> int:
    """The bucket is taken up and poured again; returns the fen that changed hands."""
    rows, need, bits = bucket.pool.rows, bucket.pool.need, water.shift
    before = water.income[rows]
    income = before - bucket.poured
    slack = water.slack[bucket.spots]
    room = np.minimum.reduce(slack)
    room += bucket.minutes
    most: Ints = np.maximum(room, NIL)
    most *= bucket.fen
    most //= bucket.per
    most = np.minimum(most, bucket.money)
    lids = lids_of(water, bucket)
    if lids is not None:
        below = np.minimum(lids, bucket.limit)[bucket.pool.home]
        below *= need
        below >>= bits
        below -= income
        most = np.minimum(np.maximum(below, NIL), most)
    total = int(np.add.reduce(most))
    if total <= bucket.money:
        poured = most
    else:
        spare = np.maximum(before - (need * bucket.level >> bits), NIL)
        seen = income + np.minimum(spare, bucket.poured)
        toll = toll_of(water, bucket)
        if toll is not None:
            seen += toll
        poured = filled(water, bucket, seen, need, most, total)
    minutes = -(-poured * bucket.per // bucket.fen)
    water.income[rows] = income + poured
    slack -= minutes - bucket.minutes
    water.slack[bucket.spots] = slack
    moved = int(np.add.reduce(abs(poured - bucket.poured)))
    bucket.poured, bucket.minutes = poured, minutes
    return moved
