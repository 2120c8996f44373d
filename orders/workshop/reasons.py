"""Why not she: asked of the plan that the run of allocation kept."""

import json
from collections.abc import Collection, Sequence
from typing import Any

from orders.domain.allocation import BadProblem, Plan, Problem, why
from orders.domain.allocation.layout import read_plan, read_problem
from orders.models import AllocationRun, Assignment, WorkOrder


def why_not(
    work_order: WorkOrder, makers: Collection[int]
) -> dict[int, dict[str, Any]]:
    """Why each of the makers has no part of the demand, by her id; one query.

    Left out is who was not known to the run, or joined the base later.
    """
    run = _run_of(work_order) if makers else None
    if run is None:
        return {}
    problem, plan = read_problem(json.dumps(run.problem)), read_plan(run.plan)
    found = {}
    for maker in makers:
        try:
            reason = why(problem, plan, job=work_order.demand_id, maker=maker)
        except BadProblem:
            continue
        found[maker] = {"code": reason.code, "facts": dict(reason.facts)}
    return found


def _run_of(work_order: WorkOrder) -> AllocationRun | None:
    return (
        AllocationRun.objects.filter(
            assignments__demand=work_order.demand_id,
            state=AllocationRun.State.APPLIED,
        )
        .order_by("-pk")
        .first()
    )


def why_not_me(
    work_orders: Sequence[WorkOrder], maker: int
) -> dict[int, dict[str, Any]]:
    """Why she has no part of these demands, by the demand's id; one query.

    Each run is read once, whatever number of its demands is asked for.
    """
    wanted = {order.demand_id for order in work_orders}
    runs: dict[int, AllocationRun] = {}
    rows = (
        Assignment.objects.filter(
            demand__in=wanted, run__state=AllocationRun.State.APPLIED
        )
        .select_related("run")
        .order_by("demand", "-run")
        .distinct("demand")
    )
    for row in rows:
        if row.run is not None:
            runs[row.demand_id] = row.run
    read: dict[int, tuple[Problem, Plan]] = {}
    found = {}
    for demand, run in runs.items():
        if run.pk not in read:
            read[run.pk] = (
                read_problem(json.dumps(run.problem)),
                read_plan(run.plan),
            )
        try:
            reason = why(*read[run.pk], job=demand, maker=maker)
        except BadProblem:
            continue
        found[demand] = {"code": reason.code, "facts": dict(reason.facts)}
    return found
