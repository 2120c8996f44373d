"""`manage.py close_pay_period --by E-MAIL [--month YYYY-MM]`: prepares every payout."""

import datetime as dt
import uuid
from argparse import ArgumentTypeError
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from producers.domain import payout as rule
from producers.ledger import books, due, payouts, policy
from qiaoshou.accounts.models import User
from qiaoshou.common.templatetags.money import yuan
from qiaoshou.common.today import today

REASONS = {
    rule.NO_ACCOUNT: "no pay account",
    rule.NOT_CONFIRMED: "pay account not confirmed",
    rule.WAITING: "a line of this month is still to be paid",
    rule.PREPARED: "in a payout to be approved",
}
# Who only waits for a click is no trouble; who can't be paid is.
TROUBLE = (rule.NO_ACCOUNT, rule.NOT_CONFIRMED)


def month(text: str) -> dt.date:
    try:
        return dt.datetime.strptime(text, "%Y-%m").replace(tzinfo=dt.UTC).date()
    except ValueError as error:
        raise ArgumentTypeError(f"{text!r} is no month like 2026-03") from error


class Command(BaseCommand):
    help = (
        "Prepares the payouts of a month (the last one) for every base; somebody else "
        "approves them. Ends non-zero where somebody can't be paid or the books are "
        "wrong. Run again, it prepares what has become due."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--month", type=month, help="like 2026-03")
        parser.add_argument("--by", required=True, help="e-mail of the preparer")

    def handle(self, *, month: dt.date | None, by: str, **options: Any) -> None:
        preparer = User.objects.filter(email__iexact=by, is_active=True).first()
        if preparer is None:
            raise CommandError(f"Nobody has the e-mail {by}.")
        if not policy.may(preparer, "prepare"):
            raise CommandError(f"{by} has no grant of finance today.")
        wrong = books.differences()
        if wrong:
            raise CommandError("\n".join(["The books are wrong.", *wrong]))
        first = rule.first_of(month) if month else rule.month_before(today())
        try:
            found = due.due_everywhere(first)
        except rule.MonthToCome as error:
            raise CommandError(f"{first:%Y-%m} has not begun.") from error
        self.stdout.write(f"{first:%Y-%m}: {len(found)} bases with pay that is due")
        trouble = [
            line for one in found for line in self._prepare(one, first, preparer)
        ]
        if trouble:
            raise CommandError("\n".join(["Not paid:", *trouble]))

    def _prepare(self, one: due.OfBase, month: dt.date, by: User) -> list[str]:
        """Prepares one base; who can't be paid there, in words."""
        name = one.base.name_en
        left_out = one.left_out
        try:
            payout = payouts.prepare_payout(
                base=one.base, month=month, by=by, client_reference=uuid.uuid4()
            )
            self.stdout.write(
                f"{name}: payout {payout.reference}, "
                f"{yuan(payout.fen)} yuan to {payout.makers} makers"
            )
        except payouts.AlreadyPrepared as refusal:
            self.stdout.write(f"{name}: payout {refusal.payout.reference} waits")
        except payouts.NothingToPay as refusal:
            left_out = refusal.left_out
            self.stdout.write(f"{name}: nobody to pay")
        return [
            f"{name}: maker {due.maker.reference}, {yuan(due.fen)} yuan: "
            f"{REASONS[due.reason]}"
            for due in left_out
            if due.reason in TROUBLE
        ]
