"""The plain way, a yardstick: lot by lot to the lowest level, no floor, no repair."""

from heapq import heapify, heappop, heappush

from .book import Book

Heap = list[tuple[int, int]]
LOTS = 4_000
"""A job of more minimum lots goes in so many larger ones, or it would take forever."""


def lot_by_lot(book: Book, jobs: list[int]) -> None:
    """Each of these jobs in turn goes in minimum lots to whoever stands lowest then.

    One heap for each craft and grade; whom a lot does not fit is left out of the job.
    """
    heaps: dict[tuple[str, int], Heap] = {}
    for job in jobs:
        line = book.jobs[job]
        key = (line.craft, line.grade)
        if key not in heaps:
            rows = book.columns.certified(*key).tolist()
            heaps[key] = [(book.level(maker), maker) for maker in rows]
            heapify(heaps[key])
        _one_job(book, job, heaps[key])


def _one_job(book: Book, job: int, heap: Heap) -> None:
    line = book.jobs[job]
    lot = max(book.lot[job], -(-book.open[job] // LOTS))
    aside = []
    while book.open[job] and heap:
        level, maker = heappop(heap)
        now = book.level(maker)
        if now != level:
            heappush(heap, (now, maker))
            continue
        left = book.open[job]
        pieces = lot if left - lot >= lot else left
        base = book.columns.bases[book.home[maker]].id
        allowed = line.bases is None or base in line.bases
        if allowed and book.may(job, maker) and book.fits(job, maker) >= pieces:
            book.give(job, maker, pieces)
            heappush(heap, (book.level(maker), maker))
        else:
            aside.append((level, maker))
    for entry in aside:
        heappush(heap, entry)
