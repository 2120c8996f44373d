"""A problem as JSON, so that anybody can try the rule on her own numbers.

    {"deadlines": ["2026-03-09", "2026-03-16"],
     "bases":  [{"id": 1, "county": "Xifeng", "capacity": [6000, 12000]}],
     "makers": [{"id": 11, "base": 1, "grades": {"embroidery": 2}, "need": 108000,
                 "earned": 0, "free": [900, 1800], "idle_days": 12}],
     "jobs":   [{"id": 5, "craft": "embroidery", "grade": 1, "deadline": 1,
                 "minutes": 60, "rate": 2000, "pieces": 10, "min_lot": 2,
                 "bases": null, "held": false}],
     "declined": [[5, 12]],
     "kept": [{"job": 5, "maker": 11, "pieces": 2, "base": 1}]}

Minutes, fen and pieces are whole numbers; `free` and `capacity` are cumulative, one
number per deadline; `deadline` counts from 0. `bases`, `held`, `declined`, `kept` and
the base of a kept share may be left out.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from .reasons import kept
from .terms import (
    BadProblem,
    Base,
    Job,
    Late,
    Maker,
    Plan,
    Problem,
    Reason,
    Share,
)

MAKER = {"id", "base", "grades", "need", "earned", "free", "idle_days"}
BASE = {"id", "county", "capacity"}
JOB = {"id", "craft", "grade", "deadline", "minutes", "rate", "pieces", "min_lot"}
KEPT = {"job", "maker", "pieces"}
PROBLEM = {"deadlines", "makers", "bases", "jobs"}
MAY: dict[str, set[str]] = {
    "job": {"bases", "held"},
    "kept share": {"base"},
    "problem": {"declined", "kept"},
}


def read_problem(text: str) -> Problem:
    """The problem that the JSON describes; BadProblem names the row that is wrong."""
    try:
        data = json.loads(text)
    except json.JSONDecodeError as error:
        raise BadProblem(f"line {error.lineno} is not JSON: {error.msg}") from error
    _fields("problem", 0, data, PROBLEM)
    return Problem(
        tuple(_day(at, word) for at, word in enumerate(data["deadlines"], 1)),
        tuple(_maker(*row) for row in enumerate(data["makers"], 1)),
        tuple(_base(*row) for row in enumerate(data["bases"], 1)),
        tuple(_job(*row) for row in enumerate(data["jobs"], 1)),
        frozenset(_pair(*row) for row in enumerate(data.get("declined", []), 1)),
        tuple(_kept(*row) for row in enumerate(data.get("kept", []), 1)),
    )


def problem_as_json(problem: Problem) -> dict[str, Any]:
    """The problem as plain values; `read_problem` reads them back as they were."""
    return {
        "deadlines": [day.isoformat() for day in problem.deadlines],
        "bases": [
            {"id": base.id, "county": base.county, "capacity": list(base.capacity)}
            for base in problem.bases
        ],
        "makers": [
            {
                "id": maker.id,
                "base": maker.base,
                "grades": dict(maker.grades),
                "need": maker.need,
                "earned": maker.earned,
                "free": list(maker.free),
                "idle_days": maker.idle_days,
            }
            for maker in problem.makers
        ],
        "jobs": [
            {
                "id": job.id,
                "craft": job.craft,
                "grade": job.grade,
                "deadline": job.deadline,
                "minutes": job.minutes,
                "rate": job.rate,
                "pieces": job.pieces,
                "min_lot": job.min_lot,
                "bases": None if job.bases is None else sorted(job.bases),
                "held": job.held,
            }
            for job in problem.jobs
        ],
        "declined": [list(pair) for pair in sorted(problem.declined)],
        "kept": [
            {
                "job": share.job,
                "maker": share.maker,
                "pieces": share.pieces,
                "base": share.base,
            }
            for share in problem.kept
        ],
    }


def read_shares(rows: Sequence[Mapping[str, Any]]) -> tuple[Share, ...]:
    """Shares as `plan_as_json` writes them."""
    return tuple(
        Share(
            row["job"],
            row["maker"],
            row["pieces"],
            Reason(row["reason"], row["facts"]),
            row["base"],
        )
        for row in rows
    )


def read_plan(data: Mapping[str, Any]) -> Plan:
    """The plan that `plan_as_json` wrote."""
    late = tuple(
        Late(row["job"], row["pieces"], Reason(row["reason"], row["facts"]))
        for row in data["late"]
    )
    return Plan(read_shares(data["shares"]), late, data["measures"], data["digest"])


def plan_as_json(plan: Plan) -> dict[str, Any]:
    """The plan as plain values, rows in the order of the plan."""
    return {
        "shares": [
            {
                "job": share.job,
                "maker": share.maker,
                "base": share.base,
                "pieces": share.pieces,
                "reason": share.reason.code,
                "facts": dict(share.reason.facts),
            }
            for share in plan.shares
        ],
        "late": [
            {
                "job": rest.job,
                "pieces": rest.pieces,
                "reason": rest.reason.code,
                "facts": dict(rest.reason.facts),
            }
            for rest in plan.late
        ],
        "measures": dict(plan.measures),
        "digest": plan.digest,
    }


def _fields(kind: str, row: int, data: object, must: set[str]) -> Mapping[str, Any]:
    name = f"{kind} in row {row}" if row else kind
    if not isinstance(data, dict):
        raise BadProblem(f"{name}: expected an object with {', '.join(sorted(must))}")
    for key in sorted(must - data.keys()):
        raise BadProblem(f"{name}: {key} is missing")
    for key in sorted(data.keys() - must - MAY.get(kind, set())):
        raise BadProblem(f"{name}: {key} is not known here")
    return data


def _day(row: int, word: object) -> date:
    try:
        return date.fromisoformat(str(word))
    except ValueError:
        raise BadProblem(f"deadline {row}: {word!r} is not a date") from None


def _maker(row: int, data: object) -> Maker:
    found = _fields("maker", row, data, MAKER)
    if not isinstance(found["grades"], dict):
        raise BadProblem(f"maker in row {row}: grades must be an object")
    return Maker(**{**found, "free": _numbers("maker", row, "free", found["free"])})


def _base(row: int, data: object) -> Base:
    found = _fields("base", row, data, BASE)
    capacity = _numbers("base", row, "capacity", found["capacity"])
    return Base(**{**found, "capacity": capacity})


def _job(row: int, data: object) -> Job:
    found = _fields("job", row, data, JOB)
    bases = found.get("bases")
    if bases is not None:
        bases = frozenset(_numbers("job", row, "bases", bases))
    return Job(**{**found, "bases": bases})


def _kept(row: int, data: object) -> Share:
    found = _fields("kept share", row, data, KEPT)
    return Share(
        found["job"],
        found["maker"],
        found["pieces"],
        kept(found["pieces"]),
        found.get("base"),
    )


def _pair(row: int, data: object) -> tuple[int, int]:
    pair = _numbers("declined pair", row, "pair", data)
    if len(pair) != 2:
        raise BadProblem(f"declined pair in row {row}: expected [job, maker]")
    return pair[0], pair[1]


def _numbers(kind: str, row: int, key: str, data: object) -> tuple[int, ...]:
    if not isinstance(data, list) or any(type(value) is not int for value in data):
        raise BadProblem(f"{kind} in row {row}: {key} must be a list of whole numbers")
    return tuple(data)
