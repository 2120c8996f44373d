"""Who may see and do what with payouts and the journal.

Both are the whole federation's, so nobody's area limits them. Finance prepares,
approves, withdraws and settles payouts and reads the journal; that the approver is not
the preparer is said by `may_approve`, and by the database. Who answers for the whole
federation, and its administrator, may read.
"""

import rules

from producers.ledger.models import Payout
from producers.policy import Person, standing


@rules.predicate
def sees_books(user: Person, row: object = None) -> bool:
    found = standing(user)
    return found.finance or found.top


@rules.predicate
def keeps_books(user: Person, row: object = None) -> bool:
    return standing(user).finance


@rules.predicate
def not_the_preparer(user: Person, payout: Payout | None) -> bool:
    return payout is not None and payout.prepared_by_id != user.pk


rules.add_perm("ledger.see_payouts", sees_books)
rules.add_perm("ledger.see_journal", sees_books)
rules.add_perm("ledger.prepare", keeps_books)
rules.add_perm("ledger.approve", keeps_books & not_the_preparer)
rules.add_perm("ledger.withdraw", keeps_books)
rules.add_perm("ledger.settle", keeps_books)
rules.add_perm("ledger.reverse", keeps_books)
# Account numbers in full leave the house with this.
rules.add_perm("ledger.take_bank_file", keeps_books)


def may(user: Person, action: str, row: object = None) -> bool:
    """Whether she may; `action` as in "approve"."""
    return bool(rules.has_perm(f"ledger.{action}", user, row))
