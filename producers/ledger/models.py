"""Tables of the journal and of payouts; they stand under `tables/`."""

from producers.ledger.tables.journal import Account, Balance, Entry, Posting
from producers.ledger.tables.payout import Payout, PayoutLine

__all__ = ["Account", "Balance", "Entry", "Payout", "PayoutLine", "Posting"]
