"""Pay for accepted pieces: booked with the acceptance, read for her and for reports.

Each read takes a fixed number of queries. A maker who was merged into another counts
as that person, whichever of her records is asked for. A correction counts on the day
of what it corrects.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from producers.domain.payout import first_of, next_month
from producers.ledger.journal import Move, enter
from producers.ledger.models import Balance, Entry, Posting
from producers.ledger.tables.journal import Kind, What
from producers.models import Base, Craft, Maker
from producers.selectors import resolved, same_person, village_of


class PaidOtherwise(Exception):
    """These pieces were paid already, to somebody else or with other numbers."""


@dataclass(frozen=True, slots=True)
class PayRow:
    """Pay for pieces accepted together; a correction has fen below zero."""

    day: dt.date
    pieces: int
    rate_fen: int
    fen: int
    source_kind: str
    source: str
    craft: Craft | None
    base: Base | None
    correction: bool


@transaction.atomic
def pay_for_pieces(
    *,
    maker: Maker,
    base: Base,
    craft: Craft,
    pieces: int,
    rate_fen: int,
    source_kind: str,
    source: str,
) -> Entry:
    """She is owed pieces × rate fen from today on, once for this source.

    The posting is of the village where she lives today, or of the base's area where
    none is on record. Raises PaidOtherwise, and ValueError for no pieces or no rate.
    """
    if pieces < 1 or rate_fen < 1:
        raise ValueError(f"{pieces} pieces at {rate_fen} fen are no pay")
    person = resolved(maker)
    fen = pieces * rate_fen
    entry = enter(
        what=What.PAY,
        reference=f"pay:{source_kind}:{source}",
        source_kind=source_kind,
        source=source,
        moves=[
            Move(Kind.WORK_IN_STOCK, fen, craft=craft, base=base),
            Move(
                Kind.MAKER_PAYABLE,
                -fen,
                maker=person,
                craft=craft,
                base=base,
                area=village_of(person) or base.area,
                pieces=pieces,
                rate_fen=rate_fen,
            ),
        ],
    )
    booked = entry.postings.select_related("account").get(
        account__kind=Kind.MAKER_PAYABLE
    )
    same_numbers = (booked.pieces, booked.rate_fen) == (pieces, rate_fen)
    if not same_numbers or booked.account.maker_id not in same_person([person]):
        raise PaidOtherwise(entry.reference)
    return entry


def owed(makers: Collection[int]) -> dict[int, int]:
    """Maker id → fen that she is owed now, whatever the month; 0 for nothing."""
    people = _People(makers)
    rows = Balance.objects.filter(
        account__kind=Kind.MAKER_PAYABLE, account__maker__in=people.records
    )
    return people.sums(rows.values_list("account__maker", "fen"))


def earned(makers: Collection[int], since: dt.date, until: dt.date) -> dict[int, int]:
    """Maker id → fen for pieces accepted on a day in [since, until)."""
    people = _People(makers)
    rows = _pay_of(people.records, since, until)
    return people.sums(
        rows.values("account__maker")
        .annotate(total=Sum("fen"))
        .values_list("account__maker", "total")
    )


def paid(makers: Collection[int], since: dt.date, until: dt.date) -> dict[int, int]:
    """Maker id → fen confirmed as paid on a day in [since, until)."""
    people = _People(makers)
    rows = Posting.objects.filter(
        account__kind=Kind.PAY_ON_ITS_WAY,
        account__maker__in=people.records,
        entry__what=What.PAYOUT_PAID,
        entry__on__gte=since,
        entry__on__lt=until,
    )
    # Confirmed pay is a debit on her account of pay on its way.
    found = people.sums(
        rows.values("account__maker")
        .annotate(total=Sum("fen"))
        .values_list("account__maker", "total")
    )
    return {maker: -fen for maker, fen in found.items()}


def statement(maker: Maker, month: dt.date) -> list[PayRow]:
    """What she was paid for in the month, oldest first; corrections stand beside."""
    people = _People([maker.pk])
    first = first_of(month)
    rows = (
        _pay_of(people.records, first, next_month(first))
        .select_related("entry__reverses", "craft", "base")
        .order_by("day", "entry_id", "pk")
    )
    return [pay_row(posting) for posting in rows]


def pay_row(posting: Posting) -> PayRow:
    """The row of one posting of pay; its entry is at hand."""
    wrong = posting.entry.reverses
    return PayRow(
        day=(wrong or posting.entry).on,
        pieces=posting.pieces or 0,
        rate_fen=posting.rate_fen or 0,
        fen=-posting.fen,
        source_kind=posting.entry.source_kind,
        source=posting.entry.source,
        craft=posting.craft,
        base=posting.base,
        correction=wrong is not None,
    )


def dated(rows: QuerySet[Posting]) -> QuerySet[Posting]:
    """Each posting with its `day` and `event`: those of the mistake it corrects."""
    return rows.annotate(
        day=Coalesce("entry__reverses__on", "entry__on"),
        event=Coalesce("entry__reverses__what", "entry__what"),
    )


def _pay_of(
    records: Collection[int], since: dt.date, until: dt.date
) -> QuerySet[Posting]:
    rows = Posting.objects.filter(
        account__kind=Kind.MAKER_PAYABLE, account__maker__in=records
    )
    return dated(rows).filter(event=What.PAY, day__gte=since, day__lt=until)


class _People:
    """The makers asked for, with every record that is the same person; two queries."""

    def __init__(self, makers: Collection[int]) -> None:
        rows = Maker.objects.filter(pk__in=makers).values_list("pk", "merged_into")
        self.person = {pk: into or pk for pk, into in rows}
        roots = set(self.person.values())
        self.root = {
            pk: into or pk
            for pk, into in Maker.objects.filter(
                Q(pk__in=roots) | Q(merged_into__in=roots)
            ).values_list("pk", "merged_into")
        }

    @property
    def records(self) -> Collection[int]:
        return self.root.keys()

    def sums(self, rows: Iterable[tuple[int, int]]) -> dict[int, int]:
        """Credits of the records, as fen above zero, summed for each maker asked."""
        found: dict[int, int] = defaultdict(int)
        for record, fen in rows:
            found[self.root[record]] -= fen
        return {maker: found[root] for maker, root in self.person.items()}
