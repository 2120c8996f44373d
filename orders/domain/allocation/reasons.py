"""Why she got it, why she did not, why pieces are late: codes with their numbers.

| code | facts |
|---|---|
| CHOSEN | pieces, able, before, after, due |
| FIT | pieces, before, after, due |
| SAME_PARCEL | pieces, base, before, after |
| KEPT | pieces |
| NO_MAKER | craft, grade |
| NOT_CERTIFIED | craft, grade, holds |
| BASE_NOT_ALLOWED | craft, grade |
| DECLINED | job |
| HOURS | free, lot, due |
| BASE_FULL | base, free, lot, due |
| LEVEL | level, highest |
| LEVEL_AFTER | after, highest |
| PARCEL | base |
| BUDGET | makers, floor |
| LOT | makers, pieces |

Levels are fen × 10⁶ ÷ need; `free`, `lot` and `floor` minutes; `due` a date (ISO).
"""

from functools import cache

import numpy as np

from .book import Book
from .sight import Sight
from .terms import Reason

Facts = dict[str, int | str]
PER_NEED = 10**6

FACTS: dict[str, tuple[str, ...]] = {
    "CHOSEN": ("pieces", "able", "before", "after", "due"),
    "FIT": ("pieces", "before", "after", "due"),
    "SAME_PARCEL": ("pieces", "base", "before", "after"),
    "KEPT": ("pieces",),
    "NO_MAKER": ("craft", "grade"),
    "NOT_CERTIFIED": ("craft", "grade", "holds"),
    "BASE_NOT_ALLOWED": ("craft", "grade"),
    "DECLINED": ("job",),
    "HOURS": ("free", "lot", "due"),
    "BASE_FULL": ("base", "free", "lot", "due"),
    "LEVEL": ("level", "highest"),
    "LEVEL_AFTER": ("after", "highest"),
    "PARCEL": ("base",),
    "BUDGET": ("makers", "floor"),
    "LOT": ("makers", "pieces"),
}


def shown(book: Book, maker: int, extra: int = 0) -> int:
    """Her level with `extra` fen more, as fen × 10⁶ ÷ need, rounded down."""
    income = book.income_of[maker] + extra
    return income * PER_NEED // (book.need[maker] * book.columns.common)


def _due(book: Book, job: int) -> str:
    return book.columns.dates[book.jobs[job].deadline].isoformat()


def chosen(sight: Sight, job: int) -> dict[int, Reason]:
    """Why each maker with a new share of the job has it, by maker row."""
    book = sight.book
    holding = book.new[job]
    if not holding:
        return {}
    line = book.jobs[job]
    able = sight.able(job)
    lowest = able.lowest()
    count = able.count() + len(holding)
    others = [home for home, _ in _homes(book, job)]
    due = _due(book, job)

    @cache
    def near() -> int:
        return able.lowest_in(others)

    found: dict[int, Reason] = {}
    for maker, pieces in holding.items():
        pay = pieces * line.rate
        stood = ((book.income_of[maker] - pay) << 60) // book.need[maker]
        before, after = shown(book, maker, -pay), shown(book, maker)
        base = book.home[maker]
        facts: Facts = {"pieces": pieces}
        if stood <= lowest:
            code = "CHOSEN"
            facts |= {"able": count, "before": before, "after": after, "due": due}
        elif others.count(base) > 1 and stood <= near():
            code = "SAME_PARCEL"
            name = book.columns.bases[base].id
            facts |= {"base": name, "before": before, "after": after}
        else:
            code = "FIT"
            facts |= {"before": before, "after": after, "due": due}
        found[maker] = Reason(code, facts)
    return found


def _homes(book: Book, job: int) -> list[tuple[int, int]]:
    kept = [(base, maker) for maker, (_, base) in book.fixed[job].items()]
    return kept + [(book.home[maker], maker) for maker in book.new[job]]


def kept(pieces: int) -> Reason:
    """She had it before and keeps it."""
    return Reason("KEPT", {"pieces": pieces})


def why_not(book: Book, job: int, maker: int, floor: int) -> Reason:
    """The first true reason why a maker without a share of the job has none."""
    line = book.jobs[job]
    columns = book.columns
    holds = columns.makers[maker].grades.get(line.craft)
    if holds is None or holds < line.grade:
        known: Facts = {"craft": line.craft, "grade": line.grade, "holds": holds or 0}
        return Reason("NOT_CERTIFIED", known)
    base = columns.bases[book.home[maker]].id
    if line.bases is not None and base not in line.bases:
        return Reason("BASE_NOT_ALLOWED", {"craft": line.craft, "grade": line.grade})
    if maker in book.barred[job]:
        return Reason("DECLINED", {"job": line.id})
    lot = book.lot[job]
    lot_minutes = max(1, lot) * line.minutes
    due = _due(book, job)
    free = max(0, book.room_of[maker * book.days + line.deadline])
    if free < lot_minutes:
        return Reason("HOURS", {"free": free, "lot": lot_minutes, "due": due})
    room = max(0, book.base_room_of[book.home[maker] * book.days + line.deadline])
    if room < lot_minutes:
        full: Facts = {"base": base, "free": room, "lot": lot_minutes, "due": due}
        return Reason("BASE_FULL", full)
    return _why_not_chosen(book, job, maker, floor)


def _why_not_chosen(book: Book, job: int, maker: int, floor: int) -> Reason:
    """Certified, willing and free: her level, the parcels or the lots decide."""
    line = book.jobs[job]
    chosen_ones = list(book.new[job]) or list(book.fixed[job])
    if chosen_ones:
        highest = max(chosen_ones, key=book.level)
        top = shown(book, highest)
        if book.level(maker) >= book.level(highest):
            return Reason("LEVEL", {"level": shown(book, maker), "highest": top})
        pay = max(1, book.lot[job]) * line.rate
        with_lot = ((book.income_of[maker] + pay) << 60) // book.need[maker]
        if with_lot > book.level(highest):
            after = shown(book, maker, pay)
            return Reason("LEVEL_AFTER", {"after": after, "highest": top})
    homes = [home for home, _ in _homes(book, job)]
    home = book.home[maker]
    if homes and home not in homes and not alone(book, job, homes):
        return Reason("PARCEL", {"base": book.columns.bases[home].id})
    makers = len(homes)
    budget = -(-line.pieces * line.minutes // floor)
    if makers >= budget:
        return Reason("BUDGET", {"makers": makers, "floor": floor})
    return Reason("LOT", {"makers": makers, "pieces": max(1, book.lot[job])})


def alone(book: Book, job: int, homes: list[int]) -> bool:
    """Some new share is the only one of its base, so its parcel could move."""
    return any(homes.count(book.home[maker]) == 1 for maker in book.new[job])


def late(book: Book, job: int) -> Reason:
    """What stands in the way of the pieces that stay open."""
    line = book.jobs[job]
    columns = book.columns
    craft: Facts = {"craft": line.craft, "grade": line.grade}
    if not len(columns.certified(line.craft, line.grade)):
        return Reason("NO_MAKER", craft)
    pool = book.pool(job)
    if not len(pool.rows):
        return Reason("BASE_NOT_ALLOWED", craft)
    willing = ~np.isin(pool.rows, [*book.barred[job]])
    if not willing.any():
        return Reason("DECLINED", {"job": line.id})
    lot = max(1, min(book.lot[job], book.open[job]))
    minutes = lot * line.minutes
    due = _due(book, job)
    own = np.where(willing, book.room[pool.rows, line.deadline], -1)
    if int(own.max()) < minutes:
        free = max(0, int(own.max()))
        return Reason("HOURS", {"free": free, "lot": minutes, "due": due})
    room = np.where(own >= minutes, book.base_room[pool.home, line.deadline], -1)
    best = int(room.argmax())
    free = max(0, int(room[best]))
    if free < minutes:
        base = columns.bases[int(pool.home[best])].id
        full: Facts = {"base": base, "free": free, "lot": minutes, "due": due}
        return Reason("BASE_FULL", full)
    return Reason("LOT", {"makers": len(book.new[job]), "pieces": lot})
