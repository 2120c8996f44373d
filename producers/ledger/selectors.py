"""Reads of pay and payouts for screens: pay sheets, her lines, what a payout is for.

Each takes a fixed number of queries. A month may be given as any day of it.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import QuerySet
from django.db.models.functions import TruncMonth

from producers.domain.payout import first_of, next_month
from producers.ledger.models import Payout, PayoutLine, Posting
from producers.ledger.pay import dated
from producers.ledger.tables.journal import Kind, What
from producers.models import Base, Craft, Maker
from producers.selectors import resolved, same_person

OF_THE_MONTH = (What.PAY, What.TOP_UP)


@dataclass(frozen=True, slots=True)
class Made:
    """Accepted pieces of one craft at one rate."""

    craft: Craft | None
    rate_fen: int
    pieces: int
    fen: int


@dataclass(frozen=True, slots=True)
class Earned:
    """What one maker earned at a base in a month, with the arithmetic."""

    made: tuple[Made, ...] = ()
    top_up_fen: int = 0

    @property
    def pay_fen(self) -> int:
        return sum(made.fen for made in self.made)

    @property
    def fen(self) -> int:
        return self.pay_fen + self.top_up_fen


NOTHING = Earned()


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One maker of a pay sheet; `lines` are hers in payouts of this base and month."""

    maker: Maker
    earned: Earned
    lines: tuple[PayoutLine, ...]


@dataclass(frozen=True, slots=True)
class PaySheet:
    """What everybody earned at a base in a month, by name."""

    base: Base
    month: dt.date
    rows: tuple[SheetRow, ...]
    payouts: tuple[Payout, ...]

    @property
    def pay_fen(self) -> int:
        return sum(row.earned.pay_fen for row in self.rows)

    @property
    def top_up_fen(self) -> int:
        return sum(row.earned.top_up_fen for row in self.rows)

    @property
    def fen(self) -> int:
        return self.pay_fen + self.top_up_fen


@dataclass(frozen=True, slots=True)
class PayoutRow:
    """One line of a payout with what it is for; `earlier_fen` are of other months."""

    line: PayoutLine
    earned: Earned
    earlier_fen: int


def pay_sheet(base: Base, month: dt.date) -> PaySheet:
    """The pay sheet of one base and month; three queries."""
    first = first_of(month)
    earned = _earned(_at(base, first))
    payouts = Payout.objects.filter(base=base, month=first).order_by("pk")
    lines = _lines().filter(payout__base=base, month=first).order_by("pk")
    hers: dict[Maker, list[PayoutLine]] = defaultdict(list)
    for line in lines:
        hers[resolved(line.maker)].append(line)
    makers = sorted({*earned, *hers}, key=_place)
    return PaySheet(
        base=base,
        month=first,
        rows=tuple(
            SheetRow(maker, earned.get(maker, NOTHING), tuple(hers[maker]))
            for maker in makers
        ),
        payouts=tuple(payouts),
    )


def payout_rows(payout: Payout) -> list[PayoutRow]:
    """The lines of a payout by name, each with its arithmetic; two queries.

    What a line holds beyond the pay of its month is pay of earlier months that could
    not be paid then, or less than nothing where part of the month is paid elsewhere.
    """
    earned = _earned(_at(payout.base, payout.month))
    lines = sorted(_lines().filter(payout=payout), key=lambda row: _place(row.maker))
    rows = []
    for line in lines:
        hers = earned.get(resolved(line.maker), NOTHING)
        rows.append(PayoutRow(line, hers, line.fen - hers.fen))
    return rows


def lines_of(maker: Maker) -> list[PayoutLine]:
    """Her lines in payouts that were approved, newest first; two queries.

    `line.state` and `line.settled_at` say whether and when she was paid.
    """
    rows = _lines().filter(
        maker__in=same_person([resolved(maker)]), payout__approved_at__isnull=False
    )
    return list(rows.order_by("-payout__approved_at", "-pk"))


def months_with_pay(
    *, base: Base | None = None, maker: Maker | None = None
) -> list[dt.date]:
    """The months in which pay was earned, newest first: at a base, by a maker."""
    rows = Posting.objects.filter(account__kind=Kind.MAKER_PAYABLE)
    if base is not None:
        rows = rows.filter(base=base)
    if maker is not None:
        rows = rows.filter(account__maker__in=same_person([resolved(maker)]))
    months = (
        dated(rows)
        .filter(event__in=OF_THE_MONTH)
        .annotate(month=TruncMonth("day"))
        .order_by("-month")
        .values_list("month", flat=True)
        .distinct()
    )
    return list(months)


def _at(base: Base, first: dt.date) -> QuerySet[Posting]:
    rows = Posting.objects.filter(account__kind=Kind.MAKER_PAYABLE, base=base)
    return dated(rows).filter(
        event__in=OF_THE_MONTH, day__gte=first, day__lt=next_month(first)
    )


def _earned(rows: QuerySet[Posting]) -> dict[Maker, Earned]:
    """The person → what she earned by these postings."""
    of_her: dict[Maker, list[Posting]] = defaultdict(list)
    for posting in rows.select_related("account__maker__merged_into", "craft").order_by(
        "pk"
    ):
        of_her[resolved(posting.account.maker)].append(posting)
    return {maker: _added_up(hers) for maker, hers in of_her.items()}


def _added_up(postings: Iterable[Posting]) -> Earned:
    pieces: dict[tuple[Craft | None, int], int] = defaultdict(int)
    top_up = 0
    for posting in postings:
        if posting.event == What.TOP_UP:
            top_up -= posting.fen
            continue
        counted = posting.pieces if posting.fen < 0 else -posting.pieces
        pieces[posting.craft, posting.rate_fen] += counted
    made = tuple(
        Made(craft, rate, counted, counted * rate)
        for (craft, rate), counted in sorted(pieces.items(), key=_by_craft)
        if counted
    )
    return Earned(made, top_up)


def _by_craft(row: tuple[tuple[Craft | None, int], int]) -> tuple[str, int]:
    (craft, rate), _pieces = row
    return (craft.sort_key if craft else "", rate)


def _lines() -> QuerySet[PayoutLine]:
    return PayoutLine.objects.select_related(
        "payout", "maker__merged_into", "pay_account"
    )


def _place(maker: Maker) -> tuple[str, int]:
    return maker.sort_key, maker.pk
