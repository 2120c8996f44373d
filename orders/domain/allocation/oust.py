"""Where not all can be on time, what is worth over a tenth more an hour goes first.

Late work takes the place of other work of people who could make it, if less is late
then: less pay, or fewer pieces. What gives way may find room elsewhere afterwards.
"""

from collections.abc import Callable

from .book import Book
from .holdings import jobs_by_maker
from .terms import Job

Value = Callable[[Job], int]
"""What one piece of a job is worth."""

MORE = (11, 10)
"""It has to be worth more than that, or lines would get late for next to nothing."""
NEAR = 8
"""So many pieces fewer than the most that fit are tried too: they may fit better."""

Swap = tuple[int, int, int]
"""What is on time more, pieces of the late job in, pieces of the other out."""


def in_fen(job: Job) -> int:
    """A piece is worth what it pays."""
    return job.rate


def in_pieces(job: Job) -> int:
    """All pieces are worth the same: so much that minutes tell them apart."""
    return 1 << 40


def oust(
    book: Book,
    jobs: list[int],
    value: Value = in_fen,
    keep: Callable[[], bool] | None = None,
) -> int:
    """Work worth less of these jobs stays late; returns by how much.

    What one late job ousts stays ousted only if `keep` finds so.
    """
    late = [job for job in jobs if book.open[job]]
    if not late:
        return 0
    held = jobs_by_maker(book, jobs)
    late.sort(key=lambda job: (-_hourly(book.jobs[job], value), job))
    return sum(_make_way(book, job, held, value, keep) for job in late)


def _make_way(
    book: Book,
    job: int,
    held: dict[int, set[int]],
    value: Value,
    keep: Callable[[], bool] | None,
) -> int:
    """Work that is worth less makes way for this job, the least first."""
    most = _hourly(book.jobs[job], value) * MORE[1]
    lower = sorted(
        (hourly, other, maker)
        for maker in book.pool(job).rows.tolist()
        if maker in held and book.may(job, maker)
        for other in held[maker]
        if (hourly := _hourly(book.jobs[other], value)) * MORE[0] < most
    )
    gain = 0
    made: list[tuple[int, int, int, int]] = []
    for _, other, maker in lower:
        if not book.open[job]:
            break
        best = _best(book, job, other, maker, value)
        if best is not None:
            more, pieces, out = best
            book.take(other, maker, out)
            book.give(job, maker, pieces)
            held[maker].add(job)
            made.append((other, maker, out, pieces))
            gain += more
    if made and keep is not None and not keep():
        for other, maker, out, pieces in made:
            book.take(job, maker, pieces)
            book.give(other, maker, out)
        return 0
    return gain


def _hourly(job: Job, value: Value) -> int:
    """What 1,024 minutes are worth."""
    return (value(job) << 10) // job.minutes


def _best(book: Book, job: int, other: int, maker: int, value: Value) -> Swap | None:
    """Of the swaps of lawful lots that are tried in her hands what gains most."""
    share = book.new[other].get(maker, 0)
    if not share:
        return None
    line, less, lot = book.jobs[job], book.jobs[other], book.lot[other]
    least = 1 if maker in book.new[job] else max(1, book.lot[job])
    room = min(
        book.room_of[maker * book.days + line.deadline],
        book.base_room_of[book.home[maker] * book.days + line.deadline],
    )
    best: Swap | None = None
    for most in (share, share - lot):
        fit = min(book.open[job], (room + most * less.minutes) // line.minutes)
        for pieces in range(max(least, fit - NEAR), fit + 1):
            out = max(1, -(-(pieces * line.minutes - room) // less.minutes))
            if share - out < lot:
                out = share
            more = pieces * value(line) - out * value(less)
            swap = more, pieces, out
            if more > (best[0] if best else 0) and _fits(book, job, other, maker, swap):
                best = swap
    return best


def _fits(book: Book, job: int, other: int, maker: int, swap: Swap) -> bool:
    _, pieces, out = swap
    book.take(other, maker, out)
    fits = book.fits(job, maker) >= pieces
    book.give(other, maker, out)
    return fits
