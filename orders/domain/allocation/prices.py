"""What an hour of a full base costs: the more, the more work wants to go there.

Work goes where its makers stand lowest, and counts what its hours cost there as if
they stood higher. So work that finds as poor makers elsewhere leaves a full base to
work that does not.
"""

import numpy as np

from .columns import by_base
from .intake import Ints, Truths
from .vessel import FINE, Water

STEPS = 16
"""A price is looked for in so many halves of the most it may rise at a time."""
RISE = 4
"""So many times the steep part of bent levels may a price rise at a time."""
DEAREST = 1 << 57


def set_prices(water: Water) -> int:
    """Prices of overfull bases rise, those of loose ones fall.

    Returns the fen for which hours were too few, or still cost something and were left.
    """
    columns = water.book.columns
    starts, _ = by_base(columns.home)
    if not len(starts):
        return 0
    pay, busy = _add_up(water)
    room = np.maximum(water.book.base_slack.T, 0)
    load = np.zeros_like(room)
    load[:, columns.home[starts]] = np.add.reduceat(busy, starts, axis=1)
    price = water.price
    part = np.minimum((room - load) * 256 // np.maximum(room, 1), water.pace)
    fall = (price >> 8) * part + (water.bend.steep >> 8)
    price -= np.where(part > 0, np.minimum(fall, price), 0)
    over = load > room
    # What rises after it fell went too far, and would swing to and fro.
    water.pace[over & water.fell] >>= 1
    water.fell = part > 0
    if over.any():
        _raise(water, over, load - room, pay, busy)
    _charge(water)
    unused = np.where(price > 0, room - load, 0)
    return int(np.where(over, load - room, unused).sum()) * water.usual >> 10


def _charge(water: Water) -> None:
    charged = np.cumsum(water.price[::-1], axis=0)[::-1]
    water.charged = [
        np.minimum(each, DEAREST) if each.any() else None for each in charged
    ]


def _add_up(water: Water) -> tuple[Ints, Ints]:
    """Pay of every maker, and by deadline her minutes until then."""
    busy = np.zeros_like(water.slack)
    pay = np.zeros_like(water.income)
    rows = np.concatenate([one.pool.rows for one in water.buckets])
    np.add.at(pay, rows, np.concatenate([one.poured for one in water.buckets]))
    spots = np.concatenate([one.spots[0] for one in water.buckets])
    np.add.at(busy, spots, np.concatenate([one.minutes for one in water.buckets]))
    return pay, busy.reshape(-1, len(pay)).cumsum(axis=0)


def _raise(water: Water, over: Truths, excess: Ints, pay: Ints, busy: Ints) -> None:
    """Each price rises until as much leaves as is too much, if other work stands still.

    By deadline `at` the makers of overfull bases come one after another. At first a
    fourth is added, because what leaves lifts the levels elsewhere.
    """
    columns, bend = water.book.columns, water.bend
    at, who = over[:, columns.home].nonzero()
    home, need, income = columns.home[who], columns.need[who], water.income[who]
    starts, size = by_base(at * len(columns.bases) + home)
    full = at[starts], home[starts]
    minutes, total = busy[at, who], np.maximum(busy[-1][who], 1)
    pay = pay[who]
    shift = max(0, int(max(pay.max(), total.max())).bit_length() - 30)
    fen, per = np.maximum(pay >> shift, 1), np.maximum(total >> shift, 1)
    dear = np.clip((per * water.usual << 6) // fen, 1 << FINE - 2, 1 << FINE + 2)
    bent = bend.bent((income << water.bits) // need)
    low = np.zeros_like(starts)
    high = np.full_like(starts, min(RISE * bend.steep, DEAREST))
    much = excess[full]
    for _ in range(STEPS):
        middle = (low + high) >> 1
        costs = np.repeat(middle >> FINE, size) * dear
        above = np.maximum(income - (bend.levels(bent - costs) * need >> water.bits), 0)
        less = np.minimum(np.minimum(above, pay) * per // fen, minutes)
        enough = np.add.reduceat(less, starts) >= much
        high = np.where(enough, middle, high)
        low = np.where(enough, low, middle)
    more = (high >> 8) * water.pace[full]
    water.price[full] = np.minimum(water.price[full] + high + more, DEAREST)
