"""What a change costs: declines, new work, illness, a base that closes; promises."""

import random
from collections.abc import Iterable
from dataclasses import replace
from functools import partial

from orders.domain.allocation import Job, Plan, Problem, plan, promise, replan

from .baselines import lowest_first
from .instances import network
from .planning import in_turn, say, timed


def changes(size: str, seeds: Iterable[int]) -> None:
    """Four changes, each re-planned and beside a plan from nothing."""
    say(f"# change {size}")
    for seed in seeds:
        problem = network(size, seed)
        before = plan(problem)
        dice = random.Random(seed)
        some = max(1, len(before.shares) // 100)
        no = frozenset((s.job, s.maker) for s in dice.sample(before.shares, some))
        more = _new_jobs(size, seed, problem)
        ill = dice.choice(before.shares).maker
        away = tuple(
            replace(m, free=(0,) * len(m.free)) if m.id == ill else m
            for m in problem.makers
        )
        gone = dice.choice(before.shares).base
        states = {
            f"{len(no)} declines": (problem, no),
            f"{len(more)} new jobs": (
                replace(problem, jobs=(*problem.jobs, *more)),
                frozenset(),
            ),
            "a maker ill": (replace(problem, makers=away), frozenset()),
            "a base gone": (_without(problem, gone), frozenset()),
        }
        works = [
            partial(replan, state, before, declined=declined)
            for state, declined in states.values()
        ]
        base, *done = in_turn([partial(lowest_first, problem), *works], 3)
        for (name, (state, declined)), (seconds, after) in zip(
            states.items(), done, strict=True
        ):
            full = plan(replace(state, declined=state.declined | declined))
            held = plan(_with_untouched_kept(state, before, declined))
            say(
                f"{size}{seed} {name}: time {seconds / base[0]:.2f} x lowest"
                f" first; late {after.measures['late_pieces']} (from nothing"
                f" {full.measures['late_pieces']}, with the same shares kept"
                f" {held.measures['late_pieces']}); changed on untouched lines"
                f" {_changed(state, before, after, declined)}; b20w"
                f" {after.measures['b20w'] / full.measures['b20w']:.4f} of it"
            )


def _new_jobs(size: str, seed: int, problem: Problem) -> tuple[Job, ...]:
    fresh = random.Random(seed).sample(
        network(size, seed + 500).jobs, max(1, len(problem.jobs) // 100)
    )
    return tuple(replace(job, id=job.id + 10**6) for job in fresh)


def _without(problem: Problem, gone: int) -> Problem:
    return replace(
        problem,
        bases=tuple(base for base in problem.bases if base.id != gone),
        makers=tuple(maker for maker in problem.makers if maker.base != gone),
    )


def _touched(state: Problem, before: Plan, declined) -> set[int]:
    """Lines whose shares had to go, or which were late."""
    still = {maker.id: maker for maker in state.makers}
    found = {rest.job for rest in before.late}
    for share in before.shares:
        if (
            (share.job, share.maker) in declined
            or share.maker not in still
            or still[share.maker].free[-1] == 0
        ):
            found.add(share.job)
    return found


def _with_untouched_kept(state: Problem, before: Plan, declined) -> Problem:
    """The new state with the shares of all untouched lines as kept shares."""
    touched = _touched(state, before, declined)
    kept = tuple(share for share in before.shares if share.job not in touched)
    return replace(state, declined=state.declined | declined, kept=kept)


def _changed(state: Problem, before: Plan, after: Plan, declined) -> int:
    """Shares that differ on lines none of whose shares had to go."""
    touched = _touched(state, before, declined)
    old, new = {}, {}
    for share in before.shares:
        old.setdefault(share.job, []).append(share)
    for share in after.shares:
        new.setdefault(share.job, []).append(share)
    return sum(
        new.get(job) != shares for job, shares in old.items() if job not in touched
    )


def promises(size: str, seeds: Iterable[int], queries: int = 300) -> None:
    """Time of a promise, and whether each is kept when placed one after the other."""
    say(f"# promise {size}")
    in_a_row = 40 if size == "XL" else 500
    for seed in seeds:
        problem = network(size, seed)
        base_seconds, _ = timed(lambda p=problem: lowest_first(p), 3)
        result = plan(problem)
        dice = random.Random(seed)
        asked = [_ask(dice, problem) for _ in range(queries + 1)]
        first, _ = timed(lambda p=problem, r=result, a=asked[0]: promise(p, r, **a))
        rest, _ = timed(
            lambda p=problem, r=result, every=asked: [promise(p, r, **a) for a in every]
        )
        kept, given = _in_a_row(problem, result, dice, in_a_row)
        say(
            f"{size}{seed}: first call {first / base_seconds:.3f} x lowest first, then"
            f" 1/{base_seconds / (rest / len(asked)):.0f}; {in_a_row} in a row:"
            f" {kept} of {given} promises kept"
        )


def _ask(dice: random.Random, problem: Problem) -> dict[str, int | str]:
    like = dice.choice(problem.jobs)
    return {
        "craft": like.craft,
        "grade": like.grade,
        "minutes": like.minutes,
        "pieces": dice.choice((5, 50, 500)),
        "min_lot": like.min_lot,
    }


def _in_a_row(problem: Problem, result: Plan, dice, count: int) -> tuple[int, int]:
    kept = given = 0
    for turn in range(count):
        ask = _ask(dice, problem)
        by = promise(problem, result, **ask)
        if by is None:
            continue
        given += 1
        name = 2 * 10**6 + turn
        job = Job(id=name, deadline=by, rate=ask["minutes"] * 30, bases=None, **ask)
        problem = replace(problem, jobs=(*problem.jobs, job))
        result = replan(problem, result)
        kept += all(rest.job != name for rest in result.late)
    return kept, given
