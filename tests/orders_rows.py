"""One valid row of every table of orders and work, for tests that try to break them."""

import uuid

from orders import models
from qiaoshou.common.reference import new_reference
from qiaoshou.common.today import now
from tests import orders_builders as build

DAY = build.DAY


def one_of_each(shop, person):
    """One valid row of every table, by the name of its model."""
    sale = build.order((shop.ready, 1), (shop.made, 3))
    ready, made = sale.order.lines.order_by("pk")
    demand = made.demands.get()
    demand.state, demand.ordered = "open", 3
    demand.save()
    work = models.WorkOrder.objects.create(
        demand=demand,
        base=shop.base,
        pieces=3,
        placed=2,
        piece_rate_fen=8_600,
        minutes=240,
        due_on=DAY,
    )
    run = models.AllocationRun.objects.create(
        state="applied",
        cause="test",
        floor_minutes=240,
        problem={},
        plan={},
        measures={},
        digest="0" * 64,
    )
    assignment = models.Assignment.objects.create(
        work_order=work,
        demand=demand,
        maker=shop.makers[0],
        run=run,
        state="taken",
        proposed=2,
        offered=2,
        taken=2,
        delivered=2,
        accepted=1,
        rework=1,
        due_on=DAY,
        answered_at=now(),
        answered_by=person,
        how="phone",
    )
    delivery = models.Delivery.objects.create(
        client_reference=uuid.uuid4(),
        assignment=assignment,
        pieces=2,
        recorded_by=person,
    )
    inspection = models.Inspection.objects.create(
        delivery=delivery,
        client_reference=uuid.uuid4(),
        delivered=2,
        accepted=1,
        rework=1,
        rejected=0,
        inspected_by=person,
    )
    shipment = models.Shipment(
        order=sale.order, from_place=shop.place, method="parcel", promised_on=DAY
    )
    shipment.address = "沈阳"
    shipment.save()
    lot = shop.ready.lots.get()
    parcel_line = models.ShipmentLine.objects.create(
        shipment=shipment, line=ready, lot=lot, pieces=1, came_back=1
    )
    back = models.GoodsBack.objects.create(
        client_reference=uuid.uuid4(),
        shipment=shipment,
        reason="尺寸不合",
        recorded_by=person,
    )
    payment = models.Payment.objects.create(
        order=sale.order,
        method="stripe",
        amount_fen=100,
        state="opening",
        success_url="https://shop.example/back",
        cancel_url="https://shop.example/order",
        shipping_name="快递",
    )
    made_rows = [
        models.Addition.objects.create(
            client_reference=uuid.uuid4(),
            basket=sale.order.basket,
            product=shop.ready,
            pieces=1,
        ),
        sale,
        ready.terms,
        ready.shares.first(),
        models.ShippingRate.objects.get(),
        sale.order.contact,
        models.Reservation.objects.get(line=ready),
        demand,
        work,
        run,
        assignment,
        delivery,
        inspection,
        models.Defect.objects.create(inspection=inspection, kind="stain", pieces=1),
        models.InspectionPhoto.objects.create(
            inspection=inspection, picture="inspections/1.jpg"
        ),
        shipment,
        parcel_line,
        back,
        models.GoodsBackLine.objects.create(
            goods_back=back, shipment_line=parcel_line, good=0, spoilt=1
        ),
        payment,
        models.WebhookReceipt.objects.create(
            provider="stripe",
            event_id="evt_1",
            kind="x",
            created_at=now(),
            outcome="ignored",
        ),
        models.Refund.objects.create(payment=payment, cause="too_late", amount_fen=1),
        models.PaymentAlarm.objects.create(kind="unknown", subject="cs_1"),
        models.LatePieces.objects.create(run=run, demand=demand, pieces=1, reason={}),
        models.AllocationSetting.objects.create(
            valid_from=DAY, monitored_percent=150, floor_minutes=240
        ),
        models.GiveBack.objects.create(
            client_reference=uuid.uuid4(),
            assignment=assignment,
            pieces=1,
            reason="住院",
            recorded_by=person,
        ),
        models.MaterialIssue.objects.create(
            client_reference=uuid.uuid4(),
            assignment=assignment,
            name="红线",
            unit="团",
            issued=2,
            issued_by=person,
        ),
    ]
    return {type(row).__name__: row for row in made_rows}


def copy_of(row, **other):
    """The same row once more, as an INSERT."""
    fields = {
        field.attname: getattr(row, field.attname)
        for field in row._meta.concrete_fields
        if not field.primary_key
    }
    fresh = {"reference": "FRESH", "client_reference": None, "key": None}
    for name in fresh.keys() & fields.keys():
        fields[name] = new_reference() if name == "reference" else uuid.uuid4()
    if "idempotency_key" in fields:
        fields["idempotency_key"] = uuid.uuid4()
    return type(row)(**fields | other)
