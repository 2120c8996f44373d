"""Tables of orders and work; one file per thing stands in `orders/tables/`."""

from orders.tables.addition import Addition
from orders.tables.allocation_run import AllocationRun, LatePieces
from orders.tables.allocation_setting import AllocationSetting
from orders.tables.assignment import Assignment
from orders.tables.contact import Contact
from orders.tables.delivery import Defect, Delivery, Inspection, InspectionPhoto
from orders.tables.demand import Demand
from orders.tables.give_back import GiveBack
from orders.tables.goods_back import GoodsBack, GoodsBackLine
from orders.tables.material import MaterialIssue
from orders.tables.payment import Payment, PaymentAlarm, Refund, WebhookReceipt
from orders.tables.reservation import Reservation
from orders.tables.sale import LineShare, LineTerms, Sale, ShippingRate
from orders.tables.shipment import Shipment, ShipmentLine
from orders.tables.work_order import WorkOrder

__all__ = [
    "Addition",
    "AllocationRun",
    "AllocationSetting",
    "Assignment",
    "Contact",
    "Defect",
    "Delivery",
    "Demand",
    "GiveBack",
    "GoodsBack",
    "GoodsBackLine",
    "Inspection",
    "InspectionPhoto",
    "LatePieces",
    "LineShare",
    "LineTerms",
    "MaterialIssue",
    "Payment",
    "PaymentAlarm",
    "Refund",
    "Reservation",
    "Sale",
    "Shipment",
    "ShipmentLine",
    "ShippingRate",
    "WebhookReceipt",
    "WorkOrder",
]
