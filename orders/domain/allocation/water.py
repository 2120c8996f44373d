"""Water levels: how much of each craft each maker should get if work were liquid.

Work of one kind (craft, grade, deadline, bases) is a bucket poured over its makers so
that it fills the lowest first. Buckets are taken up and poured again, one after the
other, until little moves. The hours of an overfull base get a price, which counts as
if its makers stood higher. All in whole numbers.
"""

import numpy as np

from .bend import NIL, USUAL, Shape, bend_at
from .book import Book
from .buckets import still_dry
from .filling import brim, filled, lifted
from .fitting import fit
from .intake import Ints
from .measures import fairness, fifth_at
from .prices import set_prices
from .vessel import Bucket, Water, charge_of, put, room_of

MOST_SWEEPS = 12
NARROW = 4
"""Where work for few bases makes for many small buckets, one in so many or more, one
sweep in so many is enough, ..."""
FEW, FEW_SWEEPS = 8, 6
"""... and where one paid job in so many is poured at most: few come to rest sooner."""
LEAST_SWEEPS = 3
ASIDE = 2
"""After this sweep what finds no room at all is left out, or its price would rise
without end; it comes back when all others are at rest."""
MANY, MANY_SWEEPS = 2_000, 20
"""More jobs than that come to rest later, ..."""
LONG_SWEEPS = 28
"""... and so long is enough for all."""
MUCH = 100
"""Where it has to be timely nothing is left out, but one part in so many without room
..."""
SHALLOW: Shape = (8, 4)
"""... makes levels bend less from then on."""
SHAPES: tuple[Shape, ...] = ((12, 7), (8, 8))
"""Of much work; which is better depends on the network, the first one hardly less."""
LESS = 500
"""What leaves one part in so many more of the work without room is not the best."""
LITTLE = 20_000
"""A bucket of which less than one part in so many of all work moved rests, ..."""
ROUGHLY = 5_000
"""... or in so many where roughly is enough."""
REST = 3
"""Sweeps; it comes along again in the fourth, for the others have moved since."""
STILL = 300
"""Pouring ends when less than one part in this many still moves."""
HARDLY = 2_000
"""One part in so many without room is no more than rounding leaves over."""


def pour(
    book: Book,
    jobs: list[int],
    sweeps: int = MOST_SWEEPS,
    *,
    rough: bool = False,
    timely: bool = False,
) -> Water:
    """The open pieces of these jobs as water at rest over the makers of the book.

    If `rough` is enough, they are nearly fitted into full bases; if it has to be
    `timely`, more finds room, less fairly. Very many are neither.
    """
    if len(jobs) > MANY and sweeps >= MOST_SWEEPS:
        return _poured(book, jobs, MANY_SWEEPS, SHAPES[0])
    return _poured(book, jobs, sweeps, USUAL, rough, timely)


def pour_long(book: Book, jobs: list[int]) -> Water:
    """The same in many sweeps, and twice, in other shapes: the better water is kept.

    Few jobs are poured in no more sweeps than otherwise, work for few bases in seven.
    """
    return _best([_poured(book, jobs, LONG_SWEEPS, shape) for shape in SHAPES])


def is_few(book: Book, jobs: list[int]) -> bool:
    """Whether so few jobs are poured beside others that are paid and stand."""
    return len(jobs) * FEW <= sum(not job.held for job in book.jobs)


def _best(waters: list[Water]) -> Water:
    """Of those that place most work the one that leaves the poorest fifth most."""
    rests = [sum(bucket.rest() for bucket in water.buckets) for water in waters]
    total = sum(bucket.money for bucket in waters[0].buckets)
    most = min(rests) + total // LESS
    able = [one for one, rest in zip(waters, rests, strict=True) if rest <= most]
    return max(able, key=lambda one: fairness(one.book.columns, one.income))


def _poured(
    book: Book,
    jobs: list[int],
    sweeps: int,
    shape: Shape,
    rough: bool = False,
    timely: bool = False,
) -> Water:
    water = still_dry(book, jobs, shape)
    apart = sweeps > LEAST_SWEEPS
    if apart:
        _scarce_first(water)
    total = sum(bucket.money for bucket in water.buckets)
    if _is_narrow(water):
        sweeps, apart = max(sweeps // NARROW, LEAST_SWEEPS), False
    elif is_few(book, jobs):
        sweeps = min(sweeps, FEW_SWEEPS)
    little = total // (ROUGHLY if rough else LITTLE)
    aside = [0] * len(water.buckets)
    for sweep in range(sweeps if water.buckets else 0):
        least = little if sweep else 0
        moved = sum(_stir(water, bucket, least) for bucket in water.buckets)
        if sweep == ASIDE and apart:
            if not timely:
                aside = _set_aside(water)
            elif _lacks_room(water):
                shape = SHALLOW
        _bend(water, fifth_at(book.columns, water.income, water.bits), shape)
        wrong = set_prices(water)
        if sweep >= LEAST_SWEEPS and max(moved, wrong) * STILL < total:
            break
    for bucket, rest in zip(water.buckets, aside, strict=True):
        bucket.money += rest
    fit(water, alike=True, nearly=rough)
    if not rough:
        fit(water, alike=False)
    return water


def _is_narrow(water: Water) -> bool:
    """Whether one kind of work in so many or more is for few bases."""
    narrow = sum(1 for bucket in water.buckets if bucket.kind[3])
    return narrow * NARROW >= len(water.buckets)


def _set_aside(water: Water) -> list[int]:
    """Each bucket is left without what full bases and makers have no room for.

    Returns what that is, in fen.
    """
    fit(water, alike=True, nearly=True)
    rests = [bucket.rest() for bucket in water.buckets]
    if sum(rests) * HARDLY <= sum(bucket.money for bucket in water.buckets):
        return [0] * len(rests)
    fit(water, alike=False)
    rests = [bucket.rest() for bucket in water.buckets]
    for bucket, rest in zip(water.buckets, rests, strict=True):
        bucket.money -= rest
    return rests


def _lacks_room(water: Water) -> bool:
    """Whether full bases and makers have no room for much of the work."""
    fit(water, alike=True, nearly=True)
    rest = sum(bucket.rest() for bucket in water.buckets)
    return rest * MUCH > sum(bucket.money for bucket in water.buckets)


def _bend(water: Water, fifth: int, shape: Shape) -> None:
    """Levels are bent about the fifth where it is now, unless it has hardly moved.

    Prices stay what they are: where it is steep, a bent level is as much as a level.
    """
    old = water.bend
    new = bend_at(fifth, old.limit, shape)
    if shape == old.shape and abs(new.low - old.low) * 8 <= new.steep:
        return
    for bucket in water.buckets:
        bucket.level = new.count(old.level(bucket.level))
    water.level = new.count(old.level(water.level))
    water.bend = new


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


def _stir(water: Water, bucket: Bucket, little: int) -> int:
    """Poured again, but where hardly anything moved the last time it rests awhile."""
    if bucket.rests:
        bucket.rests -= 1
        return 0
    moved = _refill(water, bucket)
    if moved < little:
        bucket.rests = REST
    return moved


def _refill(water: Water, bucket: Bucket) -> int:
    """The bucket is taken up and poured again; returns the fen that changed hands.

    Who has more work than the level asks for counts as standing so much higher: she
    has work of another kind, and the two would push each other out in turn.
    """
    pool, need = bucket.pool, bucket.pool.need
    before = water.income[pool.rows]
    income = before - bucket.poured
    slack = water.slack[bucket.spots]
    most = room_of(bucket, slack)
    charge = charge_of(water, bucket)
    total = int(np.add.reduce(most))
    if total <= bucket.money:
        poured = most
        bucket.level = brim(water, bucket, income, most, charge)
    else:
        asked = lifted(water.bend, bucket.level, charge, pool.sizes) * need
        spare = np.maximum(before - (asked >> water.shift), NIL)
        seen = income + np.minimum(spare, bucket.poured)
        poured = filled(water, bucket, seen, most, total, charge)
    return put(water, bucket, income, slack, poured)
