"""Where not all can be on time, what pays more than a tenth more an hour goes first.

Late work takes the place of other work of people who could make it, if less pay is
late then. What gives way may find room elsewhere afterwards.
"""

from .book import Book
from .holdings import jobs_by_maker

MORE = (11, 10)
"""It has to pay more than that, or lines would get late for next to nothing."""
NEAR = 8
"""So many pieces fewer than the most that fit are tried too: they may fit better."""

Swap = tuple[int, int, int]
"""Fen that are on time more, pieces of the late job in, pieces of the other out."""


def oust(book: Book, jobs: list[int]) -> int:
    """Less pay of these jobs stays late; returns by how many fen."""
    late = [job for job in jobs if book.open[job]]
    if not late:
        return 0
    held = jobs_by_maker(book, jobs)
    late.sort(key=lambda job: (-_pay(book, job), job))
    return sum(_make_way(book, job, held) for job in late)


def _make_way(book: Book, job: int, held: dict[int, set[int]]) -> int:
    """Work that pays less makes way for this job, the least paid first."""
    pay = _pay(book, job)
    lower = sorted(
        (_pay(book, other), other, maker)
        for maker in book.pool(job).rows.tolist()
        if maker in held and book.may(job, maker)
        for other in held[maker]
        if _pay(book, other) * MORE[0] < pay * MORE[1]
    )
    gain = 0
    for _, other, maker in lower:
        if not book.open[job]:
            break
        best = _best(book, job, other, maker)
        if best is not None:
            fen, pieces, out = best
            book.take(other, maker, out)
            book.give(job, maker, pieces)
            held[maker].add(job)
            gain += fen
    return gain


def _pay(book: Book, job: int) -> int:
    """Fen for 1,024 minutes."""
    line = book.jobs[job]
    return (line.rate << 10) // line.minutes


def _best(book: Book, job: int, other: int, maker: int) -> Swap | None:
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
            fen = pieces * line.rate - out * less.rate
            swap = fen, pieces, out
            if fen > (best[0] if best else 0) and _fits(book, job, other, maker, swap):
                best = swap
    return best


def _fits(book: Book, job: int, other: int, maker: int, swap: Swap) -> bool:
    _, pieces, out = swap
    book.take(other, maker, out)
    fits = book.fits(job, maker) >= pieces
    book.give(other, maker, out)
    return fits
