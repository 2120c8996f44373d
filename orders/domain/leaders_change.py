"""What a leader may change: the hard rules of allocation hold for her too.

Rule: docs/rules/work.md. The domain's own book decides, the same that plans.
"""

from collections.abc import Collection, Sequence
from dataclasses import replace

from orders.domain.allocation import Problem, Reason, Share
from orders.domain.allocation.columns import columns
from orders.domain.allocation.planning import opened
from orders.domain.allocation.reasons import kept

BY_LEADER = kept(0)


def broken_rule(
    problem: Problem, standing: Collection[Share], given: Sequence[Share]
) -> tuple[int, Reason] | None:
    """The first maker for whom a share can't be, and the rule; None where all can.

    `standing` is all other work that is proposed, asked or in hand; `given` are the
    leader's shares of one job, each with the base of its work order. The reasons are
    NOT_CERTIFIED, BASE_NOT_ALLOWED, DECLINED, HOURS, BASE_FULL and LOT of allocation,
    and HOURS with nothing free for somebody who asks for no work.
    """
    if not given:
        return None
    whole = replace(problem, kept=_summed(problem, standing), declined=frozenset())
    cols = columns(whole)
    book = opened(cols, whole)
    row = cols.job_row[given[0].job]
    line = book.jobs[row]
    due = cols.dates[line.deadline].isoformat()
    book.lot[row] = min(line.min_lot, book.open[row])
    for share in given:
        minutes = share.pieces * line.minutes
        maker = cols.maker_row.get(share.maker)
        if maker is None:
            return share.maker, Reason("HOURS", {"free": 0, "lot": minutes, "due": due})
        who = cols.makers[maker]
        holds = who.grades.get(line.craft, 0)
        if holds < line.grade:
            return share.maker, Reason(
                "NOT_CERTIFIED",
                {"craft": line.craft, "grade": line.grade, "holds": holds},
            )
        if who.base != share.base or (
            line.bases is not None and who.base not in line.bases
        ):
            return share.maker, Reason(
                "BASE_NOT_ALLOWED", {"craft": line.craft, "grade": line.grade}
            )
        if share.pieces < min(line.min_lot, book.open[row]):
            return share.maker, Reason(
                "LOT", {"makers": len(given), "pieces": book.lot[row]}
            )
        free = max(0, book.room_of[maker * book.days + line.deadline])
        if free < minutes:
            return share.maker, Reason(
                "HOURS", {"free": free, "lot": minutes, "due": due}
            )
        room = max(0, book.base_room_of[book.home[maker] * book.days + line.deadline])
        if room < minutes:
            return share.maker, Reason(
                "BASE_FULL",
                {"base": who.base, "free": room, "lot": minutes, "due": due},
            )
        book.give(row, maker, share.pieces)
    return None


def _summed(problem: Problem, standing: Collection[Share]) -> tuple[Share, ...]:
    """One share for each job and maker, as the book wants them."""
    makers = {maker.id for maker in problem.makers}
    found: dict[tuple[int, int], Share] = {}
    for share in standing:
        if share.maker not in makers:
            continue
        pair = (share.job, share.maker)
        known = found.get(pair)
        pieces = share.pieces + (known.pieces if known else 0)
        found[pair] = replace(share, pieces=pieces)
    return tuple(found.values())
