"""A base with women who earn, and two people who pay, for tests of the ledger."""

import datetime as dt
import uuid
from itertools import count

from django.db import connection

from producers.ledger import pay, payouts
from producers.services import personal
from qiaoshou.accounts.models import Grant, User
from qiaoshou.common.today import ZONE, clock_at
from tests.services import registry_world as registry

MARCH, APRIL, MAY = (dt.date(2026, month, 1) for month in (3, 4, 5))
RATE = 8_600
_sources = count(1)


def noon(day: dt.date):
    """Inside the block it is noon of this day."""
    return clock_at(dt.datetime.combine(day, dt.time(12), tzinfo=ZONE))


def check_now():
    """What the database checks at commit is checked here."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def person(email, role="finance"):
    user = User.objects.create_user(email=email, full_name=email.split("@")[0])
    if role:
        Grant.objects.create(user=user, role=role, valid_from=registry.DAY)
    return user


def confirmed_account(woman, by, kind="cash", **rest):
    account = personal.open_pay_account(maker=woman, kind=kind, on=registry.DAY, **rest)
    return personal.confirm_pay_account(account=account, by=by, on=registry.DAY)


def bank_account(woman, by, number="622202020011223000"):
    registry.agrees(woman, "pay_account")
    return confirmed_account(woman, by, "bank", bank="农村信用社", number=number)


class Village:
    """A base in Willow Village with three women; two can be paid, the third not yet.

    Wang Guilan has a bank account, Li Xiuying takes cash, Zhao Fengqin has nothing on
    record.
    """

    def __init__(self):
        self.county = registry.County()
        self.base = registry.base(self.county.village)
        self.craft = registry.craft()
        self.preparer = person("preparer@example.org")
        self.approver = person("approver@example.org")
        self.wang, self.li, self.zhao = (
            registry.active_maker(name, at=self.base)
            for name in ("王桂兰", "李秀英", "赵凤芹")
        )
        self.home = registry.household(self.county.village, self.wang)
        self.account = bank_account(self.wang, self.preparer)
        self.cash = confirmed_account(self.li, self.preparer)

    def earns(self, woman, pieces=1, *, on=MARCH, rate=RATE, base=None, source=None):
        """Her pieces are accepted on this day."""
        with noon(on):
            return pay.pay_for_pieces(
                maker=woman,
                base=base or self.base,
                craft=self.craft,
                pieces=pieces,
                rate_fen=rate,
                source_kind="test",
                source=source or str(next(_sources)),
            )

    def prepared(self, month=MARCH, *, base=None, by=None, client_reference=None):
        return payouts.prepare_payout(
            base=base or self.base,
            month=month,
            by=by or self.preparer,
            client_reference=client_reference or uuid.uuid4(),
        )

    def approved(self, month=MARCH, **rest):
        return payouts.approve_payout(
            payout=self.prepared(month, **rest), by=self.approver
        )

    def paid(self, month=MARCH, **rest):
        """A payout whose every line is confirmed."""
        payout = self.approved(month, **rest)
        for line in payout.lines.order_by("pk"):
            payouts.confirm_line(
                line=line, by=self.preparer, bank_reference=f"B{line.reference}"
            )
        payout.refresh_from_db()
        return payout
