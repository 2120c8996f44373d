"""Bases and makers of the demo: work is planned, offered, taken or declined."""

import contextlib
import datetime as dt
import random
from collections.abc import Callable

from orders.models import Assignment, WorkOrder
from orders.services import allocating, answering, offering
from producers.models import Maker
from qiaoshou.accounts.models import User
from qiaoshou.common.today import now
from qiaoshou.demo.haste import may_be_refused
from qiaoshou.demo.world import World, at
from qiaoshou.demo.year import Year

State, How = Assignment.State, Assignment.How
PLANS_AT, SENDS_AT = 18, 8
PLANS_EVERY = 3
DECLINES = ("这几天家里有事", "孙子放假要人带", "地里活没完", "")
SPARES = "她这周家里有事，少派一件"
# Given what she took, and how many pieces of it.
Taken = Callable[[Assignment, int], None]


class Making:
    """What leaders and makers do with paid work until somebody has taken it."""

    def __init__(self, world: World, year: Year, taken: Taken) -> None:
        self.world, self.year, self.taken = world, year, taken
        # Orders whose proposals and answers somebody else decides.
        self.scripted: set[str] = set()
        self._to_plan = False
        self._number = 0

    def dice(self, deed: str) -> random.Random:
        """Chance for the next deed; deeds come in the same order for the same seed."""
        self._number += 1
        return self.world.dice(f"{deed} {self._number}")

    def work_came(self) -> None:
        """Something is to be placed: what came in three days is planned together."""
        if self._to_plan:
            return
        self._to_plan = True
        day = now().date()
        day += dt.timedelta(days=-day.toordinal() % PLANS_EVERY)
        evening = at(day, PLANS_AT, 30)
        if evening < now():
            evening += dt.timedelta(hours=13)
        self.year.at(evening, self.plan)

    def plan(self) -> None:
        self._to_plan = False
        allocating.allocate_open(cause="nightly")
        morning = at(now().date() + dt.timedelta(days=1), SENDS_AT)
        proposed = Assignment.objects.filter(state=State.PROPOSED)
        orders = WorkOrder.objects.filter(pk__in=proposed.values("work_order"))
        orders = orders.exclude(demand__line__order__number__in=self.scripted)
        for order in orders.order_by("pk"):
            self.year.at(morning, self.send, order.pk)

    def send(self, work_order: int) -> None:
        """The leader looks at the proposals, spares somebody a piece now and then."""
        order = WorkOrder.objects.select_related("base").get(pk=work_order)
        dice, leader = self.dice("send"), self.world.leader(order.base)
        rows = Assignment.objects.filter(work_order=order, state=State.PROPOSED)
        most = rows.order_by("-proposed", "pk").first()
        if most is None:
            return
        if most.proposed > 5 and dice.random() < 0.1:
            # Hours may have fallen since the plan; then she leaves it as it is.
            with contextlib.suppress(offering.RuleBroken), may_be_refused():
                offering.change_proposal(
                    work_order=order,
                    pieces={most.maker_id: most.proposed - 1},
                    reason=SPARES,
                    by=leader,
                )
        for row in offering.send_offers(work_order=order, by=leader):
            hours = dice.randint(1, 20)
            self.year.at(now() + dt.timedelta(hours=hours), self.answer, row.pk)

    def answer(self, assignment: int) -> None:
        """She takes, takes some, declines, or says nothing until the time is over."""
        row = assignment_of(assignment)
        if row.state != State.OFFERED or row.answer_by is None:
            return
        dice = self.dice("answer")
        by, how = self.who(row, dice)
        fate = dice.random()
        if fate < 0.04:
            over = row.answer_by + dt.timedelta(minutes=1)
            self.year.at(over, answering.expire_offers)
        elif fate < 0.09:
            answering.decline(
                assignment=row, how=how, by=by, reason=dice.choice(DECLINES)
            )
        else:
            some = fate < 0.14 and row.offered > 1
            pieces = dice.randint(1, row.offered - 1) if some else row.offered
            answering.take(assignment=row, pieces=pieces, how=how, by=by)
            self.taken(row, pieces)

    def who(self, row: Assignment, dice: random.Random) -> tuple[User, str]:
        """Who records the answer, and how it came."""
        user = Maker.objects.select_related("user").get(pk=row.maker_id).user
        if user is not None:
            return user, How.PHONE
        return self.world.leader(row.work_order.base), dice.choice(
            (How.SLIP, How.SPOKEN)
        )


def assignment_of(assignment: int) -> Assignment:
    """The assignment as it is now, with what is read beside it."""
    return Assignment.objects.select_related(
        "work_order__base", "demand__line__order"
    ).get(pk=assignment)
