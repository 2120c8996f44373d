"""Paid work is placed with bases and makers: planned outside any lock, then applied.

Rule: docs/rules/work.md and allocation.md. A plan made from a state that has changed
meanwhile is thrown away and made again.
"""

from typing import Any

from django.db import connection, transaction
from django.db.models import F, Sum
from django.db.models.functions import Coalesce

from orders.domain.allocation import Plan, plan, promise, replan
from orders.domain.allocation.layout import plan_as_json, problem_as_json
from orders.models import AllocationRun, Demand
from orders.services import applying, snapshot
from qiaoshou.common.today import now, today

TRIES = 5
EMPTY = Plan((), (), {}, "")


class Overtaken(Exception):
    """The state changed under every try; the job comes again a little later."""


def allocate(reference: str) -> AllocationRun | None:
    """What is open of this paid order is placed, or reported late with its reason.

    Where nothing of it is open, nothing happens. `reference` is the order's. Raises
    Overtaken.
    """
    return _allocate(Demand.objects.filter(line__order__number=reference), "order")


def place_again(reference: str) -> AllocationRun | None:
    """What is open of this demand is placed again; all that still holds stays.

    `reference` is the demand's. Where nothing is open, nothing happens. Raises
    Overtaken.
    """
    return _allocate(Demand.objects.filter(reference=reference), "placed_again")


def allocate_open(
    *, cause: str, asked_by: Any = None, dry_run: bool = False
) -> AllocationRun:
    """Everything that is open has been planned; the run says how it went.

    Proposals that still hold stay as they are. A dry run changes no work. Raises
    Overtaken.
    """
    for _try in range(TRIES):
        run = _run_once(cause, asked_by, dry_run)
        if run.state != AllocationRun.State.STALE:
            return run
    raise Overtaken(cause)


def _allocate(demands: Any, cause: str) -> AllocationRun | None:
    wanting = demands.filter(state=Demand.State.OPEN).annotate(
        placed=Coalesce(Sum("work_orders__placed"), 0)
    )
    if not wanting.filter(placed__lt=F("pieces")).exists():
        return None
    return allocate_open(cause=cause)


def _run_once(cause: str, asked_by: Any, dry_run: bool) -> AllocationRun:
    seen, made = look_and_plan()
    possible = {
        late.job: _possible_on(seen, made, late.job, late.pieces) for late in made.late
    }
    with transaction.atomic():
        touched = None
        if not dry_run:
            lock_placing()
            touched = applying.lock_touched(seen, made)
        state = AllocationRun.State.DRY
        if not dry_run:
            state = (
                AllocationRun.State.STALE
                if touched is None
                else AllocationRun.State.APPLIED
            )
        run = AllocationRun.objects.create(
            state=state,
            cause=cause,
            asked_by=asked_by,
            asked_at=now(),
            floor_minutes=seen.choices.floor_minutes,
            settings=seen.settings,
            problem=problem_as_json(seen.problem),
            plan=plan_as_json(made),
            measures=dict(made.measures),
            digest=made.digest,
        )
        if touched is not None:
            applying.apply(
                run=run, seen=seen, plan=made, touched=touched, possible=possible
            )
    return run


def look_and_plan() -> tuple[snapshot.Snapshot, Plan]:
    """What is to be done as of today, and the plan for it.

    Where pieces would be late although somebody who has part of that work could make
    more of it, she may be proposed a second part.
    """
    seen = snapshot.read(today())
    made = plan_of(seen)
    short = {late.job for late in made.late}
    more = frozenset(pair for pair in seen.extendable if pair[0] in short)
    if more:
        wider = snapshot.read(today(), freed=more)
        again = plan_of(wider)
        if _late(again) < _late(made):
            return wider, again
    return seen, made


def _late(made: Plan) -> int:
    return sum(late.pieces for late in made.late)


def plan_of(seen: snapshot.Snapshot) -> Plan:
    """A whole plan where no proposal stands, else one around those that still hold."""
    floor = seen.choices.floor_minutes
    if not seen.standing:
        return plan(seen.problem, floor_minutes=floor)
    old = Plan(seen.standing, EMPTY.late, EMPTY.measures, EMPTY.digest)
    return replan(seen.problem, old, floor_minutes=floor)


def _possible_on(seen: snapshot.Snapshot, made: Plan, job: int, pieces: int) -> Any:
    """The first day by which the late pieces fit beside the plan, None if none does."""
    late = next(one for one in seen.problem.jobs if one.id == job)
    if late.held:
        return None
    place = promise(
        seen.problem,
        made,
        craft=late.craft,
        grade=late.grade,
        minutes=late.minutes,
        pieces=pieces,
        min_lot=min(late.min_lot, pieces),
        bases=late.bases,
    )
    return None if place is None else seen.problem.deadlines[place]


def lock_placing() -> None:
    """Nobody else gives work to makers until the transaction ends.

    Hours of a maker and of a base are counted over all demands; this one lock stands
    before those of the demands (docs/locking.md).
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('orders.placing'))")
