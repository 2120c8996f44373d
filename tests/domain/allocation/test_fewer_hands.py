"""What gathering, sparing and lifting change of a plan, and what they leave alone."""

from fractions import Fraction
from itertools import pairwise
from types import SimpleNamespace

import pytest

from benchmarks.allocation.instances import network
from orders.domain.allocation import (
    Base,
    Job,
    Maker,
    Problem,
    compose,
    gather,
    lift,
    plan,
    spare,
)
from orders.domain.allocation.book import Book
from orders.domain.allocation.columns import columns
from orders.domain.allocation.place import candidates, place, whole
from orders.domain.allocation.planning import by_turn, opened
from tests.domain.allocation.villages import village, weeks


@pytest.fixture(scope="module")
def problem():
    return network("M", 31)


@pytest.fixture
def given(problem):
    """A book in which every job went to the lowest levels, and its jobs."""
    book = opened(columns(problem), problem)
    jobs, _ = by_turn(book)
    for job in jobs:
        place(book, job, 240)
    return book, jobs


@pytest.fixture
def to_the_best_off(problem):
    """A book in which every job went to the highest levels, and its jobs."""
    book = opened(columns(problem), problem)
    jobs, _ = by_turn(book)
    for job in jobs:
        lot = book.lot[job]
        for maker in reversed(candidates(book, job, lot)):
            left = book.open[job]
            pieces = whole(min(book.fits(job, maker), left), left, lot, 0)
            if pieces:
                book.give(job, maker, pieces)
    return book, jobs


def parcels(book, jobs):
    return sum(len(book.parcels(job)) for job in jobs)


def hand_offs(book, jobs):
    return sum(len(book.new[job]) for job in jobs)


def unfairness(book):
    pairs = zip(book.income.tolist(), book.need, strict=True)
    return sum(Fraction(income**2, need) for income, need in pairs)


def test_gathering_sends_fewer_parcels_from_fewer_hands_and_nothing_late(
    given, monkeypatch
):
    book, jobs = given
    monkeypatch.setattr(gather, "MOST_PARCELS", (1, 1))
    before, hands, open_pieces = (
        parcels(book, jobs),
        hand_offs(book, jobs),
        book.open[:],
    )
    moved = gather.gather(book, jobs)
    assert moved > 0
    assert parcels(book, jobs) == before - moved
    assert hand_offs(book, jobs) <= hands
    assert book.open == open_pieces
    assert min(book.room_of) >= 0
    assert min(book.base_room_of) >= 0


def test_only_bases_with_few_shares_hand_them_on_when_so_asked(given, monkeypatch):
    book, jobs = given
    monkeypatch.setattr(gather, "MOST_PARCELS", (1, 1))
    before = [book.sends(job) for job in jobs]
    gather.gather(book, jobs, 2)
    gone = [
        shares
        for job, had in zip(jobs, before, strict=True)
        for base, shares in had.items()
        if base not in book.parcels(job)
    ]
    assert set(gone) == {1, 2}


def test_nobody_falls_below_the_poorest_fifth_for_a_parcel(given, monkeypatch):
    book, jobs = given
    monkeypatch.setattr(gather, "MOST_PARCELS", (1, 1))
    fifth = gather.level_of_fifth(book)
    before = book.income.copy()
    gather.gather(book, jobs)
    poorer = (book.income < before).nonzero()[0].tolist()
    assert poorer
    for maker in poorer:
        assert (book.income_of[maker] << book.bits) // book.need[maker] >= fifth


def test_a_base_hands_all_its_shares_of_a_job_on_or_keeps_them_all(given, monkeypatch):
    book, jobs = given
    monkeypatch.setattr(gather, "MOST_PARCELS", (1, 1))
    monkeypatch.setattr(gather, "_join", lambda book, jobs, spare, poor: 0)
    before = [dict(book.new[job]) for job in jobs]
    closed = gather.gather(book, jobs)
    assert closed > 0
    for job, had in zip(jobs, before, strict=True):
        sends = book.parcels(job)
        for maker, pieces in had.items():
            if book.home[maker] in sends:
                assert book.new[job][maker] >= pieces
            else:
                assert maker not in book.new[job]


def test_few_parcels_are_left_as_they_are(given):
    book, jobs = given
    few = [job for job in jobs if len(book.parcels(job)) == 1]
    assert gather.gather(book, few) == 0


def test_sparing_hands_joins_shares_of_a_job_until_they_are_few_enough(
    given, monkeypatch
):
    book, jobs = given
    makers = {maker for job in jobs for maker in book.new[job]}
    fifth = gather.level_of_fifth(book)
    hands, open_pieces, before = (
        hand_offs(book, jobs),
        book.open[:],
        parcels(book, jobs),
    )
    income = book.income.copy()
    want = (hands - 40) * 100 // (len(jobs) + len(makers))
    monkeypatch.setattr(spare, "HANDS", (want, want))

    joined = spare.spare(book, jobs)

    assert joined == hands - want * (len(jobs) + len(makers)) // 100
    assert all(
        pieces >= book.lot[job] for job in jobs for pieces in book.new[job].values()
    )
    assert hand_offs(book, jobs) == hands - joined
    assert parcels(book, jobs) <= before
    assert book.open == open_pieces
    assert {maker for job in jobs for maker in book.new[job]} == makers
    assert min(book.room_of) >= 0
    assert min(book.base_room_of) >= 0
    for maker in (book.income < income).nonzero()[0].tolist():
        assert (book.income_of[maker] << book.bits) // book.need[maker] >= fifth


def test_a_share_for_which_no_single_colleague_has_time_is_parted_among_several(
    monkeypatch,
):
    """The first two have two hours left each; there are four pieces of an hour."""
    free = (7 * 60, 7 * 60, 8 * 60)
    makers = tuple(
        Maker(row, 1, {"weaving": 1}, 1_000, 0, (minutes,), 0)
        for row, minutes in enumerate(free)
    )
    job = Job(1, "weaving", 1, 0, 60, 2_000, 14, 2, None)
    other = Job(2, "weaving", 1, 0, 60, 2_000, 2, 2, None)
    base = Base(1, "A", (100 * 60,))
    problem = Problem(weeks(1), makers, (base,), (job, other), frozenset(), ())
    book = opened(columns(problem), problem)
    for maker, pieces in ((0, 5), (1, 5), (2, 4)):
        book.give(0, maker, pieces)
    book.give(1, 2, 2)
    monkeypatch.setattr(spare, "HANDS", (60, 60))
    monkeypatch.setattr(spare, "level_of_fifth", lambda book: 0)

    assert spare.spare(book, [0, 1]) == 1

    assert book.new == [{0: 7, 1: 7}, {2: 2}]
    assert book.open == [0, 0]


def test_a_full_month_may_take_more_hands_before_any_is_spared():
    roomy, full = network("M", 31), network("M", 841, util=0.6)
    allowed = []
    for problem in (roomy, full):
        book = opened(columns(problem), problem)
        allowed.append(
            [spare._hands(book, hands) for hands in (spare.HANDS, (115, 135))]
        )
    assert allowed == [[113, 115], [133, 135]]


@pytest.mark.parametrize("least", [100, 60])
def test_far_too_many_parcels_become_fewer_though_the_poor_give_something_up(
    given, monkeypatch, least
):
    """Of those that gathering leaves ten more go; who gives up keeps part."""
    book, jobs = given
    monkeypatch.setattr(gather, "MOST_PARCELS", (0, 1))
    gather.gather(book, jobs)
    before, hands, open_pieces = (
        parcels(book, jobs),
        hand_offs(book, jobs),
        book.open[:],
    )
    makers = {maker for job in jobs for maker in book.new[job]}
    monkeypatch.setattr(gather, "FAR_TOO_MANY", (before - 10, len(jobs)))
    monkeypatch.setattr(
        gather, "YIELDS", [part for part in gather.YIELDS if part >= least]
    )
    fifth, had = gather.level_of_fifth(book), book.income.copy()

    moved = gather.bundle(book, jobs)

    assert parcels(book, jobs) == before - moved
    assert (moved == 10) is (least < 100)
    assert hand_offs(book, jobs) <= hands
    assert book.open == open_pieces
    poorer = [who for who in makers if book.income_of[who] < had[who]]
    assert all(level(book, who) >= fifth * least // 100 for who in poorer)
    assert any(level(book, who) < fifth for who in poorer) == (least < 100)


def test_two_parcels_for_each_job_are_not_far_too_many(given, monkeypatch):
    book, jobs = given
    monkeypatch.setattr(gather, "FAR_TOO_MANY", (parcels(book, jobs), len(jobs)))
    assert gather.bundle(book, jobs) == 0


@pytest.mark.parametrize(("exact", "bundled"), [(3, 0), (2, 1)])
def test_parcels_are_bundled_in_large_plans_only(monkeypatch, exact, bundled):
    """A plan of three jobs is large where exact plans have two at most."""
    monkeypatch.setattr(compose, "SMALL", 1)
    monkeypatch.setattr(compose, "EXACT", exact)
    seen = []
    monkeypatch.setattr(compose, "bundle", lambda book, jobs: seen.append(jobs))
    problem = village(7)
    book = opened(columns(problem), problem)
    jobs = by_turn(book)[0][:3]
    assert len(jobs) == 3
    compose._compose(book, jobs, 60, compose.USUAL)
    assert len(seen) == bundled


def level(book, maker):
    return (book.income_of[maker] << book.bits) // book.need[maker]


@pytest.mark.parametrize("least", [100, 60])
def test_far_too_many_hands_become_fewer_though_the_poor_give_something_up(
    given, monkeypatch, least
):
    """Sixty hand-offs more than the limit; who gives up keeps part of the fifth's."""
    book, jobs = given
    makers = {maker for job in jobs for maker in book.new[job]}
    hands, open_pieces, before = (
        hand_offs(book, jobs),
        book.open[:],
        parcels(book, jobs),
    )
    most = (hands - 60) * 100 // (len(jobs) + len(makers))
    monkeypatch.setattr(spare, "MOST_HANDS", (most, most))
    monkeypatch.setattr(
        spare, "YIELDS", [part for part in spare.YIELDS if part >= least]
    )
    fifth, had = gather.level_of_fifth(book), [level(book, who) for who in makers]
    lowest = min(fifth * least // 100, *had)

    joined = spare.limit(book, jobs)

    assert 0 < joined == hands - hand_offs(book, jobs)
    assert hand_offs(book, jobs) <= most * (len(jobs) + len(makers)) // 100
    assert parcels(book, jobs) <= before
    assert book.open == open_pieces
    assert {maker for job in jobs for maker in book.new[job]} == makers
    assert all(
        pieces >= book.lot[job] for job in jobs for pieces in book.new[job].values()
    )
    assert min(book.room_of) >= 0
    assert min(book.base_room_of) >= 0
    assert min(level(book, who) for who in makers) >= lowest


def test_the_limit_is_no_goal(given, monkeypatch):
    """Where hand-offs keep it nothing moves."""
    book, jobs = given
    before = [dict(shares) for shares in book.new]
    makers = {maker for job in jobs for maker in book.new[job]}
    most = hand_offs(book, jobs) * 100 // (len(jobs) + len(makers)) + 1
    monkeypatch.setattr(spare, "MOST_HANDS", (most, most))
    assert spare.limit(book, jobs) == 0
    assert book.new == before


def test_who_is_in_debt_keeps_less_than_the_fifth_and_nobody_is_asked_twice(
    monkeypatch,
):
    """Nine tenths of less than nothing would be more than that."""
    asked = []
    book = SimpleNamespace()
    for module in (gather, spare):
        monkeypatch.setattr(module, "level_of_fifth", lambda book: -1_000)
    monkeypatch.setattr(spare, "_excess", lambda book, jobs, hands: 5)
    monkeypatch.setattr(spare, "merge", lambda book, jobs, most, poor: 0)
    monkeypatch.setattr(spare, "_part", lambda book, jobs, excess, keeps: 0)
    monkeypatch.setattr(
        spare, "_join", lambda book, jobs, excess, keeps: asked.append(keeps) or 1
    )
    assert spare.limit(book, []) == len(spare.YIELDS)
    levels = [gather.BEYOND, -1_000, -1_100, -1_200, -1_300, -1_400, -1_500]
    assert asked == [(least, most) for most, least in pairwise(levels)]


@pytest.mark.parametrize(
    ("base_of_heir", "keeps", "heir"),
    [
        (1, (-gather.BEYOND, gather.BEYOND), 2),
        (2, (-gather.BEYOND, gather.BEYOND), None),
        (1, (0, gather.BEYOND), 2),
        (1, (1, gather.BEYOND), None),
        (1, (-1, 0), None),
    ],
)
def test_in_a_full_base_a_share_joins_a_colleague_s_only(base_of_heir, keeps, heir):
    """Both bases are full; the heir has hours of her own. The giver is left nothing."""
    makers = tuple(
        Maker(row, base, {"weaving": 1}, 100, 0, (600,), 0)
        for row, base in ((1, 1), (2, base_of_heir))
    )
    bases = tuple(
        Base(base, "A", (60 * sum(one.base == base for one in makers),))
        for base in sorted({one.base for one in makers})
    )
    jobs = (Job(1, "weaving", 1, 0, 60, 2_000, 2, 1, None),)
    problem = Problem(weeks(1), makers, bases, jobs, frozenset(), ())
    book = opened(columns(problem), problem)
    rows = book.columns.maker_row
    book.give(0, rows[1], 1)
    book.give(0, rows[2], 1)
    assert not any(book.base_room_of)

    found = spare._cheapest(book, 0, rows[1], keeps, spare._others(book, 0))

    assert (found and found[1]) == (heir and rows[heir])


@pytest.mark.parametrize(("room", "parts"), [(1, None), (2, 2)])
def test_a_base_that_hands_on_parts_gives_its_own_people_none(room, parts):
    """The second of base 1 has time for all of it, the one of base 2 for `room`."""
    hours = ((1, 240), (1, 240), (2, 60 * (1 + room)))
    makers = tuple(
        Maker(row, base, {"weaving": 1}, 100, 0, (free,), 0)
        for row, (base, free) in enumerate(hours, 1)
    )
    bases = (Base(1, "A", (480,)), Base(2, "A", (240,)))
    jobs = (Job(1, "weaving", 1, 0, 60, 2_000, 4, 1, None),)
    problem = Problem(weeks(1), makers, bases, jobs, frozenset(), ())
    book = opened(columns(problem), problem)
    first, second, third = (book.columns.maker_row[row] for row in (1, 2, 3))
    for row, pieces in ((first, 2), (second, 1), (third, 1)):
        book.give(0, row, pieces)
    before = dict(book.new[0])

    found = gather._shared_out(book, 0, first)

    assert found == (parts and [(third, parts)])
    assert (book.new[0] == before) is (parts is None)


def test_only_who_has_hours_for_a_piece_more_is_asked(monkeypatch):
    """Four make the job, the second lowest has no hours left; two may be asked."""
    makers = tuple(
        Maker(row, 1, {"weaving": 1}, 100, row, (60 if row == 2 else 120,), 0)
        for row in (1, 2, 3, 4)
    )
    jobs = (Job(1, "weaving", 1, 0, 60, 2_000, 4, 1, None),)
    problem = Problem(weeks(1), makers, (Base(1, "A", (420,)),), jobs, frozenset(), ())
    book = opened(columns(problem), problem)
    rows = [book.columns.maker_row[row] for row in (1, 2, 3, 4)]
    for row in rows:
        book.give(0, row, 1)
    monkeypatch.setattr(spare, "ASKED", 1)
    assert list(spare._others(book, 0)) == [(rows[0], 0, 1, 1), (rows[2], 0, 1, 1)]


def test_a_very_full_month_keeps_to_the_limit_of_hands():
    """The plan before it had 1.385 for each line and maker with work."""
    problem = network("M", 2903, util=0.6)
    found = plan(problem).measures
    assert found["late_pieces"] == 0
    most = 135 * (len(problem.jobs) + found["makers"]) // 100
    assert found["hand_offs"] <= most


@pytest.mark.parametrize(
    ("hers", "shares"),
    [(2, {1: 2, 2: 2}), (3, {1: 2, 2: 2}), (4, {1: 4}), (8, {1: 4})],
)
def test_a_part_that_is_worth_a_hand_off_may_bring_more_than_even_levels(
    hers, shares, monkeypatch
):
    """She has as many pieces of 50 yuan as said, the other one four of 100 yuan."""
    makers = tuple(
        Maker(at, 1, {"straw": 1}, 1_000, 0, (900,), idle_days=0) for at in (1, 2)
    )
    jobs = (
        Job(1, "straw", 1, 0, 60, 10_000, 4, 1, None),
        Job(2, "straw", 1, 0, 60, 5_000, hers, 1, None),
    )
    problem = Problem(
        weeks(1), makers, (Base(1, "A", (1_800,)),), jobs, frozenset(), ()
    )
    book = opened(columns(problem), problem)
    book.give(0, 0, 4)
    book.give(1, 1, hers)
    monkeypatch.setattr(lift, "MOST_HANDS", (2, 1))
    lift.lift(book, [0, 1], 240)
    assert {maker + 1: pieces for maker, pieces in book.new[0].items()} == shares


def one_with_all(*earned: int, declined=frozenset(), hours: int = 90) -> Book:
    """The first maker has eight hours of a job; others have earned so much before."""
    makers = tuple(
        Maker(at, 1, {"straw": 1}, 1_000, fen, (900,), idle_days=0)
        for at, fen in enumerate((0, *earned), 1)
    )
    job = Job(1, "straw", 1, 0, 60, 10_000, 9, 1, None)
    bases = (Base(1, "A", (hours * 60,)),)
    problem = Problem(weeks(1), makers, bases, (job,), declined, ())
    book = opened(columns(problem), problem)
    book.give(0, 0, 8)
    return book


@pytest.mark.parametrize(
    ("declined", "hours", "shares"),
    [
        (frozenset(), 90, {1: 4, 2: 4}),
        (frozenset({(1, 2)}), 90, {1: 4, 3: 4}),
        # A full base keeps its own hours.
        (frozenset(), 8, {1: 4, 2: 4}),
    ],
)
def test_a_part_goes_to_the_lowest_who_may_have_it(
    declined, hours, shares, monkeypatch
):
    monkeypatch.setattr(lift, "MOST_HANDS", (2, 1))
    book = one_with_all(0, 0, declined=declined, hours=hours)
    assert lift.lift(book, [0], 240) == 1
    assert {maker + 1: pieces for maker, pieces in book.new[0].items()} == shares


def test_who_makes_some_already_gets_no_part(monkeypatch):
    monkeypatch.setattr(lift, "MOST_HANDS", (2, 1))
    book = one_with_all(-20_000, 0)
    book.give(0, 1, 1)
    assert lift.lift(book, [0], 240) == 0


def test_where_too_many_hands_are_at_work_nothing_is_split(monkeypatch):
    monkeypatch.setattr(lift, "MOST_HANDS", (1, 100))
    assert lift.lift(one_with_all(0, 0), [0], 240) == 0


def test_the_budget_of_hand_offs_bounds_how_many_shares_are_split(
    to_the_best_off, monkeypatch
):
    book, jobs = to_the_best_off
    makers = {maker for job in jobs for maker in book.new[job]}
    room = len(jobs) + len(makers)
    monkeypatch.setattr(lift, "MOST_PARCELS", (2, 1))
    monkeypatch.setattr(lift, "MOST_HANDS", (hand_offs(book, jobs) + 3, room))
    assert lift.lift(book, jobs, 240) == 3


def test_lifting_gives_parts_to_the_poorest_and_keeps_the_budget_of_parcels(
    to_the_best_off, monkeypatch
):
    book, jobs = to_the_best_off
    sent, hands = parcels(book, jobs), hand_offs(book, jobs)
    monkeypatch.setattr(lift, "MOST_HANDS", (2, 1))
    monkeypatch.setattr(lift, "MOST_PARCELS", (sent + 5, len(jobs)))
    fifth, uneven = gather.level_of_fifth(book), unfairness(book)
    before = book.income.copy()
    lifted = lift.lift(book, jobs, 240)
    richer = (book.income > before).nonzero()[0].tolist()
    assert lifted > 5
    assert hand_offs(book, jobs) == hands + lifted
    assert sent < parcels(book, jobs) <= sent + 5
    assert unfairness(book) < uneven
    assert min(book.room_of) >= 0
    assert min(book.base_room_of) >= 0
    for job in jobs:
        assert all(book.new[job][m] >= book.lot[job] for m in book.new[job])
    for maker in richer:
        assert (int(before[maker]) << book.bits) // book.need[maker] <= fifth
