"""The state of makers, bases and open work as one problem for allocation.

A fixed number of queries, no lock. The versions of the demands are read first, so that
whatever changes while the rest is read is noticed when the plan is applied.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import F, Q

from catalog.selectors import Terms, terms_of
from orders.domain import sharing_out as rule
from orders.domain.allocation import FLOOR_MINUTES, Job, Problem, Reason, Share
from orders.models import AllocationSetting, Assignment, Demand
from orders.services.people_at_hand import Promised, people
from producers.models import Craft

State = Assignment.State
# No base has this number: a product that no base may make is late, and no error.
NOWHERE = frozenset({0})
Pair = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Choices:
    """The federation's settings on a day."""

    monitored_percent: int
    floor_minutes: int


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A problem, the proposals that stand in it, and the versions it was read at."""

    problem: Problem
    standing: tuple[Share, ...]
    choices: Choices
    versions: Mapping[int, int]
    extendable: frozenset[Pair]

    @property
    def settings(self) -> dict[str, Any]:
        """What a run keeps beside the problem, so that it can be replayed."""
        return {
            "floor_minutes": self.choices.floor_minutes,
            "monitored_percent": self.choices.monitored_percent,
            "window_weeks": rule.WINDOW_WEEKS,
            "standing": [
                {
                    "job": share.job,
                    "maker": share.maker,
                    "base": share.base,
                    "pieces": share.pieces,
                    "reason": share.reason.code,
                    "facts": dict(share.reason.facts),
                }
                for share in self.standing
            ],
        }


def choices_on(day: dt.date) -> Choices:
    """The settings that hold on a day, or those of the rule where none is set."""
    row = AllocationSetting.objects.filter(valid_from__lte=day).first()
    if row is None:
        return Choices(rule.MONITORED_WEIGHT, FLOOR_MINUTES)
    return Choices(row.monitored_percent, row.floor_minutes)


def read(day: dt.date, freed: frozenset[Pair] = frozenset()) -> Snapshot:
    """Everything that a plan of this day depends on.

    A maker has one share of a job, so who has part of it in hand gets no more of it.
    For the `freed` pairs (demand, maker), and for those that have been proposed more
    already, what is in hand counts as work outside the job, and more may be added.
    """
    demands = list(
        Demand.objects.filter(state__in=[Demand.State.OPEN, Demand.State.HELD])
        .select_related("line__terms")
        .order_by("pk")
    )
    terms = terms_of({demand.product_id for demand in demands}, day)
    work = _Work(demands, freed)
    days = rule.deadlines(
        {demand.due_on for demand in demands if work.open_pieces(demand)}, day
    )
    crafts = dict(Craft.objects.values_list("pk", "slug"))
    jobs = [
        job
        for demand in demands
        if (one := terms.get(demand.product_id)) is not None
        and (job := _job(demand, one, crafts[one.craft], days, work)) is not None
    ]
    named = {job.id for job in jobs}
    choices = choices_on(day)
    kept = tuple(share for share in work.kept() if share.job in named)
    makers, bases = people(
        day, days, choices.monitored_percent, work.outside(), work.due_fen(), kept
    )
    return Snapshot(
        problem=Problem(
            deadlines=days,
            makers=makers,
            bases=bases,
            jobs=tuple(jobs),
            declined=frozenset(pair for pair in work.barred() if pair[0] in named),
            kept=kept,
        ),
        standing=tuple(share for share in work.standing() if share.job in named),
        choices=choices,
        versions={demand.pk: demand.version for demand in demands},
        extendable=frozenset(
            (share.job, share.maker)
            for share in kept
            if (share.job, share.maker) in work.taken_pairs()
        ),
    )


class _Work:
    """The assignments behind the demands, read once and asked in several ways."""

    def __init__(self, demands: Sequence[Demand], freed: frozenset[Pair]) -> None:
        self.inside = {demand.pk for demand in demands}
        live = Q(state__in=[State.PROPOSED, State.OFFERED, State.TAKEN])
        self.rows = list(
            Assignment.objects.filter(live | Q(demand__in=self.inside))
            .annotate(
                base=F("work_order__base"),
                rate=F("work_order__piece_rate_fen"),
                minutes=F("work_order__minutes"),
            )
            .order_by("pk")
        )
        self.freed = freed | {(s.job, s.maker) for s in self.standing()}
        self.gone: dict[int, int] = defaultdict(int)
        for row in self.rows:
            self.gone[row.demand_id] += row.delivered - row.rejected
            if self._is_outside(row):
                self.gone[row.demand_id] += in_hand(row)

    def _is_outside(self, row: Assignment) -> bool:
        """Whether what she has in hand of it is no part of a job of the problem."""
        inside = row.demand_id in self.inside
        return not inside or (row.demand_id, row.maker_id) in self.freed

    def open_pieces(self, demand: Demand) -> int:
        """Pieces still to be handed in: not yet placed, proposed, asked or in hand."""
        return demand.pieces - self.gone[demand.pk]

    def kept(self) -> list[Share]:
        """What nobody may move: asked, taken and not delivered, or set by a leader."""
        pieces: dict[Pair, int] = defaultdict(int)
        base: dict[Pair, int] = {}
        for row in self.rows:
            fixed = _fixed(row)
            if row.state == State.TAKEN and self._is_outside(row):
                continue
            if fixed and row.demand_id in self.inside:
                pieces[row.demand_id, row.maker_id] += fixed
                base[row.demand_id, row.maker_id] = row.base
        return [
            Share(
                job, maker, count, Reason("KEPT", {"pieces": count}), base[job, maker]
            )
            for (job, maker), count in sorted(pieces.items())
        ]

    def standing(self) -> list[Share]:
        """Proposals that nobody has changed or sent: the plan as it stands."""
        return [
            Share(
                row.demand_id,
                row.maker_id,
                row.proposed,
                Reason(row.reason["code"], row.reason["facts"]),
                row.base,
            )
            for row in self.rows
            if row.state == State.PROPOSED and not _fixed(row) and row.reason
        ]

    def barred(self) -> set[Pair]:
        """Who said no or nothing, gave pieces back, or was taken off by a leader."""
        return {
            (row.demand_id, row.maker_id)
            for row in self.rows
            if row.state in {State.DECLINED, State.EXPIRED}
            or row.given_back
            or (row.state == State.WITHDRAWN and row.changed_by_id is not None)
        }

    def outside(self) -> list[Promised]:
        """Work in hand that no job of the problem stands for."""
        return [
            Promised(row.maker_id, row.base, row.due_on, in_hand(row) * row.minutes)
            for row in self.rows
            if self._is_outside(row) and in_hand(row)
        ]

    def taken_pairs(self) -> set[Pair]:
        """Who has part of a demand in hand, took all that she was offered of it, and
        has nothing of it still to answer."""
        taken = {(r.demand_id, r.maker_id) for r in self.rows if in_hand(r)}
        asked = {
            (r.demand_id, r.maker_id)
            for r in self.rows
            if r.state in {State.PROPOSED, State.OFFERED}
            or (r.state == State.TAKEN and r.taken < r.offered)
        }
        return taken - asked - self.barred()

    def due_fen(self) -> dict[int, int]:
        """Pay that is coming for pieces delivered and for work outside, by maker."""
        fen: dict[int, int] = defaultdict(int)
        for row in self.rows:
            fen[row.maker_id] += (row.waiting + row.rework) * row.rate
            if self._is_outside(row):
                fen[row.maker_id] += in_hand(row) * row.rate
        return fen


def in_hand(row: Assignment) -> int:
    """Pieces that she took and neither gave back nor delivered."""
    if row.state != State.TAKEN:
        return 0
    return row.taken - row.given_back - row.delivered


def _fixed(row: Assignment) -> int:
    """Pieces of the assignment that a plan may not move."""
    if row.state == State.OFFERED:
        return row.offered
    if row.state == State.PROPOSED and row.changed_by_id is not None:
        return row.proposed
    return in_hand(row)


def _job(
    demand: Demand, terms: Terms, craft: str, days: Sequence[dt.date], work: _Work
) -> Job | None:
    """The demand as a job; None where all is delivered or no rate is known."""
    pieces = work.open_pieces(demand)
    rate, minutes = piece_terms(demand, terms)
    if pieces < 1 or not rate or not minutes:
        return None
    return Job(
        id=demand.pk,
        craft=craft,
        grade=terms.grade,
        deadline=rule.position(demand.due_on, days),
        minutes=minutes,
        rate=rate,
        pieces=pieces,
        min_lot=terms.min_lot,
        bases=terms.bases or NOWHERE,
        held=demand.state == Demand.State.HELD,
    )


def piece_terms(demand: Demand, terms: Terms) -> tuple[int, int]:
    """Piece rate in fen and standard minutes at which the demand is issued now.

    The higher of the rate at sale and of today's; the minutes are those of the sale.
    """
    today_fen = terms.pay_fen or 0
    if demand.line_id is None:
        return today_fen, terms.minutes or 0
    sold = demand.line.terms
    return max(sold.piece_rate_fen or 0, today_fen), sold.minutes or 0
