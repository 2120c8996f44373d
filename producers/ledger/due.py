"""What is due to the makers of each base for a month, and why somebody must wait."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Q, QuerySet, Sum

from producers.domain import payout as rule
from producers.ledger.models import Balance, PayoutLine, Posting
from producers.ledger.pay import dated
from producers.ledger.tables.journal import Kind, What
from producers.models import Base, Maker, PayAccount
from qiaoshou.common.today import today

# What she earned counts by its day. What was sent to her, or came back, counts at once.
EARNED = (What.PAY, What.TOP_UP, What.OPENING)
OPEN = PayoutLine.State.OPEN
PREPARED = "prepared"


@dataclass(frozen=True, slots=True)
class Due:
    """One maker's part: paid into `account`, or left out for `reason`."""

    maker: Maker
    fen: int
    account: PayAccount | None
    reason: str


@dataclass(slots=True)
class OfBase:
    """What is due at one base: the lines of its payout, and who is left out."""

    base: Base
    lines: list[Due] = field(default_factory=list)
    left_out: list[Due] = field(default_factory=list)

    @property
    def fen(self) -> int:
        return sum(due.fen for due in self.lines)


def due_at(base: Base, month: dt.date) -> OfBase:
    """What a payout of this base and month would hold now; a fixed number of queries.

    Raises MonthToCome.
    """
    found = _due(month, base)
    return found.get(base.pk, OfBase(base))


def due_everywhere(month: dt.date) -> list[OfBase]:
    """The same of every base where something is due, by name; as many queries."""
    return list(_due(month).values())


def payable(until: dt.date, base: Base | None = None) -> dict[tuple[int, int], int]:
    """(base, maker's record) → fen earned there before `until` and not yet sent."""
    rows = dated(_of(base)).filter(~Q(event__in=EARNED) | Q(day__lt=until))
    return {
        (at, maker): -total
        for at, maker, total in rows.values("base", "account__maker")
        .annotate(total=Sum("fen"))
        .values_list("base", "account__maker", "total")
    }


def makers_with_money(base: Base) -> QuerySet[Posting]:
    """The ids of the makers' records that ever earned at the base."""
    return _of(base).order_by().values("account__maker").distinct()


def _of(base: Base | None) -> QuerySet[Posting]:
    rows = Posting.objects.filter(account__kind=Kind.MAKER_PAYABLE)
    return rows.filter(base=base) if base else rows


def _due(month: dt.date, base: Base | None = None) -> dict[int, OfBase]:
    until = rule.until_of(month, today())
    earned = payable(until, base)
    wanted = {maker for (_base, maker), fen in earned.items() if fen > 0}
    makers = {
        maker.pk: maker
        for maker in Maker.objects.filter(pk__in=wanted).select_related("merged_into")
    }
    facts = _Facts(month, wanted, makers.values())
    bases = Base.objects.filter(pk__in={at for at, _maker in earned})
    found = {row.pk: OfBase(row) for row in bases.order_by("sort_key", "pk")}
    for (at, number), fen in sorted(
        earned.items(), key=lambda row: (row[0][0], _place(makers.get(row[0][1])))
    ):
        if fen <= 0:
            continue
        due = facts.judge(at, makers[number], fen)
        if due is not None:
            (found[at].left_out if due.reason else found[at].lines).append(due)
    return {pk: one for pk, one in found.items() if one.lines or one.left_out}


def _place(maker: Maker | None) -> tuple[str, int]:
    """Makers stand in the order of their names, as on the pay sheet."""
    return (maker.sort_key, maker.pk) if maker else ("", 0)


class _Facts:
    """What decides about each maker, read at once; four queries."""

    def __init__(
        self, month: dt.date, wanted: set[int], makers: Iterable[Maker]
    ) -> None:
        self.person = {maker.pk: maker.merged_into_id or maker.pk for maker in makers}
        balances = Balance.objects.filter(
            account__kind=Kind.MAKER_PAYABLE, account__maker__in=wanted
        )
        self.owed = {
            maker: -fen for maker, fen in balances.values_list("account__maker", "fen")
        }
        lines = PayoutLine.objects.filter(maker__in=wanted, state=OPEN)
        self.prepared: dict[tuple[int, int], int] = defaultdict(int)
        self.in_all: dict[int, int] = defaultdict(int)
        self.waiting = set()
        for maker, at, of_month, state, fen in lines.values_list(
            "maker", "payout__base", "month", "payout__state", "fen"
        ):
            if of_month == rule.first_of(month):
                self.waiting.add(maker)
            if state == PREPARED:
                self.prepared[at, maker] += fen
                self.in_all[maker] += fen
        accounts = PayAccount.objects.filter(
            maker__in=self.person.values(), closed=None
        )
        self.accounts = {row.maker_id: row for row in accounts}

    def judge(self, at: int, maker: Maker, fen: int) -> Due | None:
        account = self.accounts.get(self.person[maker.pk])
        verdict = rule.judge(
            rule.Candidate(
                payable=fen,
                prepared=self.prepared[at, maker.pk],
                owed=self.owed.get(maker.pk, 0),
                prepared_in_all=self.in_all[maker.pk],
                account=_standing(account),
                waiting=maker.pk in self.waiting,
            )
        )
        if verdict is None:
            return None
        return Due(maker, verdict.fen, account, verdict.reason)


def _standing(account: PayAccount | None) -> str:
    if account is None:
        return rule.NONE
    return rule.CONFIRMED if account.confirmed_on else rule.UNCONFIRMED
