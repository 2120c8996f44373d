"""Payouts: prepared by one person, approved by another, each line paid or failed.

docs/rules/pay.md. Locks: the payout, then its lines, then balances. Each deed told
again does nothing and answers the same.
"""

import datetime as dt
import uuid
from collections.abc import Sequence

from django.db import IntegrityError, transaction

from producers.domain.payout import first_of
from producers.ledger.due import Due, due_at, makers_with_money, payable
from producers.ledger.journal import Move, enter, hold
from producers.ledger.models import Balance, Payout, PayoutLine
from producers.ledger.tables.journal import Kind, What
from producers.models import Base, Maker
from producers.selectors import resolved, village_of
from qiaoshou.accounts.models import User
from qiaoshou.common.broken_rules import rule_broken
from qiaoshou.common.today import now

WORDS = 200
ONE_LINE_A_REFERENCE = "ledger_payoutline_bank_reference_key"


class Refused(Exception):
    """A payout or a line can't go this way; nothing has changed."""


class NothingToPay(Refused):
    """Nothing can be paid at this base for this month; `left_out` says who waits."""

    def __init__(self, left_out: Sequence[Due]) -> None:
        super().__init__()
        self.left_out = left_out


class AlreadyPrepared(Refused):
    """The base has a payout of this month that nobody has approved yet."""

    def __init__(self, payout: Payout) -> None:
        super().__init__(payout.reference)
        self.payout = payout


class PreparedByYou(Refused):
    """Who prepared a payout can't approve it."""


class NotPrepared(Refused):
    """The payout was approved or withdrawn before; `state` says which."""

    def __init__(self, state: str) -> None:
        super().__init__(state)
        self.state = state


class AccountsChanged(Refused):
    """Pay accounts of these makers were closed since the payout was prepared."""

    def __init__(self, makers: Sequence[Maker]) -> None:
        super().__init__(", ".join(maker.reference for maker in makers))
        self.makers = makers


class NoLongerDue(Refused):
    """Pay of these makers was corrected since the payout was prepared."""

    def __init__(self, makers: Sequence[Maker]) -> None:
        super().__init__(", ".join(maker.reference for maker in makers))
        self.makers = makers


class NotApproved(Refused):
    """A line is settled only once its payout was approved."""


class LineSettled(Refused):
    """The line was settled before, otherwise; `line` is as it stands."""

    def __init__(self, line: PayoutLine) -> None:
        super().__init__(f"{line.reference} {line.state}")
        self.line = line


class ReferenceMissing(Refused):
    """Pay that does not go out in cash is confirmed with the bank's reference."""


class ReferenceTaken(Refused):
    """The bank's reference stands on another line."""

    def __init__(self, line: PayoutLine) -> None:
        super().__init__(line.reference)
        self.line = line


class NoReason(Refused):
    """A payout is withdrawn, and a line fails, for a reason in words."""


@transaction.atomic
def prepare_payout(
    *, base: Base, month: dt.date, by: User, client_reference: uuid.UUID
) -> Payout:
    """All that can be paid at the base for the month stands in one payout.

    Sent twice it is one payout. Raises AlreadyPrepared, NothingToPay, and MonthToCome.
    """
    before = Payout.objects.filter(client_reference=client_reference).first()
    if before is not None:
        return before
    first = first_of(month)
    _lock_balances(base)
    before = Payout.objects.filter(
        base=base, month=first, state=Payout.State.PREPARED
    ).first()
    if before is not None:
        if before.client_reference == client_reference:
            return before
        raise AlreadyPrepared(before)
    due = due_at(base, first)
    if not due.lines:
        raise NothingToPay(due.left_out)
    payout = Payout.objects.create(
        client_reference=client_reference,
        base=base,
        month=first,
        makers=len(due.lines),
        fen=due.fen,
        prepared_by=by,
        prepared_at=now(),
    )
    PayoutLine.objects.bulk_create(
        PayoutLine(
            payout=payout,
            month=first,
            maker=line.maker,
            fen=line.fen,
            pay_account=line.account,
            account_kind=line.account.kind,
        )
        for line in due.lines
    )
    return payout


@transaction.atomic
def approve_payout(*, payout: Payout, by: User) -> Payout:
    """The pay is on its way to the makers.

    Raises PreparedByYou, NotPrepared, AccountsChanged, NoLongerDue.
    """
    row = locked(payout)
    if row.approved_by_id == by.pk:
        return row
    if row.state != Payout.State.PREPARED:
        raise NotPrepared(row.state)
    if row.prepared_by_id == by.pk:
        raise PreparedByYou
    lines = list(row.lines.select_related("maker", "pay_account").order_by("pk"))
    changed = [line.maker for line in lines if line.pay_account.closed is not None]
    if changed:
        raise AccountsChanged(changed)
    hold(makers=[line.maker_id for line in lines])
    corrected = _no_longer_due(row, lines)
    if corrected:
        raise NoLongerDue(corrected)
    row.state, row.approved_by, row.approved_at = Payout.State.APPROVED, by, now()
    row.save(update_fields=["state", "approved_by", "approved_at"])
    moves = []
    for line in lines:
        moves += [
            Move(Kind.MAKER_PAYABLE, line.fen, maker=line.maker, base=row.base),
            Move(Kind.PAY_ON_ITS_WAY, -line.fen, maker=line.maker, base=row.base),
        ]
    enter(
        what=What.PAYOUT_SENT,
        reference=f"payout-sent:{row.reference}",
        source_kind="payout",
        source=row.reference,
        moves=moves,
    )
    return row


@transaction.atomic
def withdraw_payout(*, payout: Payout, reason: str, by: User) -> Payout:
    """A payout that nobody has approved is none; its makers' pay is due as before.

    Raises NoReason, NotPrepared.
    """
    words = _words(reason)
    row = locked(payout)
    if row.state == Payout.State.WITHDRAWN and row.withdrawn_by_id == by.pk:
        return row
    if row.state != Payout.State.PREPARED:
        raise NotPrepared(row.state)
    moment = now()
    _locked_lines(row).update(
        state=PayoutLine.State.WITHDRAWN,
        failure=words,
        settled_at=moment,
        settled_by=by,
    )
    row.state, row.ended_at = Payout.State.WITHDRAWN, moment
    row.withdrawn_by, row.withdrawn_reason = by, words
    row.save(update_fields=["state", "ended_at", "withdrawn_by", "withdrawn_reason"])
    return row


@transaction.atomic
def confirm_line(*, line: PayoutLine, by: User, bank_reference: str = "") -> PayoutLine:
    """The pay is with her; the payout closes with its last line.

    Raises ReferenceMissing, ReferenceTaken, NotApproved, LineSettled.
    """
    said = bank_reference.strip()[:80]
    row = _line(line)
    if row.state == PayoutLine.State.PAID and (row.bank_reference or "") == said:
        return row
    _refuse_unless_open(row)
    if not said and row.account_kind != PayoutLine.AccountKind.CASH:
        raise ReferenceMissing
    _refuse_if_taken(said)
    row.bank_reference = said or None
    area = village_of(resolved(row.maker)) or row.payout.base.area
    try:
        with transaction.atomic():
            _settle(row, PayoutLine.State.PAID, by)
    except IntegrityError as error:
        # Lines of two payouts at the same moment: no lock is common to them.
        if rule_broken(error) == ONE_LINE_A_REFERENCE:
            _refuse_if_taken(said)
        raise
    owner = {"maker": row.maker, "base": row.payout.base}
    enter(
        what=What.PAYOUT_PAID,
        reference=f"payout-paid:{row.reference}",
        source_kind="payout_line",
        source=row.reference,
        moves=[
            Move(Kind.PAY_ON_ITS_WAY, row.fen, area=area, **owner),
            Move(Kind.BANK, -row.fen),
        ],
    )
    return row


@transaction.atomic
def fail_line(*, line: PayoutLine, reason: str, by: User) -> PayoutLine:
    """The pay did not arrive: it is owed to her again, and due in the next payout.

    Raises NoReason, NotApproved, LineSettled.
    """
    words = _words(reason)
    row = _line(line)
    if row.state == PayoutLine.State.FAILED and row.failure == words:
        return row
    _refuse_unless_open(row)
    row.failure = words
    _settle(row, PayoutLine.State.FAILED, by)
    owner = {"maker": row.maker, "base": row.payout.base}
    enter(
        what=What.PAYOUT_FAILED,
        reference=f"payout-failed:{row.reference}",
        source_kind="payout_line",
        source=row.reference,
        moves=[
            Move(Kind.PAY_ON_ITS_WAY, row.fen, **owner),
            Move(Kind.MAKER_PAYABLE, -row.fen, **owner),
        ],
    )
    return row


def _no_longer_due(payout: Payout, lines: Sequence[PayoutLine]) -> list[Maker]:
    """Whose line holds more than she is still owed; her balances are held.

    What was sent meanwhile counts whatever its month, so does what she earned.
    """
    here = payable(dt.date.max, payout.base)
    balances = Balance.objects.filter(
        account__kind=Kind.MAKER_PAYABLE,
        account__maker__in=[line.maker_id for line in lines],
    )
    owed = {maker: -fen for maker, fen in balances.values_list("account__maker", "fen")}
    return [
        line.maker
        for line in lines
        if line.fen
        > min(here.get((payout.base_id, line.maker_id), 0), owed[line.maker_id])
    ]


def _lock_balances(base: Base) -> None:
    """What is owed to the makers of the base stands still until this commits."""
    hold(makers=makers_with_money(base))


def locked(payout: Payout) -> Payout:
    """The payout as it stands, its row locked until the transaction ends."""
    return (
        Payout.objects.select_related("base__area")
        .select_for_update(of=("self",))
        .get(pk=payout.pk)
    )


def _locked_lines(payout: Payout):
    """The lines of a payout that is locked; all of them are locked in their order."""
    list(payout.lines.order_by("pk").select_for_update().values_list("pk"))
    return payout.lines.all()


def _line(line: PayoutLine) -> PayoutLine:
    """The line, with its payout and itself locked."""
    payout = locked(line.payout)
    row = (
        PayoutLine.objects.select_related("maker__merged_into")
        .select_for_update(of=("self",))
        .get(pk=line.pk)
    )
    row.payout = payout
    return row


def _refuse_unless_open(line: PayoutLine) -> None:
    if line.state != PayoutLine.State.OPEN:
        raise LineSettled(line)
    if line.payout.state != Payout.State.APPROVED:
        raise NotApproved(line.payout.reference)


def _refuse_if_taken(bank_reference: str) -> None:
    if bank_reference:
        other = PayoutLine.objects.filter(bank_reference=bank_reference).first()
        if other is not None:
            raise ReferenceTaken(other)


def _settle(line: PayoutLine, state: str, by: User) -> None:
    """The line is settled; with the last one its payout closes."""
    line.state, line.settled_at, line.settled_by = state, now(), by
    line.save()
    payout = line.payout
    if not payout.lines.filter(state=PayoutLine.State.OPEN).exists():
        payout.state, payout.ended_at = Payout.State.CLOSED, now()
        payout.save(update_fields=["state", "ended_at"])


def _words(reason: str) -> str:
    words = reason.strip()[:WORDS]
    if not words:
        raise NoReason
    return words
