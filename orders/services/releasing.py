"""The money of pieces that leave: what we owed the buyer is earned, part by part.

One entry a shipment (docs/rules/shipping.md, money.md). The caller holds the sale's
lock; balances are locked by the journal, last.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from catalog.models import Lot
from catalog.selectors import crafts_of
from orders.domain.release import Leaving, Released, SoldLine, owed_part, release
from orders.models import Delivery, LineShare, LineTerms, Sale, Shipment, WorkOrder
from orders.services.booking import owed_of
from producers.ledger.journal import Move, enter, hold
from producers.ledger.models import Entry
from producers.ledger.tables.journal import Kind, What
from producers.models import Base, Craft

Part = LineShare.Part
OF_SHIPMENTS = (
    Kind.BANK,
    Kind.DEFERRED_REVENUE,
    Kind.WORK_IN_STOCK,
    Kind.MATERIAL,
    Kind.TAX_PARCEL,
    Kind.SHIPPING_CHARGED,
    Kind.CHAMBER_REVENUE,
)


def book_release(
    sale: Sale,
    shipment: Shipment,
    before: Mapping[int, int],
    parts: Sequence[tuple[int, Lot, int]],
) -> None:
    """The pieces (line, lot, count) have left: their money is earned.

    Charged shipping is earned with the first parcel. Where the buyer was given some of
    her money back meanwhile, the chamber bears it.
    """
    if shipment.cost_fen:
        # `book_parcel` follows, and moves the bank's money in an entry of its own.
        hold(house=OF_SHIPMENTS)
    terms, sold = sold_lines(sale)
    origin = origins_of([lot for _line, lot, _pieces in parts])
    leaving: dict[int, list[Leaving]] = defaultdict(list)
    for line, lot, pieces in parts:
        rate, base = origin[lot.pk]
        leaving[line].append(Leaving(pieces, rate, base))
    found = {
        line: release(sold[line], before.get(line, 0), rows)
        for line, rows in sorted(leaving.items())
    }
    charged = 0 if before else sale.shipping_fen
    crafts = crafts_of({terms[line].product_id for line in found})
    of_line = {line: crafts[terms[line].product_id] for line in found}
    enter(
        what=What.RELEASE,
        reference=f"release:{shipment.reference}",
        source_kind="shipment",
        source=shipment.reference,
        moves=_moves(sale, found, charged, of_line),
    )


def sold_lines(sale: Sale) -> tuple[dict[int, LineTerms], dict[int, SoldLine]]:
    """The terms of the order's lines, and what the rule reads of them and the parts."""
    terms = {
        row.line_id: row for row in LineTerms.objects.filter(line__order=sale.order_id)
    }
    shares: dict[int, dict[str, int]] = defaultdict(dict)
    for share in LineShare.objects.filter(line__order=sale.order_id):
        shares[share.line_id][share.part] = share.fen
    return terms, {
        line: SoldLine(
            pieces=row.pieces,
            sold=row.sold_fen,
            maker=shares[line][Part.MAKER],
            material=shares[line][Part.MATERIAL],
            base=shares[line][Part.BASE],
            tax_shipping=shares[line][Part.TAX_SHIPPING],
        )
        for line, row in terms.items()
    }


def _moves(
    sale: Sale,
    found: Mapping[int, Released],
    charged: int,
    of_line: Mapping[int, int],
) -> list[Move]:
    wanted = sum(one.sold for one in found.values()) + charged
    taken = owed_part(wanted, owed_of(sale))
    crafts = Craft.objects.in_bulk(set(of_line.values()))
    named = {base for one in found.values() for base in [*one.pay, *one.bases] if base}
    bases = Base.objects.in_bulk(named)
    pay: dict[tuple[int | None, int], int] = defaultdict(int)
    owed: dict[tuple[int, int], int] = defaultdict(int)
    for line, one in found.items():
        for base, fen in one.pay.items():
            pay[base, of_line[line]] += fen
        for of_base, fen in one.bases.items():
            owed[of_base, of_line[line]] += fen
    chamber = sum(one.chamber for one in found.values()) - (wanted - taken)
    return [
        Move(Kind.DEFERRED_REVENUE, taken, sale.reference),
        *(
            Move(
                Kind.WORK_IN_STOCK,
                -fen,
                craft=crafts[craft],
                base=bases[base] if base else None,
            )
            for (base, craft), fen in sorted(pay.items(), key=_by_number)
        ),
        *(
            Move(
                Kind.BASE_PAYABLE,
                -fen,
                base_owner=bases[base],
                base=bases[base],
                craft=crafts[craft],
            )
            for (base, craft), fen in sorted(owed.items())
        ),
        Move(Kind.MATERIAL, -sum(one.material for one in found.values())),
        Move(Kind.TAX_PARCEL, -sum(one.tax_shipping for one in found.values())),
        Move(Kind.SHIPPING_CHARGED, -charged),
        Move(Kind.CHAMBER_REVENUE, -chamber),
    ]


def _by_number(row: tuple[tuple[int | None, int], int]) -> tuple[int, int]:
    (base, craft), _fen = row
    return base or 0, craft


def origins_of(lots: Sequence[Lot]) -> dict[int, tuple[int | None, int | None]]:
    """Of each lot: what a piece of it was paid, and the base that made it.

    Accepted work names both by its work order. An opening lot, or pieces that a count
    found, was never paid piece by piece; its base is the one where it lies.
    """
    made = {
        lot.source_reference: lot for lot in lots if lot.source_kind == "inspection"
    }
    found: dict[int, tuple[int | None, int | None]] = {
        lot.pk: (None, _place_base(lot)) for lot in lots
    }
    orders = dict(
        Delivery.objects.filter(reference__in=made).values_list(
            "reference", "assignment__work_order"
        )
    )
    terms = WorkOrder.objects.in_bulk(set(orders.values()))
    for reference, order in orders.items():
        found[made[reference].pk] = (terms[order].piece_rate_fen, terms[order].base_id)
    return found


def _place_base(lot: Lot) -> int | None:
    place: Any = lot.place
    return place.base_id or (place.pickup_point and place.pickup_point.base_id)


def book_parcel(shipment: Shipment) -> Entry:
    """The carrier was paid for this parcel."""
    return enter(
        what=What.PARCEL_COST,
        reference=f"parcel:{shipment.reference}",
        source_kind="shipment",
        source=shipment.reference,
        moves=[
            Move(Kind.TAX_PARCEL, shipment.cost_fen, shipment.order.number),
            Move(Kind.BANK, -shipment.cost_fen),
        ],
    )
