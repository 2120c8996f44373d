"""/my-work/pay/: what she earned, how it was computed, and how it was paid."""

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, Sum
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.formats import date_format
from django.views.decorators.http import require_safe

from orders.models import Assignment
from orders.my_work import frame
from orders.workshop.earnings import pay_postings
from orders.workshop.pay_rows import Piecework, titles_of
from orders.workshop.pay_sheet import month_asked
from producers.domain.payout import next_month
from producers.ledger import pay as ledger
from producers.ledger.models import PayoutLine
from producers.ledger.tables.journal import What
from producers.models import Maker
from producers.selectors import masked_account, open_pay_account, same_person
from qiaoshou.common.today import today

MONTHS = 12
PAYOUTS = 24


@dataclass(frozen=True, slots=True)
class Month:
    """Her month: pieces × rate, line by line; fen."""

    first: dt.date
    work: tuple[Piecework, ...]
    top_up_fen: int
    rework: int
    rework_fen: int
    owed_fen: int
    account: str
    account_kind: str

    @property
    def fen(self) -> int:
        return sum(one.fen for one in self.work) + self.top_up_fen


def month_of(maker: Maker, first: dt.date) -> Month:
    """What she earned in the month that begins on `first`, and where it goes."""
    people = same_person([maker])
    rows = list(
        pay_postings(first, next_month(first))
        .filter(account__maker__in=people)
        .select_related("entry", "craft")
        .order_by("day", "pk")
    )
    titles = titles_of(rows)
    counted: dict[tuple[str, int], int] = defaultdict(int)
    top_up = 0
    for row in rows:
        if row.event == What.TOP_UP:
            top_up -= row.fen
            continue
        sign = 1 if row.fen < 0 else -1
        counted[titles[row.pk], row.rate_fen or 0] += sign * (row.pieces or 0)
    again = list(
        Assignment.objects.filter(maker__in=people, rework__gt=0).select_related(
            "work_order"
        )
    )
    account = open_pay_account(maker)
    return Month(
        first=first,
        work=tuple(
            Piecework(title, pieces, rate)
            for (title, rate), pieces in counted.items()
            if pieces
        ),
        top_up_fen=top_up,
        rework=sum(row.rework for row in again),
        rework_fen=sum(row.rework * row.work_order.piece_rate_fen for row in again),
        owed_fen=ledger.owed([maker.pk])[maker.pk],
        account=masked_account(account) if account else "",
        account_kind=str(account.get_kind_display()) if account else "",
    )


@frame.for_makers
@require_safe
def pay(request: HttpRequest) -> HttpResponse:
    first = month_asked(request)
    payouts = list(
        PayoutLine.objects.filter(maker__in=same_person([request.maker]))
        .exclude(state=PayoutLine.State.WITHDRAWN)
        .exclude(Q(state=PayoutLine.State.OPEN, payout__state="prepared"))
        .select_related("pay_account", "payout")
        .order_by("-month", "-pk")[:PAYOUTS]
    )
    return frame.page(
        request,
        "my_work/pay.html",
        "pay",
        {
            "month": month_of(request.maker, first),
            "current": first == today().replace(day=1),
            "months": _months(request.maker, first),
            "payouts": [(line, masked_account(line.pay_account)) for line in payouts],
        },
    )


def _months(maker: Maker, shown: dt.date) -> list[dict[str, Any]]:
    """The last twelve months with what she earned in each; one query for the sums."""
    this = today().replace(day=1)
    firsts = [this]
    while len(firsts) < MONTHS:
        firsts.append((firsts[-1] - dt.timedelta(days=1)).replace(day=1))
    sums: dict[dt.date, int] = defaultdict(int)
    rows = (
        pay_postings(firsts[-1])
        .filter(account__maker__in=same_person([maker]))
        .order_by()
        .values_list("day")
        .annotate(total=Sum("fen"))
    )
    for day, total in rows:
        sums[day.replace(day=1)] -= total
    at = reverse("my-work:pay")
    return [
        {
            "label": date_format(first, "YEAR_MONTH_FORMAT"),
            "url": f"{at}?month={first:%Y-%m}",
            "fen": sums[first],
            "current": first == shown,
        }
        for first in firsts
        if sums[first] or first in {shown, this}
    ]
