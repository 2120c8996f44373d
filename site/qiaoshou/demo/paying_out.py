"""Finance of the demo: every month prepared by one, approved by another, confirmed."""

import datetime as dt

from producers.ledger import payouts
from producers.ledger.models import Payout, PayoutLine
from producers.models import Base
from qiaoshou.common.today import now
from qiaoshou.demo.haste import may_be_refused
from qiaoshou.demo.world import World, at, reference
from qiaoshou.demo.year import Year

PAY_DAY = 8
FAILURE = "账号与户名不符，银行退回"
# The payouts that wait on the last day: one to be approved, one being paid.
TO_APPROVE, BEING_PAID = "xinghua", "kaiyuan"


def month_before(day: dt.date) -> dt.date:
    """The first day of the month before that of `day`."""
    return (day.replace(day=1) - dt.timedelta(days=1)).replace(day=1)


class PayingOut:
    """Prepares, approves and confirms payouts, and lets one line fail."""

    def __init__(self, world: World, year: Year) -> None:
        self.world, self.year = world, year
        self.failed = False
        self._number = 0

    def plan(self) -> None:
        """One payout for each base and month; two of the last ones are left open."""
        world = self.world
        last = month_before(world.today - dt.timedelta(days=1))
        month = world.start.replace(day=1)
        while month <= last:
            following = (month + dt.timedelta(days=32)).replace(day=1)
            morning = at(following + dt.timedelta(days=PAY_DAY - 1), 10)
            for key in world.bases:
                left_open = month == last and key in (TO_APPROVE, BEING_PAID)
                if not left_open:
                    self.year.at(morning, self.prepare, key, month)
            month = following
        for key in (TO_APPROVE, BEING_PAID):
            today = world.end - dt.timedelta(hours=3)
            self.year.at(today, self.leave_open, key, last)

    def prepare(self, key: str, month: dt.date) -> None:
        payout = self._prepared(self.world.bases[key], month)
        if payout is not None:
            self.year.at(now() + dt.timedelta(days=1), self.approve, payout.pk)

    @may_be_refused()
    def _prepared(self, base: Base, month: dt.date) -> Payout | None:
        """The payout, or None where nobody at the base has anything to get."""
        self._number += 1
        try:
            return payouts.prepare_payout(
                base=base,
                month=month,
                by=self.world.people["finance"],
                client_reference=reference(self.world.dice(f"payout {self._number}")),
            )
        except payouts.NothingToPay:
            return None

    def approve(self, payout: int) -> None:
        row = Payout.objects.get(pk=payout)
        payouts.approve_payout(payout=row, by=self.world.people["approver"])
        self.year.at(now() + dt.timedelta(days=1, hours=4), self.confirm, payout, 1)

    def confirm(self, payout: int, share: int) -> None:
        """What the bank says of each line; of every `share` lines one is confirmed."""
        lines = PayoutLine.objects.filter(payout=payout, state=PayoutLine.State.OPEN)
        by = self.world.people["finance"]
        for place, line in enumerate(lines.order_by("pk")):
            banked = line.account_kind != PayoutLine.AccountKind.CASH
            if banked and not self.failed and self._half_over():
                self.failed = True
                payouts.fail_line(line=line, reason=FAILURE, by=by)
            elif place % share == 0:
                self._number += 1
                bank = f"DEMO-PAY-{self._number:05d}" if banked else ""
                payouts.confirm_line(line=line, by=by, bank_reference=bank)

    def _half_over(self) -> bool:
        return (now().date() - self.world.start).days > self.world.size.days // 2

    def leave_open(self, key: str, month: dt.date) -> None:
        """On the last day one payout waits for approval, the other for the bank."""
        payout = self._prepared(self.world.bases[key], month)
        if payout is not None and key == BEING_PAID:
            payouts.approve_payout(payout=payout, by=self.world.people["approver"])
            self.confirm(payout.pk, 2)
