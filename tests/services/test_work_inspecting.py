"""Delivered, looked at, paid: every piece is somewhere and every fen has its reason."""

import uuid
from io import BytesIO

import pytest
from oscar.core.loading import get_model
from PIL import Image

from catalog.models import Lot
from orders.models import (
    Assignment,
    Defect,
    Delivery,
    Demand,
    Inspection,
    InspectionPhoto,
    MaterialIssue,
    Reservation,
    WorkOrder,
)
from orders.services import allocating, delivering, inspecting, materials
from orders.services.inspecting import Fault
from producers.ledger.models import Entry, Posting
from qiaoshou.common import pictures
from qiaoshou.common.today import clock_at
from tests import work_builders as build
from tests.orders_builders import jobs

pytestmark = pytest.mark.django_db
StockRecord = get_model("partner", "StockRecord")


@pytest.fixture(autouse=True)
def noon():
    with clock_at(build.NOON):
        yield
        build.check_counters()


@pytest.fixture
def shop():
    """One woman has the hours for all of it, the others for a piece each."""
    return build.workshop_of_one()


@pytest.fixture
def leader(shop):
    return build.leader(shop.base)


@pytest.fixture
def hers(shop, leader):
    """Five tigers that one woman took."""
    (row,) = build.taken(shop, 5, by=leader)
    return row


def stock_of(shop):
    """Pieces in stock, and those of them reserved, of the tiger made to order."""
    return StockRecord.objects.filter(
        product=shop.made, num_in_stock__isnull=False
    ).values_list("num_in_stock", "num_allocated")[:]


def counts(row):
    row.refresh_from_db()
    return {
        "delivered": row.delivered,
        "waiting": row.waiting,
        "rework": row.rework,
        "accepted": row.accepted,
        "rejected": row.rejected,
    }


def test_what_came_back_waits_for_inspection(hers, leader):
    delivery = build.delivered(hers, 3, leader)

    assert (delivery.round, delivery.pieces) == (1, 3)
    assert counts(hers)["waiting"] == 3


def test_a_delivery_sent_twice_is_one(hers, leader):
    once = uuid.uuid4()
    for _time in range(2):
        delivering.record_delivery(
            assignment=hers, pieces=3, client_reference=once, by=leader
        )

    assert Delivery.objects.count() == 1
    assert counts(hers)["delivered"] == 3


def test_more_than_she_has_in_hand_is_refused(hers, leader):
    build.delivered(hers, 3, leader)
    with pytest.raises(delivering.MoreThanInHand) as error:
        build.delivered(hers, 3, leader)

    assert (error.value.in_hand, error.value.rework) == (2, 0)
    assert counts(hers)["delivered"] == 3


def test_accepted_pieces_are_paid_and_lie_in_stock_for_the_order(shop, hers, leader):
    delivery = build.delivered(hers, 5, leader)
    build.inspected(delivery, leader, accepted=3, rework=1, rejected=1)

    assert counts(hers) == {
        "delivered": 5,
        "waiting": 0,
        "rework": 1,
        "accepted": 3,
        "rejected": 1,
    }
    assert list(stock_of(shop)) == [(3, 3)]
    lot = Lot.objects.get(source_kind="inspection")
    assert (lot.maker, lot.pieces, lot.source_reference) == (
        hers.maker,
        3,
        delivery.reference,
    )
    pay = Entry.objects.get(what="pay")
    assert pay.reference == f"pay:inspection:{delivery.reference}"
    assert sorted(pay.postings.values_list("account__kind", "fen")) == [
        ("maker_payable", -25_800),
        ("work_in_stock", 25_800),
    ]
    mine = Posting.objects.get(account__maker=hers.maker)
    assert (mine.pieces, mine.rate_fen, mine.base, mine.craft) == (
        3,
        8_600,
        shop.base,
        shop.craft,
    )


def test_the_capacity_row_falls_by_accepted_pieces_and_keeps_its_minutes(hers, leader):
    build.inspected(build.delivered(hers, 5, leader), leader, accepted=3, rework=2)

    assert reservations() == [("week", 2, 1_200, "kept"), ("stock", 3, 0, "kept")]
    build.inspected(build.delivered(hers, 2, leader), leader)
    assert reservations() == [("week", 0, 1_200, "used"), ("stock", 5, 0, "kept")]


def reservations():
    return [
        ("stock" if row.stock_record_id else "week", row.pieces, row.minutes, row.state)
        for row in Reservation.objects.order_by("pk")
    ]


def test_the_last_accepted_piece_closes_assignment_work_order_and_demand(hers, leader):
    build.inspected(build.delivered(hers, 3, leader), leader)
    assert Demand.objects.get().state == "open"
    build.inspected(build.delivered(hers, 2, leader), leader)

    hers.refresh_from_db()
    assert (hers.state, Demand.objects.get().state) == ("closed", "closed")
    assert WorkOrder.objects.get().closed_at is not None


def test_rejected_pieces_are_placed_again(shop, hers, leader):
    build.inspected(build.delivered(hers, 5, leader), leader, rejected=2)
    assert jobs("place_again") == [hers.demand.reference]
    work = WorkOrder.objects.get()
    assert (work.pieces, work.placed, work.closed_at) == (5, 3, None)

    allocating.place_again(hers.demand.reference)

    again = Assignment.objects.get(state="proposed")
    assert (again.maker, again.proposed) == (hers.maker, 2)
    assert Demand.objects.get().ordered == 5


def test_pieces_to_mend_come_back_in_a_later_round(hers, leader):
    build.inspected(build.delivered(hers, 5, leader), leader, rework=2)
    again = build.delivered(hers, 2, leader)
    assert again.round == 2
    build.inspected(again, leader, rework=1)
    last = build.delivered(hers, 1, leader)
    assert last.round == 3
    build.inspected(last, leader)

    hers.refresh_from_db()
    assert (hers.state, hers.accepted, hers.delivered) == ("closed", 5, 5)
    fen = Posting.objects.filter(account__maker=hers.maker).values_list("fen")
    assert sum(row[0] for row in fen) == -5 * 8_600


@pytest.mark.parametrize(
    ("accepted", "rework", "rejected"), [(2, 0, 0), (3, 1, 0), (4, -1, 0), (0, 0, 0)]
)
def test_counts_that_do_not_add_up_change_nothing(
    hers, leader, accepted, rework, rejected
):
    delivery = build.delivered(hers, 3, leader)
    before = counts(hers)

    with pytest.raises(inspecting.CountsDontAddUp) as error:
        build.inspected(delivery, leader, accepted, rework, rejected)

    assert (error.value.delivered, error.value.said) == (
        3,
        accepted + rework + rejected,
    )
    assert counts(hers) == before
    assert not Inspection.objects.exists()
    assert not Entry.objects.filter(what="pay").exists()
    assert not Lot.objects.filter(source_kind="inspection").exists()


def test_an_inspection_sent_twice_is_one_and_another_is_refused(shop, hers, leader):
    delivery = build.delivered(hers, 3, leader)
    found = build.inspected(delivery, leader)

    again = inspecting.record_inspection(
        delivery=delivery,
        accepted=3,
        rework=0,
        rejected=0,
        client_reference=found.client_reference,
        by=leader,
    )

    assert again == found
    with pytest.raises(inspecting.AlreadyInspected):
        build.inspected(delivery, leader, accepted=1, rejected=2)
    assert list(stock_of(shop)) == [(3, 3)]
    assert Entry.objects.filter(what="pay").count() == 1


def picture(**info):
    out = BytesIO()
    Image.new("RGB", (40, 20), "red").save(out, "JPEG", **info)
    return BytesIO(out.getvalue())


def test_faults_and_photos_are_kept_without_where_they_were_taken(
    hers, leader, settings, tmp_path
):
    settings.MEDIA_ROOT = tmp_path
    notes = Image.Exif()
    notes[0x010F] = "a camera"
    build.inspected(
        build.delivered(hers, 2, leader),
        leader,
        rejected=1,
        defects=[Fault("stitch", 1), Fault("other", 1, "胡须歪了")],
        photos=[picture(exif=notes)],
        note="第二只眼睛没缝牢",
    )

    assert list(Defect.objects.values_list("kind", "pieces", "note")) == [
        ("stitch", 1, ""),
        ("other", 1, "胡须歪了"),
    ]
    with InspectionPhoto.objects.get().picture.open() as file:
        kept = Image.open(file)
        assert (kept.format, kept.size, dict(kept.getexif())) == ("WEBP", (40, 20), {})


@pytest.mark.parametrize(
    "fault", [Fault("ugly", 1), Fault("other", 1), Fault("stain", 0), Fault("stain", 3)]
)
def test_a_fault_that_is_not_said_properly_is_refused(hers, leader, fault):
    delivery = build.delivered(hers, 2, leader)
    with pytest.raises(inspecting.WrongDefect):
        build.inspected(delivery, leader, defects=[fault])
    assert not Inspection.objects.exists()


def test_a_file_that_is_no_picture_is_refused_and_changes_nothing(hers, leader):
    delivery = build.delivered(hers, 2, leader)
    with pytest.raises(pictures.NotAPicture):
        build.inspected(delivery, leader, photos=[BytesIO(b"no picture")])
    assert not Inspection.objects.exists()


def test_late_pieces_of_a_refunded_order_are_paid_and_enter_stock_as_free(
    shop, hers, leader
):
    sale = hers.demand.line.order.sale
    build.refunded(leader, sale=sale)
    build.inspected(build.delivered(hers, 5, leader), leader)

    assert list(stock_of(shop)) == [(5, 0)]
    assert Entry.objects.get(what="pay").postings.count() == 2
    hers.refresh_from_db()
    assert (hers.state, Demand.objects.get().state) == ("closed", "closed")
    assert WorkOrder.objects.get().closed_at is not None


def test_a_refunded_order_asks_nobody_any_more(shop, leader):
    build.offered(shop, 3, leader)
    sale = Demand.objects.get().line.order.sale
    build.refunded(leader, sale=sale)

    assert {state for _name, state, _live in build.shares()} == {"withdrawn"}
    assert allocating.allocate(sale.reference) is None
    assert WorkOrder.objects.get().closed_at is not None


def test_material_goes_out_and_comes_back_and_never_touches_pay(hers, leader):
    once = uuid.uuid4()
    for _time in range(2):
        issue = materials.issue_material(
            assignment=hers,
            name="红线",
            unit="团",
            issued=4,
            client_reference=once,
            by=leader,
        )
    for _time in range(2):
        materials.return_material(issue=issue, returned=1)

    assert MaterialIssue.objects.get().returned == 1
    with pytest.raises(materials.MoreThanIssued):
        materials.return_material(issue=issue, returned=5)
    assert not Posting.objects.filter(account__maker=hers.maker).exists()
