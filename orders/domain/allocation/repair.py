"""Late pieces find room: other work makes way to people who can do it on time.

Where only a base is full, work of its makers goes to other bases; where a maker is
busy, her other work goes to others. Nothing that was placed becomes late.
"""

import numpy as np

from .book import Book
from .intake import Ints
from .place import place

TRIES = 2_000
"""So often an heir is looked for, for one late job in one round."""
MOST_TRIES = 6_000
DEPTHS = (0, 1, 1, 2, 2)
"""Per round how many people along a chain may hand work on before it is taken over."""
HEIRS = 6
"""So many busy people are asked to hand other work on before they take a share."""

Pair = tuple[int, int]
Standing = dict[int, set[Pair]]


def repair(book: Book, jobs: list[int], floor: int) -> None:
    """Fewer pieces of these jobs stay open."""
    if not any(book.open[job] for job in jobs):
        return
    standing: Standing = {}
    for job in jobs:
        for maker in book.new[job]:
            standing.setdefault(book.home[maker], set()).add((job, maker))
    left = MOST_TRIES
    for depth in DEPTHS:
        late = [job for job in jobs if book.open[job]]
        before = sum(book.open[job] for job in late)
        for job in late:
            left -= _make_room(book, job, standing, floor, min(TRIES, left), depth)
        if not before or (depth and sum(book.open[job] for job in late) == before):
            return


def _make_room(
    book: Book, job: int, standing: Standing, floor: int, tries: int, depth: int
) -> int:
    """Full bases with free makers first, then busy makers; returns the tries used."""
    line = book.jobs[job]
    pool = book.columns.pool(line)
    if not len(pool.rows):
        return 0
    left = tries
    order = np.lexsort((book.columns.rank[pool.rows], book.levels(pool)))
    rows = pool.rows[order].tolist()
    people: dict[int, list[int]] = {}
    for maker in rows:
        people.setdefault(book.home[maker], []).append(maker)
    for base, inside in people.items():
        least = _least(book, job) * line.minutes
        if left <= 0 or not book.open[job]:
            break
        free = [
            min(room, book.open[job] * line.minutes)
            for maker in inside
            if book.may(job, maker)
            and (room := book.room_of[maker * book.days + line.deadline]) >= least
        ]
        wanted = min(sum(free), book.open[job] * line.minutes)
        room = book.base_room_of[base * book.days + line.deadline]
        if free and room < wanted:
            pairs = [pair for pair in standing.get(base, ()) if pair[0] != job]
            used = _vacate(book, job, pairs, base, None, wanted, left, standing, depth)
            left -= used
            if used:
                _use(book, job, standing, floor)
    for maker in rows:
        least = _least(book, job) * line.minutes
        if left <= 0 or not book.open[job]:
            break
        base = book.home[maker]
        room = book.base_room_of[base * book.days + line.deadline]
        wanted = min(room, book.open[job] * line.minutes)
        own = book.room_of[maker * book.days + line.deadline]
        if wanted >= least and own < wanted and book.may(job, maker):
            pairs = [
                pair
                for pair in standing.get(base, ())
                if pair[1] == maker and pair[0] != job
            ]
            used = _vacate(book, job, pairs, base, maker, wanted, left, standing, depth)
            left -= used
            if used:
                _use(book, job, standing, floor)
    return tries - left


def _least(book: Book, job: int) -> int:
    return max(1, min(book.lot[job], book.open[job]))


def _use(book: Book, job: int, standing: Standing, floor: int) -> None:
    place(book, job, floor)
    for maker in book.new[job]:
        standing.setdefault(book.home[maker], set()).add((job, maker))


def _vacate(
    book: Book,
    job: int,
    pairs: list[Pair],
    base: int,
    maker: int | None,
    wanted: int,
    most: int,
    standing: Standing,
    depth: int,
) -> int:
    """Shares of `pairs` move away from base or maker, highest level first.

    Ends when `wanted` minutes are free by the job's deadline; returns the tries used.
    """
    days, at = book.days, book.jobs[job].deadline
    if maker is None:
        slack, room, first = book.base_slack_of, book.base_room_of, base * days
    else:
        slack, room, first = book.slack_of, book.room_of, maker * days
    pairs.sort(
        key=lambda pair: (
            -book.level(pair[1]),
            -book.new[pair[0]].get(pair[1], 0) * book.jobs[pair[0]].minutes,
            pair,
        )
    )
    tries = 0
    for pair in pairs:
        short = wanted - room[first + at]
        if short <= 0 or tries >= most:
            break
        tight = next(by for by in range(at, days) if slack[first + by] < wanted)
        if book.jobs[pair[0]].deadline <= tight:
            tries += _move_away(book, pair, base, maker, short, standing, depth)
    return tries


def _move_away(
    book: Book,
    pair: Pair,
    base: int,
    maker: int | None,
    short: int,
    standing: Standing,
    depth: int,
) -> int:
    """Up to `short` minutes of the share go to others in lawful lots; tries used."""
    other, giver = pair
    pool = book.columns.pool(book.jobs[other])
    lot = book.lot[other]
    tries = 1
    while (share := book.new[other].get(giver, 0)) and short > 0 and tries < 8:
        fit = _heirs(book, other, base, maker, giver)
        need = min(share, -(-short // book.jobs[other].minutes))
        if 0 < share - need < lot:
            need = share
        if depth and int(fit.max()) < min(need, lot):
            tries += _free_an_heir(book, pair, base, maker, need, standing, depth)
            if book.new[other].get(giver, 0) != share:
                tries += 1
                continue  # the chain came back to this very share
            fit = _heirs(book, other, base, maker, giver)
        whole = np.flatnonzero(fit >= need)
        if len(whole) and need >= lot:
            away = ~np.isin(pool.home[whole], list(book.parcels(other)))
            levels = book.levels(pool)[whole]
            rank = book.columns.rank[pool.rows[whole]]
            best = int(whole[int(np.lexsort((rank, levels, away))[0])])
            pieces = need
        else:
            best = int(fit.argmax())
            pieces = min(int(fit[best]), share if need == share else need)
            if 0 < share - pieces < lot:
                pieces = share - lot
        heir = int(pool.rows[best])
        if pieces < (1 if heir in book.new[other] else lot):
            break
        book.take(other, giver, pieces)
        book.give(other, heir, pieces)
        standing.setdefault(book.home[heir], set()).add((other, heir))
        short -= pieces * book.jobs[other].minutes
        tries += 1
    if giver not in book.new[other]:
        standing[book.home[giver]].discard(pair)
    return tries


def _heirs(book: Book, job: int, base: int, maker: int | None, giver: int) -> Ints:
    """Pieces of the giver's share that each of the pool could take."""
    pool = book.columns.pool(book.jobs[job])
    fit = book.pieces_free(job, pool)
    if maker is None:
        fit[pool.home == base] = 0
    fit[pool.rows == giver] = 0
    return fit


def _free_an_heir(
    book: Book,
    pair: Pair,
    base: int,
    maker: int | None,
    need: int,
    standing: Standing,
    depth: int,
) -> int:
    """Somebody in a base with room hands other work on; returns the tries used."""
    other, giver = pair
    line = book.jobs[other]
    pool = book.columns.pool(line)
    minutes = need * line.minutes
    able = book.base_room[pool.home, line.deadline] >= minutes
    able &= pool.home != base if maker is None else pool.rows != giver
    found = np.flatnonzero(able)
    room = book.room[pool.rows[found], line.deadline]
    order = np.lexsort((book.columns.rank[pool.rows[found]], -room))[:HEIRS]
    tries = 0
    for heir in pool.rows[found[order]].tolist():
        if not book.may(other, heir):
            continue
        home = book.home[heir]
        pairs = [
            mine
            for mine in standing.get(home, ())
            if mine[1] == heir and mine[0] != other
        ]
        tries += _vacate(
            book, other, pairs, home, heir, minutes, 4, standing, depth - 1
        )
        if book.fits(other, heir) >= need:
            break
    return tries
