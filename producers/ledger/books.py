"""Whether the books are right: each check names the first differences it finds.

The database keeps all of this by itself for everybody but a superuser; the checks look
at the rows alone, as somebody would who trusts no trigger.
"""

from collections.abc import Iterable

from django.db import connection

from producers.ledger.tables.journal import NEVER_DEBIT

FIRST = 10
# Name of the check, what a row that breaks it says, and the rows that break it.
Check = tuple[str, str, str]

CHECKS: tuple[Check, ...] = (
    (
        "every entry sums to zero",
        "entry {} sums to {} fen",
        """SELECT e.reference, coalesce(sum(p.fen), 0)
             FROM ledger_entry e LEFT JOIN ledger_posting p ON p.entry_id = e.id
            GROUP BY e.id HAVING coalesce(sum(p.fen), 0) <> 0 ORDER BY e.id""",
    ),
    (
        "every entry has its postings",
        "entry {} says {} postings and has {}",
        """SELECT e.reference, e.size, count(p.id)
             FROM ledger_entry e LEFT JOIN ledger_posting p ON p.entry_id = e.id
            GROUP BY e.id HAVING count(p.id) <> e.size ORDER BY e.id""",
    ),
    (
        "balances are the sums of their postings",
        "account {} ({}) stands at {} fen, its postings sum to {}",
        """SELECT a.id, a.kind, coalesce(b.fen, 0), coalesce(sum(p.fen), 0)
             FROM ledger_account a
             LEFT JOIN ledger_balance b ON b.account_id = a.id
             LEFT JOIN ledger_posting p ON p.account_id = a.id
            GROUP BY a.id, b.account_id
           HAVING b.account_id IS NULL OR b.fen <> coalesce(sum(p.fen), 0)
            ORDER BY a.id""",
    ),
    (
        "nothing is overdrawn",
        "account {} ({}) is overdrawn by {} fen",
        """SELECT a.id, a.kind, sum(p.fen)
             FROM ledger_account a JOIN ledger_posting p ON p.account_id = a.id
            WHERE a.kind = ANY(%(never_debit)s)
            GROUP BY a.id HAVING sum(p.fen) > 0 ORDER BY a.id""",
    ),
    (
        "no order gave more than came in",
        "order {} is overdrawn by {} fen on {}",
        """SELECT p.about, sum(p.fen), a.kind
             FROM ledger_posting p JOIN ledger_account a ON a.id = p.account_id
            WHERE a.kind IN ('deferred_revenue', 'suspense')
            GROUP BY a.kind, p.about
           HAVING sum(p.fen) > 0 OR p.about = '' ORDER BY p.about, a.kind""",
    ),
    (
        "pay is pieces times rate",
        "entry {}: {} pieces at {} fen are not {} fen",
        """SELECT e.reference, p.pieces, p.rate_fen, abs(p.fen)
             FROM ledger_posting p
             JOIN ledger_entry e ON e.id = p.entry_id
             JOIN ledger_account a ON a.id = p.account_id
             LEFT JOIN ledger_entry wrong ON wrong.id = e.reverses_id
            WHERE a.kind = 'maker_payable' AND coalesce(wrong.what, e.what) = 'pay'
              AND (p.pieces IS NULL OR p.rate_fen IS NULL
                   OR abs(p.fen) <> p.pieces::bigint * p.rate_fen)
            ORDER BY p.id""",
    ),
    (
        "a maker's money names its base",
        "entry {} moves {} fen of a maker at no base",
        """SELECT e.reference, p.fen
             FROM ledger_posting p
             JOIN ledger_entry e ON e.id = p.entry_id
             JOIN ledger_account a ON a.id = p.account_id
            WHERE a.maker_id IS NOT NULL AND p.base_id IS NULL ORDER BY p.id""",
    ),
    (
        "payouts are their lines",
        "payout {} says {} fen to {} makers, its lines are {} fen to {}",
        """SELECT p.reference, p.fen, p.makers, coalesce(sum(l.fen), 0), count(l.id)
             FROM ledger_payout p LEFT JOIN ledger_payoutline l ON l.payout_id = p.id
            GROUP BY p.id
           HAVING p.fen <> coalesce(sum(l.fen), 0) OR p.makers <> count(l.id)
            ORDER BY p.id""",
    ),
    (
        "a payout is closed when every line is settled",
        "payout {} is {} and has {} open lines",
        """SELECT p.reference, p.state, count(l.id) FILTER (WHERE l.state = 'open')
             FROM ledger_payout p LEFT JOIN ledger_payoutline l ON l.payout_id = p.id
            GROUP BY p.id
           HAVING (p.state IN ('closed', 'withdrawn'))
               <> (count(l.id) FILTER (WHERE l.state = 'open') = 0)
            ORDER BY p.id""",
    ),
    (
        "an approved payout is sent in the journal",
        "payout {}, {}: {} fen were sent to makers, its lines are {} fen",
        """SELECT p.reference, p.state, coalesce(sent.fen, 0), coalesce(lines.fen, 0)
             FROM ledger_payout p
             LEFT JOIN (SELECT e.source, sum(-g.fen) AS fen
                          FROM ledger_entry e JOIN ledger_posting g ON g.entry_id = e.id
                          JOIN ledger_account a ON a.id = g.account_id
                         WHERE e.what = 'payout_sent' AND a.kind = 'pay_on_its_way'
                         GROUP BY e.source) sent ON sent.source = p.reference
             LEFT JOIN (SELECT payout_id, sum(fen) AS fen FROM ledger_payoutline
                         GROUP BY payout_id) lines ON lines.payout_id = p.id
            WHERE coalesce(sent.fen, 0) <> CASE
                  WHEN p.state IN ('approved', 'closed') THEN coalesce(lines.fen, 0)
                  ELSE 0 END
            ORDER BY p.id""",
    ),
    (
        "a settled line is settled in the journal",
        "line {}, {} with {} fen: {} fen were paid, {} fen came back",
        """SELECT l.reference, l.state, l.fen, coalesce(done.paid, 0),
                  coalesce(done.failed, 0)
             FROM ledger_payoutline l
             LEFT JOIN (SELECT e.source,
                          sum(g.fen) FILTER (WHERE e.what = 'payout_paid') AS paid,
                          sum(g.fen) FILTER (WHERE e.what = 'payout_failed') AS failed
                          FROM ledger_entry e JOIN ledger_posting g ON g.entry_id = e.id
                          JOIN ledger_account a ON a.id = g.account_id
                         WHERE e.source_kind = 'payout_line'
                           AND a.kind = 'pay_on_its_way'
                         GROUP BY e.source) done ON done.source = l.reference
            WHERE coalesce(done.paid, 0)
                  <> CASE WHEN l.state = 'paid' THEN l.fen ELSE 0 END
               OR coalesce(done.failed, 0)
                  <> CASE WHEN l.state = 'failed' THEN l.fen ELSE 0 END
            ORDER BY l.id""",
    ),
    (
        "pay on its way is open lines",
        "maker {}: {} fen are on their way, her open lines are {} fen",
        """SELECT m.reference, coalesce(way.fen, 0), coalesce(open.fen, 0)
             FROM producers_maker m
             LEFT JOIN (SELECT a.maker_id, -sum(g.fen) AS fen
                          FROM ledger_account a
                          JOIN ledger_posting g ON g.account_id = a.id
                         WHERE a.kind = 'pay_on_its_way' GROUP BY a.maker_id) way
               ON way.maker_id = m.id
             LEFT JOIN (SELECT l.maker_id, sum(l.fen) AS fen
                          FROM ledger_payoutline l
                          JOIN ledger_payout p ON p.id = l.payout_id
                         WHERE l.state = 'open' AND p.state = 'approved'
                         GROUP BY l.maker_id) open
               ON open.maker_id = m.id
            WHERE coalesce(way.fen, 0) <> coalesce(open.fen, 0) ORDER BY m.id""",
    ),
)


def differences(checks: Iterable[Check] = CHECKS) -> list[str]:
    """What is wrong in the books, in words: the first ten differences of each check."""
    found = []
    with connection.cursor() as cursor:
        for name, words, query in checks:
            cursor.execute(query, {"never_debit": list(NEVER_DEBIT)})
            rows = cursor.fetchmany(FIRST)
            found += [f"{name}: {words.format(*row)}" for row in rows]
    return found
