"""Small plans are worked over: on time, fairly, by few hands, the same every time."""

from fractions import Fraction

import pytest

from benchmarks.allocation.baselines import lowest_first
from benchmarks.allocation.instances import network
from orders.domain.allocation import Base, Job, Maker, Problem, plan
from orders.domain.allocation import anew as module
from orders.domain.allocation.anew import anew
from orders.domain.allocation.columns import columns
from orders.domain.allocation.dice import Dice
from orders.domain.allocation.measures import fairness, poorest_fifth
from orders.domain.allocation.plain import lot_by_lot
from orders.domain.allocation.planning import by_turn, opened
from orders.domain.allocation.tidy import tidy
from orders.domain.allocation.worth import Standing, Worth

from .checker import broken_rules
from .villages import weeks


@pytest.fixture
def plainly_given():
    """A small network given out lot by lot, which takes very many hands."""
    problem = network("S", 7)
    book = opened(columns(problem), problem)
    jobs, _ = by_turn(book)
    lot_by_lot(book, jobs)
    return book, jobs


def test_the_plain_way_ends_however_many_lots_there_are():
    """A hundred million pieces of which a lot is one, for three makers."""
    makers = tuple(
        Maker(at, 1, {"weaving": 1}, 600, 0, (10**9,), 0) for at in (1, 2, 3)
    )
    job = Job(1, "weaving", 1, 0, 1, 100, 10**8, 1, None)
    bases = (Base(1, "A", (10**9,)),)
    problem = Problem(weeks(1), makers, bases, (job,), frozenset(), ())
    book = opened(columns(problem), problem)
    lot_by_lot(book, [0])
    assert book.open == [0]
    shares = sorted(book.new[0].values())
    assert shares[-1] - shares[0] <= 10**8 // 4_000


def hand_offs(book):
    return sum(map(len, book.new))


def late(book):
    pairs = zip(book.open, book.jobs, strict=True)
    return sum(left * job.rate for left, job in pairs)


def test_the_dice_fall_the_same_every_time():
    one, other = Dice(), Dice()
    assert [one.below(6) for _ in range(12)] == [other.below(6) for _ in range(12)]
    assert sorted(one.some(list(range(9)), 9)) == list(range(9))
    assert set(one.factors(2_000).tolist()) <= set(range(256, 512))


def test_working_over_the_plain_plan_needs_far_fewer_hands(plainly_given):
    book, jobs = plainly_given
    hands, open_pay = hand_offs(book), late(book)
    b20w = fairness(book.columns, book.income)
    anew(book, jobs, b20w, 0, hands * 6 // 10)
    assert hand_offs(book) <= hands * 6 // 10
    assert late(book) <= open_pay
    assert fairness(book.columns, book.income) * 1000 >= b20w * 985
    assert min(book.room_of) >= 0
    assert min(book.base_room_of) >= 0
    assert all(
        pieces >= book.lot[job] for job in jobs for pieces in book.new[job].values()
    )


def test_a_plan_worked_over_is_tidy(plainly_given):
    book, jobs = plainly_given
    anew(book, jobs, fairness(book.columns, book.income), 0, hand_offs(book) // 2)
    assert tidy(book, jobs, 1) == 0


def test_a_little_more_late_counts_as_nothing_only_where_some_is_late(plainly_given):
    book, jobs = plainly_given
    worth = Worth(book, jobs, 100, 10)
    worth.allow(0)
    assert worth.allowed == 0
    worth.allow(7)
    assert worth.allowed == 7 + worth.pay // 1000


def test_what_is_granted_counts_as_nothing_whatever_the_least_is(plainly_given):
    book, jobs = plainly_given
    worth = Worth(book, jobs, 100, 10, granted=1_000)
    for late, allowed in ((0, 1_000), (7, 1_000), (2_000, 2_000)):
        worth.allow(late)
        assert worth.allowed == allowed


@pytest.mark.parametrize(
    ("must", "part", "lowest", "searched"),
    [
        pytest.param(5 * 10**7, 0, 10**12, 3, id="below the lowest that will do"),
        pytest.param(5 * 10**7, 0, 0, 0, id="fair enough"),
        pytest.param(1, 1, 10**12, 3, id="all of the pay more"),
        pytest.param(0, 1, 10**12, 0, id="nothing must be late"),
        pytest.param(1, 0, 10**12, 0, id="more is late already"),
    ],
)
def test_more_is_granted_only_where_it_is_unfair_and_some_must_be_late(
    plainly_given, monkeypatch, must, part, lowest, searched
):
    book, jobs = plainly_given
    granted = []

    def noted(*args, **more):
        granted.append(more["granted"])
        return Worth(*args, **more)

    for job in jobs[:4]:
        for maker, pieces in list(book.new[job].items()):
            book.take(job, maker, pieces)
        book.barred[job].update(range(len(book.need)))
    monkeypatch.setattr(module, "Worth", noted)
    monkeypatch.setattr(module, "unpaid", lambda book, jobs: must)
    monkeypatch.setattr(module, "GRANTED", (part, 1))
    monkeypatch.setattr(module, "ROUNDS", 1)
    monkeypatch.setattr(module, "MANY_ROUNDS", 1)
    anew(book, jobs, 10**12, lowest, 100)
    pay = sum(book.jobs[job].pieces * book.jobs[job].rate for job in jobs)
    assert [one for one in granted if one] == [must + part * pay] * searched


def test_a_journey_is_cheap_beside_fairness_and_dear_over_budget(plainly_given):
    book, jobs = plainly_given
    worth = Worth(book, jobs, 10**6, 100)
    fair = worth.cost(Standing(0, 0, 100, 80))
    assert worth.cost(Standing(0, 1000, 100, 80)) - fair == worth.unit
    assert worth.cost(Standing(0, 0, 100, 81)) - fair == worth.price
    assert worth.price == worth.unit * 3 // 10
    assert worth.cost(Standing(0, 0, 101, 80)) - fair == worth.price + 12 * worth.unit


def test_late_work_is_looked_for_first_where_less_could_be_late():
    """CP-SAT knows a plan with 148,172 fen, and has proven that none has under 147,800.

    With other throws that plan was found. Without looking first it would be 158,252.
    """
    problem = network("S", 3003)
    result = plan(problem)
    rate = {job.id: job.rate for job in problem.jobs}
    open_pay = sum(rest.pieces * rate[rest.job] for rest in result.late)
    assert open_pay == 150_838
    assert broken_rules(problem, result) == []


@pytest.mark.parametrize(
    ("seed", "b20w", "late"),
    [
        pytest.param(3419, 32_729, 273, id="where 263 must be late a few more are"),
        pytest.param(3531, 76_235, 0, id="looked for longer"),
    ],
)
def test_a_plan_that_is_far_less_fair_than_the_plain_way_is_mended(seed, b20w, late):
    """Before, b20w was 29,501 with 269 late, and 75,546."""
    problem = network("S", seed)
    result = plan(problem)
    assert (result.measures["b20w"], result.measures["late_pieces"]) == (b20w, late)
    lowest = lowest_first(problem)
    usual = poorest_fifth(lowest.columns, lowest.income)
    assert b20w >= usual * 98 // 100
    assert broken_rules(problem, result) == []


@pytest.mark.parametrize("seed", [823, 834])
def test_full_bases_with_urgent_work_leave_their_poor_no_longer_behind(seed):
    """Levels alone reach .84 of what is possible at 823, lots alone .78 at 834."""
    problem = network("S", seed)
    lowest = lowest_first(problem)
    result = plan(problem)
    assert result.measures["late_pieces"] == 0
    assert Fraction(
        result.measures["b20w"], poorest_fifth(lowest.columns, lowest.income)
    ) >= Fraction(97, 100)
    assert result.measures["hand_offs"] <= hand_offs(lowest) * 6 // 10 + 20
    assert broken_rules(problem, result) == []
