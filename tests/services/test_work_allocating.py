"""A paid order becomes work orders and proposals, fairly and with its reasons."""

import datetime as dt
import json

import pytest
from django.core.management import CommandError, call_command

from orders.domain.allocation import Plan, plan, replan, why
from orders.domain.allocation.layout import read_plan, read_problem, read_shares
from orders.models import (
    AllocationRun,
    AllocationSetting,
    Assignment,
    Demand,
    LatePieces,
    WorkOrder,
)
from orders.services import allocating, offering, snapshot
from producers.models import Away, MakerHours
from qiaoshou.common.today import clock_at, today
from tests import work_builders as build

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def noon():
    with clock_at(build.NOON):
        yield
        build.check_counters()


@pytest.fixture
def shop():
    return build.workshop()


@pytest.fixture
def leader(shop):
    return build.leader(shop.base)


def test_a_paid_order_is_proposed_to_makers_at_the_rate_and_minutes_of_its_sale(shop):
    sale = build.paid(shop, 4)

    run = allocating.allocate(sale.reference)

    assert (run.state, run.cause, run.measures["pieces"]) == ("applied", "order", 4)
    work = WorkOrder.objects.get()
    assert (work.base, work.pieces, work.placed) == (shop.base, 4, 4)
    assert (work.piece_rate_fen, work.minutes) == (8_600, 240)
    assert work.due_on == build.SUNDAY
    demand = build.demand_of(sale)
    assert (demand.ordered, demand.version) == (4, 2)
    assert {row.reason["code"] for row in Assignment.objects.all()} == {"CHOSEN"}
    assert sum(row.proposed for row in Assignment.objects.all()) == 4


def test_asked_again_it_places_nothing_twice(shop):
    sale = build.placed(shop, 4)

    assert allocating.allocate(sale.reference) is None

    assert AllocationRun.objects.count() == 1
    assert sum(live for _name, _state, live in build.shares()) == 4


def test_whose_income_is_furthest_behind_comes_first(shop):
    low, middle, high = shop.makers
    for woman, minutes in ((low, 1_200), (middle, 600), (high, 600)):
        MakerHours.objects.filter(maker=woman).update(minutes=minutes)
    build.lives_in(middle, shop.village, monitored=True)

    seen = snapshot.read(today())

    needs = {maker.id: maker.need for maker in seen.problem.makers}
    assert needs == {
        low.pk: 100 * 1_200 * 13,
        middle.pk: 150 * 600 * 13,
        high.pk: 100 * 600 * 13,
    }


def test_the_weight_of_a_monitored_household_is_a_dated_setting(shop):
    build.lives_in(shop.makers[0], shop.village, monitored=True)
    AllocationSetting.objects.create(
        valid_from=dt.date(2026, 11, 1), monitored_percent=200, floor_minutes=120
    )
    AllocationSetting.objects.create(
        valid_from=dt.date(2026, 12, 1), monitored_percent=250, floor_minutes=120
    )

    seen = snapshot.read(today())

    needs = {maker.id: maker.need for maker in seen.problem.makers}
    assert needs[shop.makers[0].pk] == 2 * needs[shop.makers[1].pk]
    assert seen.choices == snapshot.Choices(200, 120)


def test_free_minutes_leave_out_days_away_and_the_day_of_bringing_in(shop):
    woman = shop.makers[0]
    Away.objects.create(
        maker=woman, valid_from=dt.date(2026, 11, 30), valid_to=dt.date(2026, 12, 4)
    )
    build.paid(shop, 1)

    seen = snapshot.read(today())

    free = {maker.id: maker.free[0] for maker in seen.problem.makers}
    assert seen.problem.deadlines[0] == build.SUNDAY
    # Tuesday 24 November to Saturday 5 December are 12 days, 4 of them away.
    assert free[shop.makers[1].pk] == 1_200 * 12 // 7
    assert free[woman.pk] == 1_200 * 8 // 7


def test_who_asks_for_nothing_is_left_out(shop):
    MakerHours.objects.filter(maker=shop.makers[0]).update(minutes=0)

    seen = snapshot.read(today())

    assert shop.makers[0].pk not in {maker.id for maker in seen.problem.makers}


def test_what_fits_nobody_is_late_with_its_reason_and_the_next_day_it_could_be(shop):
    MakerHours.objects.all().update(minutes=140)
    sale = build.paid(shop, 4)

    allocating.allocate(sale.reference)

    late = LatePieces.objects.get()
    # 140 minutes a week are 240 until 6 December: one piece a woman.
    assert (late.pieces, late.reason["code"], late.settled_at) == (1, "HOURS", None)
    assert late.possible_on == dt.date(2026, 12, 20)
    demand = build.demand_of(sale)
    assert (demand.pieces, demand.ordered) == (4, 3)


def test_late_pieces_are_settled_when_they_are_placed_later(shop):
    MakerHours.objects.all().update(minutes=140)
    sale = build.paid(shop, 4)
    allocating.allocate(sale.reference)
    before = build.shares()
    build.another_maker(shop)

    allocating.allocate_open(cause="nightly")

    assert LatePieces.objects.get().settled_at is not None
    assert build.shares() == [*before, ("Sun Li", "proposed", 1)]


def test_an_answer_that_stays_the_same_stays_one_row(shop):
    MakerHours.objects.all().update(minutes=140)
    allocating.allocate(build.paid(shop, 4).reference)

    allocating.allocate_open(cause="nightly")

    assert LatePieces.objects.count() == 1


def test_a_dry_run_keeps_its_plan_and_changes_no_work(shop):
    build.paid(shop, 4)

    run = allocating.allocate_open(cause="command", dry_run=True)

    assert run.state == "dry"
    assert sum(row["pieces"] for row in run.plan["shares"]) == 4
    assert build.shares() == []
    assert Demand.objects.get().version == 1


def made_again(problem, run):
    """The plan, computed once more from what the run kept."""
    floor = run.floor_minutes
    standing = read_shares(run.settings["standing"])
    if not standing:
        return plan(problem, floor_minutes=floor)
    return replan(problem, Plan(standing, (), {}, ""), floor_minutes=floor)


def test_a_run_can_be_replayed_from_what_it_kept(shop):
    first = allocating.allocate(build.paid(shop, 4).reference)
    second = allocating.allocate(build.paid(shop, 3).reference)

    for run in AllocationRun.objects.order_by("pk"):
        problem, kept = read_problem(json.dumps(run.problem)), read_plan(run.plan)
        again = made_again(problem, run)
        assert again.digest == run.digest
        assert kept.shares == again.shares
        share = kept.shares[0]
        assert why(problem, kept, job=share.job, maker=share.maker) == share.reason
    assert first.settings["standing"] == []
    assert len(second.settings["standing"]) == len(first.plan["shares"])


def test_a_second_order_leaves_the_proposals_of_the_first_unchanged(shop):
    first = build.placed(shop, 4)
    before = build.shares(of=first)
    written = dict(Assignment.objects.values_list("pk", "run"))

    build.placed(shop, 5)

    assert build.shares(of=first) == before
    kept = Assignment.objects.filter(pk__in=written).values_list("pk", "run")
    assert dict(kept) == written


def test_work_held_for_a_buyer_who_has_not_paid_is_planned_and_never_issued(shop):
    build.order((shop.made, 3))
    build.placed(shop, 2)

    run = AllocationRun.objects.get()
    assert [job["held"] for job in run.problem["jobs"]] == [True, False]
    assert sum(live for _name, _state, live in build.shares()) == 2
    assert Demand.objects.get(state="held").ordered == 0


def test_a_plan_made_from_an_older_state_is_thrown_away_and_made_again(
    shop, monkeypatch
):
    sale = build.paid(shop, 4)
    honest = allocating.plan_of
    tries = []

    def while_somebody_else_works(seen):
        if not tries:
            Demand.objects.update(version=9)
        tries.append(seen.versions)
        return honest(seen)

    monkeypatch.setattr(allocating, "plan_of", while_somebody_else_works)
    run = allocating.allocate(sale.reference)

    assert len(tries) == 2
    states = AllocationRun.objects.order_by("pk").values_list("state", flat=True)
    assert list(states) == ["stale", "applied"]
    assert run.state == "applied"
    assert sum(live for _name, _state, live in build.shares()) == 4


def test_overtaken_every_time_it_gives_up_and_changes_nothing(shop, monkeypatch):
    sale = build.paid(shop, 4)
    honest = allocating.plan_of

    def while_somebody_else_works(seen):
        made = honest(seen)
        demand = Demand.objects.get()
        Demand.objects.update(version=demand.version + 1)
        return made

    monkeypatch.setattr(allocating, "plan_of", while_somebody_else_works)
    with pytest.raises(allocating.Overtaken):
        allocating.allocate(sale.reference)

    assert build.shares() == []
    assert AllocationRun.objects.filter(state="stale").count() == allocating.TRIES


def test_two_bases_get_work_orders_of_their_own(shop):
    base, _women = build.another_base(shop)
    MakerHours.objects.all().update(minutes=140)

    build.placed(shop, 4)

    rows = WorkOrder.objects.order_by("pk").values_list("base", "pieces", "placed")
    assert sorted(rows) == [(shop.base.pk, 3, 3), (base.pk, 1, 1)]


def test_a_maker_who_stopped_loses_her_proposals_and_keeps_what_she_took(shop, leader):
    first = build.taken(shop, 4, by=leader)
    build.placed(shop, 6)
    gone = first[0].maker
    gone.status = "paused"
    gone.save()

    allocating.allocate_open(cause="nightly")

    mine = Assignment.objects.filter(maker=gone).values_list("state", flat=True)
    assert set(mine) <= {"taken", "withdrawn"}
    assert "taken" in mine
    placed = WorkOrder.objects.values_list("placed", flat=True)
    assert sum(placed) == 10


def test_the_number_of_queries_does_not_grow_with_orders_and_makers(
    shop, django_assert_num_queries
):
    build.paid(shop, 1)
    queries = 21
    with django_assert_num_queries(queries):
        snapshot.read(today())
    for number in range(4):
        build.another_maker(shop, f"吴{number}", f"Wu {number}")
        build.paid(shop, 2)
    with django_assert_num_queries(queries):
        snapshot.read(today())


def test_the_command_says_what_it_did_and_fails_when_pieces_are_late(shop, capsys):
    build.paid(shop, 4)
    call_command("allocate", dry_run=True)
    assert "late_pieces: 0" in capsys.readouterr().out
    MakerHours.objects.all().update(minutes=140)

    with pytest.raises(CommandError, match="1 demands have pieces"):
        call_command("allocate")

    assert "1 pieces, HOURS, possible on 2026-12-20" in capsys.readouterr().out


def test_the_leaders_own_proposal_is_not_moved_by_a_later_plan(shop, leader):
    build.placed(shop, 4)
    work = WorkOrder.objects.get()
    before = {row.maker_id: row.proposed for row in work.assignments.all()}
    wanted = dict.fromkeys(before, 0) | {shop.makers[2].pk: 4}
    offering.change_proposal(
        work_order=work, pieces=wanted, reason="她离基地最近", by=leader
    )

    build.placed(shop, 6)

    mine = Assignment.objects.get(maker=shop.makers[2], demand=work.demand)
    assert (mine.state, mine.proposed) == ("proposed", 4)
