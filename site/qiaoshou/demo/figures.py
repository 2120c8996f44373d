"""The figures of a loaded demo, and a fingerprint that is the same for the same seed.

References and encrypted values are drawn anew for every load; so the fingerprint is
made of names, days, pieces and fen alone.
"""

import hashlib
import json
from collections.abc import Iterable

from django.db.models import Count, Sum
from oscar.core.loading import get_model

from catalog.models import Lot
from orders.models import Assignment, Inspection, Sale, Shipment
from producers.ledger.models import Entry, PayoutLine, Posting
from producers.ledger.tables.journal import Kind
from producers.models import Base, Household, Maker

StockRecord = get_model("partner", "StockRecord")


def figures() -> dict[str, int | str]:
    """How much of everything there is; fingerprints of orders, pay and stock."""
    return {
        "bases": Base.objects.count(),
        "makers": Maker.objects.count(),
        "households": Household.objects.count(),
        "orders": Sale.objects.count(),
        "assignments": Assignment.objects.count(),
        "inspections": Inspection.objects.count(),
        "shipments": Shipment.objects.count(),
        "entries": Entry.objects.count(),
        "payout_lines": PayoutLine.objects.count(),
        "sold_fen": _sum(Sale.objects.exclude(paid_at=None), "goods_fen"),
        "pay_fen": -_sum(_pay(), "fen"),
        "orders_digest": digest(_orders()),
        "pay_digest": digest(_pay_rows()),
        "stock_digest": digest(_stock_rows()),
    }


def digest(rows: Iterable[object]) -> str:
    """The first 16 hex digits of SHA-256 over the rows, sorted."""
    lines = sorted(json.dumps(row, ensure_ascii=False, default=str) for row in rows)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:16]


def _sum(rows: object, column: str) -> int:
    return rows.aggregate(total=Sum(column))["total"] or 0  # type: ignore[attr-defined]


def _pay() -> object:
    """What makers were credited for accepted pieces."""
    return Posting.objects.filter(
        account__kind=Kind.MAKER_PAYABLE, entry__what=Entry.What.PAY
    )


def _orders() -> Iterable[object]:
    return Sale.objects.values_list(
        "placed_at", "state", "goods_fen", "shipping_fen", "paid_at", "ended_at"
    )


def _pay_rows() -> Iterable[object]:
    return (
        _pay()  # type: ignore[attr-defined]
        .values_list("account__maker__name_zh", "entry__on", "base__name_zh")
        .annotate(total=Sum("fen"), pieces=Sum("pieces"))
    )


def _stock_rows() -> Iterable[object]:
    lots = Lot.objects.values_list(
        "product__upc", "place__partner__name", "maker__name_zh", "made_on"
    ).annotate(pieces=Sum("pieces"), remaining=Sum("remaining"), lots=Count("id"))
    records = StockRecord.objects.exclude(num_in_stock=None).values_list(
        "product__upc", "partner__name", "num_in_stock", "num_allocated"
    )
    return [*lots, *records]
