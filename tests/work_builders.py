"""Small named things for tests of work: a shop whose makers have time and skill."""

import datetime as dt
import uuid

from django.db import connection

from orders.models import Assignment, Demand, Payment, WorkOrder
from orders.services import (
    allocating,
    answering,
    delivering,
    inspecting,
    offering,
    refunding,
    shipping,
)
from producers.models import (
    BaseCapacity,
    CapacityWeek,
    HouseholdMember,
    MakerHours,
    Membership,
    Skill,
    StatusChange,
)
from producers.services.households import register_household
from tests import catalog_builders, orders_builders
from tests.orders_builders import NOON, counter, order, person  # noqa: F401

SINCE = dt.date(2024, 1, 1)
SUNDAY = dt.date(2026, 12, 6)
WEEKLY = 1_200


def workshop(**other):
    """A shop with five tigers ready and room for twenty to order; three women, each
    with twenty hours a week, certified, at a base that takes 150 hours a week."""
    shop = orders_builders.shop(**{"minutes": 4_800} | other)
    for woman in shop.makers:
        at_hand(woman, shop.craft)
    takes(shop.base)
    return shop


def workshop_of_one(**other):
    """The same, where the first woman alone has time."""
    shop = workshop(**other)
    MakerHours.objects.filter(maker__in=shop.makers[1:]).update(minutes=0)
    return shop


def at_hand(woman, craft, *, minutes=WEEKLY, grade=3):
    """She is active since long, asks for these hours, and is certified."""
    StatusChange.objects.create(maker=woman, status="active", day=SINCE)
    MakerHours.objects.create(maker=woman, minutes=minutes, valid_from=SINCE)
    certified(woman, craft, grade)


def certified(woman, craft, grade=3):
    Skill.objects.create(
        maker=woman, craft=craft, grade=grade, certified_on=SINCE, evidence="seen"
    )


def takes(base, minutes=9_000):
    BaseCapacity.objects.create(base=base, minutes=minutes, valid_from=SINCE)


def another_maker(shop, name_zh="孙丽", name_en="Sun Li", **other):
    woman = catalog_builders.maker(shop.base, name_zh, name_en)
    at_hand(woman, shop.craft, **other)
    return woman


def another_base(shop, name_zh="柳河基地", name_en="Liuhe base", women=1):
    """A second base able to make the tiger, with its own women and capacity."""
    base = catalog_builders.base(shop.village, name_zh, name_en)
    takes(base)
    for spec in shop.made.craft_spec, shop.ready.craft_spec:
        spec.able.create(base=base)
    CapacityWeek.objects.create(
        base=base, craft=shop.craft, week=orders_builders.NEXT_MONDAY, offered=4_800
    )
    makers = []
    for number in range(women):
        woman = catalog_builders.maker(base, f"周{number}", f"Zhou {number}")
        at_hand(woman, shop.craft)
        makers.append(woman)
    return base, makers


def leader(base, woman=None, email="leader@example.com"):
    """An account that leads the base."""
    user = person(email)
    maker = woman or catalog_builders.maker(base, "何芳", "He Fang")
    maker.user = user
    maker.save()
    Membership.objects.create(maker=maker, base=base, role="leader", valid_from=SINCE)
    return user


def lives_in(woman, village, *, monitored=False):
    """She belongs to a household of the village."""
    home = register_household(village=village, labour_force=2, since=SINCE)
    HouseholdMember.objects.create(
        household=home, maker=woman, relation="spouse", valid_from=SINCE
    )
    if monitored:
        home.monitorings.create(kind="unstable", source="list", valid_from=SINCE)
    return home


def paid(shop, pieces=4, *, ready=0, **other):
    """A paid order of so many tigers to order (and ready ones); its sale."""
    wanted = [(shop.made, pieces)] if pieces else []
    sale = order(*wanted, *([(shop.ready, ready)] if ready else []), **other)
    counter(sale)
    sale.refresh_from_db()
    return sale


def placed(shop, pieces=4, **other):
    """A paid order whose tigers are proposed to makers; its sale."""
    sale = paid(shop, pieces, **other)
    allocating.allocate(sale.reference)
    return sale


def for_stock(shop, pieces=3, **other):
    """So many tigers are wanted for the shelf, whoever buys them then; the demand."""
    return Demand.objects.create(
        stock_target=shop.record,
        product_id=shop.record.product_id,
        pieces=pieces,
        due_on=SUNDAY,
        state=Demand.State.OPEN,
        **other,
    )


def demand_of(sale):
    return Demand.objects.get(line__order=sale.order_id)


def shares(of=None):
    """(maker's name, state, live pieces) of every assignment, by its number."""
    rows = Assignment.objects.select_related("maker").order_by("pk")
    if of is not None:
        rows = rows.filter(demand__line__order=of.order_id)
    return [(row.maker.name_en, row.state, row.live) for row in rows]


def offered(shop, pieces=4, by=None, **other):
    """The offers of a paid order, sent to makers."""
    sale = placed(shop, pieces, **other)
    sent = []
    for work in WorkOrder.objects.filter(demand__line__order=sale.order_id):
        sent += offering.send_offers(work_order=work, by=by)
    return sent


def taken(shop, pieces=4, by=None, **other):
    """The assignments of a paid order, every piece taken."""
    who = by or person(f"she-{uuid.uuid4().hex[:8]}@example.com")
    return [
        answering.take(assignment=one, pieces=one.offered, how="slip", by=who)
        for one in offered(shop, pieces, who, **other)
    ]


def delivered(assignment, pieces, by):
    return delivering.record_delivery(
        assignment=assignment, pieces=pieces, client_reference=uuid.uuid4(), by=by
    )


def inspected(delivery, by, accepted=None, rework=0, rejected=0, **other):
    """What the leader found; all the rest is accepted."""
    if accepted is None:
        accepted = delivery.pieces - rework - rejected
    return inspecting.record_inspection(
        delivery=delivery,
        accepted=accepted,
        rework=rework,
        rejected=rejected,
        client_reference=uuid.uuid4(),
        by=by,
        **other,
    )


def sent(shipment, by, **other):
    """The parcel is with the carrier."""
    said = {"client_reference": uuid.uuid4()} | other
    return shipping.send_shipment(shipment=shipment, by=by, **said)


def refunded(by, cause="cancelled", *, sale=None):
    """All that was paid for the order (or the only one) goes back."""
    payment = Payment.objects.get(**({"order": sale.order_id} if sale else {}))
    return refunding.refund_payment(
        payment=payment.reference,
        amount_fen=payment.received_fen,
        cause=cause,
        client_reference=uuid.uuid4(),
        by=by,
    )


def on_the_shelf(record):
    """Pieces in stock at a record, and those of them reserved, as they are now."""
    now = type(record).objects.get(pk=record.pk)
    return now.num_in_stock, now.num_allocated


def check_counters():
    """What the database checks at commit holds now."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
