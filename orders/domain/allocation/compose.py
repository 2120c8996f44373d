"""The method from end to end: levels, lots, the rest, repair, tidy, fewer hands."""

from collections.abc import Callable
from dataclasses import dataclass

from .anew import anew
from .book import Book
from .clear import clear
from .gather import VERY_FEW, bundle, gather
from .lift import lift
from .lots import hand_out
from .measures import FULL, fairness, fullness
from .oust import oust
from .place import place_all, still_open
from .plain import lot_by_lot
from .repair import ANYBODY, repair
from .spare import limit, spare
from .tidy import tidy
from .trade import trade
from .untangle import untangle
from .vessel import Water
from .water import is_few, pour
from .ways import FAIRER, FEWER, ON_TIME, USUAL, Way
from .wishes import Wishes
from .worth import NOTHING

SMALL = 120
FEW_MAKERS = 400
"""Up to so many jobs and makers the method is tried in several ways, the best kept."""
TINY = 12
"""Up to so many jobs the poorest fifth is one or two women: fewer hand-offs decide."""
LAST_SWEEPS = 3
EXACT = 2_000
"""In plans of more jobs first lots may be larger than a quota, for fewer parcels."""
ROOMY_SWEEPS = 8
"""So often at most they are poured, roughly, in a month with room: hours are cheap."""
FULL_SWEEPS = 9
"""And so often in a full one, where time comes first."""
FAIR_ENOUGH = (985, 1000)
"""Of the liquid b20w; a small plan that reaches it needs no further way."""
LOWEST, NEAR = (975, 1000), 20
"""A small plan will do that reaches this part of the liquid b20w, or that is no more
than so many thousandths of it less fair than the plain way."""
HANDS = (6, 10)
MORE_HANDS = 20
"""Six tenths of the hand-offs of the plain way and twenty more are enough."""


@dataclass(slots=True)
class Try:
    """What came of one way: late pieces and fen, fen short of fair enough, journeys."""

    book: Book
    floor: int
    late: int
    worth: int
    short: int
    journeys: int


def composed(
    fresh: Callable[[], Book], jobs: list[int], floor: int, below: int | None = None
) -> tuple[Book, int]:
    """A book with these jobs given out, and the floor that was used.

    `fresh` opens the same book again: small problems are tried in several ways; the
    least late wins, then fairness up to what is enough, then fewest hands and parcels.
    A large one of few jobs is left untidied if no fewer pieces than `below` stay late.
    """
    book = fresh()
    water = _first_water(book, jobs)
    if is_large(book, jobs):
        _compose(book, jobs, floor, USUAL, water, below)
        return book, floor
    _compose(book, jobs, floor, USUAL, water)
    liquid = fairness(book.columns, water.income)
    target = liquid * FAIR_ENOUGH[0] // FAIR_ENOUGH[1] if len(jobs) > TINY else 0
    tries = [_tried(book, jobs, floor, target)]
    for way in (*FEWER, *FAIRER, *ON_TIME):
        least = min((one.late, one.short) for one in tries)
        done = least[1] == 0 if way in FAIRER else way not in FEWER
        if least[0] == 0 and done:
            break
        half = max(1, floor // 2) if way.halved else floor
        book = fresh()
        _compose(book, jobs, half, way)
        tries.append(_tried(book, jobs, half, target))
    best = _best(tries, sum(book.jobs[at].pieces * book.jobs[at].rate for at in jobs))
    if len(jobs) > TINY:
        _better(best.book, fresh(), jobs, liquid)
    return best.book, best.floor


def is_large(book: Book, jobs: list[int]) -> bool:
    """Whether it is made in one way only."""
    return len(jobs) > SMALL or len(book.need) > FEW_MAKERS


def _better(book: Book, plain: Book, jobs: list[int], liquid: int) -> None:
    """Handed out anew, as fair as water or the plain way, with far fewer hands."""
    lot_by_lot(plain, jobs)
    usual = fairness(plain.columns, plain.income)
    lowest = min(liquid * LOWEST[0], usual * LOWEST[1] - liquid * NEAR) // LOWEST[1]
    fair = max(liquid, usual)
    hands = sum(len(plain.new[job]) + len(plain.fixed[job]) for job in jobs)
    hands = hands * HANDS[0] // HANDS[1] + MORE_HANDS
    anew(book, jobs, fair * FAIR_ENOUGH[0] // FAIR_ENOUGH[1], lowest, hands)


def _tried(book: Book, jobs: list[int], floor: int, target: int) -> Try:
    late = [job for job in jobs if book.open[job]]
    b20w = fairness(book.columns, book.income) if target else 0
    return Try(
        book,
        floor,
        sum(book.open[job] for job in late),
        sum(book.open[job] * book.jobs[job].rate for job in late),
        max(0, target - b20w),
        sum(len(book.new[job]) + len(book.parcels(job)) for job in jobs),
    )


def _best(tries: list[Try], total: int) -> Try:
    """Among the least late the fairest; tiny plans count pieces, larger ones fen.

    Where not all can be on time, a little more late is nothing beside fairness.
    """
    least = min(one.worth for one in tries)
    allowed = least + (total * NOTHING[0] // NOTHING[1] if least else 0)

    def rank(one: Try) -> tuple[bool, int, int, int]:
        return one.worth > allowed, one.short, one.late, one.journeys

    if all(one.short == 0 for one in tries):
        return min(tries, key=lambda one: (one.late, one.journeys))
    return min(tries, key=rank)


def _compose(
    book: Book,
    jobs: list[int],
    floor: int,
    way: Way,
    water: Water | None = None,
    below: int | None = None,
) -> None:
    """All that these jobs leave open is given out, first as `water` poured before."""
    if way.turn is not None:
        turn = way.turn
        jobs = sorted(jobs, key=lambda job: turn(book, job))
    if way.liquid:
        _fill(book, jobs, floor, way, water)
    settle(book, jobs, floor)
    if not _exact(jobs):
        tidy(book, jobs, 1)
    if not is_large(book, jobs):
        settle(book, jobs, floor)
    elif oust(book, jobs):
        place_all(book, jobs, floor)
    few = len(jobs) <= SMALL
    if few and below is not None and still_open(book, jobs) >= below:
        return
    untangle(book, jobs)
    if few:
        tidy(book, jobs, 20)
    else:
        gather(book, jobs)
        if spare(book, jobs) and any(book.open[job] for job in jobs):
            place_all(book, jobs, floor)
            repair(book, jobs, floor, ANYBODY)
            spare(book, jobs)
        trade(book, jobs)
        clear(book, jobs)
        lift(book, jobs, floor)
        tidy(book, jobs, 1)
        gather(book, jobs, VERY_FEW)
        trade(book, jobs)
        lift(book, jobs, floor)
        if not _exact(jobs):
            bundle(book, jobs)
        limit(book, jobs)
        if not _timely(book, jobs):
            tidy(book, jobs, 1)


def _fill(
    book: Book, jobs: list[int], floor: int, way: Way, water: Water | None = None
) -> None:
    """What is open is poured and handed out, in large lots, and again in smaller.

    Quotas are followed exactly where that costs no parcels too many. What is left of
    them serves few jobs once more, and crafts that bases part into many kinds.
    """
    large, exact = floor * way.first[0] // way.first[1], _exact(jobs)
    asked = Wishes(water or pour(book, jobs))
    timely = _timely(book, jobs)
    hand_out(book, jobs, asked, large, near=not exact, exact=exact, timely=timely)
    crafts = asked.parted
    if is_few(book, jobs):
        crafts = {book.jobs[job].craft for job in jobs}
    again = [job for job in jobs if book.jobs[job].craft in crafts]
    hand_out(book, again, asked, floor, exact=exact)
    others = [job for job in jobs if book.jobs[job].craft not in crafts]
    if others:
        rest = Wishes(pour(book, others, LAST_SWEEPS))
        hand_out(book, others, rest, floor, exact=exact)


def _first_water(book: Book, jobs: list[int]) -> Water:
    """Full months are poured longer, for prices of base hours take long to settle."""
    if _timely(book, jobs):
        return pour(book, jobs, FULL_SWEEPS, timely=True)
    if _exact(jobs):
        return pour(book, jobs, ROOMY_SWEEPS, rough=True)
    return pour(book, jobs)


def _exact(jobs: list[int]) -> bool:
    """Neither few nor very many: first lots follow quotas exactly.

    So nothing needs evening out yet.
    """
    return SMALL < len(jobs) <= EXACT


def _timely(book: Book, jobs: list[int]) -> bool:
    """Whether a plan follows quotas exactly, but time comes first: the month is full.

    Most of what finds no room then has some if other work goes where it is less fair.
    """
    return _exact(jobs) and fullness(book.columns) >= FULL


def finish(book: Book, jobs: list[int], floor: int) -> None:
    """What these jobs leave open is poured once more; others make way for it."""
    if not (rest := [job for job in jobs if book.open[job]]):
        return
    hand_out(book, rest, Wishes(pour(book, rest)), floor)
    settle(book, jobs, floor)
    untangle(book, rest)
    tidy(book, rest, 1)


def settle(book: Book, jobs: list[int], floor: int) -> None:
    """What is open finds room where any is, else where room can be made."""
    place_all(book, jobs, floor)
    repair(book, jobs, floor)
