"""What came back good is worth its pay and material again; docs/rules/returns.md.

One entry a return. The caller holds the sale's lock; balances are locked by the
journal, last.
"""

from collections import defaultdict

from django.db.models import Sum

from catalog.selectors import crafts_of
from orders.domain.coming_back import Back, worth
from orders.models import GoodsBack, GoodsBackLine, Sale, ShipmentLine
from orders.services.releasing import origins_of, sold_lines
from producers.ledger.journal import Move, enter
from producers.ledger.models import Entry
from producers.ledger.tables.journal import Kind, What
from producers.models import Base, Craft


def book_back(sale: Sale, back: GoodsBack) -> Entry | None:
    """The chamber's loss by refunds is less by what the good pieces are worth.

    Nothing moves for spoilt pieces, nor for pieces that nothing was paid for.
    """
    now = {row.shipment_line_id: row.good for row in back.lines.filter(good__gt=0)}
    parcel = ShipmentLine.objects.filter(pk__in=now).select_related("lot__place")
    before, of_lines = _good_before(sale, back)
    origin = origins_of([row.lot for row in parcel])
    terms, sold = sold_lines(sale)
    coming: dict[int, list[Back]] = defaultdict(list)
    for row in parcel:
        coming[row.line_id].append(
            Back(row.pieces, before.get(row.pk, 0), now[row.pk], *origin[row.lot_id])
        )
    crafts = crafts_of({terms[line].product_id for line in coming})
    pay: dict[tuple[int, int], int] = defaultdict(int)
    material = 0
    for line, rows in sorted(coming.items()):
        found = worth(sold[line], of_lines.get(line, 0), rows)
        material += found.material
        for base, fen in found.pay.items():
            pay[base or 0, crafts[terms[line].product_id]] += fen
    whole = sum(pay.values()) + material
    if not whole:
        return None
    bases = Base.objects.in_bulk({base for base, _craft in pay})
    of_craft = Craft.objects.in_bulk({craft for _base, craft in pay})
    return enter(
        what=What.GOODS_BACK,
        reference=f"goods-back:{back.reference}",
        source_kind="goods_back",
        source=back.reference,
        moves=[
            *(
                Move(
                    Kind.WORK_IN_STOCK, fen, craft=of_craft[craft], base=bases.get(base)
                )
                for (base, craft), fen in sorted(pay.items())
            ),
            Move(Kind.MATERIAL, material),
            Move(Kind.REFUNDS, -whole, sale.reference),
        ],
    )


def _good_before(sale: Sale, back: GoodsBack) -> tuple[dict[int, int], dict[int, int]]:
    """Good pieces that came back earlier, by line of a shipment and of the order."""
    earlier = GoodsBackLine.objects.filter(
        shipment_line__line__order=sale.order_id
    ).exclude(goods_back=back)

    def by(column: str) -> dict[int, int]:
        return dict(earlier.values_list(column).annotate(good=Sum("good")))

    return by("shipment_line"), by("shipment_line__line")
