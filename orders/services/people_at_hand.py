"""Makers and bases as allocation sees them: need, pay, time, certificates, capacity.

A fixed number of queries whatever the number of makers.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Q

from orders.domain import sharing_out as rule
from orders.domain.allocation import Base, Maker, Share
from orders.models import Assignment
from producers import working_time
from producers.ledger import pay
from producers.models import (
    Away,
    BaseCapacity,
    MakerHours,
    Membership,
    Skill,
    Status,
)
from producers.models import Base as BaseRow
from producers.selectors import households_of, monitored
from qiaoshou.common.models import Area


@dataclass(frozen=True, slots=True)
class Promised:
    """Work in hand that no job of the problem stands for, in minutes."""

    maker: int
    base: int
    due_on: dt.date
    minutes: int


def people(
    day: dt.date,
    days: Sequence[dt.date],
    percent: int,
    outside: Sequence[Promised],
    due: Mapping[int, int],
    kept: Iterable[Share],
) -> tuple[tuple[Maker, ...], tuple[Base, ...]]:
    """Makers who may be asked or have work in hand, and their bases."""
    home = dict(
        working_time.on_day(
            Membership.objects.filter(
                role=Membership.Role.MAKER,
                maker__status=Status.ACTIVE,
                maker__merged_into=None,
                base__closed=None,
            ),
            day,
        ).values_list("maker_id", "base_id")
    )
    times = _Times(list(home), day, days)
    promised: dict[int, list[tuple[int, int]]] = defaultdict(list)
    at_base: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for one in outside:
        part = (rule.position(one.due_on, days), one.minutes)
        promised[one.maker].append(part)
        at_base[one.base].append(part)
    since, until = rule.window(day)
    asked = working_time.minutes_asked(list(home), since, until)
    weights = _weights(list(home), day, percent)
    idle = _idle_days(list(home), since, day)
    earned = pay.earned(list(home), since, until)
    grades = _grades(day)
    makers = [
        Maker(
            id=maker,
            base=base,
            grades=grades.get(maker, {}),
            need=rule.need(asked[maker], times.weekly(maker), weights[maker]),
            earned=earned.get(maker, 0) + due.get(maker, 0),
            free=rule.net(times.free(maker), promised[maker]),
            idle_days=idle[maker],
        )
        for maker, base in sorted(home.items())
        if times.weekly(maker)
    ]
    known = {maker.id for maker in makers}
    # Who has work in hand but can't be asked keeps it, and gets no more.
    makers += [
        Maker(share.maker, share.base or 0, {}, 1, 0, (0,) * len(days), 0)
        for share in {share.maker: share for share in kept}.values()
        if share.maker not in known
    ]
    used = {maker.base for maker in makers}
    return tuple(makers), _bases(day, days, at_base, used)


class _Times:
    """Hours, time away and membership of makers, read in three queries."""

    def __init__(
        self, makers: Collection[int], day: dt.date, days: Sequence[dt.date]
    ) -> None:
        self.day, self.days = day, days
        self.hours: dict[int, list[tuple[int, rule.Period]]] = defaultdict(list)
        self.away: dict[int, list[rule.Period]] = defaultdict(list)
        self.member: dict[int, list[rule.Period]] = defaultdict(list)
        end = days[-1]
        for row in working_time.holding(
            MakerHours.objects.filter(maker__in=makers), day, end
        ):
            period = (row.valid_from, row.valid_to)
            self.hours[row.maker_id].append((row.minutes, period))
        for gone in working_time.holding(
            Away.objects.filter(maker__in=makers), day, end
        ):
            self.away[gone.maker_id].append((gone.valid_from, gone.valid_to))
        for row in working_time.on_day(
            Membership.objects.filter(maker__in=makers, role=Membership.Role.MAKER), day
        ):
            self.member[row.maker_id].append((row.valid_from, row.valid_to))

    def weekly(self, maker: int) -> int:
        """Minutes a week that she asks for now; 0 leaves her out."""
        return max(
            (minutes for minutes, period in self.hours[maker] if period[0] <= self.day),
            default=0,
        )

    def free(self, maker: int) -> tuple[int, ...]:
        return rule.minutes_until(
            self.day,
            self.days,
            self.hours[maker],
            within=self.member[maker],
            away=self.away[maker],
        )


def _weights(makers: Sequence[int], day: dt.date, percent: int) -> dict[int, int]:
    homes = households_of(makers, day)
    watched = monitored({home.pk for home in homes.values()}, day)
    return {
        maker: percent
        if maker in homes and homes[maker].pk in watched
        else rule.PLAIN_WEIGHT
        for maker in makers
    }


def _idle_days(makers: Sequence[int], since: dt.date, day: dt.date) -> dict[int, int]:
    """Days since each took or delivered work, at most those of the window."""
    longest = (day - since).days
    found = dict.fromkeys(makers, longest)
    rows = Assignment.objects.filter(
        maker__in=makers, taken__gt=0, answered_at__date__gt=since
    ).values_list("maker_id", "answered_at")
    for maker, at in rows:
        found[maker] = min(found[maker], max(0, (day - at.date()).days))
    return found


def _grades(day: dt.date) -> dict[int, dict[str, int]]:
    found: dict[int, dict[str, int]] = defaultdict(dict)
    rows = working_time.on_day(Skill.objects.all(), day, since="certified_on")
    held = rows.order_by().values_list("maker", "craft__slug", "grade")
    for maker, craft, grade in held:
        found[maker][craft] = grade
    return found


def _bases(
    day: dt.date,
    days: Sequence[dt.date],
    promised: Mapping[int, list[tuple[int, int]]],
    used: Collection[int],
) -> tuple[Base, ...]:
    """Open bases, and closed ones at which somebody still has work in hand."""
    weekly: dict[int, list[tuple[int, rule.Period]]] = defaultdict(list)
    for row in working_time.holding(BaseCapacity.objects.all(), day, days[-1]):
        weekly[row.base_id].append((row.minutes, (row.valid_from, row.valid_to)))
    counties = set(
        Area.objects.filter(tier=Area.Tier.COUNTY).values_list("path", flat=True)
    )
    rows = BaseRow.objects.filter(Q(closed=None) | Q(pk__in=used)).order_by("pk")
    found = []
    for base, path, closed in rows.values_list("pk", "area__path", "closed"):
        open_ = weekly[base] if closed is None else []
        free = rule.minutes_until(day, days, open_)
        found.append(
            Base(
                id=base,
                county=_county(path, counties),
                capacity=rule.net(free, promised.get(base, [])),
            )
        )
    return tuple(found)


def _county(path: str, counties: Collection[str]) -> str:
    """The path of the county above an area; that of the area where it has none."""
    step = Area.steplen
    above = (path[:end] for end in range(len(path), 0, -step))
    return next((one for one in above if one in counties), path)
