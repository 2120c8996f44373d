"""Writes the journal: each event once, in postings that sum to nothing.

Nobody else writes it. docs/rules/money.md has the chart of accounts and the entry of
each event; an entry locks the balances of its accounts, last of all locks.
"""

import datetime as dt
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q

from producers.ledger.models import Account, Balance, Entry, Posting
from producers.ledger.tables.journal import OF_BASES, OF_MAKERS, Kind, What
from producers.models import Base, Craft, Maker
from qiaoshou.accounts.models import User
from qiaoshou.common import audit
from qiaoshou.common.models import Area
from qiaoshou.common.today import now, today

# A payout's entries follow the states of its lines; they are mended by failing a line
# or by paying anew, never behind the payout's back.
OF_PAYOUTS = (What.PAYOUT_SENT, What.PAYOUT_PAID, What.PAYOUT_FAILED)
# So do those of an order's money: what was paid goes back by a refund.
OF_ORDERS = (
    What.PAYMENT,
    What.UNEXPLAINED,
    What.REFUND,
    What.REFUND_FAILED,
    What.RELEASE,
    What.GOODS_BACK,
)
# Kind of account, maker, base: whose money it is.
Owner = tuple[str, int | None, int | None]


class Unbalanced(ValueError):
    """The moves of an entry don't sum to nothing, or nothing moves at all."""


class CantReverse(Exception):
    """The entry can't be corrected by a reversal; `code` says why.

    REVERSAL (it is a correction itself), PAYOUT (it belongs to a payout), ORDER (it is
    an order's money), NO_REASON.
    """

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Move:
    """One account's part of an event: fen are a debit above zero, a credit below.

    The account is the house's unless `maker` or `base_owner` owns it. A maker's money
    names the base at which she earned it: her pay is paid out base by base.
    """

    kind: Kind
    fen: int
    about: str = ""
    maker: Maker | None = None
    base_owner: Base | None = None
    craft: Craft | None = None
    base: Base | None = None
    area: Area | None = None
    pieces: int | None = None
    rate_fen: int | None = None

    def __post_init__(self) -> None:
        if (self.maker is not None) != (self.kind in OF_MAKERS):
            raise ValueError(f"{self.kind}: a maker owns it, and nobody else")
        if (self.base_owner is not None) != (self.kind in OF_BASES):
            raise ValueError(f"{self.kind}: a base owns it, and nobody else")
        if self.maker is not None and self.base is None:
            raise ValueError(f"{self.kind}: at which base did she earn it?")

    @property
    def owner(self) -> Owner:
        return (
            str(self.kind),
            self.maker.pk if self.maker else None,
            self.base_owner.pk if self.base_owner else None,
        )


@transaction.atomic
def enter(
    *,
    what: What,
    reference: str,
    source_kind: str,
    source: str,
    moves: Sequence[Move],
    on: dt.date | None = None,
) -> Entry:
    """The event stands in the journal once; entered before, it stays as it was.

    Moves of nothing are left out. Raises Unbalanced.
    """
    moved = [move for move in moves if move.fen]
    if not moved or sum(move.fen for move in moved) != 0:
        known = Entry.objects.filter(reference=reference).first()
        if known is not None:
            return known
        raise Unbalanced(f"{reference}: {[move.fen for move in moved]}")
    entry, first_time = Entry.objects.get_or_create(
        reference=reference,
        defaults={
            "what": what,
            "at": now(),
            "on": on or today(),
            "source_kind": source_kind,
            "source": source,
            "size": len(moved),
        },
    )
    if first_time:
        accounts = _accounts({move.owner for move in moved})
        Posting.objects.bulk_create(
            Posting(
                entry=entry,
                account_id=accounts[move.owner],
                fen=move.fen,
                about=move.about,
                craft=move.craft,
                base=move.base,
                area=move.area,
                pieces=move.pieces,
                rate_fen=move.rate_fen,
            )
            for move in moved
        )
    return entry


@transaction.atomic
def reverse(*, entry: Entry, reason: str, by: User) -> Entry:
    """The whole entry is undone by another that names it; reversed before, nothing.

    The reason stands in the audit trail. Raises CantReverse; the database refuses to
    take back what was given on already (`balance_not_overdrawn`).
    """
    words = reason.strip()
    if not words:
        raise CantReverse("NO_REASON")
    if entry.reverses_id is not None:
        raise CantReverse("REVERSAL")
    if entry.what in OF_PAYOUTS:
        raise CantReverse("PAYOUT")
    if entry.what in OF_ORDERS:
        raise CantReverse("ORDER")
    undone, first_time = Entry.objects.get_or_create(
        reverses=entry,
        defaults={
            "what": What.REVERSAL,
            "reference": f"reversal:{entry.pk}",
            "at": now(),
            "on": today(),
            "source_kind": entry.source_kind,
            "source": entry.source,
            "size": entry.size,
        },
    )
    if first_time:
        Posting.objects.bulk_create(
            Posting(
                entry=undone,
                account_id=posting.account_id,
                fen=-posting.fen,
                about=posting.about,
                craft_id=posting.craft_id,
                base_id=posting.base_id,
                area_id=posting.area_id,
                pieces=posting.pieces,
                rate_fen=posting.rate_fen,
            )
            for posting in entry.postings.order_by("pk")
        )
        audit.record(
            deed="reverse_entry",
            subject=f"entry:{entry.reference}"[:120],
            purpose=words[:200],
            by=by,
        )
    return undone


def hold(*, house: Collection[Kind] = (), makers: Iterable[int] = ()) -> None:
    """The balances of these accounts stand still until the transaction ends.

    For a deed of several entries: each entry locks its own balances in their order, and
    two deeds could wait for each other between their entries.
    """
    rows = Balance.objects.filter(
        Q(kind__in=house, account__maker=None) | Q(account__maker__in=makers)
    )
    list(
        rows.order_by("account_id")
        .select_for_update(of=("self",), no_key=True)
        .values_list("account_id", flat=True)
    )


def _accounts(owners: Iterable[Owner]) -> dict[Owner, int]:
    """The account of each owner; those of makers and bases are made when missing."""
    wanted = sorted(owners, key=_in_order)
    found = _found(wanted)
    missing = [owner for owner in wanted if owner not in found]
    if missing:
        # Somebody else may make the same account now; the constraint keeps one.
        Account.objects.bulk_create(
            (Account(kind=k, maker_id=m, base_id=b) for k, m, b in missing),
            ignore_conflicts=True,
        )
        found = _found(wanted)
    return found


def _in_order(owner: Owner) -> tuple[str, int, int]:
    kind, maker, base = owner
    return kind, maker or 0, base or 0


def _found(wanted: Sequence[Owner]) -> dict[Owner, int]:
    kinds = {kind for kind, _maker, _base in wanted}
    makers = {maker for _kind, maker, _base in wanted if maker}
    bases = {base for _kind, _maker, base in wanted if base}
    whose = Q(maker=None, base=None)
    if makers:
        whose |= Q(maker__in=makers)
    if bases:
        whose |= Q(base__in=bases)
    rows = Account.objects.filter(whose, kind__in=kinds)
    return {
        (kind, maker, base): pk
        for pk, kind, maker, base in rows.values_list("pk", "kind", "maker", "base")
    }
