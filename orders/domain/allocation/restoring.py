"""Puts the shares of an earlier plan back into a book, where they still hold."""

import numpy as np

from .book import Book
from .intake import Ints, Truths
from .slack import closed
from .terms import LIMIT, Share

Pair = tuple[int, int]
Row = tuple[int, int, Share]


def restore(
    book: Book,
    old: list[Share],
    known: dict[Pair, Share],
    *,
    held: bool,
) -> list[Share]:
    """Shares that still hold are given again; returns those of the other kind.

    A share that breaks a hard rule now is dropped whole: of those that together ask
    too much of a maker, a base or a job the last ones, by deadline, job and maker.
    """
    other: list[Share] = []
    rows: list[Row] = []
    job_row, maker_row = book.columns.job_row, book.columns.maker_row
    for share in old:
        job = job_row.get(share.job)
        if job is None:
            continue
        if book.jobs[job].held != held:
            other.append(share)
            continue
        maker = maker_row.get(share.maker)
        if maker is not None and _may_stand(book, job, maker, share):
            rows.append((job, maker, share))
    if rows:
        kept = np.array([(job, maker, share.pieces) for job, maker, share in rows])
        doubt = _too_much(book, kept)
        book.give_all(kept[~doubt])
        doubtful = [row for row, unsure in zip(rows, doubt, strict=True) if unsure]
        doubtful.sort(
            key=lambda row: (book.jobs[row[0]].deadline, row[2].job, row[2].maker)
        )
        dropped = set()
        for job, maker, share in doubtful:
            if share.pieces <= min(book.open[job], book.fits(job, maker)):
                book.give(job, maker, share.pieces)
            else:
                dropped.add((share.job, share.maker))
        for _, _, share in rows:
            pair = (share.job, share.maker)
            if pair not in dropped:
                known[pair] = share
    return other


def _may_stand(book: Book, job: int, maker: int, share: Share) -> bool:
    """The share breaks no hard rule of the new state by itself."""
    line = book.jobs[job]
    who = book.columns.makers[maker]
    return (
        1 <= share.pieces <= line.pieces
        and share.pieces * line.minutes <= LIMIT
        and who.grades.get(line.craft, line.grade - 1) >= line.grade
        and (share.base is None or share.base == who.base)
        and (line.bases is None or who.base in line.bases)
        and book.may(job, maker)
    )


def _too_much(book: Book, rows: Ints) -> Truths:
    """Which of the (job, maker, pieces) rows stand where too much is asked in all."""
    job, maker, pieces = rows.T
    home = book.columns.home[maker]
    line = book.columns.jobs
    deadline = np.array([line[at].deadline for at in job.tolist()])
    minutes = pieces * np.array([line[at].minutes for at in job.tolist()])
    given = np.zeros(len(book.jobs), dtype=np.int64)
    np.add.at(given, job, pieces)
    asked = given > np.array(book.open)
    hers = _over(book.slack, maker, deadline, minutes)
    theirs = _over(book.base_slack, home, deadline, minutes)
    found: Truths = asked[job] | hers[maker] | theirs[home]
    return found


def _over(slack: Ints, who: Ints, deadline: Ints, minutes: Ints) -> Truths:
    """Rows of `slack` whose new work does not fit by the deadlines when it is due."""
    work = np.zeros_like(slack)
    np.add.at(work, (who, deadline), minutes)
    left = slack - np.cumsum(work, axis=1)
    room = closed(left)
    over: Truths = np.logical_or.reduce((room < 0) & (work > 0), axis=1)
    return over
