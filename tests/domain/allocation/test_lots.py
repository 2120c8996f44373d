"""From water to lots: what is poured and handed out a second time."""

from dataclasses import replace

import pytest

from orders.domain.allocation import Base, Job, Maker, Problem, compose
from orders.domain.allocation.columns import columns
from orders.domain.allocation.lots import hand_out
from orders.domain.allocation.measures import fullness
from orders.domain.allocation.planning import by_turn, opened
from orders.domain.allocation.vessel import BIG
from orders.domain.allocation.water import pour
from orders.domain.allocation.wishes import Wishes
from tests.domain.allocation.villages import weeks


@pytest.fixture
def poured(monkeypatch):
    """Which jobs were poured, each time, and in how many rounds where that is said."""
    found = []
    pour = compose.pour

    def count(book, jobs, *sweeps):
        found.append((sorted(book.jobs[job].id for job in jobs), *sweeps))
        return pour(book, jobs, *sweeps)

    monkeypatch.setattr(compose, "pour", count)
    return found


def handed_out(*bases):
    """Three jobs of ten hours, for makers whose quotas are two and a half each.

    The first is of straw, which four of them know, the others are of reed.
    """
    makers = tuple(
        Maker(at, 1, {"straw" if at < 5 else "reed": 1}, 1_000, 0, (600,), at)
        for at in range(1, 13)
    )
    jobs = tuple(
        Job(at, craft, 1, 0, 60, 2_000, 10, 2, only)
        for at, (craft, only) in enumerate(
            zip(("straw", "reed", "reed"), bases, strict=True), 1
        )
    )
    problem = Problem(
        weeks(1), makers, (Base(1, "A", (6_000,)),), jobs, frozenset(), ()
    )
    book = opened(columns(problem), problem)
    compose._fill(book, by_turn(book)[0], 120, compose.USUAL)
    return book


HERE = frozenset({1})


def test_work_for_all_bases_is_poured_again_in_three_rounds(poured):
    assert handed_out(None, None, None).open == [0, 0, 0]
    assert poured == [([1, 2, 3],), ([1, 2, 3], 3)]


def test_work_goes_first_where_water_asks_for_that_very_work():
    """The harder work is due later, and only then the second base has any hours.

    If the larger base had as much of it as its quotas are worth, nobody would be left
    for what is due early.
    """
    makers = tuple(
        Maker(at, 1 + (at > 3), {"reed": 2}, 1_000, 0, (6_000, 6_000), 0)
        for at in range(1, 6)
    )
    bases = (Base(1, "A", (6_000, 6_000)), Base(2, "A", (0, 6_000)))
    jobs = (
        Job(1, "reed", 1, 0, 60, 2_000, 15, 1, None),
        Job(2, "reed", 2, 1, 60, 2_000, 26, 1, None),
    )
    problem = Problem(weeks(2), makers, bases, jobs, frozenset(), ())
    book = opened(columns(problem), problem)
    wishes = Wishes(pour(book, [0, 1]))
    hand_out(book, [0, 1], wishes, 60)
    assert sum(book.new[1].get(maker, 0) for maker in (3, 4)) == 16
    assert book.open[0] <= 1
    # Nothing more is asked for of what was given.
    assert (abs(wishes.of(jobs[1]).parts[2, 1]) < 60).all()


@pytest.mark.parametrize(
    ("timely", "hours", "given"),
    [(False, 20, 20), (True, 20, 11), (True, 23, 20), (True, 22, 11)],
)
def test_where_time_comes_first_late_work_leaves_early_hours_alone(
    timely, hours, given
):
    """Ten pieces are due early, ten late, and ten more late ones water knows not of.

    A base that hardly has hours for the first twenty keeps ten for what is due early,
    but for a piece that makes a share whole. The others may take what quotas are left.
    """
    makers = tuple(
        Maker(at, 1, {"reed": 1}, 1_000, 0, (6_000, 6_000), 0) for at in range(1, 5)
    )
    jobs = tuple(
        Job(at, "reed", 1, int(at > 1), 60, 2_000, 10, 1, None) for at in (1, 2, 3)
    )
    bases = (Base(1, "A", (hours * 60, hours * 60)),)
    problem = Problem(weeks(2), makers, bases, jobs, frozenset(), ())
    book = opened(columns(problem), problem)
    wishes = Wishes(pour(book, [0, 1]))
    hand_out(book, [1, 2], wishes, 60, near=False, exact=True, timely=timely)
    assert book.open[0] == 10
    assert sum(sum(held.values()) for held in book.new) == given


@pytest.mark.parametrize(("full", "timely"), [(37, False), (38, True)])
def test_first_lots_alone_leave_early_hours_alone_in_full_months(
    full, timely, monkeypatch
):
    seen = []

    def noted(book, jobs, wishes, floor, **how):
        seen.append(how)

    monkeypatch.setattr(compose, "SMALL", 2)
    monkeypatch.setattr(compose, "fullness", lambda columns: full)
    monkeypatch.setattr(compose, "hand_out", noted)
    handed_out(None, None, None)
    assert seen == [
        {"near": False, "exact": True, "timely": timely},
        {"exact": True},
        {"exact": True},
    ]


@pytest.mark.parametrize(("hours", "loose"), [(80, True), (79, False)])
def test_hours_are_shared_out_in_bases_that_are_nearly_full(hours, loose):
    """Seventy hours are asked for, which is seven eighths of eighty."""
    makers = tuple(
        Maker(at, 1, {"straw": 1}, 1_000, 0, (6_000,), 0) for at in range(1, 8)
    )
    job = Job(1, "straw", 1, 0, 60, 2_000, 70, 2, None)
    bases = (Base(1, "A", (hours * 60,)),)
    problem = Problem(weeks(1), makers, bases, (job,), frozenset(), ())
    wish = Wishes(pour(opened(columns(problem), problem), [0])).of(job)
    assert wish.share.tolist() == [[BIG if loose else 70 * 60]]


def test_crafts_parted_by_bases_are_poured_once_and_handed_out_twice(poured):
    assert handed_out(HERE, HERE, HERE).open == [0, 0, 0]
    assert poured == [([1, 2, 3],)]


def test_few_jobs_are_poured_once_and_handed_out_twice(poured, monkeypatch):
    monkeypatch.setattr(compose, "is_few", lambda book, jobs: True)
    assert handed_out(None, None, None).open == [0, 0, 0]
    assert poured == [([1, 2, 3],)]


def test_a_craft_parted_by_bases_leaves_the_others_as_they_are(poured):
    assert handed_out(None, HERE, None).open == [0, 0, 0]
    assert poured == [([1, 2, 3],), ([1], 3)]


@pytest.mark.parametrize(
    ("jobs", "full", "how"),
    [
        (compose.SMALL, 37, ((), {})),
        (compose.SMALL + 1, 37, ((compose.ROOMY_SWEEPS,), {"rough": True})),
        (compose.SMALL, 38, ((), {})),
        (compose.SMALL + 1, 38, ((compose.FULL_SWEEPS,), {"timely": True})),
        (compose.EXACT, 37, ((compose.ROOMY_SWEEPS,), {"rough": True})),
        (compose.EXACT, 38, ((compose.FULL_SWEEPS,), {"timely": True})),
        (compose.EXACT + 1, 37, ((), {})),
        (compose.EXACT + 1, 38, ((), {})),
    ],
)
def test_many_jobs_are_poured_roughly_where_a_month_has_room_else_in_time(
    jobs, full, how, monkeypatch
):
    book, given = handed_out(None, None, None), []
    monkeypatch.setattr(compose, "fullness", lambda columns: full)
    monkeypatch.setattr(
        compose, "pour", lambda book, some, *how, **more: given.append((how, more))
    )
    compose._first_water(book, list(range(jobs)))
    assert given == [how]


def test_a_plan_begins_with_that_water(monkeypatch):
    class Enough(Exception):
        pass

    def first(book, jobs):
        raise Enough

    monkeypatch.setattr(compose, "_first_water", first)
    with pytest.raises(Enough):
        compose.composed(lambda: handed_out(None, None, None), [0, 1, 2], 120)


def test_a_month_is_as_full_as_the_hours_that_bases_and_makers_both_have():
    """Makers have 20 and 40 hours in the end, their bases 30 each."""
    makers = tuple(
        Maker(at, at, {"straw": 1}, 1_000, 0, (600, 1_200 * at), 0) for at in (1, 2)
    )
    bases = tuple(Base(at, "A", (600, 1_800)) for at in (1, 2))
    jobs = tuple(
        Job(at, "straw", 1, 0, 60, 2_000, pieces, 1, None)
        for at, pieces in ((1, 12), (2, 7), (3, 9))
    )
    jobs = (*jobs[:2], replace(jobs[2], held=True))
    problem = Problem(weeks(2), makers, bases, jobs, frozenset(), ())
    assert fullness(columns(problem)) == 38
    assert fullness(columns(replace(problem, makers=()))) > 100


@pytest.mark.parametrize("owed", [0, 101])
@pytest.mark.parametrize(
    ("exact", "large"), [(True, {3: 3, 4: 3}), (False, {1: 3, 4: 3})]
)
def test_large_pieces_go_where_they_come_closest_to_what_water_says(exact, large, owed):
    """Quotas are 500, 500, 600 and 600 yuan; pieces of the first job are 200 each.

    What they owe from before, as much for each need, makes no difference.
    """
    needs = (500, 500, 600, 600)
    makers = tuple(
        Maker(at, 1, {"straw": 1}, need, -owed * need, (600,), idle_days=9 - at)
        for at, need in enumerate(needs, 1)
    )
    jobs = (
        Job(1, "straw", 1, 0, 60, 20_000, 6, 1, None),
        Job(2, "straw", 1, 0, 30, 10_000, 10, 1, None),
    )
    problem = Problem(
        weeks(1), makers, (Base(1, "A", (6_000,)),), jobs, frozenset(), ()
    )
    book = opened(columns(problem), problem)
    given = by_turn(book)[0]
    hand_out(book, given, Wishes(pour(book, given)), 120, exact=exact)
    assert {maker + 1: pieces for maker, pieces in book.new[0].items()} == large
    assert book.open == [0, 0]
