"""Lids: what keeps a full base's levels down, and what is let through all the same."""

from dataclasses import replace

import numpy as np

from .columns import by_base
from .intake import Ints
from .tight import by_pay, lifted
from .vessel import BIG, URGENCIES, Water, is_short

STEPS = 18
"""A lid is looked for in so many halves of the span of levels."""


def let_through(water: Water) -> int:
    """What lids keep in a bucket becomes a more urgent bucket of its own."""
    short = [one for one in water.buckets if one.urgency < URGENCIES - 1]
    total = sum(bucket.money for bucket in water.buckets)
    short = [bucket for bucket in short if is_short(bucket, total)]
    through = 0
    for bucket in short:
        rest = bucket.money - int(bucket.poured.sum())
        bucket.money -= rest
        through += rest
        if bucket.spill is not None:
            bucket.spill.money += rest
            bucket.spill.rests = 0
            continue
        none = np.zeros_like(bucket.poured)
        bucket.spill = replace(
            bucket,
            money=rest,
            urgency=bucket.urgency + 1,
            rests=0,
            spilt=True,
            toll=None,
            poured=none,
            minutes=none.copy(),
        )
        water.buckets.append(bucket.spill)
    water.buckets.sort(key=lambda bucket: -bucket.urgency)
    return through


def set_lids(water: Water) -> int:
    """Lids of overfull bases sink until they fit, loose ones rise; excess in fen."""
    columns = water.book.columns
    starts, _ = by_base(columns.home)
    if not len(starts):
        return 0
    _add_up(water)
    room = np.maximum(water.book.base_slack, 0)
    excess = 0
    for urgency in reversed(range(URGENCIES)):
        if water.pay[urgency].any():
            excess += _lids(water, urgency, room, starts)
    return excess


def _add_up(water: Water) -> None:
    """What every maker has by urgency: her pay, and her minutes by deadline."""
    for urgency in range(URGENCIES):
        mine = [one for one in water.buckets if one.urgency == urgency]
        pay, busy = np.zeros_like(water.slack), np.zeros_like(water.slack)
        if mine:
            spots = np.concatenate([one.spots[0] for one in mine])
            np.add.at(pay, spots, np.concatenate([one.poured for one in mine]))
            np.add.at(busy, spots, np.concatenate([one.minutes for one in mine]))
        water.busy[urgency] = busy.reshape(water.busy[urgency].shape)
        water.pay[urgency] = pay.reshape(water.busy[urgency].shape).sum(axis=0)


def under(lid: Ints) -> list[list[Ints | None]]:
    """By urgency and deadline the lid of each base, None where no base has one."""
    least = np.minimum.accumulate(lid[:, :, ::-1], axis=2)[:, :, ::-1]
    return [
        [
            by_base.copy() if int(by_base.min(initial=BIG)) < BIG else None
            for by_base in each.T
        ]
        for each in least
    ]


def _lids(water: Water, urgency: int, free: Ints, starts: Ints) -> int:
    """The lids of one urgency; what it takes is no longer `free` for the next."""
    columns = water.book.columns
    lid, pay = water.lid[urgency].T, water.pay[urgency]
    busy = water.busy[urgency].cumsum(axis=0)
    minutes = np.maximum(busy[-1], 1)
    room = free.T.copy()
    load = np.zeros_like(room)
    load[:, columns.home[starts]] = np.add.reduceat(busy, starts, axis=1)
    free -= load.T
    over = (load > room) & (load > 0)
    loose = (load * 200 < room * 199) & (lid < BIG)
    lid[loose] += _rise(water, lid[loose], (room - load)[loose], room[loose])
    if not over.any():
        return 0
    at, who = over[:, columns.home].nonzero()
    work = busy[at, who], minutes[who], pay[who]
    _lower(water, urgency, lid, at, who, *work, room)
    much = np.where(over, load - room, 0).sum(axis=1)
    days = np.flatnonzero(much)
    begin = at.searchsorted(days)
    paid, took = (np.add.reduceat(one, begin) for one in (work[2], work[1]))
    each = zip(much[days].tolist(), paid.tolist(), took.tolist(), strict=True)
    return sum(minute * fen // all_ for minute, fen, all_ in each)


def _rise(water: Water, lid: Ints, free: Ints, room: Ints) -> Ints:
    """By how much a loose base's lid goes up: the more, the more of it is free."""
    part = np.minimum(free * 32 // np.maximum(room, 1), 16)
    rise: Ints = np.maximum(abs(lid) // 50, (abs(water.fifth) >> 6) * part) + 1
    return rise


def _lower(
    water: Water,
    urgency: int,
    lid: Ints,
    at: Ints,
    who: Ints,
    busy: Ints,
    minutes: Ints,
    pay: Ints,
    room: Ints,
) -> None:
    """For each base of `who` the highest lid under which its work fits.

    Lids and room are by deadline and base; by deadline `at` its makers come one after
    another.
    """
    columns = water.book.columns
    home, need = columns.home[who], columns.need[who]
    income = water.income[who]
    starts, size = by_base(at * len(columns.bases) + home)
    full = at[starts], home[starts]
    levels = (income << water.bits) // need
    shift = max(0, int(max(pay.max(), minutes.max())).bit_length() - 30)
    fen, per = np.maximum(pay >> shift, 1), np.maximum(minutes >> shift, 1)
    dry = ((income - pay) << water.bits) // need
    more = np.zeros_like(need)
    if water.tight is not None and urgency == 0:
        more = by_pay(water.tight, water.fifth, home, (fen << 10) // per)
    high = np.maximum.reduceat(levels - np.minimum(more, 0), starts) + 1
    low = np.minimum.reduceat(dry - np.maximum(more, 0), starts) - 1
    for _ in range(STEPS):
        middle = (low + high) >> 1
        most = lifted(np.repeat(middle, size), more, water.fifth)
        above = np.maximum(income - (most * need >> water.bits), 0)
        less = np.minimum(np.minimum(above, pay) * per // fen, busy)
        fits = np.add.reduceat(busy - less, starts) <= room[full]
        low = np.where(fits, middle, low)
        high = np.where(fits, high, middle)
    lid[full] = np.minimum(low, lid[full])
