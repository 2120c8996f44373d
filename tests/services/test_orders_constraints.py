"""Every constraint of the tables of orders and work, and who tries to break it."""

import datetime as dt

import pytest
from django.apps import apps
from django.db import IntegrityError, ProgrammingError, connection, transaction
from django.db.models import CheckConstraint, UniqueConstraint

from orders import models
from qiaoshou.common.today import clock_at, now
from tests import orders_builders as build
from tests.orders_rows import copy_of, one_of_each

pytestmark = pytest.mark.django_db
DAY = build.DAY


@pytest.fixture
def shop():
    with clock_at(build.NOON):
        return build.shop()


@pytest.fixture
def person():
    return build.person("leader@example.com")


@pytest.fixture
def rows(shop, person):
    return one_of_each(shop, person)


ANSWERED = {"answered_at": None, "answered_by": None, "how": ""}
NONE_BACK = {"delivered": 0, "accepted": 0, "rework": 0}

# constraint → the model, and values that break it in an otherwise valid row.
BROKEN = {
    "addition_has_pieces": ("Addition", {"pieces": 0}),
    "sale_amounts_possible": ("Sale", {"goods_fen": 0}),
    "sale_paid_has_time": ("Sale", {"state": "paid"}),
    "sale_hold_after_placing": (
        "Sale",
        {"hold_until": dt.datetime(2020, 1, 1, tzinfo=dt.UTC)},
    ),
    "line_terms_kind_known": ("LineTerms", {"kind": "gift"}),
    "line_terms_has_title": ("LineTerms", {"title_en": ""}),
    "line_terms_has_pieces": ("LineTerms", {"pieces": 0}),
    "line_terms_discount_only_lowers": ("LineTerms", {"sold_fen": 16_801}),
    "line_terms_made_has_rate": ("LineTerms", {"kind": "made", "minutes": None}),
    "line_share_once": ("LineShare", {}),
    "line_share_part_known": ("LineShare", {"part": "luck"}),
    "line_share_only_chamber_below_zero": ("LineShare", {"fen": -1}),
    "contact_can_be_reached": (
        "Contact",
        {"phone_sealed": "", "phone_index": "", "phone_tail": ""},
    ),
    "contact_phone_whole": ("Contact", {"phone_index": ""}),
    "contact_address_or_point": ("Contact", {"way": "pickup"}),
    "contact_language_known": ("Contact", {"language": "zh_CN"}),
    "contact_has_name": ("Contact", {"name": ""}),
    "reservation_stock_or_capacity": ("Reservation", {"stock_record": None}),
    "reservation_state_known": (
        "Reservation",
        {"state": "gone", "expires_at": None},
    ),
    "reservation_has_pieces": ("Reservation", {"pieces": 0}),
    "reservation_only_held_expires": ("Reservation", {"expires_at": None}),
    "demand_line_or_stock": ("Demand", {"line": None}),
    "demand_has_pieces": ("Demand", {"pieces": 0, "ordered": 0}),
    "demand_ordered_within": ("Demand", {"ordered": 4}),
    "demand_state_known": ("Demand", {"state": "lost", "ordered": 0}),
    "demand_held_is_not_ordered": ("Demand", {"state": "held"}),
    "demand_once_per_line_and_day": ("Demand", {}),
    "work_order_placed_within": ("WorkOrder", {"placed": 4}),
    "work_order_has_rate": ("WorkOrder", {"piece_rate_fen": 0}),
    "work_order_note_passed_by_somebody": ("WorkOrder", {"note": "虎"}),
    "work_order_with_demand": ("WorkOrder", "id and demand are unique by themselves"),
    "assignment_counts_fit_state": (
        "Assignment",
        {"state": "offered", **ANSWERED, **NONE_BACK},
    ),
    "assignment_taken_within_offered": ("Assignment", {"offered": 1}),
    "assignment_back_and_delivered_within_taken": ("Assignment", {"given_back": 1}),
    "assignment_every_delivered_piece_is_somewhere": ("Assignment", {"rework": 0}),
    "assignment_answer_is_whole": ("Assignment", {"how": ""}),
    "assignment_change_has_reason": ("Assignment", {"change_reason": "ill"}),
    "assignment_closed_owes_nothing": ("Assignment", {"state": "closed"}),
    "assignment_asked_or_barred_once": ("Assignment", "see its own test"),
    "delivery_has_pieces": ("Delivery", {"pieces": 0}),
    "delivery_with_pieces": ("Delivery", "id and pieces are unique by themselves"),
    "inspection_counts_add_up": ("Inspection", {"accepted": 2}),
    "defect_has_pieces": ("Defect", {"pieces": 0}),
    "defect_kind_known": ("Defect", {"kind": "ugly"}),
    "defect_other_is_said": ("Defect", {"kind": "other"}),
    "inspection_photo_has_file": ("InspectionPhoto", {"picture": ""}),
    "shipment_address_or_point": ("Shipment", {"method": "pickup"}),
    "shipment_state_fits_method": ("Shipment", {"state": "ready", "sent_at": DAY}),
    "shipment_end_has_time": (
        "Shipment",
        {"state": "arrived", "sent_at": dt.datetime(2026, 11, 24, tzinfo=dt.UTC)},
    ),
    "shipment_line_once": ("ShipmentLine", {}),
    "shipment_line_has_pieces": ("ShipmentLine", {"pieces": 0, "came_back": 0}),
    "shipment_line_back_within_sent": ("ShipmentLine", {"came_back": 2}),
    "goods_back_has_reason": ("GoodsBack", {"reason": ""}),
    "goods_back_line_once": ("GoodsBackLine", {}),
    "goods_back_line_has_pieces": ("GoodsBackLine", {"spoilt": 0}),
    "payment_method_known": ("Payment", {"method": "shells", "state": "ended"}),
    "payment_money_fits_state": ("Payment", {"received_fen": 1}),
    "payment_in_yuan_or_apart": ("Payment", {"currency": "usd"}),
    "payment_refund_within_received": (
        "Payment",
        {
            "state": "mismatched",
            "session_id": "cs_9",
            "received_fen": 1,
            "refunded_fen": 2,
            "settled_at": dt.datetime(2026, 11, 24, tzinfo=dt.UTC),
        },
    ),
    "payment_page_leads_back": ("Payment", {"success_url": ""}),
    "payment_page_names_shipping": ("Payment", {"shipping_name": ""}),
    "payment_online_has_session": ("Payment", {"state": "open"}),
    "payment_transfer_has_bank_reference": (
        "Payment",
        {
            "method": "transfer",
            "state": "mismatched",
            "confirmed_by": "leader@example.com",
            "received_fen": 1,
            "settled_at": dt.datetime(2026, 11, 24, tzinfo=dt.UTC),
        },
    ),
    "payment_by_hand_has_name": (
        "Payment",
        {
            "method": "counter",
            "state": "mismatched",
            "received_fen": 1,
            "settled_at": dt.datetime(2026, 11, 24, tzinfo=dt.UTC),
        },
    ),
    "payment_pays_an_order_once": ("Payment", "see its own test"),
    "payment_open_once_per_method": ("Payment", {}),
    "webhook_receipt_once": ("WebhookReceipt", {}),
    "refund_positive": ("Refund", {"amount_fen": 0, "cause": "goodwill"}),
    "refund_cause_known": ("Refund", {"cause": "whim"}),
    "refund_settled_has_time": ("Refund", {"state": "done", "cause": "goodwill"}),
    "refund_of_unneeded_payment_once": ("Refund", {}),
    "payment_alarm_once": ("PaymentAlarm", {}),
    "payment_alarm_kind_known": ("PaymentAlarm", {"kind": "noise"}),
    "payment_alarm_settled_by_somebody": (
        "PaymentAlarm",
        {"settled_at": dt.datetime(2026, 11, 24, tzinfo=dt.UTC), "subject": "cs_2"},
    ),
    "allocation_run_state_known": ("AllocationRun", {"state": "guessed"}),
    "allocation_run_digest_whole": ("AllocationRun", {"digest": "abc"}),
    "late_pieces_has_pieces": ("LatePieces", {"pieces": 0}),
    "late_pieces_one_open_answer": ("LatePieces", {}),
    "allocation_setting_weight": ("AllocationSetting", {"monitored_percent": 99}),
    "allocation_setting_floor": ("AllocationSetting", {"floor_minutes": 29}),
    "give_back_has_pieces": ("GiveBack", {"pieces": 0}),
    "give_back_has_reason": ("GiveBack", {"reason": ""}),
    "material_returned_within_issued": ("MaterialIssue", {"returned": 3}),
    "material_has_name": ("MaterialIssue", {"name": ""}),
}
ONLY_KEYS = {"work_order_with_demand", "delivery_with_pieces"}
# What an update may not touch at all is tried as a new row.
INSERTED = {"work_order_has_rate"}
OWN_TEST = {"assignment_asked_or_barred_once", "payment_pays_an_order_once"}


def tables():
    """Our own tables, without those that pghistory fills by itself."""
    return [
        model
        for model in apps.get_app_config("orders").get_models()
        if not hasattr(model, "pgh_tracked_model")
    ]


def constraints():
    return {
        constraint.name
        for model in tables()
        for constraint in model._meta.constraints
        if isinstance(constraint, CheckConstraint | UniqueConstraint)
    }


def test_every_constraint_is_in_the_table():
    assert constraints() == set(BROKEN)


@pytest.mark.parametrize("name", sorted(set(BROKEN) - ONLY_KEYS - OWN_TEST))
def test_the_database_refuses(rows, name):
    model, values = BROKEN[name]
    row = rows[model]
    if "confirmed_by" in values:
        values = values | {"confirmed_by": rows["Delivery"].recorded_by}
    if getattr(type(row), "append_only", False) or not values or name in INSERTED:
        broken = copy_of(row, **values)
        with pytest.raises(IntegrityError, match=f'"{name}"'), transaction.atomic():
            broken.save()
    else:
        update = type(row).objects.filter(pk=row.pk).update
        with pytest.raises(IntegrityError, match=f'"{name}"'), transaction.atomic():
            update(**values)


@pytest.mark.parametrize("barred", ["declined", "expired"])
def test_a_pair_that_said_no_is_never_asked_again(rows, shop, barred, person):
    work = rows["WorkOrder"]
    other = shop.makers[1]
    said_no = barred == "declined"
    models.Assignment.objects.create(
        work_order=work,
        demand=work.demand,
        maker=other,
        state=barred,
        proposed=1,
        offered=1,
        due_on=DAY,
        answered_at=now() if said_no else None,
        answered_by=person if said_no else None,
        how="phone" if said_no else "",
    )
    again = models.Assignment(
        work_order=work, demand=work.demand, maker=other, proposed=1, due_on=DAY
    )
    with (
        pytest.raises(IntegrityError, match="assignment_asked_or_barred_once"),
        transaction.atomic(),
    ):
        again.save()


def test_an_order_is_paid_by_one_payment(rows):
    order = rows["Sale"].order

    def paid(session):
        return models.Payment.objects.create(
            order=order,
            method="stripe",
            session_id=session,
            amount_fen=1,
            received_fen=1,
            state="paid",
            settled_at=now(),
        )

    paid("cs_first")
    with (
        pytest.raises(IntegrityError, match="payment_pays_an_order_once"),
        transaction.atomic(),
    ):
        paid("cs_second")


def at_commit(deed):
    with transaction.atomic():
        deed()
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_shares_that_do_not_add_up_are_refused_at_commit(shop):
    sale = build.order((shop.ready, 1))
    line = sale.order.lines.get()
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    bare = sale.order.lines.get()
    bare.pk = None
    bare.save()
    assert bare.pk != line.pk
    with pytest.raises(IntegrityError, match="it was sold for 16800"):
        at_commit(
            lambda: (
                models.LineTerms.objects.create(
                    line=bare,
                    product=shop.ready,
                    title_zh="布老虎",
                    title_en="Cloth tiger",
                    kind="ready",
                    pieces=1,
                    list_fen=16_800,
                    sold_fen=16_800,
                    promised_on=DAY,
                ),
                models.LineShare.objects.create(line=bare, part="maker", fen=16_799),
            )
        )


def test_counters_that_lie_are_refused_at_commit(rows):
    at_commit(lambda: None)
    demand, work = rows["Demand"], rows["WorkOrder"]
    with pytest.raises(IntegrityError, match="its work orders hold 3"):
        at_commit(lambda: models.Demand.objects.filter(pk=demand.pk).update(ordered=2))
    with pytest.raises(IntegrityError, match="its assignments hold 2"):
        at_commit(lambda: models.WorkOrder.objects.filter(pk=work.pk).update(placed=3))
    with pytest.raises(IntegrityError, match="its assignments hold 1"):
        at_commit(
            lambda: models.Assignment.objects.filter(pk=rows["Assignment"].pk).update(
                accepted=0, rejected=1
            )
        )


@pytest.mark.parametrize("values", [{"piece_rate_fen": 8_500}, {"minutes": 200}])
def test_what_a_maker_was_promised_never_changes(rows, values):
    update = models.WorkOrder.objects.filter(pk=rows["WorkOrder"].pk).update
    with (
        pytest.raises(IntegrityError, match="are fixed"),
        transaction.atomic(),
    ):
        update(**values)


def test_an_inspection_covers_exactly_what_was_delivered(rows):
    broken = copy_of(rows["Inspection"], delivered=3, accepted=2)
    other = copy_of(rows["Delivery"])
    other.save()
    broken.delivery = other
    with (
        pytest.raises(IntegrityError, match="inspection_of_all_delivered"),
        transaction.atomic(),
    ):
        broken.save()


def test_an_assignment_belongs_to_the_demand_of_its_work_order(rows, shop):
    other = build.order((shop.made, 1)).order.lines.get().demands.get()
    broken = models.Assignment(
        work_order=rows["WorkOrder"],
        demand=other,
        maker=shop.makers[1],
        proposed=1,
        due_on=DAY,
    )
    with (
        pytest.raises(IntegrityError, match="assignment_of_its_work_order"),
        transaction.atomic(),
    ):
        broken.save()


APPEND_ONLY = [
    model.__name__ for model in tables() if getattr(model, "append_only", False)
]


@pytest.mark.parametrize("name", APPEND_ONLY)
@pytest.mark.parametrize(
    "rewrite", ["UPDATE {} SET id = id", "DELETE FROM {}", "TRUNCATE {} CASCADE"]
)
def test_history_is_not_rewritten_by_the_application(rows, name, rewrite):
    table = rows[name]._meta.db_table
    with (
        pytest.raises(ProgrammingError, match="permission denied"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(rewrite.format(table))


NEVER_DELETED = [
    model.__name__
    for model in tables()
    if any(one.name == "never_deleted" for one in getattr(model._meta, "triggers", []))
]


@pytest.mark.parametrize("name", NEVER_DELETED)
def test_what_has_work_or_money_in_it_is_never_deleted(rows, name):
    row = rows[name]
    with (
        pytest.raises(ProgrammingError, match="Cannot delete"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(f"DELETE FROM {row._meta.db_table} WHERE id = %s", [row.pk])


def test_changes_of_money_and_work_are_kept(rows):
    sale = rows["Sale"]
    models.Sale.objects.filter(pk=sale.pk).update(shipping_fen=1)
    history = apps.get_model("orders", "SaleEvent").objects.filter(pgh_obj=sale.pk)

    kept = history.order_by("pgh_id").values_list("shipping_fen", flat=True)
    assert list(kept) == [0, 1]
