"""What is still too much for full bases in the end is poured where there is room.

First all work of a base gives way alike, for at its price each kind finds as good a
place elsewhere. What still does not fit then is work that counts least: it has most
places to go to.
"""

import numpy as np

from .bend import NIL
from .filling import PART, brim, filled
from .intake import Ints, Truths
from .vessel import Bucket, Water, charge_of, minutes_for, put, room_of

NEARLY = 11
"""One part in 2¹¹ too much is not worth the work ..."""
LITTLE = 10
"""... nor is one in 2¹⁰ of a bucket that is short of room."""
TURNS = 3
"""So often it is poured while rounding to whole minutes leaves more than that."""
STEPS = 20


def fit(water: Water, *, alike: bool, nearly: bool = False) -> None:
    """No base is overfull: work of it gives way `alike`, or what counts least first.

    If `nearly` is enough, all in a full base gives way alike, whoever has it.
    """
    left = np.maximum(water.book.base_slack.T, 0)
    load = np.zeros_like(left)
    minutes = [_by_base(bucket, bucket.minutes) for bucket in water.buckets]
    for bucket, used in zip(water.buckets, minutes, strict=True):
        load[bucket.deadline :, bucket.pool.base] += used
    left += (left >> NEARLY) - load
    overfull: Truths = np.logical_or.reduce(left < 0, axis=0)
    turns = zip(water.buckets, minutes, strict=True)
    for bucket, used in sorted(turns, key=lambda one: (one[0].level, one[0].kind)):
        short = _is_short(bucket)
        if not short and not overfull[bucket.pool.base].any():
            continue
        spots = slice(bucket.deadline, None), bucket.pool.base
        room = left[spots]
        if short or ((room < 0) & (used > 0)).any():
            if alike:
                part = (np.maximum(-room, 0) << PART) // np.maximum(load[spots], 1)
                room = np.maximum(room, 0) + used - (part * used >> PART)
            else:
                room = room + used
            left[spots] += used
            _pour_within(water, bucket, np.maximum(room.min(axis=0), 0), nearly)
            left[spots] -= _by_base(bucket, bucket.minutes)
        load[spots] -= used


def _is_short(bucket: Bucket) -> bool:
    return bucket.rest() << LITTLE > bucket.money


def _by_base(bucket: Bucket, minutes: Ints) -> Ints:
    found: Ints = np.add.reduceat(minutes, bucket.pool.starts)
    return found


def _pour_within(water: Water, bucket: Bucket, room: Ints, nearly: bool) -> None:
    """The bucket is taken up and poured again, nowhere more than a base has room.

    The level is the one at which all is poured although full bases take no more.
    """
    income = water.income[bucket.pool.rows] - bucket.poured
    slack = water.slack[bucket.spots]
    most = room_of(bucket, slack)
    charge = charge_of(water, bucket)
    for _ in range(TURNS):
        caps = np.minimum(_by_base(bucket, most), room * bucket.fen // bucket.per)
        total = int(np.add.reduce(caps))
        if total <= bucket.money:
            bucket.level = brim(water, bucket, income, most, charge)
            poured = most
        else:
            poured = filled(water, bucket, income, most, total, charge, caps=caps)
        if nearly:
            poured = _cut(bucket, poured, caps)
            break
        over = _by_base(bucket, minutes_for(bucket, poured)) > room
        if over.any():
            _keep_within(water, bucket, income, poured, most, room, over)
            poured = np.minimum(poured, most)
        left = bucket.money - int(np.add.reduce(poured))
        if total <= bucket.money or left << LITTLE <= bucket.money:
            break
    put(water, bucket, income, slack, poured)


def _cut(bucket: Bucket, poured: Ints, caps: Ints) -> Ints:
    """Of each base no more than its cap, from all of it alike."""
    mine = np.maximum(_by_base(bucket, poured), 1)
    most = np.minimum(np.minimum(mine, caps), bucket.money)
    part = (most << PART) // mine
    found: Ints = poured * part.repeat(bucket.pool.sizes) >> PART
    return found


def _keep_within(
    water: Water,
    bucket: Bucket,
    income: Ints,
    poured: Ints,
    most: Ints,
    room: Ints,
    over: Truths,
) -> None:
    """By overfull base `most` becomes as much of this as fits, from below."""
    pool, bits = bucket.pool, water.bits
    who = over.repeat(pool.sizes).nonzero()[0]
    need, sizes, room = pool.need[who], pool.sizes[over], room[over]
    income, poured = income[who], poured[who]
    starts = sizes.cumsum() - sizes
    limit = water.bend.limit
    some = poured > 0
    high = np.where(some, ((income + poured) << bits) // need, -limit)
    low = np.where(some, (income << bits) // need, limit)
    high = np.minimum(np.maximum.reduceat(high, starts), limit)
    low = np.maximum(np.minimum.reduceat(low, starts), -limit)
    for _ in range(STEPS):
        middle = (low + high) >> 1
        got = _up_to(middle.repeat(sizes) * need >> bits, income, poured)
        fits = np.add.reduceat(minutes_for(bucket, got), starts) <= room
        low = np.where(fits, middle, low)
        high = np.where(fits, high, middle)
    most[who] = _up_to(low.repeat(sizes) * need >> bits, income, poured)


def _up_to(asked: Ints, income: Ints, poured: Ints) -> Ints:
    found: Ints = np.minimum(np.maximum(asked - income, NIL), poured)
    return found
