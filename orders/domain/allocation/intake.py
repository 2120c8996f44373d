"""Reads the rows of a problem into checked columns; every error names its row."""

from collections.abc import Sequence
from datetime import date
from itertools import chain
from operator import attrgetter
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from .terms import LIMIT, MOST_DEADLINES, BadProblem, Base, Job, Maker, Problem

Ints = npt.NDArray[np.int64]
Truths = npt.NDArray[np.bool_]
Row = TypeVar("Row", Maker, Base, Job)
EMPTY: Ints = np.zeros(0, dtype=np.int64)


def check_deadlines(days: Sequence[date]) -> int:
    """How many deadlines there are; they ascend and are not too many."""
    if len(days) > MOST_DEADLINES:
        raise BadProblem(f"deadlines: at most {MOST_DEADLINES}, not {len(days)}")
    for at, (one, other) in enumerate(zip(days, days[1:], strict=False), 2):
        if one >= other:
            raise BadProblem(f"deadline {at}: {other} does not come after {one}")
    return len(days)


def in_order(rows: Sequence[Row], kind: str, *keys: str) -> list[Row]:
    """The rows sorted by `keys`, no id twice."""
    column(kind, rows, "id", -LIMIT)
    ordered = sorted(rows, key=attrgetter(*keys))
    seen: set[int] = set()
    for row in ordered:
        if row.id in seen:
            raise BadProblem(f"{kind} {row.id}: stands twice in the problem")
        seen.add(row.id)
    return ordered


def column(kind: str, rows: Sequence[Row], name: str, least: int) -> Ints:
    """One field of all rows as int64, each between `least` and the limit."""
    if not rows:
        return EMPTY
    given = list(map(attrgetter(name), rows))
    try:
        values = np.array(given)
    except ValueError:
        values = np.array(None)
    plain = values.dtype == np.int64 and values.ndim == 1
    plain = plain and bool not in set(map(type, given))
    if plain and values.min() >= least and values.max() <= LIMIT:
        return values
    for row in rows:
        _number(f"{kind} {row.id}: {name}", getattr(row, name), least)
    return np.array([int(getattr(row, name)) for row in rows], dtype=np.int64)


def table(kind: str, rows: Sequence[Row], name: str, days: int) -> Ints:
    """One cumulative row per maker or base, as long as there are deadlines."""
    if not rows:
        return np.zeros((0, days), dtype=np.int64)
    given = list(map(attrgetter(name), rows))
    try:
        values = np.array(given)
    except ValueError:
        values = np.array(None)
    plain = values.dtype == np.int64 and values.shape == (len(rows), days)
    plain = plain and bool not in set(map(type, chain.from_iterable(given)))
    if plain and values.min(initial=0) >= 0 and values.max(initial=0) <= LIMIT:
        return values
    for row in rows:
        found = getattr(row, name)
        if len(found) != days:
            raise BadProblem(
                f"{kind} {row.id}: {name} has {len(found)} numbers for {days} deadlines"
            )
        for at, value in enumerate(found):
            _number(f"{kind} {row.id}: {name} by deadline {at + 1}", value, 0)
    rows_of_ints = [[int(value) for value in getattr(row, name)] for row in rows]
    return np.array(rows_of_ints, dtype=np.int64).reshape(len(rows), days)


def check_jobs(jobs: Sequence[Job], days: int) -> None:
    """Every job has pieces, minutes, pay, a lot and a deadline that exists."""
    for name in ("minutes", "pieces", "rate", "min_lot"):
        column("job", jobs, name, 1)
    column("job", jobs, "grade", -LIMIT)
    column("job", jobs, "deadline", 0)
    for job in jobs:
        if job.deadline >= days:
            raise BadProblem(
                f"job {job.id}: deadline {job.deadline} is outside the"
                f" {days} deadlines of the problem"
            )
        if job.bases is not None and not job.bases:
            raise BadProblem(f"job {job.id}: bases is empty; None means every base")


def crafts_of(makers: Sequence[Maker]) -> dict[str, tuple[Ints, Ints]]:
    """Per craft the rows of its makers and their grades."""
    names = list(chain.from_iterable(maker.grades for maker in makers))
    grades = list(chain.from_iterable(maker.grades.values() for maker in makers))
    many = np.array([len(maker.grades) for maker in makers], dtype=np.int64)
    rows = np.repeat(np.arange(len(makers)), many)
    plain = set(map(type, grades)) <= {int}
    if not plain or max(map(abs, grades), default=0) > LIMIT:
        for row, craft, grade in zip(rows.tolist(), names, grades, strict=True):
            _number(f"maker {makers[row].id}: grade in {craft}", grade, -LIMIT)
    held = np.array(grades, dtype=np.int64)
    crafts = sorted(set(names))
    place = {craft: at for at, craft in enumerate(crafts)}
    which = np.array([place[craft] for craft in names], dtype=np.int64)
    order = which.argsort(kind="stable")
    sizes = np.bincount(which, minlength=len(crafts)).tolist()
    found: dict[str, tuple[Ints, Ints]] = {}
    first = 0
    for craft, size in zip(crafts, sizes, strict=True):
        here = order[first : first + size]
        found[craft] = rows[here], held[here]
        first += size
    return found


def check_kept(problem: Problem, jobs: dict[int, int], makers: dict[int, int]) -> None:
    """Kept shares stand on rows that exist, once each, within what is ordered."""
    seen: set[tuple[int, int]] = set()
    total: dict[int, int] = {}
    lines = {job.id: job for job in problem.jobs}
    load = 0
    for share in problem.kept:
        name = f"kept share of job {share.job} and maker {share.maker}"
        if share.job not in jobs:
            raise BadProblem(f"{name}: job {share.job} is unknown")
        if share.maker not in makers:
            raise BadProblem(f"{name}: maker {share.maker} is unknown")
        _number(f"{name}: pieces", share.pieces, 1)
        if (share.job, share.maker) in seen:
            raise BadProblem(f"{name}: stands twice in the problem")
        seen.add((share.job, share.maker))
        total[share.job] = total.get(share.job, 0) + share.pieces
        line = lines[share.job]
        load += share.pieces * max(line.rate, line.minutes)
        if load > LIMIT**2:
            raise BadProblem(f"{name}: with it more is kept than can be counted")
    for job in problem.jobs:
        if total.get(job.id, 0) > job.pieces:
            raise BadProblem(
                f"job {job.id}: {total[job.id]} pieces are kept,"
                f" but only {job.pieces} are ordered"
            )


def check_floor(floor_minutes: int) -> None:
    """The floor is a whole number of minutes from 1."""
    _number("floor_minutes", floor_minutes, 1)


def _number(name: str, value: object, least: int) -> None:
    if type(value) is not int and not isinstance(value, np.int64):
        raise BadProblem(f"{name} must be a whole number, not {value!r}")
    if value < least:
        raise BadProblem(f"{name} must be at least {least}, not {value}")
    if value > LIMIT:
        raise BadProblem(f"{name} must be at most {LIMIT}, not {value}")
