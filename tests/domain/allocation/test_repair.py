"""Late work finds room through full bases and busy makers, and only where room is."""

from dataclasses import replace

import numpy as np
import pytest

from benchmarks.allocation.instances import network
from orders.domain.allocation import Base, Job, Maker, Problem, chains, compose, plan
from orders.domain.allocation.chains import Chains
from orders.domain.allocation.columns import columns
from orders.domain.allocation.planning import by_turn, opened
from orders.domain.allocation.reach import FAR, kinds, reach
from orders.domain.allocation.repair import ANYBODY, repair
from orders.domain.allocation.sites import Spot
from tests.domain.allocation.villages import weeks

HOURS = 60
CRAFTS = ("weaving", "knotting", "carving", "dyeing")


def maker(row: int, base: int, craft: str, hours: int) -> Maker:
    free = (hours * HOURS,)
    return Maker(row, base, {craft: 1}, 1_000, 0, free, 0)


def line(row: int, craft: str) -> Job:
    """Ten pieces of an hour each."""
    return Job(row, craft, 1, 0, 60, 2_000, 10, 2, None)


def street(bases: int, last: int) -> Problem:
    """Bases in a row, each full with ten hours; the next one knows its craft too.

    Whoever could make the last job has time, but her base is full. Everywhere somebody
    of the neighbour's craft has time too. Only the far end has `last` hours of room.
    """
    makers = [maker(1, 1, CRAFTS[0], 10)]
    for base in range(1, bases):
        makers += [maker(10 * base, base, CRAFTS[base], 10)]
        makers += [maker(10 * base + 1, base + 1, CRAFTS[base], 10)]
    homes = tuple(Base(at, "A", (10 * HOURS,)) for at in range(1, bases))
    homes += (Base(bases, "A", (last * HOURS,)),)
    jobs = tuple(line(at + 1, CRAFTS[at]) for at in range(bases))
    return Problem(weeks(1), tuple(makers), homes, jobs, frozenset(), ())


def full(problem: Problem):
    """Each base makes its own craft, so that nobody can take the first job."""
    book = opened(columns(problem), problem)
    for job in range(1, len(problem.jobs)):
        book.give(job, book.columns.maker_row[10 * job], 10)
    return book, list(range(len(problem.jobs)))


@pytest.mark.parametrize("bases", [2, 3, 4])
def test_work_makes_way_through_every_full_base_up_to_the_one_with_room(bases):
    book, jobs = full(street(bases, last=10))
    assert [book.open[job] for job in jobs] == [10] + [0] * (bases - 1)

    repair(book, jobs, 240)

    assert [book.open[job] for job in jobs] == [0] * bases
    rows = book.columns.maker_row
    assert book.new == [{rows[1]: 10}] + [
        {rows[10 * base + 1]: 10} for base in range(1, bases)
    ]
    assert (book.base_slack >= 0).all()


@pytest.mark.parametrize(("patience", "left"), [(1, 10), (2, 0)])
def test_to_free_one_place_heirs_are_looked_for_so_often_at_most(
    patience, left, monkeypatch
):
    """Work has to make way in the second base before that of the first can go there."""
    monkeypatch.setattr(chains, "PATIENCE", patience)
    book, jobs = full(street(3, last=10))

    repair(book, jobs, 240)

    assert book.open == [left, 0, 0]


def test_what_one_place_used_up_another_has_anew(monkeypatch):
    monkeypatch.setattr(chains, "PATIENCE", 4)
    stops = []

    def used_up(self, *_):
        stops.append(self.stop)
        self.left = self.stop
        return False

    monkeypatch.setattr(Chains, "_free", used_up)
    book, jobs = full(street(2, last=10))
    found = Chains(book, jobs)
    found.left = 9
    for _ in range(3):
        assert not found.free(Spot(0), 0, 60, 1, 0)
    assert stops == [5, 1, 0]


def test_a_busy_maker_of_a_full_base_sends_her_other_work_out_of_it():
    """She alone can do the late work; neither she nor her base has an hour left."""
    both = Maker(1, 1, {"weaving": 1, "knotting": 1}, 1_000, 0, (10 * HOURS,), 0)
    other = maker(2, 2, "knotting", 10)
    bases = (Base(1, "A", (10 * HOURS,)), Base(2, "A", (10 * HOURS,)))
    jobs = (line(1, "weaving"), line(2, "knotting"))
    problem = Problem(weeks(1), (both, other), bases, jobs, frozenset(), ())
    book = opened(columns(problem), problem)
    book.give(1, 0, 10)

    repair(book, [0, 1], 240)

    assert book.new == [{0: 10}, {1: 10}]


@pytest.mark.parametrize(("rate", "first"), [(1_050, 0), (1_000, 1)])
def test_late_work_that_pays_most_an_hour_has_the_first_choice(rate, first):
    """Of two crafts one has room for ten hours if the knotting goes elsewhere.

    Dyeing comes in half hours; weaving, 20 yuan an hour, is more and nearer to room.
    """
    makers = [maker(1, 1, "dyeing", 10), maker(2, 1, "weaving", 10)]
    makers += [maker(3, 1, "knotting", 10), maker(4, 2, "knotting", 10)]
    makers += [maker(5, 2, "weaving", 10)]
    homes = (Base(1, "A", (10 * HOURS,)), Base(2, "A", (20 * HOURS,)))
    dyeing = replace(line(1, "dyeing"), minutes=30, rate=rate, pieces=20)
    weaving = replace(line(2, "weaving"), pieces=40)
    jobs = (dyeing, weaving, line(3, "knotting"))
    problem = Problem(weeks(1), tuple(makers), homes, jobs, frozenset(), ())
    book = opened(columns(problem), problem)
    rows = book.columns.maker_row
    book.give(2, rows[3], 10)

    repair(book, [0, 1, 2], 240)

    assert book.new[2] == {rows[4]: 10}
    assert rows[1 + first] in book.new[first]
    assert rows[2 - first] not in book.new[1 - first]


@pytest.mark.parametrize("hours", [4, 7])
def test_long_lots_find_room_where_short_pieces_can_go(hours):
    """One piece takes all her ten hours; of her half hours three others take some."""
    makers = [Maker(1, 1, {"weaving": 1, "knotting": 1}, 1_000, 0, (600,), 0)]
    makers += [maker(row, 2, "knotting", hours) for row in (2, 3, 4)]
    homes = (Base(1, "A", (600,)), Base(2, "A", (6_000,)))
    long = replace(line(1, "weaving"), minutes=600, pieces=1, min_lot=1)
    short = replace(line(2, "knotting"), minutes=30, pieces=20)
    problem = Problem(weeks(1), tuple(makers), homes, (long, short), frozenset(), ())
    book = opened(columns(problem), problem)
    book.give(1, 0, 20)

    repair(book, [0, 1], 240)

    assert book.open == [0, 0]


@pytest.mark.parametrize(
    ("scale", "hours", "far"),
    [(4_800, 7, 99), (4_800, 8, 0), (600, 3, 99), (600, 4, 0), (120, 2, 0)],
)
def test_a_free_maker_has_a_tenth_of_what_is_looked_for(scale, hours, far):
    makers = tuple(maker(row, 1, "weaving", hours) for row in range(1, 31))
    bases = (Base(1, "A", (30_000,)),)
    problem = Problem(weeks(1), makers, bases, (line(1, "weaving"),), frozenset(), ())
    book = opened(columns(problem), problem)
    found = reach(book, [0], kinds(book, [0]), scale, frozenset(), None)
    assert found.of(0) == far


@pytest.mark.parametrize("better_off", [1, 2])
def test_work_leaves_the_full_base_whose_people_stand_higher(better_off):
    """Both have a weaver who is free; a third base can take over one's knotting."""
    makers = [maker(base, base, "weaving", 10) for base in (1, 2)]
    makers += [maker(10 + base, base, "knotting", 10) for base in (1, 2, 3)]
    rich = 10 + better_off
    makers = [replace(one, earned=9_000 * (one.id == rich)) for one in makers]
    homes = tuple(Base(row, "A", (10 * HOURS,)) for row in (1, 2, 3))
    jobs = (line(1, "weaving"), line(2, "knotting"), line(3, "knotting"))
    problem = Problem(weeks(1), tuple(makers), homes, jobs, frozenset(), ())
    book = opened(columns(problem), problem)
    rows = book.columns.maker_row
    book.give(1, rows[11], 10)
    book.give(2, rows[12], 10)

    repair(book, [0, 1, 2], 240)

    assert book.new[0] == {rows[better_off]: 10}
    assert book.new[better_off] == {rows[13]: 10}


@pytest.mark.parametrize("better_off", [2, 3])
def test_on_the_way_too_work_leaves_where_people_stand_higher(better_off):
    """Knotting makes way for weaving; carving of one of two bases for knotting."""
    crafts = {1: "weaving", 2: "knotting", 3: "knotting", 4: "carving"}
    makers = [maker(base, base, craft, 10) for base, craft in crafts.items()]
    makers.append(maker(11, 1, "knotting", 10))
    makers += [maker(10 + base, base, "carving", 10) for base in (2, 3)]
    rich = 10 + better_off
    makers = [replace(one, earned=9_000 * (one.id == rich)) for one in makers]
    homes = tuple(Base(row, "A", (10 * HOURS,)) for row in crafts)
    works = ("weaving", "knotting", "carving", "carving")
    jobs = tuple(line(at, craft) for at, craft in enumerate(works, 1))
    problem = Problem(weeks(1), tuple(makers), homes, jobs, frozenset(), ())
    book = opened(columns(problem), problem)
    rows = book.columns.maker_row
    for job, row in enumerate((11, 12, 13), 1):
        book.give(job, rows[row], 10)

    repair(book, [0, 1, 2, 3], 240)

    assert book.new[:2] == [{rows[1]: 10}, {rows[better_off]: 10}]
    assert book.new[better_off] == {rows[4]: 10}


@pytest.mark.parametrize(
    "further", [(), (replace(line(9, "glass that nobody blows"), pieces=200),)]
)
def test_those_above_the_poorest_fifth_give_work_up_first(further):
    """The poorest could send hers straight on; the better off needs two moves.

    Work that nobody can do makes no difference.
    """
    rich = replace(maker(5, 1, "knotting", 10), earned=900_000)
    near = maker(6, 1, "dyeing", 10)
    there = replace(maker(7, 4, "dyeing", 10), earned=900_000)
    problem = street(3, last=10)
    others = tuple(
        replace(one, earned=900_000) for one in problem.makers if one.id != 10
    )
    homes = (
        replace(problem.bases[0], capacity=(20 * HOURS,)),
        *problem.bases[1:],
        Base(4, "A", (10 * HOURS,)),
    )
    problem = replace(
        problem,
        makers=(*others, rich, near, there),
        bases=homes,
        jobs=(*problem.jobs, line(4, "dyeing"), *further),
    )
    book = opened(columns(problem), problem)
    rows = book.columns.maker_row
    for job, who in ((1, 5), (2, 20), (3, 6)):
        book.give(job, rows[who], 10)

    repair(book, list(range(len(problem.jobs))), 240)

    assert book.open[:4] == [0, 0, 0, 0]
    assert book.new[:4] == [
        *({rows[1]: 10}, {rows[11]: 10}, {rows[21]: 10}, {rows[6]: 10})
    ]


@pytest.mark.parametrize(
    ("least", "spare"),
    [
        (None, 10),
        (0, 10),
        (1_000, 8),  # nine would leave her a piece, which is no lot
        (3_000, 8),
        (8_000, 6),
        (17_000, 0),  # one would be no lot
        (30_000, 0),
    ],
)
def test_who_has_to_stay_above_a_level_gives_up_what_is_above_it(least, spare):
    """Her ten pieces pay 20 yuan each, and two are a lot."""
    problem = street(2, last=10)
    book, jobs = full(problem)
    chains = Chains(book, jobs)
    chains.least = None if least is None else np.full(len(book.need), least)
    assert chains._spare(1, book.columns.maker_row[10]) == spare


def test_who_could_keep_no_lot_gives_nothing_up():
    """Of three pieces two could go, but then one would be left, which is no lot."""
    book, jobs = full(street(2, last=10))
    maker = book.columns.maker_row[10]
    book.take(1, maker, 7)
    chains = Chains(book, jobs)
    chains.least = np.full(len(book.need), 2_000)
    assert chains._spare(1, maker) == 0


def test_an_heir_with_room_for_less_takes_all_of_what_may_go():
    """Of ten pieces eight may go; who has hours for seven gets seven."""
    book, jobs = full(street(2, last=10))
    fit = np.array([7])
    assert Chains(book, jobs)._heir(0, fit, 8, 8, 10)[1] == 7


@pytest.mark.parametrize(
    ("pay", "part", "left"),
    [
        (300, 1, 300),
        (300, 2, 150),
        (-300, 1, -300),
        (-300, 2, -450),
        (1 << 99, 1, 1 << 62),
    ],
)
def test_half_of_a_level_is_lower_even_where_it_is_below_nothing(pay, part, left):
    alone = replace(maker(1, 1, "weaving", 10), need=1)
    problem = replace(street(2, last=10), makers=(alone,))
    book = opened(columns(problem), problem)
    chains = Chains(book, [])
    chains.keep(pay << book.bits, part)
    assert chains.least.tolist() == [left]
    chains.keep(pay << book.bits, 0)
    assert chains.least is None


def test_a_base_ranks_by_those_whose_work_leaves_first():
    """The rich carver's work in base 1 is a move from room, the poor weaver's none."""
    people = ((1, "carving", 90_000), (1, "weaving", 0), (2, "weaving", 3_000))
    makers = [
        replace(maker(row, base, craft, 10), earned=earned)
        for row, (base, craft, earned) in enumerate(people)
    ]
    makers.append(maker(3, 3, "weaving", 10))
    homes = tuple(Base(row, "A", (20 * HOURS,)) for row in (1, 2, 3))
    jobs = (line(1, "carving"), line(2, "weaving"))
    problem = Problem(weeks(1), tuple(makers), homes, jobs, frozenset(), ())
    book = opened(columns(problem), problem)
    for job, who in ((0, 0), (1, 1), (1, 2)):
        book.give(job, who, 5)
    book.base_slack[:2] = book.base_room[:2] = 0
    chains = Chains(book, [0, 1])

    chains.follow(reach(book, [0, 1], kinds(book, [0, 1]), 60, set(), None))

    assert [chains.reach.of(job) for job in (0, 1)] == [1, 0]
    assert chains.sites.ranks.tolist() == [1, 2, 0]


@pytest.mark.parametrize(
    ("people", "ranks"),
    [
        # 8,000 fen for 2,500; 3,300 for 1,000; 4,000 for 1,000.
        ([(1, 1_000, 0), (1, 1_500, 0), (2, 1_000, -700), (3, 1_000, 0)], [0, 1, 2]),
        # Of two bases as high neither comes first, whatever the sums are.
        ([(1, 1_000, 0), (2, 2_000, 4_000), (3, 1_000, -1)], [1, 1, 0]),
        # Who has no work does not count, however well off.
        ([(1, 1_000, 0), (2, 1_000, -500), (2, 999, 90_000), (3, 1_000, 1)], [1, 0, 2]),
    ],
)
def test_bases_rank_by_income_over_need_of_those_who_have_work(people, ranks):
    """All (base, need, earned) but those of need 999 get 4,000 fen of work."""
    makers = [
        replace(maker(row, base, "weaving", 10), need=need, earned=earned)
        for row, (base, need, earned) in enumerate(people)
    ]
    homes = tuple(Base(row, "A", (20 * HOURS,)) for row in (1, 2, 3))
    problem = Problem(
        weeks(1), tuple(makers), homes, (line(1, "weaving"),), frozenset(), ()
    )
    book = opened(columns(problem), problem)
    for row, one in enumerate(makers):
        if one.need != 999:
            book.give(0, row, 2)
    chains = Chains(book, [0])

    chains.follow(reach(book, [0], kinds(book, [0]), 60, set(), None))

    assert chains.sites.ranks.tolist() == ranks


@pytest.mark.parametrize("minutes", [12, 15, 20])
def test_much_late_work_in_small_lots_finds_room_too(minutes):
    """Twelve pairs of bases; in each the one is full and the other has room."""
    makers, homes, jobs = [], [], []
    for pair in range(1, 13):
        late, moved = f"weaving {pair}", f"knotting {pair}"
        homes += [Base(2 * pair, "A", (300,)), Base(2 * pair + 1, "A", (300,))]
        makers += [
            Maker(10 * pair, 2 * pair, {late: 1}, 1_000, 0, (300,), 0),
            Maker(10 * pair + 1, 2 * pair, {moved: 1}, 1_000, 0, (300,), 0),
            Maker(10 * pair + 2, 2 * pair + 1, {moved: 1}, 1_000, 0, (300,), 0),
        ]
        pieces = 300 // minutes
        for row, craft in ((2 * pair, late), (2 * pair + 1, moved)):
            jobs.append(Job(row, craft, 1, 0, minutes, 500, pieces, 1, None))
    problem = Problem(
        weeks(1), tuple(makers), tuple(homes), tuple(jobs), frozenset(), ()
    )
    book = opened(columns(problem), problem)
    for pair in range(1, 13):
        row = book.columns.maker_row[10 * pair + 1]
        book.give(2 * pair - 1, row, 300 // minutes)

    repair(book, list(range(24)), 240)

    assert book.open == [0] * 24


def test_room_for_half_of_it_lets_half_of_it_in():
    book, jobs = full(street(3, last=5))

    repair(book, jobs, 240)

    assert [book.open[job] for job in jobs] == [5, 0, 0]
    assert (book.base_slack >= 0).all()


def test_nothing_moves_where_no_room_is():
    book, jobs = full(street(4, last=0))
    before = [dict(held) for held in book.new]

    repair(book, jobs, 240)

    assert book.new == before


def test_reach_counts_the_moves_from_room_and_leaves_crumbs_out():
    book, jobs = full(street(4, last=8))

    near = reach(book, jobs, kinds(book, jobs), 8 * HOURS, set(), None)
    assert [near.of(job) for job in jobs] == [3, 2, 1, 0]
    assert near.bases[:, 0].tolist() == [3, 2, 1, 0]
    crumbs = reach(book, jobs, kinds(book, jobs), 9 * HOURS, set(), None)
    assert [crumbs.of(job) for job in jobs] == [FAR] * 4


def test_work_that_found_no_heir_in_a_base_is_no_way_out_of_it():
    book, jobs = full(street(3, last=10))
    kind = reach(book, jobs, kinds(book, jobs), 120, set(), None).kind_of[1]

    near = reach(book, jobs, kinds(book, jobs), 120, {(kind, 0)}, None)

    assert [near.of(job) for job in jobs] == [FAR, 1, 0]


def test_a_kind_of_work_that_finds_no_heir_anywhere_is_looked_for_no_further():
    """In one base it is out of the question after two tries, everywhere after eight."""
    book, jobs = full(street(3, last=10))
    near = reach(book, jobs, kinds(book, jobs), 120, set(), None)
    far, kind = near.kinds[:], near.kind_of[1]
    found = Chains(book, jobs)
    found.follow(near)
    for base in (0, 0, *range(1, chains.IN_VAIN - 2)):
        found._missed(kind, base)
    assert near.kinds == far
    assert found.failed == {(kind, 0)}
    found._missed(kind, chains.IN_VAIN)
    assert near.kinds == [FAR if one == kind else was for one, was in enumerate(far)]

    for last in (far, near.kinds):
        found.follow(reach(book, jobs, kinds(book, jobs), 120, set(), None))
        for base in range(chains.IN_VAIN - (last is far)):
            found._missed(kind, 10 + base)
        assert found.reach.kinds == last


def test_where_room_was_near_and_no_heir_was_found_none_is_looked_for():
    book, jobs = full(street(3, last=10))
    near = reach(book, jobs, kinds(book, jobs), 120, set(), None)
    found = Chains(book, jobs)
    found.follow(near)
    found._missed(near.kind_of[2], 0)
    assert near.of(2) == FAR
    assert found.failed == set()


def noted(monkeypatch, *names):
    """What of these steps a plan takes, each with what it is told beside the jobs."""
    steps = []

    def note(name, step):
        def taken(book, jobs, *how):
            steps.append((name, *how))
            return step(book, jobs, *how)

        monkeypatch.setattr(compose, name, taken)

    for name in names:
        note(name, getattr(compose, name))
    return steps


def test_where_room_is_looked_for_once_more_anybody_gives_work_up(monkeypatch):
    """Shares have joined in between; the better off had their turn before."""
    steps = noted(monkeypatch, "place_all", "repair", "spare", "trade")
    plan(network("M", 603, util=0.6))
    first = steps.index(("spare",))
    assert ("repair", 240) in steps[:first]
    assert steps[first : steps.index(("trade",))] == [
        ("spare",),
        ("place_all", 240),
        ("repair", 240, ANYBODY),
        ("spare",),
    ]
    assert ANYBODY == ((2_000, 0),)


@pytest.mark.parametrize(
    ("full", "steps"), [(37, ["tidy", "limit", "tidy"]), (38, ["tidy", "limit"])]
)
def test_in_the_very_end_a_plan_is_tidied_unless_the_month_is_full(
    monkeypatch, full, steps
):
    """Repair has taken the time for it there."""
    seen = noted(monkeypatch, "tidy", "limit")
    monkeypatch.setattr(compose, "fullness", lambda columns: full)
    plan(network("M", 31))
    assert [name for name, *_ in seen] == steps


def test_repair_of_a_tight_month_breaks_no_promise_that_was_made():
    problem = network("M", 31, util=0.6)
    book = opened(columns(problem), problem)
    jobs, _ = by_turn(book)
    for job in reversed(jobs):
        for who in book.columns.pool(book.jobs[job]).rows[:40].tolist():
            pieces = min(book.fits(job, who), book.open[job])
            if pieces >= book.lot[job]:
                book.give(job, who, pieces)
    before = [book.open[job] for job in jobs]

    repair(book, jobs, 240)

    after = [book.open[job] for job in jobs]
    assert sum(after) < sum(before)
    assert [
        job for job, was, now in zip(jobs, before, after, strict=True) if now > was
    ] == []
    assert int(book.slack.min()) >= 0
    assert int(book.base_slack.min()) >= 0
