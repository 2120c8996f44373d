"""What the bank is given: who is paid how much into which account, in full."""

import csv
from collections.abc import Sequence
from decimal import Decimal
from io import BytesIO, StringIO

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from openpyxl import Workbook

from producers.ledger.models import Payout, PayoutLine
from producers.ledger.payouts import NotApproved
from producers.selectors import resolved
from producers.services.revealing import LEAST_PURPOSE
from qiaoshou.accounts.models import User
from qiaoshou.common import audit
from qiaoshou.common.spreadsheet import inert

CSV, XLSX = "csv", "xlsx"
AMOUNT = 5


@transaction.atomic
def take_bank_file(*, payout: Payout, form: str, purpose: str, by: User) -> bytes:
    """The file of the lines that the bank has still to pay; cash is left out.

    Who took it, for what, and how many numbers it holds stands in the audit trail.
    Raises NotApproved, and ValidationError without a purpose in words.
    """
    words = purpose.strip()
    if len(words) < LEAST_PURPOSE:
        raise ValidationError({"purpose": _("Write in a few words what it is for.")})
    row = Payout.objects.get(pk=payout.pk)
    if row.state != Payout.State.APPROVED:
        raise NotApproved(row.reference)
    rows = bank_rows(row)
    audit.record(
        deed="take_bank_file",
        subject=f"payout:{row.reference}",
        purpose=words[:200],
        facts={"rows": len(rows), "form": form},
        by=by,
    )
    return as_xlsx(rows) if form == XLSX else as_csv(rows)


def headings() -> list[str]:
    return [
        _("Line number"),
        pgettext("person", "Name"),
        _("Paid by"),
        _("Bank"),
        _("Account number"),
        _("Amount in yuan"),
        _("Note"),
    ]


def bank_rows(payout: Payout) -> list[list[str | Decimal]]:
    """One row for each open line that is not cash, in the order of the lines."""
    lines = payout.lines.filter(state=PayoutLine.State.OPEN).exclude(
        account_kind=PayoutLine.AccountKind.CASH
    )
    note = _("Pay %(month)s") % {"month": f"{payout.month:%Y-%m}"}
    return [
        [
            line.reference,
            resolved(line.maker).name_zh,
            str(line.get_account_kind_display()),
            line.pay_account.bank,
            line.pay_account.number,
            Decimal(line.fen).scaleb(-2),
            note,
        ]
        for line in lines.select_related(
            "maker__merged_into", "pay_account__maker"
        ).order_by("pk")
    ]


def as_csv(rows: Sequence[Sequence[str | Decimal]]) -> bytes:
    """UTF-8 with a mark at the beginning, so that spreadsheets read the names."""
    text = StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(headings())
    for row in rows:
        writer.writerow(
            f"{cell:.2f}" if isinstance(cell, Decimal) else inert(cell) for cell in row
        )
    return text.getvalue().encode("utf-8-sig")


def as_xlsx(rows: Sequence[Sequence[str | Decimal]]) -> bytes:
    """Account numbers are text, or a spreadsheet would round them."""
    book = Workbook()
    sheet = book.active
    sheet.append(headings())
    for row in rows:
        sheet.append([inert(cell) for cell in row])
        for cell in sheet[sheet.max_row]:
            cell.number_format = "0.00" if cell.column == AMOUNT + 1 else "@"
    file = BytesIO()
    book.save(file)
    return file.getvalue()
