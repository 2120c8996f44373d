"""Makers of the demo bring what they made; leaders look at every piece."""

import datetime as dt
import random
from collections.abc import Callable

from orders.models import Assignment, Defect, Delivery
from orders.services import answering, delivering, inspecting
from qiaoshou.accounts.models import User
from qiaoshou.common.today import now
from qiaoshou.demo.making import assignment_of
from qiaoshou.demo.world import World, at, reference
from qiaoshou.demo.year import Year

State = Assignment.State
GIVES_BACK = "手腕疼，先歇几天"
LOOSE = "针脚松，右边收口要重来"


class Bringing:
    """What happens to work between the day it was taken and its acceptance."""

    def __init__(
        self, world: World, year: Year, accepted: Callable[[str], None]
    ) -> None:
        self.world, self.year, self.accepted = world, year, accepted
        self._number = 0

    def dice(self, deed: str) -> random.Random:
        """Chance for the next deed; deeds come in the same order for the same seed."""
        self._number += 1
        return self.world.dice(f"{deed} {self._number}")

    def leader_of(self, row: Assignment) -> User:
        return self.world.leader(row.work_order.base)

    def taken(self, row: Assignment, pieces: int) -> None:
        """When she will bring what: most by the day, some a few days late."""
        today, dice = now().date(), self.dice("taken")
        days = max(1, (row.due_on - today).days)
        if dice.random() < 0.02:
            soon = today + dt.timedelta(days=1)
            self.year.at(at(soon, 19), self.give_back, row.pk)
        first = dice.randint(max(1, days // 2), days)
        if dice.random() < 0.08:
            first += dice.randint(1, 3)
        if pieces > 5 and dice.random() < 0.4:
            half = today + dt.timedelta(days=max(1, first // 2))
            self.year.at(at(half, 9, 30), self.deliver, row.pk, pieces // 2)
        day = today + dt.timedelta(days=first)
        self.year.at(at(day, 9, dice.randint(0, 59)), self.deliver, row.pk, 0)

    def give_back(self, assignment: int) -> None:
        row = assignment_of(assignment)
        left = _in_hand(row)
        if row.state == State.TAKEN and left:
            answering.give_back(
                assignment=row,
                pieces=(left + 1) // 2,
                reason=GIVES_BACK,
                by=self.leader_of(row),
                client_reference=reference(self.dice("give back")),
            )

    def deliver(self, assignment: int, pieces: int) -> None:
        """She brings so many pieces, or with 0 all that she still has."""
        row = assignment_of(assignment)
        pieces = min(pieces, _in_hand(row)) or _in_hand(row)
        if row.state == State.TAKEN and pieces:
            self._bring(row, pieces, reworked=False)

    def bring_again(self, assignment: int) -> None:
        """She brings what she has mended."""
        row = assignment_of(assignment)
        if row.rework:
            self._bring(row, row.rework, reworked=True)

    def _bring(self, row: Assignment, pieces: int, *, reworked: bool) -> None:
        dice = self.dice("deliver")
        hours = row.work_order.minutes * pieces * dice.randint(88, 118) // 100
        delivery = delivering.record_delivery(
            assignment=row,
            pieces=pieces,
            client_reference=reference(dice),
            by=self.leader_of(row),
            reworked=reworked,
            minutes_reported=hours if dice.random() < 0.4 else None,
        )
        later = now() + dt.timedelta(hours=dice.choice((2, 3, 26)))
        self.year.at(later, self.inspect, delivery.pk)

    def inspect(self, delivery_id: int) -> None:
        """Most pieces are accepted; some come back to be mended, a few are refused."""
        delivery = Delivery.objects.get(pk=delivery_id)
        row, dice = assignment_of(delivery.assignment_id), self.dice("inspect")
        rework = rejected = 0
        first = delivery.round == 1
        if first and dice.random() < 0.08:
            rework = dice.randint(1, min(2, delivery.pieces))
        elif dice.random() < 0.03:
            rejected = 1
        accepted = delivery.pieces - rework - rejected
        inspecting.record_inspection(
            delivery=delivery,
            accepted=accepted,
            rework=rework,
            rejected=rejected,
            client_reference=reference(dice),
            by=self.leader_of(row),
            note=LOOSE if rework or rejected else "",
            defects=_faults(dice, rework + rejected),
        )
        if rework:
            later = now() + dt.timedelta(days=dice.randint(2, 4))
            self.year.at(later, self.bring_again, row.pk)
        if accepted:
            self.accepted(row.demand.line.order.number)


def _faults(dice: random.Random, pieces: int) -> list[inspecting.Fault]:
    """What was wrong with the pieces that were not accepted."""
    if not pieces:
        return []
    kinds = [kind for kind in Defect.Kind.values if kind != Defect.Kind.OTHER]
    return [inspecting.Fault(dice.choice(kinds), pieces)]


def _in_hand(row: Assignment) -> int:
    return row.taken - row.given_back - row.delivered
