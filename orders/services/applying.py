"""Writes a plan: work orders, proposals and what is late; the caller holds `placing`.

Only what the plan changes is touched: a proposal that stays is not written.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import F, Q

from catalog.selectors import terms_of
from orders.domain.allocation import Plan, Reason, Share
from orders.models import (
    AllocationRun,
    Assignment,
    Demand,
    LatePieces,
    WorkOrder,
)
from orders.services.snapshot import Snapshot, piece_terms
from qiaoshou.common.today import now, today

State = Assignment.State
Pair = tuple[int, int]
Place = tuple[int, int]


@dataclass(frozen=True, slots=True)
class _Change:
    """How the plan differs from the proposals that stand, by (job, maker)."""

    new: Mapping[Pair, Share]
    gone: frozenset[Pair]
    standing: Mapping[Pair, Share]

    @property
    def jobs(self) -> set[int]:
        return {job for job, _maker in [*self.new, *self.gone]}


def lock_touched(seen: Snapshot, plan: Plan) -> set[int] | None:
    """The demands that the plan changes; None where one of those that were read has
    changed since. They are locked, and those of which late pieces are on record or
    will be: one that is refunded meanwhile has none."""
    touched = _change(seen, plan).jobs | _misplaced(seen)
    told = LatePieces.objects.filter(settled_at=None).values_list("demand", flat=True)
    reported = {late.job for late in plan.late} | set(told)
    rows = Demand.objects.select_for_update(no_key=True)
    list(rows.filter(pk__in=touched | reported).order_by("pk"))
    versions = dict(
        Demand.objects.filter(pk__in=seen.versions).values_list("pk", "version")
    )
    return touched if versions == dict(seen.versions) else None


def apply(
    *,
    run: AllocationRun,
    seen: Snapshot,
    plan: Plan,
    touched: Collection[int],
    possible: Mapping[int, dt.date | None],
) -> None:
    """The proposals are those of the plan, and what is late is on record.

    Work orders hold exactly what is placed under them: what one loses another gets in
    the same transaction.
    """
    if touched:
        _place(run, seen, _change(seen, plan), touched)
    _report(run, seen, plan, possible)


def reason_as_json(reason: Reason) -> dict[str, Any]:
    """A reason as assignments and late pieces keep it."""
    return {"code": reason.code, "facts": dict(reason.facts)}


def _change(seen: Snapshot, plan: Plan) -> _Change:
    held = {job.id for job in seen.problem.jobs if job.held}
    pinned = {(share.job, share.maker) for share in seen.problem.kept}
    wanted = {
        (share.job, share.maker): share
        for share in plan.shares
        if share.job not in held and (share.job, share.maker) not in pinned
    }
    standing = {(share.job, share.maker): share for share in seen.standing}
    return _Change(
        new={
            pair: share
            for pair, share in wanted.items()
            if not _same(standing.get(pair), share)
        },
        gone=frozenset(standing.keys() - wanted.keys()),
        standing=standing,
    )


def _same(old: Share | None, new: Share) -> bool:
    return old is not None and (old.pieces, old.base) == (new.pieces, new.base)


def _misplaced(seen: Snapshot) -> set[int]:
    """Demands whose work orders hold more than is placed: it is to be placed anew."""
    rows = WorkOrder.objects.filter(
        demand__in=seen.versions, pieces__gt=F("placed")
    ).values_list("demand", flat=True)
    return set(rows)


def _place(
    run: AllocationRun, seen: Snapshot, change: _Change, touched: Collection[int]
) -> None:
    demands = {
        demand.pk: demand
        for demand in Demand.objects.filter(pk__in=touched)
        .select_related("line__terms")
        .order_by("pk")
    }
    orders = list(
        WorkOrder.objects.select_for_update(no_key=True)
        .filter(demand__in=touched)
        .order_by("pk")
    )
    proposals = {
        (row.demand_id, row.maker_id): row
        for row in Assignment.objects.select_for_update(no_key=True)
        .filter(demand__in=touched, state=State.PROPOSED, changed_by=None)
        .order_by("pk")
    }
    for pair in sorted(change.gone):
        withdraw(proposals[pair], by=None, reason="")
    terms = terms_of({demand.product_id for demand in demands.values()}, today())
    due = _due(seen)
    open_orders: dict[Place, WorkOrder] = {}
    for order in orders:
        if order.closed_at is None:
            open_orders[order.demand_id, order.base_id] = order
    fresh: list[Assignment] = []
    for (job, maker), share in sorted(change.new.items()):
        base = share.base or 0
        demand = demands[job]
        rate, minutes = piece_terms(demand, terms[demand.product_id])
        order = open_orders.get((job, base))
        if order is None or _terms(order) != (rate, minutes, due[job]):
            order = WorkOrder.objects.create(
                demand=demand,
                base_id=base,
                pieces=0,
                piece_rate_fen=rate,
                minutes=minutes,
                due_on=due[job],
                issued_at=now(),
            )
            open_orders[job, base] = order
            orders.append(order)
        known = proposals.get((job, maker))
        if known is not None and (job, maker) in change.standing:
            known.work_order, known.proposed = order, share.pieces
            known.reason, known.run = reason_as_json(share.reason), run
            known.due_on = order.due_on
            known.save()
            continue
        fresh.append(
            Assignment(
                work_order=order,
                demand=demand,
                maker_id=maker,
                run=run,
                proposed=share.pieces,
                reason=reason_as_json(share.reason),
                due_on=order.due_on,
                proposed_at=now(),
            )
        )
    Assignment.objects.bulk_create(fresh)
    recount(demands.values(), orders)


def _terms(order: WorkOrder) -> tuple[int, int, dt.date]:
    """What is fixed on a work order: pieces on other terms need another one."""
    return order.piece_rate_fen, order.minutes, order.due_on


def withdraw(row: Assignment, *, by: Any, reason: str) -> None:
    """The proposal or offer is off the table; counters are the caller's."""
    row.state, row.ended_at = State.WITHDRAWN, now()
    if by is not None:
        row.changed_by, row.change_reason = by, reason
    row.save()


def _due(seen: Snapshot) -> dict[int, dt.date]:
    """The day on which each job is planned to be done: its own, or that of overdue."""
    days = seen.problem.deadlines
    own = dict(Demand.objects.filter(pk__in=seen.versions).values_list("pk", "due_on"))
    first = today()
    return {
        job.id: own[job.id] if own[job.id] >= first else days[job.deadline]
        for job in seen.problem.jobs
    }


def recount(demands: Collection[Demand], orders: Collection[WorkOrder]) -> None:
    """Work orders hold what is placed under them, demands what is on their orders.

    One write a row, so that no counter passes through a state that the database
    refuses. An order on which nothing is left to do is closed.
    """
    placed = placed_under(orders)
    ordered: dict[int, int] = defaultdict(int)
    for order in orders:
        order.placed = order.pieces = placed.get(order.pk, 0)
        ordered[order.demand_id] += order.pieces
    WorkOrder.objects.bulk_update(orders, ["pieces", "placed"])
    close_finished([order.pk for order in orders])
    for demand in demands:
        Demand.objects.filter(pk=demand.pk).update(
            ordered=ordered[demand.pk], version=F("version") + 1
        )


def close_finished(orders: Collection[int]) -> None:
    """Those of these work orders on which nobody has anything left to do are closed.

    Pieces that nobody has, of a demand that is still open, keep an order open.
    """
    going_on = Assignment.objects.filter(
        state__in=[State.PROPOSED, State.OFFERED, State.TAKEN]
    )
    WorkOrder.objects.filter(
        Q(pieces=F("placed")) | Q(demand__state=Demand.State.CLOSED),
        pk__in=orders,
        closed_at=None,
    ).exclude(pk__in=going_on.values("work_order")).update(closed_at=now())


def placed_under(orders: Collection[WorkOrder]) -> dict[int, int]:
    """Live pieces less those rejected, by work order."""
    found: dict[int, int] = defaultdict(int)
    rows = Assignment.objects.filter(work_order__in=[order.pk for order in orders])
    for row in rows:
        found[row.work_order_id] += row.live - row.rejected
    return found


def _report(
    run: AllocationRun,
    seen: Snapshot,
    plan: Plan,
    possible: Mapping[int, dt.date | None],
) -> None:
    """Late pieces are on record with their reason; what is placed now is settled."""
    held = {job.id for job in seen.problem.jobs if job.held}
    late = {one.job: one for one in plan.late if one.job not in held}
    known = {row.demand_id: row for row in LatePieces.objects.filter(settled_at=None)}
    over = []
    for demand, row in known.items():
        one = late.get(demand)
        if one is not None and (
            row.pieces,
            row.reason,
            row.possible_on,
        ) == (one.pieces, reason_as_json(one.reason), possible.get(demand)):
            del late[demand]
        else:
            over.append(row.pk)
    LatePieces.objects.filter(pk__in=over).update(settled_at=now())
    LatePieces.objects.bulk_create(
        LatePieces(
            run=run,
            demand_id=demand,
            pieces=one.pieces,
            reason=reason_as_json(one.reason),
            possible_on=possible.get(demand),
        )
        for demand, one in sorted(late.items())
    )
