"""The pay sheet of one base and month: pieces × rate for each maker, and its payout."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.db.models import Sum
from django.utils.translation import get_language, pgettext

from orders.buyer.pieces import pieces_of
from orders.models import Delivery
from orders.workshop.earnings import pay_postings
from orders.workshop.todo import title_of
from producers.domain.payout import next_month
from producers.ledger.models import Payout, PayoutLine, Posting
from producers.ledger.tables.journal import What
from producers.models import Base, Maker
from qiaoshou.common.reference import ALPHABET, LENGTH
from qiaoshou.common.today import today

State = PayoutLine.State
TONE = {State.PAID: "ok", State.OPEN: "info", State.FAILED: "bad"}
MONTHS = 6


@dataclass(frozen=True, slots=True)
class Piecework:
    """One product at one rate: the arithmetic of a sum."""

    title: str
    pieces: int
    rate_fen: int

    @property
    def fen(self) -> int:
        return self.pieces * self.rate_fen


@dataclass(slots=True)
class PayLine:
    """One maker's month at the base; fen and minutes."""

    maker: Maker
    work: list[Piecework] = field(default_factory=list)
    piece_fen: int = 0
    top_up_fen: int = 0
    minutes: int = 0
    state: str = ""
    tone: str = ""

    @property
    def fen(self) -> int:
        return self.piece_fen + self.top_up_fen

    @property
    def hourly_fen(self) -> int | None:
        """Piecework pay for an hour that she reported; None where she reported none."""
        return self.piece_fen * 60 // self.minutes if self.minutes else None


@dataclass(frozen=True, slots=True)
class Sheet:
    """The pay sheet with its sums."""

    month: dt.date
    lines: tuple[PayLine, ...]
    payouts: tuple[Payout, ...]

    @property
    def piece_fen(self) -> int:
        return sum(line.piece_fen for line in self.lines)

    @property
    def top_up_fen(self) -> int:
        return sum(line.top_up_fen for line in self.lines)

    @property
    def fen(self) -> int:
        return sum(line.fen for line in self.lines)

    @property
    def minutes(self) -> int:
        return sum(line.minutes for line in self.lines)


def sheet_of(base: Base, month: dt.date) -> Sheet:
    """Everybody who earned at the base in the month, by name; eleven queries."""
    until = next_month(month)
    rows = list(
        pay_postings(month, until, base=base)
        .select_related("entry", "craft", "account__maker__merged_into")
        .order_by("day", "pk")
    )
    titles = titles_of(rows)
    lines: dict[int, PayLine] = {}
    work: dict[tuple[int, str, int], int] = defaultdict(int)
    for row in rows:
        maker = row.account.maker.merged_into or row.account.maker
        line = lines.setdefault(maker.pk, PayLine(maker))
        if row.event == What.TOP_UP:
            line.top_up_fen -= row.fen
            continue
        line.piece_fen -= row.fen
        # A correction takes the pieces away again.
        sign = 1 if row.fen < 0 else -1
        key = (maker.pk, titles[row.pk], row.rate_fen or 0)
        work[key] += sign * (row.pieces or 0)
    for (maker_id, title, rate), pieces in work.items():
        if pieces:
            lines[maker_id].work.append(Piecework(title, pieces, rate))
    _hours(base, month, until, lines)
    payouts = list(
        Payout.objects.filter(base=base, month=month)
        .exclude(state=Payout.State.WITHDRAWN)
        .order_by("pk")
    )
    _states(payouts, lines)
    ordered = sorted(
        lines.values(), key=lambda line: (line.maker.sort_key, line.maker.pk)
    )
    return Sheet(month, tuple(ordered), tuple(payouts))


def titles_of(rows: Iterable[Posting]) -> dict[int, str]:
    """What each posting paid for: the product, or the craft where none is known."""
    rows = list(rows)
    sources = {row.entry.source for row in rows}
    # Pay is booked for a delivery; other sources have no product.
    known = {
        one
        for one in sources
        if len(one) == LENGTH and all(sign in ALPHABET for sign in one)
    }
    products = dict(
        Delivery.objects.filter(reference__in=known).values_list(
            "reference", "assignment__demand__product"
        )
    )
    goods = pieces_of(set(products.values()), get_language() or "zh-hans")
    return {
        row.pk: (
            title_of(goods, products[row.entry.source])
            if row.entry.source in products
            else str(row.craft or pgettext("pay", "other work"))
        )
        for row in rows
    }


def _hours(
    base: Base, month: dt.date, until: dt.date, lines: dict[int, PayLine]
) -> None:
    reported = (
        Delivery.objects.filter(
            assignment__work_order__base=base,
            inspection__inspected_at__date__gte=month,
            inspection__inspected_at__date__lt=until,
            minutes_reported__isnull=False,
        )
        .order_by()
        .values_list("assignment__maker", "assignment__maker__merged_into")
        .annotate(minutes=Sum("minutes_reported"))
    )
    for maker, into, minutes in reported:
        if (into or maker) in lines:
            lines[into or maker].minutes += minutes


def _states(payouts: Sequence[Payout], lines: dict[int, PayLine]) -> None:
    """How far each maker's payout of the month is; the latest line counts."""
    rows = (
        PayoutLine.objects.filter(payout__in=[payout.pk for payout in payouts])
        .exclude(state=State.WITHDRAWN)
        .select_related("maker", "payout")
        .order_by("pk")
    )
    for row in rows:
        line = lines.get(row.maker.merged_into_id or row.maker_id)
        if line is None:
            continue
        if row.state == State.OPEN:
            line.state = str(row.payout.get_state_display())
        else:
            line.state = str(row.get_state_display())
        line.tone = TONE[State(row.state)]


def months(base: Base) -> list[tuple[dt.date, str]]:
    """This month and those before it, each with the state of its payout."""
    first = today().replace(day=1)
    found = [first]
    while len(found) < MONTHS:
        found.append((found[-1] - dt.timedelta(days=1)).replace(day=1))
    states = dict(
        Payout.objects.filter(base=base, month__in=found)
        .exclude(state=Payout.State.WITHDRAWN)
        .order_by("pk")
        .values_list("month", "state")
    )
    return [(month, states.get(month, "")) for month in found]
