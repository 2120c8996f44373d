"""Whether the books are right, and hold what inspections and returns found."""

from producers.ledger.books import CHECKS, Check, differences

# A delivery's number is the source of the pay for its accepted pieces. Pay that was
# corrected is left to the correction.
OF_PIECES: tuple[Check, ...] = (
    (
        "pay is accepted pieces times the rate",
        "delivery {}: {} pieces accepted at {} fen, {} fen were booked",
        """SELECT d.reference, i.accepted, w.piece_rate_fen, coalesce(pay.fen, 0)
             FROM orders_inspection i
             JOIN orders_delivery d ON d.id = i.delivery_id
             JOIN orders_assignment g ON g.id = d.assignment_id
             JOIN orders_workorder w ON w.id = g.work_order_id
             LEFT JOIN (SELECT e.source, -sum(p.fen) AS fen,
                               bool_or(undone.id IS NOT NULL) AS corrected
                          FROM ledger_entry e
                          JOIN ledger_posting p ON p.entry_id = e.id
                          JOIN ledger_account a ON a.id = p.account_id
                          LEFT JOIN ledger_entry undone ON undone.reverses_id = e.id
                         WHERE e.what = 'pay' AND a.kind = 'maker_payable'
                         GROUP BY e.source) pay ON pay.source = d.reference
            WHERE coalesce(pay.fen, 0) <> i.accepted::bigint * w.piece_rate_fen
              AND NOT coalesce(pay.corrected, false)
            ORDER BY i.id""",
    ),
    (
        "pay is of pieces that were inspected",
        "entry {} pays for no inspection on record",
        """SELECT e.reference
             FROM ledger_entry e
             LEFT JOIN orders_delivery d ON d.reference = e.source
             LEFT JOIN orders_inspection i ON i.delivery_id = d.id
            WHERE e.what = 'pay' AND e.source_kind IN ('inspection', 'delivery')
              AND i.id IS NULL ORDER BY e.id""",
    ),
    (
        "what came back good is in stock",
        "return {}: {} good pieces, {} came into stock",
        """SELECT g.reference, sum(l.good), coalesce(moved.pieces, 0)
             FROM orders_goodsback g
             JOIN orders_goodsbackline l ON l.goods_back_id = g.id
             LEFT JOIN (SELECT source_reference, sum(in_stock) AS pieces
                          FROM catalog_stockmovement WHERE kind = 'returned'
                         GROUP BY source_reference) moved
               ON moved.source_reference = g.reference
            GROUP BY g.id, moved.pieces
           HAVING sum(l.good) <> coalesce(moved.pieces, 0) ORDER BY g.id""",
    ),
    (
        "only what came back good is worth anything again",
        "entry {} is of no good pieces on record",
        """SELECT e.reference
             FROM ledger_entry e
             LEFT JOIN (SELECT g.reference, sum(l.good) AS good
                          FROM orders_goodsback g
                          JOIN orders_goodsbackline l ON l.goods_back_id = g.id
                         GROUP BY g.id) back ON back.reference = e.source
            WHERE e.what = 'goods_back' AND coalesce(back.good, 0) = 0
            ORDER BY e.id""",
    ),
)


def audit() -> list[str]:
    """What is wrong in the books, in words; empty where all is well."""
    return differences((*CHECKS, *OF_PIECES))
