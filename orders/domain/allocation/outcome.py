"""Turns a finished book into a plan: shares with reasons, late pieces, fingerprint."""

import json
from collections.abc import Mapping
from hashlib import sha256

from . import reasons
from .book import Book
from .measures import measures
from .sight import Sight
from .terms import Late, Plan, Reason, Share

Pair = tuple[int, int]


def explain(book: Book, jobs: list[int], known: Mapping[Pair, Share]) -> list[Share]:
    """The new shares of these jobs with their reasons; a known share stays itself."""
    columns, sight = book.columns, Sight(book)
    found: list[Share] = []
    for job in jobs:
        name = columns.jobs[job].id
        why: Mapping[int, Reason] | None = None
        for maker, pieces in book.new[job].items():
            who = columns.makers[maker]
            old = known.get((name, who.id))
            if old is not None and old.pieces == pieces:
                found.append(old)
                continue
            if why is None:
                why = reasons.chosen(sight, job)
            found.append(Share(name, who.id, pieces, why[maker], who.base))
    return found


def kept_shares(kept: tuple[Share, ...]) -> list[Share]:
    """The kept shares as they came, each with the reason KEPT."""
    return [
        Share(
            share.job, share.maker, share.pieces, reasons.kept(share.pieces), share.base
        )
        for share in kept
    ]


def late_pieces(book: Book, jobs: list[int]) -> list[Late]:
    """What stays open of these jobs, with what stands in its way."""
    return [
        Late(book.jobs[job].id, book.open[job], reasons.late(book, job))
        for job in jobs
        if book.open[job]
    ]


def publish(
    book: Book, shares: list[Share], late: list[Late], floor: int, used: int
) -> Plan:
    """The plan, its rows sorted by id, with measures and digest."""
    shares.sort(key=lambda share: (share.job, share.maker))
    late.sort(key=lambda rest: rest.job)
    words = [
        floor,
        [(s.job, s.maker, s.base, s.pieces, s.reason.code) for s in shares],
        [(rest.job, rest.pieces, rest.reason.code) for rest in late],
    ]
    mark = sha256(book.columns.digest + json.dumps(words).encode())
    return Plan(tuple(shares), tuple(late), measures(book, used), mark.hexdigest())
