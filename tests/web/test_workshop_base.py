"""The base itself: today's list, stock, makers and their hours, capacity, pay sheet."""

import datetime as dt
import io

import pytest
from openpyxl import load_workbook
from oscar.core.loading import get_model

from catalog.models import StockMovement
from orders.models import Assignment, Shipment
from producers.ledger.payouts import approve_payout, prepare_payout
from producers.models import MakerHours, PayAccount
from qiaoshou.common.models import AuditRow
from qiaoshou.common.today import clock_at, today
from tests import work_builders as build
from tests.bench_builders import WORKSHOP, leads, once, read, work_order

StockRecord = get_model("partner", "StockRecord")
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def noon():
    with clock_at(build.NOON):
        yield


@pytest.fixture
def shop():
    return build.workshop()


@pytest.fixture
def leader(shop):
    return leads(shop.base)


def test_with_nothing_to_do_the_page_says_so(leader):
    html = read(leader, f"{WORKSHOP}/")

    assert "Nothing waits today" in html
    assert "Everything is sent out, inspected and on its way" in html


def test_todays_list_names_each_thing_with_its_day(leader, shop):
    rows = build.taken(shop, 6, leader.user, ready=1)
    build.delivered(rows[0], 2, leader.user)
    build.offered(shop, 2, leader.user)
    build.placed(shop, 3)
    with clock_at(build.NOON + dt.timedelta(days=13)):
        html = read(leader, f"{WORKSHOP}/")

    name = rows[0].maker.name_en
    assert "Inspect 1 delivery" in html
    assert f"{name}: 2 × Cloth tiger 定做 waiting for you" in html
    assert "Check who makes it: Cloth tiger 定做 × 3" in html
    assert "has not answered yet" in html
    assert f"{rows[-1].maker.name_en} still has" in html
    assert "1 day over" in html
    assert "Send 1 parcel" in html


def test_what_nobody_could_be_found_for_is_said_with_its_reason(leader, shop):
    for woman in shop.makers:
        woman.hours.update(minutes=60)
    build.placed(shop, 4)
    html = read(leader, f"{WORKSHOP}/")

    assert "Nobody could be found for 4 × Cloth tiger 定做" in html
    assert "Nobody certified has enough time until 6 December" in html


def test_a_count_changes_only_what_was_changed_and_only_once(leader, shop):
    path = f"{WORKSHOP}/stock/"
    record = shop.record
    said = {
        f"count-{record.pk}": "3",
        f"seen-{record.pk}": "5",
        "reason": "Two were torn",
        "client_reference": once(),
    }
    assert leader.post(path, said | {"reason": ""}).status_code == 400
    leader.post(path, said)
    leader.post(path, said)

    record.refresh_from_db()
    assert record.num_in_stock == 3
    assert StockMovement.objects.filter(kind="counted").count() == 1
    same = said | {f"seen-{record.pk}": "3", "client_reference": once(), "reason": ""}
    assert leader.post(path, same).status_code == 302


def test_only_what_is_sold_from_stock_is_said_to_run_out(leader, shop):
    StockRecord.objects.create(
        product=shop.made,
        partner=shop.record.partner,
        partner_sku="made",
        price=1,
        num_in_stock=0,
    )
    html = read(leader, f"{WORKSHOP}/stock/")

    assert "none free" not in html
    assert html.index("fewer than 10") < html.index("Made to order")


def test_a_count_below_what_is_promised_names_the_product(leader, shop):
    build.paid(shop, 0, ready=4)
    said = {
        f"count-{shop.record.pk}": "3",
        f"seen-{shop.record.pk}": "5",
        "reason": "Torn",
        "client_reference": once(),
    }
    answer = leader.post(f"{WORKSHOP}/stock/", said)

    assert answer.status_code == 400
    assert "4 are promised to orders; find them first." in answer.content.decode()
    shop.record.refresh_from_db()
    assert shop.record.num_in_stock == 5


def test_tags_are_as_many_as_pieces_and_lead_to_the_maker(leader, shop):
    lot = shop.ready.lots.get()
    html = read(leader, f"{WORKSHOP}/lots/{lot.serial}/tags/")

    assert html.count('<section class="tag tag--front">') == 5
    assert lot.serial in html
    assert "王桂兰" not in html  # she has not agreed to be named
    build.catalog_builders.consent(shop.makers[0])
    assert "王桂兰" in read(leader, f"{WORKSHOP}/lots/{lot.serial}/tags/")


def test_a_leader_writes_down_the_hours_that_a_maker_tells_her(leader, shop):
    woman = shop.makers[1]
    path = f"{WORKSHOP}/makers/{woman.reference}/"
    leader.post(f"{path}hours/", {"hours": "12.5", "since": today().isoformat()})

    latest = MakerHours.objects.filter(maker=woman).latest("valid_from")
    assert (latest.minutes, latest.valid_from) == (750, today())
    assert "12.5" in read(leader, path)
    past = {"hours": "9", "since": (today() - dt.timedelta(days=1)).isoformat()}
    refused = leader.post(f"{path}hours/", past)
    assert refused.status_code == 400
    assert "Today at the earliest" in refused.content.decode()
    assert (
        "169"
        in leader.post(
            f"{path}hours/", {"hours": "169", "since": today().isoformat()}
        ).content.decode()
    )


def test_days_away_are_written_down_once_and_end_when_she_is_back(leader, shop):
    woman = shop.makers[1]
    path = f"{WORKSHOP}/makers/{woman.reference}/"
    said = {"since": "2026-11-24", "last": "2026-11-30", "reason": "fields"}
    leader.post(f"{path}away/", said)
    leader.post(f"{path}away/", said)
    (gone,) = woman.away.all()
    assert gone.valid_to == dt.date(2026, 12, 1)
    assert "away" in read(leader, f"{WORKSHOP}/makers/")
    wrong = leader.post(f"{path}away/", said | {"last": "2026-11-20"})
    assert "The last day can’t be before the first." in wrong.content.decode()

    with clock_at(build.NOON + dt.timedelta(days=2)):
        leader.post(f"{path}away/{gone.pk}/back/")
    gone.refresh_from_db()
    assert gone.valid_to == dt.date(2026, 11, 26)


def test_an_offer_is_lowered_never_below_what_is_sold_and_lifted_again(leader, shop):
    build.paid(shop, 4)
    week, path = shop.week, f"{WORKSHOP}/capacity/{shop.week.pk}"
    sold = leader.post(f"{path}/lower/", {"hours": "2"}, follow=True).content.decode()
    assert "16 hours of this week are sold already" in sold
    more = leader.post(f"{path}/lower/", {"hours": "99"}, follow=True).content.decode()
    assert "80 hours are offered" in more

    leader.post(f"{path}/lower/", {"hours": "20"})
    week.refresh_from_db()
    assert (week.offered, week.ceiling) == (1_200, 1_200)
    leader.post(f"{path}/lift/")
    week.refresh_from_db()
    assert week.ceiling is None


def earned(shop, leader):
    row = build.taken(shop, 12, leader.user)[0]
    build.inspected(
        build.delivered(row, 5, leader.user), leader.user, accepted=3, rework=2
    )
    return row


def test_the_pay_sheet_shows_the_arithmetic_of_each_maker(leader, shop):
    row = earned(shop, leader)
    html = read(leader, f"{WORKSHOP}/pay-sheet/")

    assert row.maker.name_en in html
    assert 'Cloth tiger 定做 <span class="nw">3 × 86</span>' in html
    assert html.count("258.00") == 4
    assert "not yet" in html
    last = read(leader, f"{WORKSHOP}/pay-sheet/?month=2026-10")
    assert "Nobody earned here in this month" in last
    assert leader.get(f"{WORKSHOP}/pay-sheet/?month=2027-01").status_code == 404
    assert leader.get(f"{WORKSHOP}/pay-sheet/?month=soon").status_code == 404


def test_the_pay_sheet_says_how_far_the_payout_is(leader, shop):
    row = earned(shop, leader)
    account = PayAccount(maker=row.maker, kind="cash", opened=build.SINCE)
    account.confirmed_on = build.SINCE
    account.confirmed_by = leader.user
    account.save()
    one, other = build.person("one@example.com"), build.person("two@example.com")
    with clock_at(build.NOON + dt.timedelta(days=8)):
        payout = prepare_payout(
            base=shop.base, month=dt.date(2026, 11, 1), by=one, client_reference=once()
        )
        path = f"{WORKSHOP}/pay-sheet/?month=2026-11"
        assert "To be approved" in read(leader, path)
        approve_payout(payout=payout, by=other)
        assert "Approved, being paid" in read(leader, path)


def test_who_takes_the_sheet_away_stands_in_the_audit_trail(leader, shop):
    row = earned(shop, leader)
    answer = leader.post(f"{WORKSHOP}/pay-sheet/export/", {"month": "2026-11"})
    page = load_workbook(io.BytesIO(answer.content)).active

    assert [cell.value for cell in page[3]][:5] == [
        row.maker.name_en,
        "Cloth tiger 定做 3 × 86.00",
        258,
        0,
        258,
    ]
    row = AuditRow.objects.get()
    assert (row.deed, row.subject, row.facts) == (
        "export_list",
        "pay_sheet",
        {"rows": 1},
    )


# What each page may ask of the database: as much for three times the rows.
PAGES = [
    "",
    "work/",
    "work/{order}/",
    "work/{order}/slips/",
    "assignments/{row}/",
    "inspections/",
    "parcels/",
    "stock/",
    "makers/",
    "pay-sheet/",
]


def fill(shop, leader, orders):
    for _number in range(orders):
        rows = build.taken(shop, 4, leader.user, ready=1)
        for row in rows:
            if row.taken > 1:
                build.inspected(build.delivered(row, 1, leader.user), leader.user)
            build.delivered(row, 1, leader.user)
        build.offered(shop, 2, leader.user)
        build.placed(shop, 2)


def test_every_page_asks_as_many_questions_for_more_rows(
    django_assert_max_num_queries,
):
    shop = build.workshop(stock=20, minutes=20_000)
    counted = []
    leader = leads(shop.base)
    for more in (1, 2):
        fill(shop, leader, more)
        for number in range(more):
            build.another_maker(shop, f"孙{more}{number}", f"Sun {more}{number}")
        order = work_order()
        row = Assignment.objects.order_by("pk").first()
        counts = {}
        for page in PAGES:
            path = page.format(order=order.reference, row=row.reference)
            with django_assert_max_num_queries(60) as asked:
                assert leader.get(f"{WORKSHOP}/{path}").status_code == 200
            counts[page] = len(asked)
        counted.append(counts)

    assert counted[0] == counted[1]
    assert Shipment.objects.count() > 2
