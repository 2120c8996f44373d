"""Questions to a finished plan: by when more work fits, and why not she."""

from collections import OrderedDict
from dataclasses import dataclass, replace
from threading import Lock

from .book import Book
from .columns import columns
from .intake import check_floor, check_jobs
from .outcome import Pair
from .place import place
from .planning import opened
from .reasons import kept, why_not
from .restoring import restore
from .terms import FLOOR_MINUTES, BadProblem, Job, Plan, Problem, Reason, Share

MOST_BOOKS = 4


@dataclass(slots=True)
class Entry:
    """One plan with its shares by pair and its book, without and with held work."""

    problem: Problem
    plan: Plan
    digest: bytes
    shares: dict[Pair, Share]
    paid: Book | None = None
    full: Book | None = None


_books: OrderedDict[str, Entry] = OrderedDict()
_lock = Lock()


def promise(
    problem: Problem,
    plan: Plan,
    *,
    craft: str,
    grade: int,
    minutes: int,
    pieces: int,
    min_lot: int,
    bases: frozenset[int] | None = None,
) -> int | None:
    """The first deadline by which the pieces fit beside the plan, None if none does.

    Found by placing them in the book of the plan and taking them off again.
    """
    job = Job(0, craft, grade, 0, minutes, 1, pieces, min_lot, bases)
    check_jobs([job], max(1, len(problem.deadlines)))
    with _lock:
        book = _book(_entry(problem, plan), held=True)
        for deadline in range(len(problem.deadlines)):
            if book.try_out(replace(job, deadline=deadline), place, FLOOR_MINUTES):
                return deadline
    return None


def why(problem: Problem, plan: Plan, *, job: int, maker: int) -> Reason:
    """Why she has her share of the job, or the first true reason why she has none."""
    floor = plan.measures.get("floor_used", FLOOR_MINUTES)
    check_floor(floor)
    with _lock:
        entry = _entry(problem, plan)
        mine = entry.shares.get((job, maker))
        if mine is not None:
            return mine.reason
        book = _book(entry, held=False)
        row = book.columns.job_row.get(job)
        who = book.columns.maker_row.get(maker)
        if row is None:
            raise BadProblem(f"job {job} is not in the problem")
        if who is None:
            raise BadProblem(f"maker {maker} is not in the problem")
        if book.jobs[row].held:
            book = _book(entry, held=True)
        if who in book.fixed[row]:
            return kept(book.fixed[row][who][0])
        return why_not(book, row, who, floor)


def _entry(problem: Problem, plan: Plan) -> Entry:
    """This plan on the shelf, anew where plan or problem are not the same."""
    entry = _books.get(plan.digest)
    if entry is None or not _same(entry, problem, plan):
        shares = {(share.job, share.maker): share for share in plan.shares}
        entry = Entry(problem, plan, b"", shares)
    _books[plan.digest] = entry
    _books.move_to_end(plan.digest)
    if len(_books) > MOST_BOOKS:
        _books.popitem(last=False)
    return entry


def _book(entry: Entry, *, held: bool) -> Book:
    book = entry.full if held else entry.paid
    if book is None:
        book = _filled(entry.problem, entry.plan, held)
        entry.digest = book.columns.digest
        if held:
            entry.full = book
        else:
            entry.paid = book
    return book


def _same(entry: Entry, problem: Problem, plan: Plan) -> bool:
    if entry.plan is not plan and entry.plan != plan:
        return False
    return entry.problem is problem or entry.digest == columns(problem).digest


def _filled(problem: Problem, plan: Plan, held: bool) -> Book:
    cols = columns(problem)
    book = opened(cols, problem)
    pinned = {(share.job, share.maker) for share in problem.kept}
    rest: list[Share] = [s for s in plan.shares if (s.job, s.maker) not in pinned]
    waiting = restore(book, rest, {}, held=False)
    if held:
        restore(book, waiting, {}, held=True)
    return book
