"""A whole plan: paid work first, then what is held for buyers who still pay."""

from .book import Book
from .collector import uncollected
from .columns import Columns, columns
from .compose import composed
from .intake import check_floor
from .outcome import explain, kept_shares, late_pieces, publish
from .place import place
from .terms import FLOOR_MINUTES, Plan, Problem


@uncollected
def plan(problem: Problem, *, floor_minutes: int = FLOOR_MINUTES) -> Plan:
    """Every job is placed as far as the hard rules allow, the rest is late."""
    check_floor(floor_minutes)
    cols = columns(problem)
    start = opened(cols, problem)
    paid, held = by_turn(start)
    asked = [job for job in paid if start.open[job]]
    book, used = composed(lambda: opened(cols, problem), asked, floor_minutes)
    shares = kept_shares(problem.kept) + explain(book, paid, {})
    late = late_pieces(book, paid)
    for job in held:
        place(book, job, floor_minutes)
    shares += explain(book, held, {})
    late += late_pieces(book, held)
    return publish(book, shares, late, floor_minutes, used)


def opened(cols: Columns, problem: Problem) -> Book:
    """A book with the kept shares charged and the declined pairs barred."""
    book = Book(cols)
    for share in problem.kept:
        book.keep(share)
    for job, maker in problem.declined:
        if job in cols.job_row and maker in cols.maker_row:
            book.bar(cols.job_row[job], cols.maker_row[maker])
    return book


def by_turn(book: Book) -> tuple[list[int], list[int]]:
    """Paid jobs and held jobs, each by deadline, then the largest, then id."""
    order = sorted(
        range(len(book.jobs)),
        key=lambda at: (
            book.jobs[at].deadline,
            -book.jobs[at].pieces * book.jobs[at].rate,
            book.jobs[at].id,
        ),
    )
    paid = [at for at in order if not book.jobs[at].held]
    return paid, [at for at in order if book.jobs[at].held]
