"""Reads of gains: what the rule needs of some areas and months, in a few queries."""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from producers.domain import gain as rule
from producers.domain import tallying
from producers.income.models import SOURCES, Baseline, FollowUp
from producers.income.prices import PublishedPrices, published_prices
from producers.ledger.models import Account, Entry, Posting
from producers.models import Household, HouseholdMember, Residence
from producers.working_time import holding
from qiaoshou.common.models import Area
from qiaoshou.common.today import today


@dataclass(frozen=True, slots=True)
class Gains:
    """The tally of some months, and the months for which no price is published."""

    tally: tallying.Tally
    months: list[dt.date]
    missing_prices: list[dt.date]


def last_closed_month() -> dt.date:
    """The first day of the last month that is over."""
    return (today().replace(day=1) - dt.timedelta(days=1)).replace(day=1)


def gains_within(
    top: Area,
    first: dt.date,
    until: dt.date,
    *,
    row_of: Callable[[str], str | None],
) -> Gains:
    """The gains of the months in [first, until) below an area, by rows.

    `row_of` says to which row the path of a village (or of an area without villages,
    where pay was posted there) belongs; None for places outside `top`. Seven queries
    whatever the number of areas, households and payments.
    """
    everybody = top.depth == 1
    touching = None if everybody else _touching(top.path, first, until)
    prices = published_prices()
    months = rule.months_between(first, until)
    members = _members(touching, first, until)
    tally = tallying.tally(
        _households(touching, members, first, until),
        _pays(top, members, first, until, everybody=everybody),
        months,
        row_of=row_of,
        prices=prices,
    )
    return Gains(tally, months, sorted(prices.missing))


@dataclass(frozen=True, slots=True)
class MonthOfHousehold:
    """One month of one household, in fen; None where it is not known."""

    month: dt.date
    pay_fen: int
    follow_up_fen: int | None
    baseline_fen: int | None
    gain_fen: int | None
    deflated_fen: int | None

    @property
    def told(self) -> tuple[int | None, ...]:
        """What stands beside the pay, in the order of the rule."""
        return (
            self.follow_up_fen,
            self.baseline_fen,
            self.gain_fen,
            self.deflated_fen,
        )


def gains_of(
    household: Household, first: dt.date, until: dt.date
) -> list[MonthOfHousehold]:
    """The gain of one household in each month of [first, until), wherever it lived.

    Who reads it for somebody records the look by `reading.record_read`.
    """
    home = Household.objects.filter(pk=household.pk)
    prices = published_prices()
    members = _members(home, first, until)
    one = next(
        iter(_households(home, members, first, until)), rule.Household(household.pk, ())
    )
    makers = Q(account__maker__in=list(members)) | Q(
        account__maker__merged_into__in=list(members)
    )
    pay: dict[dt.date, int] = defaultdict(int)
    for paid in _read(_postings(first, until).filter(makers), members, ""):
        if paid.household == household.pk:
            pay[paid.day.replace(day=1)] += paid.fen
    return [
        _month(one, month, pay[month], prices)
        for month in rule.months_between(first, until)
    ]


def _month(
    one: rule.Household, month: dt.date, pay: int, prices: PublishedPrices
) -> MonthOfHousehold:
    known = rule.known_month(one, month, prices)
    follow_up = rule.follow_up_of(one.follow_ups, month)
    before = one.baseline and rule.baseline_of(one.baseline, month)
    if known is None:
        return MonthOfHousehold(month, pay, follow_up, before, None, None)
    heard = pay + known.follow_up_fen
    return MonthOfHousehold(
        month,
        pay,
        follow_up,
        before,
        heard - known.baseline_fen,
        None if known.carried_fen is None else heard - known.carried_fen,
    )


def _touching(path: str, first: dt.date, until: dt.date) -> QuerySet[Household]:
    """Households that lived below the area in these months, or were paid there."""
    living = Residence.objects.filter(village__path__startswith=path)
    paid = _postings(first, until).filter(area__path__startswith=path)
    members = HouseholdMember.objects.filter(
        Q(maker__in=paid.values("account__maker"))
        | Q(maker__in=paid.values("account__maker__merged_into"))
    )
    return Household.objects.filter(
        Q(pk__in=holding(living, first, until).values("household"))
        | Q(pk__in=holding(members, first, until).values("household"))
    )


Members = dict[int, list[tuple[int, rule.Stay]]]


def _members(
    touching: QuerySet[Household] | None, first: dt.date, until: dt.date
) -> Members:
    """Maker id → the households to which she belonged, each with the time."""
    rows = HouseholdMember.objects.filter(maker__isnull=False)
    if touching is not None:
        # All households of these women: a pay belongs to the one of its day.
        rows = rows.filter(
            maker__in=HouseholdMember.objects.filter(household__in=touching)
            .filter(maker__isnull=False)
            .values("maker")
        )
    found: Members = defaultdict(list)
    for maker, household, since, end in holding(rows, first, until).values_list(
        "maker_id", "household_id", "valid_from", "valid_to"
    ):
        found[maker].append((household, rule.Stay(since, end)))
    return found


def _households(
    touching: QuerySet[Household] | None,
    members: Members,
    first: dt.date,
    until: dt.date,
) -> Iterable[rule.Household]:
    residences = holding(Residence.objects.all(), first, until)
    baselines, follow_ups = Baseline.objects.all(), FollowUp.objects.all()
    follow_ups = holding(follow_ups, first, until)
    if touching is not None:
        residences = residences.filter(household__in=touching)
        baselines = baselines.filter(household__in=touching)
        follow_ups = follow_ups.filter(household__in=touching)
    homes: dict[int, list[rule.Stay]] = defaultdict(list)
    for household, since, end, path in residences.order_by("valid_from").values_list(
        "household_id", "valid_from", "valid_to", "village__path"
    ):
        homes[household].append(rule.Stay(since, end, path))
    women: dict[int, list[rule.Stay]] = defaultdict(list)
    for stays in members.values():
        for household, stay in stays:
            women[household].append(stay)
    before = {
        household: rule.Baseline(year, sum(fen))
        for household, year, *fen in baselines.values_list(
            "household_id", "year", *SOURCES
        )
    }
    told: dict[int, list[rule.FollowUp]] = defaultdict(list)
    for household, since, end, *fen in follow_ups.values_list(
        "household_id", "valid_from", "valid_to", *SOURCES
    ):
        told[household].append(rule.FollowUp(since, end, sum(fen)))
    known = set(homes) | set(before) | set(told)
    return (
        rule.Household(
            household,
            homes.get(household, ()),
            women.get(household, ()),
            before.get(household),
            told.get(household, ()),
        )
        for household in sorted(known)
    )


def _postings(first: dt.date, until: dt.date) -> QuerySet[Posting]:
    """Pay confirmed paid in [first, until): a debit above zero, its reversal below."""
    paid = Entry.What.PAYOUT_PAID
    return Posting.objects.filter(
        Q(entry__what=paid)
        | Q(entry__what=Entry.What.REVERSAL, entry__reverses__what=paid),
        account__kind=Account.Kind.PAY_ON_ITS_WAY,
        entry__on__gte=first,
        entry__on__lt=until,
    )


def _pays(
    top: Area, members: Members, first: dt.date, until: dt.date, *, everybody: bool
) -> Iterable[rule.Pay]:
    rows = _postings(first, until)
    if not everybody:
        makers = list(members)
        rows = rows.filter(
            Q(area__path__startswith=top.path)
            | Q(account__maker__in=makers)
            | Q(account__maker__merged_into__in=makers)
        )
    return _read(rows, members, top.path[: Area.steplen])


def _read(rows: QuerySet[Posting], members: Members, root: str) -> Iterable[rule.Pay]:
    """The payments with the household of each woman on its day, in the order of days.

    Pay posted to no area belongs to the root.
    """
    for day, maker, merged, path, fen in rows.order_by("entry__on", "pk").values_list(
        "entry__on",
        "account__maker_id",
        "account__maker__merged_into_id",
        "area__path",
        "fen",
    ):
        stays = [*members.get(maker, ()), *members.get(merged, ())]
        household = next((one for one, stay in stays if stay.holds(day)), None)
        yield rule.Pay(day, merged or maker, household, path or root, fen)
