"""Plans again only what a change touched: every share that still holds stays."""

from dataclasses import replace

from .book import Book
from .columns import columns
from .compose import FEW_MAKERS, SMALL, composed
from .intake import check_floor
from .outcome import Pair, explain, kept_shares, late_pieces, publish
from .place import place
from .planning import by_turn, opened
from .repair import repair
from .terms import FLOOR_MINUTES, Plan, Problem, Share


def replan(
    problem: Problem,
    plan: Plan,
    *,
    declined: frozenset[Pair] = frozenset(),
    floor_minutes: int = FLOOR_MINUTES,
) -> Plan:
    """The plan for the new state `problem`; what is still valid of `plan` stays.

    A share of `plan` that breaks a hard rule now is dropped whole. Kept shares of the
    problem win over those of the plan, and both sets of declined pairs count.
    """
    return resumed(problem, plan.shares, declined, floor_minutes, liquid=False)


def resumed(
    problem: Problem,
    given: tuple[Share, ...],
    declined: frozenset[Pair],
    floor_minutes: int,
    *,
    liquid: bool,
) -> Plan:
    """The plan around the given shares; `liquid`: what is open is poured at once."""
    check_floor(floor_minutes)
    problem = replace(problem, declined=problem.declined | declined)
    cols = columns(problem)
    book = opened(cols, problem)
    pinned = {(share.job, share.maker) for share in problem.kept}
    old = [share for share in given if (share.job, share.maker) not in pinned]
    known: dict[Pair, Share] = {}
    paid, held = by_turn(book)
    waiting = restore(book, old, known, held=False)
    touched = [job for job in paid if book.open[job]]
    if not liquid:
        _fill(book, touched, floor_minutes)
    used = floor_minutes
    if any(book.open[job] for job in touched):
        once = len(paid) > SMALL or len(cols.makers) > FEW_MAKERS

        def again() -> Book:
            fresh = opened(cols, problem)
            restore(fresh, old, {}, held=False)
            return fresh

        other, floor = composed(again, touched, floor_minutes, once=once)
        late_now = sum(book.open[job] for job in touched)
        if sum(other.open[job] for job in touched) < late_now:
            book, used = other, floor
    shares = kept_shares(problem.kept) + explain(book, paid, known)
    late = late_pieces(book, paid)
    restore(book, waiting, known, held=True)
    _fill(book, [job for job in held if book.open[job]], floor_minutes)
    shares += explain(book, held, known)
    late += late_pieces(book, held)
    return publish(book, shares, late, floor_minutes, used)


def _fill(book: Book, jobs: list[int], floor: int) -> None:
    """What is open of these jobs is placed; shares of these jobs may move for it."""
    for job in jobs:
        place(book, job, floor)
    repair(book, jobs, floor)


def restore(
    book: Book,
    old: list[Share],
    known: dict[Pair, Share],
    *,
    held: bool,
) -> list[Share]:
    """Shares that still hold are given again; returns those of the other kind."""
    other: list[Share] = []
    rows = book.columns.job_row
    standing = [share for share in old if share.job in rows]
    standing.sort(key=lambda s: (book.jobs[rows[s.job]].deadline, s.job, s.maker))
    for share in standing:
        job = rows[share.job]
        if book.jobs[job].held != held:
            other.append(share)
        elif still_holds(book, job, share):
            maker = book.columns.maker_row[share.maker]
            book.give(job, maker, share.pieces)
            known[(share.job, share.maker)] = share
    return other


def still_holds(book: Book, job: int, share: Share) -> bool:
    """The share breaks no hard rule of the new state."""
    maker = book.columns.maker_row.get(share.maker)
    if maker is None or not book.may(job, maker):
        return False
    line = book.jobs[job]
    who = book.columns.makers[maker]
    grade = who.grades.get(line.craft)
    return (
        grade is not None
        and grade >= line.grade
        and (share.base is None or share.base == who.base)
        and (line.bases is None or who.base in line.bases)
        and 1 <= share.pieces <= book.open[job]
        and share.pieces <= book.fits(job, maker)
    )
