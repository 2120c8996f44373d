"""Reads what the bank answered, and settles the lines that it names, all or none."""

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from io import StringIO

from django.db import transaction
from django.utils.translation import gettext as _

from producers.ledger import payouts
from producers.ledger.journal import hold
from producers.ledger.models import Payout, PayoutLine
from producers.ledger.tables.journal import Kind
from producers.ledger.words import refusal_words
from qiaoshou.accounts.models import User
from qiaoshou.common.csv_rows import BadRows
from qiaoshou.common.reference import ALPHABET, LENGTH

LARGEST_BYTES = 2**20
MOST_ROWS = 5_000
# A pasted table comes with tabs, a file with commas or semicolons; a Chinese keyboard
# types the full-width ones.
SAME_AS_COMMA = str.maketrans({"，": ",", "；": ",", ";": ",", "\t": ","})


@dataclass(frozen=True, slots=True)
class Answer:
    """One row of the bank: line number, its reference, or why it failed."""

    row: int
    number: str
    bank_reference: str
    failure: str


def decoded(raw: bytes) -> str:
    """The text of a file in UTF-8 or in GB 18030, which Chinese banks still write.

    Raises BadRows for a file that is too large or neither.
    """
    if len(raw) > LARGEST_BYTES:
        words = _("The file is larger than %d MB.") % (LARGEST_BYTES // 2**20)
        raise BadRows([(1, words)])
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise BadRows([(1, _("The file is neither UTF-8 nor GB 18030 text."))])


def read_answer(text: str) -> list[Answer]:
    """The rows of the answer; a first row of headings and empty rows are left out.

    Columns: line number, bank reference, and why it failed where it did. Raises
    BadRows with every fault.
    """
    found: list[Answer] = []
    wrong: list[tuple[int, str]] = []
    seen: dict[str, int] = {}
    try:
        for place, (row, cells) in enumerate(_rows(text)):
            if place == 0 and _is_heading(cells):
                continue
            if place > MOST_ROWS:
                wrong.append((row, _("More than %d rows.") % MOST_ROWS))
                break
            fault = _fault(cells, seen)
            if fault:
                wrong.append((row, fault))
                continue
            number, reference, failure = (*cells, "", "")[:3]
            seen[number.upper()] = row
            found.append(Answer(row, number.upper(), reference, failure))
    except csv.Error as error:
        wrong.append((len(found) + 1, _("The row can't be read: %s") % error))
    if not found and not wrong:
        wrong.append((1, _("No row names a line.")))
    if wrong:
        raise BadRows(wrong)
    return found


def _fault(cells: Sequence[str], seen: Mapping[str, int]) -> str:
    """What is wrong with the row, in words; empty where nothing is."""
    number = cells[0].upper()
    if not _is_number(number):
        return _("“%(cell)s” is no line number.") % {"cell": cells[0][:40]}
    if len(cells) > 3:
        return _("Three columns at most: number, reference, why it failed.")
    if number in seen:
        words = _("Line %(number)s stands in row %(row)d already.")
        return words % {"number": number, "row": seen[number]}
    return ""


@transaction.atomic
def settle_by_answer(
    *, payout: Payout, answers: Sequence[Answer], by: User
) -> list[PayoutLine]:
    """Every line that the answer names is confirmed, or failed where it says why.

    Raises BadRows with what is wrong in each row; then nothing has changed.
    """
    row = payouts.locked(payout)
    lines = {line.reference: line for line in row.lines.order_by("pk")}
    hold(house=[Kind.BANK], makers=[line.maker_id for line in lines.values()])
    settled: list[PayoutLine] = []
    wrong: list[tuple[int, str]] = []
    for answer in sorted(answers, key=lambda one: one.number):
        line = lines.get(answer.number)
        if line is None:
            words = _("This payout has no line %(number)s.")
            wrong.append((answer.row, words % {"number": answer.number}))
            continue
        try:
            settled.append(_settle(line, answer, by))
        except payouts.Refused as refusal:
            wrong.append((answer.row, refusal_words(refusal)))
    if wrong:
        raise BadRows(wrong)
    return settled


def _settle(line: PayoutLine, answer: Answer, by: User) -> PayoutLine:
    if answer.failure:
        return payouts.fail_line(line=line, reason=answer.failure, by=by)
    return payouts.confirm_line(line=line, by=by, bank_reference=answer.bank_reference)


def _rows(text: str) -> Iterator[tuple[int, list[str]]]:
    """(Number of the row, its cells), empty rows left out."""
    plain = text.lstrip("\ufeff").translate(SAME_AS_COMMA)
    reader = csv.reader(StringIO(plain, newline=""))
    for cells in reader:
        trimmed = [cell.strip().lstrip("'") for cell in cells]
        while trimmed and not trimmed[-1]:
            trimmed.pop()
        if trimmed:
            yield reader.line_num, trimmed


def _is_number(cell: str) -> bool:
    return len(cell) == LENGTH and all(char in ALPHABET for char in cell)


def _is_heading(cells: Sequence[str]) -> bool:
    """Headings have no digits; a mistyped number nearly always has some.

    One line number in forty is all letters, and is a line number all the same.
    """
    first = cells[0].upper()
    return not _is_number(first) and not any(char.isdigit() for char in first)
