"""Plans again only the lines that a change touched; all others keep their shares."""

from dataclasses import replace

from .book import Book
from .certain import could_be_fewer
from .collector import uncollected
from .columns import columns
from .compose import composed, finish, is_large, settle
from .holdings import as_rows
from .intake import check_floor
from .outcome import Pair, explain, kept_shares, late_pieces, publish
from .place import still_open
from .planning import by_turn, opened
from .restoring import restore
from .retry import retry
from .terms import FLOOR_MINUTES, Plan, Problem, Share


@uncollected
def replan(
    problem: Problem,
    plan: Plan,
    *,
    declined: frozenset[Pair] = frozenset(),
    floor_minutes: int = FLOOR_MINUTES,
) -> Plan:
    """The plan for the new state `problem`, in which lines nothing touched stay.

    On lines with open pieces shares that still hold may move, if less is late then, and
    no more pieces are late than in a plan around the shares of all other lines. A share
    of `plan` that breaks a hard rule now is dropped whole. Kept shares of the problem
    win over those of the plan, and both sets of declined pairs count.
    """
    check_floor(floor_minutes)
    problem = replace(problem, declined=problem.declined | declined)
    cols = columns(problem)
    book = opened(cols, problem)
    old = _not_kept(problem, plan.shares)
    known: dict[Pair, Share] = {}
    paid, held = by_turn(book)
    waiting = restore(book, old, known, held=False)
    touched = [job for job in paid if book.open[job]]
    settle(book, touched, floor_minutes)
    used = floor_minutes
    if is_large(book, paid):
        retry(book, touched, floor_minutes)
    if could_be_fewer(book, touched):
        rest = still_open(book, touched)
        stays = as_rows(book, sorted(set(paid).difference(touched)))

        def again() -> Book:
            fresh = opened(cols, problem)
            fresh.give_all(stays)
            return fresh

        around, floor = composed(again, touched, floor_minutes, rest)
        if still_open(around, touched) < rest:
            book, used = around, floor
    shares = kept_shares(problem.kept) + explain(book, paid, known)
    late = late_pieces(book, paid)
    restore(book, waiting, known, held=True)
    settle(book, [job for job in held if book.open[job]], floor_minutes)
    shares += explain(book, held, known)
    late += late_pieces(book, held)
    return publish(book, shares, late, floor_minutes, used)


def joined(problem: Problem, given: tuple[Share, ...], floor: int) -> Plan:
    """The plan around shares that parts of the network gave; any of them may move."""
    cols = columns(problem)
    book = opened(cols, problem)
    paid, held = by_turn(book)
    waiting = restore(book, _not_kept(problem, given), {}, held=False)
    finish(book, paid, floor)
    shares = kept_shares(problem.kept) + explain(book, paid, {})
    late = late_pieces(book, paid)
    restore(book, waiting, {}, held=True)
    settle(book, [job for job in held if book.open[job]], floor)
    shares += explain(book, held, {})
    late += late_pieces(book, held)
    return publish(book, shares, late, floor, floor)


def _not_kept(problem: Problem, given: tuple[Share, ...]) -> list[Share]:
    pinned = {(share.job, share.maker) for share in problem.kept}
    return [share for share in given if (share.job, share.maker) not in pinned]
