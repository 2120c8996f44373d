"""A problem as columns of whole numbers in one canonical order of rows."""

import json
from dataclasses import dataclass, field
from datetime import date
from functools import reduce
from hashlib import sha256
from math import gcd

import numpy as np

from . import intake
from .intake import EMPTY, Ints
from .terms import LIMIT, BadProblem, Base, Job, Maker, Problem

PoolKey = tuple[str, int, frozenset[int] | None]


@dataclass(slots=True)
class Pool:
    """The makers who may do one kind of work, base after base.

    `starts` are the positions where a base begins, `sizes` how many makers it has,
    `base` the base of each start; `parts` have the rows of bases that were asked for.
    """

    rows: Ints
    home: Ints
    starts: Ints
    sizes: Ints
    base: Ints
    need: Ints
    parts: dict[int, Ints] = field(default_factory=dict)

    def inside(self, bases: list[int]) -> Ints:
        """Rows of the makers in these bases, base after base."""
        for base in bases:
            if base not in self.parts:
                first, end = self.home.searchsorted((base, base + 1)).tolist()
                self.parts[base] = self.rows[first:end]
        return np.concatenate([EMPTY, *(self.parts[base] for base in bases)])


def _pool_of(rows: Ints, home: Ints, need: Ints) -> Pool:
    starts, sizes = by_base(home)
    return Pool(rows, home, starts, sizes, home[starts], need)


def by_base(home: Ints) -> tuple[Ints, Ints]:
    """Where each base begins among makers sorted by base, and how many it has."""
    first = np.ones(len(home), dtype=bool)
    first[1:] = home[1:] != home[:-1]
    starts: Ints = first.nonzero()[0]
    sizes = np.empty_like(starts)
    sizes[:-1] = starts[1:] - starts[:-1]
    sizes[-1:] = len(home) - starts[-1:]
    return starts, sizes


@dataclass(slots=True)
class Columns:
    """Makers by base and id, bases and jobs by id; needs without common factor."""

    days: int
    dates: tuple[date, ...]
    makers: list[Maker]
    bases: list[Base]
    jobs: list[Job]
    maker_row: dict[int, int]
    base_row: dict[int, int]
    job_row: dict[int, int]
    home: Ints
    need: Ints
    common: int
    earned: Ints
    rank: Ints
    free: Ints
    capacity: Ints
    crafts: dict[str, tuple[Ints, Ints]]
    digest: bytes
    pools: dict[PoolKey, Pool] = field(default_factory=dict)
    reach: Ints | None = None

    def pool(self, job: Job) -> Pool:
        """The makers certified for the job in a base that may make it."""
        return self._pool(*pool_key(job))

    def everybody(self, craft: str) -> Pool:
        """The makers who hold the craft at any grade."""
        return self._pool(craft, -LIMIT, None)

    def certified(self, craft: str, grade: int) -> Ints:
        """Rows of the makers who hold the craft at this grade or better."""
        rows, grades = self.crafts.get(craft, (EMPTY, EMPTY))
        return rows[grades >= grade]

    def grade(self, craft: str, makers: Ints) -> Ints:
        """The grades of these makers, all of whom hold the craft."""
        rows, grades = self.crafts[craft]
        return grades[np.searchsorted(rows, makers)]

    def _pool(self, craft: str, grade: int, bases: frozenset[int] | None) -> Pool:
        key = (craft, grade, bases)
        found = self.pools.get(key)
        if found is not None:
            return found
        rows = self.certified(craft, grade)
        if bases is not None:
            allowed = np.zeros(len(self.bases), dtype=bool)
            known = [self.base_row[b] for b in bases if b in self.base_row]
            allowed[known] = True
            rows = rows[allowed[self.home[rows]]]
        pool = _pool_of(rows, self.home[rows], self.need[rows])
        self.pools[key] = pool
        return pool


def pool_key(job: Job) -> PoolKey:
    """Jobs of the same key are for the same makers."""
    return job.craft, job.grade, job.bases


def columns(problem: Problem) -> Columns:
    """The problem as columns; BadProblem names the first row that cannot be."""
    days = intake.check_deadlines(problem.deadlines)
    bases = intake.in_order(problem.bases, "base", "id")
    base_row = {base.id: row for row, base in enumerate(bases)}
    for maker in problem.makers:
        if maker.base not in base_row:
            raise BadProblem(f"maker {maker.id}: base {maker.base} is unknown")
    makers = intake.in_order(problem.makers, "maker", "base", "id")
    maker_row = {maker.id: row for row, maker in enumerate(makers)}
    jobs = intake.in_order(problem.jobs, "job", "id")
    job_row = {job.id: row for row, job in enumerate(jobs)}
    intake.check_jobs(jobs, days)
    intake.check_kept(problem, job_row, maker_row)
    need = intake.column("maker", makers, "need", 1)
    idle = intake.column("maker", makers, "idle_days", -LIMIT)
    ids = intake.column("maker", makers, "id", -LIMIT)
    rank = np.empty(len(makers), dtype=np.int64)
    rank[np.lexsort((ids, -idle))] = np.arange(len(makers))
    common = reduce(gcd, need.tolist(), 0) or 1
    made = Columns(
        days,
        problem.deadlines,
        makers,
        bases,
        jobs,
        maker_row,
        base_row,
        job_row,
        np.array([base_row[maker.base] for maker in makers], dtype=np.int64),
        need // common,
        common,
        intake.column("maker", makers, "earned", -LIMIT),
        rank,
        intake.table("maker", makers, "free", days),
        intake.table("base", bases, "capacity", days),
        intake.crafts_of(makers),
        b"",
    )
    made.digest = _digest(problem, made, ids, idle)
    return made


def _digest(problem: Problem, made: Columns, ids: Ints, idle: Ints) -> bytes:
    """SHA-256 over every number and name of the problem, rows in canonical order."""
    mark = sha256()
    days = [day.toordinal() for day in problem.deadlines]
    words = [
        days,
        [(base.id, base.county) for base in made.bases],
        [
            (
                *(job.id, job.craft, job.grade, job.deadline, job.minutes, job.rate),
                *(job.pieces, job.min_lot, job.held),
                None if job.bases is None else sorted(job.bases),
            )
            for job in made.jobs
        ],
        sorted(problem.declined),
        sorted(
            (s.job, s.maker, s.pieces, s.base is None, s.base) for s in problem.kept
        ),
        list(made.crafts),
        made.common,
    ]
    mark.update(json.dumps(words).encode())
    parts = [ids, made.home, made.need, made.earned, idle, made.free, made.capacity]
    for rows, grades in made.crafts.values():
        parts += [rows, grades]
    for part in parts:
        mark.update(b"|%d|" % part.size)
        mark.update(np.ascontiguousarray(part, dtype="<i8").tobytes())
    return mark.digest()
