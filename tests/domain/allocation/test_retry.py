"""What a change left late: short pieces first, or all anew where that is better."""

import random
from copy import deepcopy
from dataclasses import replace

import pytest

from benchmarks.allocation.instances import network
from orders.domain.allocation import (
    Base,
    Job,
    Maker,
    Plan,
    Problem,
    plan,
    replan,
    replanning,
    retry,
)
from orders.domain.allocation.columns import columns
from orders.domain.allocation.planning import opened
from tests.domain.allocation.villages import village, weeks


def street(first: tuple[int, ...], second: tuple[int, ...]) -> Problem:
    """Two makers of two crafts each in one roomy base; hours free by two deadlines."""
    bases = (Base(1, "A", (6_000, 6_000)),)
    both = {"weaving": 1, "knotting": 1}
    makers = (
        Maker(1, 1, both, 1_000, 0, first, 0),
        Maker(2, 1, {"weaving": 1}, 1_000, 0, second, 0),
    )
    jobs = (
        Job(1, "weaving", 1, 0, 60, 2_000, 10, 2, None),
        Job(2, "knotting", 1, 0, 60, 2_000, 10, 2, None),
    )
    return Problem(weeks(2), makers, bases, jobs, frozenset(), ())


def state(book):
    tables = (book.slack, book.room, book.base_slack, book.base_room, book.income)
    return [table.tolist() for table in tables], book.open[:], deepcopy(book.new)


def test_what_leaves_less_late_is_kept():
    problem = street((600, 600), (600, 600))
    book = opened(columns(problem), problem)
    book.give(0, 0, 10)

    retry.retry(book, [0, 1], 240, 0, lost=False)

    assert book.new == [{1: 10}, {0: 10}]
    assert book.open == [0, 0]


def test_without_room_nothing_is_tried(monkeypatch):
    """The second job's only maker has no hour."""
    problem = street((0, 0), (600, 600))
    book = opened(columns(problem), problem)
    book.give(0, 1, 10)
    before = state(book)
    monkeypatch.setattr(retry, "place_all", None)

    retry.retry(book, [0, 1], 240, 0, lost=False)

    assert state(book) == before


def test_a_vain_try_leaves_the_book_as_it_was(monkeypatch):
    """Anew the first job would go to one weaver whole; the second stays late anyway."""
    problem = street((0, 0), (600, 600))
    third = replace(problem.makers[1], id=3)
    problem = replace(problem, makers=(*problem.makers, third))
    book = opened(columns(problem), problem)
    book.give(0, 1, 4)
    book.give(0, 2, 6)
    before = state(book)
    monkeypatch.setattr(retry, "_hope", lambda book, late: 1)

    retry.retry(book, [0, 1], 240, 0, lost=False)

    assert state(book) == before


def state_of(late_fen: int, fair: int) -> retry.State:
    """So many of 1,000,000 fen are late."""
    return retry.State(10, late_fen, 1_000_000, fair)


@pytest.mark.parametrize(
    ("late_fen", "fair", "dear"),
    [
        # No less pay on time: a hundredth of b20w may go for fewer pieces, no more.
        (1_000, 9_900, False),
        (1_000, 9_899, True),
        # A thousandth of all pay less late is worth eight thousandths of b20w more.
        (0, 9_820, False),
        (0, 9_819, True),
        # More pay late counts the other way, and more fairness pays for it.
        (2_250, 10_000, False),
        (2_251, 10_000, True),
        (4_000, 10_140, False),
        (4_000, 10_139, True),
    ],
)
def test_fewer_late_pieces_may_cost_some_fairness(late_fen, fair, dear):
    assert state_of(late_fen, fair).is_dear(state_of(1_000, 10_000)) is dear


@pytest.mark.parametrize(
    ("late_fen", "fair", "dear"),
    [
        (2_250, 0, False),
        (2_251, 0, True),
        (2_250, 500, False),
        (2_251, 500, True),
        (0, -1, True),
    ],
)
def test_where_the_poorest_have_nothing_only_pay_is_measured(late_fen, fair, dear):
    """An eight hundredth of all pay may be late more, whatever they have then."""
    assert state_of(late_fen, fair).is_dear(state_of(1_000, 0)) is dear


def test_below_nothing_a_hundredth_may_go_too():
    debts = state_of(1_000, -10_000)
    assert not state_of(1_000, -10_100).is_dear(debts)
    assert state_of(1_000, -10_101).is_dear(debts)


def test_a_state_counts_late_pay_beside_the_pay_of_all_paid_work():
    offered = replace(LONG, id=3, rate=7_000, held=True)
    problem = one_maker(LONG, SHORT, offered)
    book = opened(columns(problem), problem)
    book.give(0, 0, 4)

    found = retry._state(book, [0, 1])

    assert (found.late, found.late_fen, found.pay) == (16, 16_000, 20_000)


@pytest.mark.parametrize(("late_before", "ways"), [(9, 2), (10, 1), (11, 1)])
def test_more_is_tried_only_where_more_is_late_than_before(
    monkeypatch, late_before, ways
):
    """Ten are late: nobody who could knot has an hour."""
    problem = street((0, 0), (600, 600))
    book = opened(columns(problem), problem)
    book.give(0, 1, 10)
    tried = []

    def way(book, jobs, floor):
        tried.append(floor)

    monkeypatch.setattr(retry, "_hope", lambda book, late: 1)
    monkeypatch.setattr(retry, "WAYS", (way, way))

    retry.retry(book, [0, 1], 240, late_before, lost=False)

    assert tried == [240] * ways


def one_maker(*jobs: Job, others: int = 0) -> Problem:
    """She has ten hours, as have as many weavers as are asked for besides."""
    base = Base(1, "A", (6_000,))
    her = Maker(1, 1, {"weaving": 1, "knotting": 1}, 1_000, 0, (600,), 0)
    makers = [replace(her, id=2 + at, grades={"weaving": 1}) for at in range(others)]
    return Problem(weeks(1), (her, *makers), (base,), jobs, frozenset(), ())


LONG = Job(1, "weaving", 1, 0, 60, 1_000, 10, 1, None)
SHORT = Job(2, "knotting", 1, 0, 30, 1_000, 10, 1, None)


def test_shorter_pieces_oust_longer_ones(monkeypatch):
    problem = one_maker(LONG, SHORT)
    book = opened(columns(problem), problem)
    book.give(0, 0, 10)
    monkeypatch.setattr(retry, "WAYS", ())

    retry.retry(book, [0, 1], 240, 0, lost=False)

    assert book.new == [{0: 5}, {0: 10}]
    assert book.open == [5, 0]


def test_what_was_ousted_finds_room_elsewhere(monkeypatch):
    problem = one_maker(LONG, SHORT, others=1)
    book = opened(columns(problem), problem)
    book.give(0, 0, 10)
    monkeypatch.setattr(retry, "WAYS", ())

    retry.retry(book, [0, 1], 240, 0, lost=False)

    assert book.open == [0, 0]


@pytest.mark.parametrize(
    ("most", "lost", "late"),
    [(5 * 60, False, 0), (5 * 60 - 1, False, 5), (5 * 60 - 1, True, 0)],
)
def test_a_little_that_was_ousted_finds_room_that_others_make(
    monkeypatch, most, lost, late
):
    """The weaver is busy with plaiting, for which somebody else has time."""
    plaiting = Job(3, "plaiting", 1, 0, 60, 1_000, 10, 1, None)
    problem = one_maker(LONG, SHORT, plaiting, others=2)
    her, weaver, third = problem.makers
    weaver = replace(weaver, grades={"weaving": 1, "plaiting": 1})
    third = replace(third, grades={"plaiting": 1})
    problem = replace(problem, makers=(her, weaver, third))
    book = opened(columns(problem), problem)
    book.give(0, 0, 10)
    book.give(2, 1, 10)
    monkeypatch.setattr(retry, "WAYS", ())
    monkeypatch.setattr(retry, "LITTLE", most)

    retry.retry(book, [0, 1, 2], 240, 0, lost=lost)

    assert sum(book.open) == late


def test_what_would_leave_more_pieces_late_is_not_ousted(monkeypatch):
    """One long piece pays more than the ten short ones that it would cost."""
    problem = one_maker(LONG, replace(SHORT, minutes=600, rate=20_000, pieces=1))
    book = opened(columns(problem), problem)
    book.give(0, 0, 10)
    before = state(book)

    retry.retry(book, [0, 1], 240, 0, lost=False)

    assert state(book) == before


def test_ousting_that_is_too_dear_leaves_the_book_as_it_was(monkeypatch):
    """For five pieces more she would lose half of her pay."""
    problem = one_maker(replace(LONG, rate=10_000), replace(SHORT, rate=100))
    book = opened(columns(problem), problem)
    book.give(0, 0, 10)
    before = state(book)
    monkeypatch.setattr(retry, "WAYS", ())

    retry.retry(book, [0, 1], 240, 0, lost=False)

    assert state(book) == before


@pytest.mark.parametrize(
    ("shares", "ways"),
    [(300, [retry.WAYS]), (301, [(None,)]), (600, [(None,)]), (601, [])],
)
def test_only_few_shares_are_given_out_anew_and_very_few_poured(
    monkeypatch, shares, ways
):
    """Every weaver has one piece; nobody could take any knotting that is late."""
    problem = one_maker(replace(LONG, pieces=601), SHORT, others=601)
    her, *weavers = problem.makers
    her = replace(her, free=(0,))
    base = replace(problem.bases[0], capacity=(60 * 601,))
    problem = replace(problem, makers=(her, *weavers), bases=(base,))
    book = opened(columns(problem), problem)
    for weaver in range(1, 1 + shares):
        book.give(0, weaver, 1)
    tried = []

    def start(book, jobs, floor, ways, first):
        tried.append(ways)

    monkeypatch.setattr(retry, "_start_anew", start)

    retry.retry(book, [0, 1], 240, 0, lost=False)

    assert tried == ways


@pytest.mark.parametrize(
    ("shares", "more", "helped", "ways"),
    [
        (300, False, False, (None,)),
        (300, True, True, retry.WAYS),
        (301, True, False, retry.WAYS[1:]),
        (301, True, True, ()),
        (600, False, True, (None,)),
        (601, False, False, ()),
        (1_000, True, False, retry.WAYS[1:]),
        (1_001, True, False, ()),
    ],
)
def test_where_people_are_gone_many_shares_are_poured(shares, more, helped, ways):
    assert retry._ways(shares, more, True, helped) == ways


@pytest.mark.parametrize(("late", "helped"), [(11, False), (10, True)])
def test_short_pieces_helped_where_a_tenth_found_room(monkeypatch, late, helped):
    """One of eleven or ten pieces that are late does."""
    problem = one_maker(LONG, replace(SHORT, pieces=late), others=1)
    her, other = problem.makers
    problem = replace(problem, makers=(her, replace(other, free=(30,))))
    book = opened(columns(problem), problem)
    book.give(0, 0, 10)
    seen = []

    def ousted(book, jobs, what, keeps):
        book.give(1, 1, 1)
        return 1

    def ways(shares, more, lost, helped):
        seen.append((more, lost, helped))
        return ()

    monkeypatch.setattr(retry, "oust", ousted)
    monkeypatch.setattr(retry, "_ways", ways)

    retry.retry(book, [0, 1], 240, 0, lost=True)

    assert seen == [(True, True, helped)]


@pytest.fixture
def lost(monkeypatch):
    """Whether work was lost, each time that a change is planned as in a large plan."""
    seen = []

    def tried(book, jobs, floor, late_before, *, lost):
        seen.append(lost)

    monkeypatch.setattr(replanning, "is_large", lambda book, jobs: True)
    monkeypatch.setattr(replanning, "retry", tried)
    return seen


def on_her_own() -> tuple[Problem, Plan]:
    """One maker has both jobs and one that is held for a buyer; another has no hour."""
    problem = street((1_200, 1_800), (0, 0))
    held = replace(problem.jobs[0], id=3, held=True, deadline=1)
    problem = replace(problem, jobs=(*problem.jobs, held))
    before = plan(problem)
    assert [(share.job, share.maker) for share in before.shares] == [
        (1, 1),
        (2, 1),
        (3, 1),
    ]
    return problem, before


def test_people_or_hours_that_are_gone_are_lost(lost):
    problem, before = on_her_own()
    her, other = problem.makers
    replan(replace(problem, makers=(replace(her, free=(0, 0)), other)), before)
    replan(replace(problem, makers=(other,)), before)
    replan(replace(problem, bases=(Base(1, "A", (0, 0)),)), before)
    assert lost == [True, True, True]


def test_who_declines_and_work_that_nobody_asks_for_are_not(lost):
    problem, before = on_her_own()
    first, second, held = problem.jobs
    replan(problem, before)
    replan(problem, before, declined=frozenset({(1, 1)}))
    replan(replace(problem, declined=frozenset({(2, 1), (3, 1)})), before)
    replan(replace(problem, jobs=(second, held)), before)
    replan(replace(problem, jobs=(replace(first, pieces=4), second, held)), before)
    assert lost == [False] * 5


def test_of_what_is_late_only_that_ousts_which_is_not_too_dear(monkeypatch):
    """One may give up dear weaving for more knotting, one cheap carving for dyeing."""
    cheap, dear = Job(3, "carving", 1, 0, 60, 100, 5, 1, None), replace(LONG, pieces=5)
    short = replace(SHORT, pieces=5, rate=100)
    other = replace(short, id=4, craft="dyeing")
    jobs = (replace(dear, rate=10_000), short, cheap, other)
    problem = one_maker(*jobs, others=1)
    her, second = problem.makers
    her = replace(her, grades={"weaving": 1, "knotting": 1}, free=(300,))
    second = replace(second, grades={"carving": 1, "dyeing": 1}, free=(300,))
    problem = replace(problem, makers=(her, second))
    book = opened(columns(problem), problem)
    book.give(0, 0, 5)
    book.give(2, 1, 5)
    monkeypatch.setattr(retry, "WAYS", ())

    retry.retry(book, [0, 1, 2, 3], 240, 0, lost=False)

    assert book.new[:2] == [{0: 5}, {}]
    assert book.new[2:] == [{1: 3}, {1: 4}]


def test_both_steps_together_cost_no_more_than_one_may(monkeypatch):
    """The second is measured against what was before the first."""
    problem = one_maker(LONG, SHORT)
    book = opened(columns(problem), problem)
    book.give(0, 0, 10)
    before = retry._state(book, [0, 1])
    seen = []

    def start(book, jobs, floor, ways, first):
        seen.append(first)

    monkeypatch.setattr(retry, "_start_anew", start)

    retry.retry(book, [0, 1], 240, 0, lost=False)

    assert book.open == [5, 0]
    assert seen == [before]


def one_long_or_ten_short(short: int) -> Problem:
    """Ten hours are enough for one long piece or ten short ones."""
    maker = Maker(1, 1, {"weaving": 1}, 1_000, 0, (600,), 0)
    base = Base(1, "A", (600,))
    jobs = (
        Job(1, "weaving", 1, 0, 600, 20_000, 2, 1, None),
        Job(2, "weaving", 1, 0, 60, 2_000, short, 1, None),
    )
    return Problem(weeks(1), (maker,), (base,), jobs, frozenset(), ())


def test_short_pieces_go_first():
    problem = one_long_or_ten_short(10)
    book = opened(columns(problem), problem)
    book.give(0, 0, 1)

    retry.retry(book, [0, 1], 240, 0, lost=False)

    assert book.new == [{}, {0: 10}]
    assert book.open == [2, 0]


def test_a_long_piece_may_give_way_to_more_short_ones():
    problem = one_long_or_ten_short(30)
    book = opened(columns(problem), problem)
    book.give(0, 0, 1)
    assert retry._hope(book, {0: 1, 1: 30}) == 0

    book.take(0, 0, 1)
    assert retry._hope(book, {0: 1, 1: 30}) == 10


def test_in_a_small_network_no_more_is_late_than_around_what_stays():
    """Lines that a decline touched may be given out anew, the others keep theirs."""
    for seed in range(60):
        problem = village(seed, load=2)
        before = plan(problem)
        kept = {(share.job, share.maker) for share in problem.kept}
        pairs = [(share.job, share.maker) for share in before.shares]
        pairs = [pair for pair in pairs if pair not in kept][:1]
        after = replan(problem, before, declined=frozenset(pairs))
        touched = {rest.job for rest in before.late} | {job for job, _ in pairs}
        stays = tuple(share for share in before.shares if share.job not in touched)
        pinned = tuple(share for share in problem.kept if share.job in touched)
        around = plan(
            replace(
                problem,
                declined=problem.declined | frozenset(pairs),
                kept=stays + pinned,
            )
        )
        late = around.measures["late_pieces"]
        assert (seed, after.measures["late_pieces"] <= late) == (seed, True)


@pytest.mark.parametrize(
    ("seed", "late", "late_around"),
    [
        (1002, 0, 0),
        (1504, 959, 1292),
        (1202, 270, 271),
        (1604, 73, 73),
        (2404, 71, 85),
    ],
)
def test_a_closed_base_leaves_no_more_late_than_a_full_plan_around_what_stays(
    seed, late, late_around
):
    problem = network("M", seed)
    before = plan(problem)
    # The base that the benchmark of changes closes, by the same throws.
    dice = random.Random(seed)
    dice.sample(before.shares, max(1, len(before.shares) // 100))
    dice.choice(before.shares)
    gone = dice.choice(before.shares).base
    closed = replace(
        problem,
        bases=tuple(base for base in problem.bases if base.id != gone),
        makers=tuple(maker for maker in problem.makers if maker.base != gone),
    )
    touched = {share.job for share in before.shares if share.base == gone}
    touched |= {rest.job for rest in before.late}
    kept = tuple(share for share in before.shares if share.job not in touched)

    after = replan(closed, before)

    around = plan(replace(closed, kept=kept))
    assert around.measures["late_pieces"] == late_around
    assert after.measures["late_pieces"] == late
    assert [share for share in after.shares if share.job not in touched] == list(kept)


def test_short_pieces_first_where_many_are_ill():
    """502 stay late before long pieces make way for short ones, for next to no pay."""
    problem = network("M", 2005)
    before = plan(problem)
    dice = random.Random(2005)
    ill = {maker.id for maker in dice.sample(problem.makers, len(problem.makers) // 30)}
    away = tuple(
        replace(maker, free=(0,) * len(maker.free)) if maker.id in ill else maker
        for maker in problem.makers
    )

    after = replan(replace(problem, makers=away), before)

    assert after.measures["late_pieces"] == 424
    assert after.measures["b20w"] == 215_015
