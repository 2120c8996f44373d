"""Reads a run of allocation back from its record: to explain it, to make it again."""

import json

from orders.domain.allocation import Plan, Problem, Reason, plan, replan, why
from orders.domain.allocation.layout import read_plan, read_problem, read_shares
from orders.models import AllocationRun


def as_recorded(run: AllocationRun) -> tuple[Problem, Plan]:
    """The problem and the plan as the run kept them."""
    return read_problem(json.dumps(run.problem)), read_plan(run.plan)


def made_again(run: AllocationRun) -> Plan:
    """The plan, computed once more; its digest is that of the run unless the rule has
    changed since."""
    problem, _plan = as_recorded(run)
    standing = read_shares(run.settings["standing"])
    if not standing:
        return plan(problem, floor_minutes=run.floor_minutes)
    return replan(problem, Plan(standing, (), {}, ""), floor_minutes=run.floor_minutes)


def reason_why(run: AllocationRun, *, demand: int, maker: int) -> Reason:
    """Why this maker got what she got of the demand, or nothing, in this run.

    Both by their primary keys. Raises BadProblem where one was not in the run.
    """
    problem, made = as_recorded(run)
    return why(problem, made, job=demand, maker=maker)
