"""What no plan can beat: b20w and value on time of the linear relaxation (HiGHS)."""

from dataclasses import dataclass, replace

import highspy
import numpy as np
from scipy.sparse import coo_matrix, csr_matrix, vstack

from orders.domain.allocation import Problem
from orders.domain.allocation.columns import columns
from orders.domain.allocation.measures import within_reach
from orders.domain.allocation.slack import closed

PER_NEED = 10**6


@dataclass(frozen=True, slots=True)
class Bound:
    """b20w in fen × 10⁶ ÷ need, and the share of all pay that can be on time."""

    b20w: float
    on_time: float


@dataclass(frozen=True, slots=True)
class Relaxed:
    """Liquid work: who could spend how many hours on which group of like jobs.

    Rows are the demands of the groups; then, day after day, the hours of every maker
    and of every base until then. `busy` says which of them have any work.
    """

    jobs: list[list[int]]
    maker: np.ndarray
    group: np.ndarray
    pay: np.ndarray
    demand: np.ndarray
    rows: csr_matrix
    limits: np.ndarray
    busy: np.ndarray
    value: float


@dataclass(frozen=True, slots=True)
class Prices:
    """What one more piece of each job and one more hour of each base is worth, in yuan.

    `hours` is by base and day: an hour that is used by then.
    """

    pieces: np.ndarray
    hours: np.ndarray


def bound(problem: Problem, *, fairness: bool = True) -> Bound:
    """Both bounds; demand may stay unmet in the first, so it is always feasible."""
    cols = columns(problem)
    liquid = _relaxed(cols)
    if not len(liquid.pay):
        return Bound(0.0, 1.0)
    on_time, _ = _solve(-liquid.pay, liquid.rows, liquid.limits, len(liquid.pay))
    best = _fairest(cols, liquid) if fairness else 0.0
    return Bound(best, -on_time / liquid.value)


def prices(cols) -> Prices:
    """The prices at which liquid work that is on time pays most."""
    liquid = _relaxed(cols)
    pieces = np.zeros(len(cols.jobs))
    hours = np.zeros((cols.days, len(cols.bases)))
    if not len(liquid.pay):
        return Prices(pieces, hours.T)
    _, found = _solve(-liquid.pay, liquid.rows, liquid.limits, len(liquid.pay))
    every = np.zeros(len(liquid.busy))
    every[liquid.busy] = np.maximum(-found, 0)
    for price, members in zip(every, liquid.jobs, strict=False):
        for job in members:
            pieces[job] = price * cols.jobs[job].minutes / 60
    by_day = every[len(liquid.jobs) :].reshape(cols.days, -1)
    return Prices(pieces, by_day[:, len(cols.makers) :].T)


def fairest_beside(problem: Problem, least: float) -> float:
    """The bound of b20w where at least this share of all pay is on time."""
    cols = columns(problem)
    liquid = _relaxed(cols)
    rows = vstack([liquid.rows, csr_matrix(-liquid.pay)]).tocsr()
    limits = np.append(liquid.limits, -least * liquid.value)
    return _fairest(cols, replace(liquid, rows=rows, limits=limits))


def alike(cols) -> list[list[int]]:
    """Rows of jobs for the same makers by the same deadline, nearly as well paid."""
    groups: dict[tuple, list[int]] = {}
    for at, job in enumerate(cols.jobs):
        pay = round(200 * np.log(job.rate / job.minutes))
        key = (job.craft, job.grade, job.deadline, job.bases, pay)
        groups.setdefault(key, []).append(at)
    return list(groups.values())


def _relaxed(cols) -> Relaxed:
    groups = alike(cols)
    free = closed(cols.free)
    maker, group, pay, due, demand = [], [], [], [], []
    value = sum(job.pieces * job.rate for job in cols.jobs) / 100
    for at, members in enumerate(groups):
        jobs = [cols.jobs[row] for row in members]
        rows = cols.pool(jobs[0]).rows
        rows = rows[free[rows, jobs[0].deadline] > 0]
        maker.append(rows)
        group.append(np.full(len(rows), at))
        best = max(job.rate / job.minutes for job in jobs) * 60 / 100
        pay.append(np.full(len(rows), best))
        due.append(np.full(len(rows), jobs[0].deadline))
        demand.append(sum(job.pieces * job.minutes for job in jobs) / 60)
    maker, group = np.concatenate(maker), np.concatenate(group)
    pay, due = np.concatenate(pay), np.concatenate(due)
    count = len(maker)
    every = np.arange(count)
    ones = np.ones(count)
    parts = [coo_matrix((ones, (group, every)), (len(groups), count))]
    limits = [np.array(demand)]
    for by in range(cols.days):
        early = every[due <= by]
        for who, most in ((maker, cols.free), (cols.home[maker], cols.capacity)):
            shape = (len(most), count)
            ones = np.ones(len(early))
            parts.append(coo_matrix((ones, (who[early], early)), shape))
            limits.append(most[:, by] / 60)
    rows = vstack(parts).tocsr()
    busy = np.diff(rows.indptr) > 0
    limits = np.concatenate(limits)
    return Relaxed(
        groups,
        maker,
        group,
        pay,
        np.array(demand),
        rows[busy],
        limits[busy],
        busy,
        value,
    )


def _fairest(cols, liquid: Relaxed) -> float:
    """Largest mean level of the poorest fifth: threshold less weighted shortfalls."""
    reach = within_reach(cols)
    need = cols.need[reach].astype(float)
    unit = need.mean()
    need /= unit
    earned = cols.earned[reach] / 100
    place = np.full(len(cols.makers), -1)
    place[reach] = np.arange(len(reach))
    count, people = len(liquid.pay), len(reach)
    mine = np.flatnonzero(place[liquid.maker] >= 0)
    who = place[liquid.maker[mine]]
    lift = coo_matrix((-liquid.pay[mine], (who, mine)), (people, count))
    # need × threshold − income ≤ shortfall, one row per maker within reach
    ask = coo_matrix((need, (np.arange(people), np.zeros(people, int))), (people, 1))
    gap = coo_matrix((-np.ones(people), (np.arange(people),) * 2), (people, people))
    upper = coo_matrix((liquid.rows.shape[0], 1 + people))
    rows = vstack(
        [_beside(liquid.rows, upper), _beside(lift, _beside(ask, gap))]
    ).tocsr()
    limits = np.concatenate([liquid.limits, earned])
    cost = np.concatenate(
        [np.zeros(count), [-1.0], np.full(people, 1 / (0.2 * need.sum()))]
    )
    best, _ = _solve(cost, rows, limits, count)
    return -best * 100 / unit / cols.common * PER_NEED


def _beside(left, right):
    from scipy.sparse import hstack

    return hstack([left, right])


def _solve(cost, rows, limits, free_from: int) -> tuple[float, np.ndarray]:
    """The least cost under `rows` · x ≤ `limits`, x ≥ 0 (the threshold may be less).

    Beside it by how much it changes with each limit.
    """
    rows = rows.tocsc()
    model = highspy.HighsLp()
    model.num_col_, model.num_row_ = rows.shape[1], rows.shape[0]
    model.col_cost_ = np.asarray(cost, float)
    lower = np.zeros(rows.shape[1])
    if free_from < len(lower):
        lower[free_from] = -highspy.kHighsInf
    model.col_lower_ = lower
    model.col_upper_ = np.full(rows.shape[1], highspy.kHighsInf)
    model.row_lower_ = np.full(rows.shape[0], -highspy.kHighsInf)
    model.row_upper_ = np.asarray(limits, float)
    model.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    model.a_matrix_.start_ = rows.indptr
    model.a_matrix_.index_ = rows.indices
    model.a_matrix_.value_ = rows.data
    solver = highspy.Highs()
    solver.setOptionValue("output_flag", False)
    solver.setOptionValue("solver", "ipm")
    solver.setOptionValue("run_crossover", "off")
    solver.setOptionValue("threads", 1)
    solver.passModel(model)
    solver.run()
    status = solver.getModelStatus()
    if status != highspy.HighsModelStatus.kOptimal:
        raise RuntimeError(f"HiGHS stopped with {status}")
    dual = np.array(solver.getSolution().row_dual)
    return solver.getInfo().objective_function_value, dual
