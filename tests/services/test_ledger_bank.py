"""What the bank is given and what it answers: files, their faults, the audit trail."""

import csv
import datetime as dt
from decimal import Decimal
from io import BytesIO, StringIO

import openpyxl
import pytest
from django.core.exceptions import ValidationError
from django.utils import translation

from producers.ledger import bank_answer, bank_file, payouts
from producers.ledger.bank_answer import Answer, read_answer
from producers.ledger.models import Entry
from qiaoshou.common.csv_rows import BadRows
from qiaoshou.common.models import AuditRow
from tests.ledger_builders import Village, noon

ONE, TWO, THREE = "ABCDEFGH01", "ABCDEFGH02", "ABCDEFGH03"


@pytest.fixture(autouse=True)
def a_day_in_april():
    with noon(dt.date(2026, 4, 5)), translation.override("en"):
        yield


@pytest.mark.parametrize(
    "text",
    [
        f"{ONE},B1\n{TWO},B2\n",
        f"line number,bank reference\n{ONE},B1\n{TWO},B2\n",
        f"\ufeff行号,银行流水号\r\n\r\n{ONE},B1\r\n{TWO},B2\r\n",
        f"{ONE}\tB1\n{TWO}\tB2",
        f"{ONE}；B1\n {TWO} ， B2 ,,\n",
        f"'{ONE.lower()},'B1\n{TWO.lower()},B2",
    ],
)
def test_an_answer_is_read_however_it_was_written(text):
    assert [(one.number, one.bank_reference) for one in read_answer(text)] == [
        (ONE, "B1"),
        (TWO, "B2"),
    ]


def test_an_answer_can_say_why_a_line_failed():
    assert read_answer(f"{ONE},B1\n{TWO},,账号不存在\n") == [
        Answer(1, ONE, "B1", ""),
        Answer(2, TWO, "", "账号不存在"),
    ]


@pytest.mark.parametrize(
    ("text", "faults"),
    [
        ("", [(1, "No row names a line.")]),
        ("line number,bank reference\n", [(1, "No row names a line.")]),
        (
            f"{ONE},B1\n{ONE},B2\nshort,B3\n{TWO},1,2,3\n",
            [
                (2, f"Line {ONE} stands in row 1 already."),
                (3, "“short” is no line number."),
                (4, "Three columns at most: number, reference, why it failed."),
            ],
        ),
        (f"{ONE}1,B1\n", [(1, f"“{ONE}1” is no line number.")]),
    ],
)
def test_every_fault_is_named_with_its_row(text, faults):
    with pytest.raises(BadRows) as wrong:
        read_answer(text)

    assert wrong.value.rows == faults


def test_files_come_in_the_two_encodings_of_banks():
    text = f"行号,流水号\n{ONE},B1\n"

    assert bank_answer.decoded(text.encode("utf-8-sig")) == text
    assert bank_answer.decoded(text.encode("gb18030")) == text
    with pytest.raises(BadRows) as wrong:
        bank_answer.decoded(b"\x00\xff\xff\xff")
    assert wrong.value.rows == [(1, "The file is neither UTF-8 nor GB 18030 text.")]
    with pytest.raises(BadRows) as wrong:
        bank_answer.decoded(b"x" * (2**20 + 1))
    assert wrong.value.rows == [(1, "The file is larger than 1 MB.")]


def test_too_many_rows_are_refused():
    rows = "\n".join(f"{number:010d},B{number}" for number in range(5_002))
    with pytest.raises(BadRows) as wrong:
        read_answer(rows)

    assert wrong.value.rows == [(5_002, "More than 5000 rows.")]


@pytest.fixture
def here(db):
    village = Village()
    village.earns(village.wang, 2)
    village.earns(village.li, 1)
    village.payout = village.approved()
    village.of_wang, village.of_li = (
        village.payout.lines.get(maker=woman) for woman in (village.wang, village.li)
    )
    return village


def settle(here, *rows):
    answers = [
        Answer(number, line, reference, failure)
        for number, (line, reference, failure) in enumerate(rows, start=1)
    ]
    return bank_answer.settle_by_answer(
        payout=here.payout, answers=answers, by=here.preparer
    )


def states(here):
    here.payout.refresh_from_db()
    return [
        here.payout.state,
        *here.payout.lines.order_by("maker__sort_key").values_list("state", flat=True),
    ]


def test_an_answer_settles_every_line_that_it_names(here):
    settle(
        here,
        (here.of_wang.reference, "B1", ""),
        (here.of_li.reference, "", "she was away"),
    )

    assert sorted(states(here)) == ["closed", "failed", "paid"]
    here.of_wang.refresh_from_db()
    assert here.of_wang.bank_reference == "B1"


def test_an_answer_told_again_changes_nothing(here):
    for _time in range(2):
        settle(here, (here.of_wang.reference, "B1", ""))

    assert Entry.objects.filter(what="payout_paid").count() == 1


def test_one_wrong_row_and_nothing_is_changed(here):
    with pytest.raises(BadRows) as wrong:
        settle(
            here,
            (here.of_li.reference, "B1", ""),
            (here.of_wang.reference, "", ""),
            ("0000000000", "B3", ""),
        )

    assert wrong.value.rows == [
        (2, "The bank’s reference is missing."),
        (3, "This payout has no line 0000000000."),
    ]
    assert sorted(states(here)) == ["approved", "open", "open"]
    assert not Entry.objects.filter(what="payout_paid").exists()


def test_a_reference_on_two_rows_and_a_settled_line_are_refused(here):
    with pytest.raises(BadRows) as wrong:
        settle(
            here,
            (here.of_li.reference, "B1", ""),
            (here.of_wang.reference, "B1", ""),
        )
    ((row, words),) = wrong.value.rows
    assert row in (1, 2)
    assert words.startswith("This bank reference stands on the line of ")

    payouts.fail_line(line=here.of_wang, reason="no", by=here.preparer)
    with pytest.raises(BadRows) as wrong:
        settle(here, (here.of_wang.reference, "B1", ""))
    assert wrong.value.rows == [
        (1, "The line of Wang Guilan was settled before: Failed.")
    ]


def take(here, form="csv", purpose="pay of March"):
    return bank_file.take_bank_file(
        payout=here.payout, form=form, purpose=purpose, by=here.preparer
    )


def test_the_bank_gets_whole_numbers_and_no_cash(here):
    text = take(here).decode("utf-8-sig")

    assert list(csv.reader(StringIO(text))) == [
        [
            *("Line number", "Name", "Paid by", "Bank", "Account number"),
            *("Amount in yuan", "Note"),
        ],
        [
            *(here.of_wang.reference, "王桂兰", "Bank account", "农村信用社"),
            *("622202020011223000", "172.00", "Pay 2026-03"),
        ],
    ]


def test_a_spreadsheet_keeps_long_numbers_as_text(here):
    sheet = openpyxl.load_workbook(BytesIO(take(here, "xlsx"))).active
    row = [cell.value for cell in sheet[2]]

    assert sheet.max_row == 2
    assert row[4] == "622202020011223000"
    assert Decimal(str(row[5])) == Decimal("172")
    assert (sheet["E2"].number_format, sheet["F2"].number_format) == ("@", "0.00")


def test_a_name_that_looks_like_a_formula_is_inert(here):
    here.account.bank = "=cmd|' /C calc'!A0"
    here.account.save()
    bank = list(csv.reader(StringIO(take(here).decode("utf-8-sig"))))[1][3]

    assert bank == "'=cmd|' /C calc'!A0"


def test_who_took_the_file_and_for_what_stands_in_the_audit_trail(here):
    take(here, purpose="  to the bank, 5 April ")
    row = AuditRow.objects.get()

    assert (row.deed, row.subject, row.purpose, row.facts, row.by) == (
        "take_bank_file",
        f"payout:{here.payout.reference}",
        "to the bank, 5 April",
        {"rows": 1, "form": "csv"},
        here.preparer,
    )
    assert "6222" not in f"{row.purpose}{row.facts}{row.subject}"


def test_without_a_purpose_or_an_approval_there_is_no_file(here):
    with pytest.raises(ValidationError):
        take(here, purpose=" no ")
    settle(here, (here.of_wang.reference, "B1", ""), (here.of_li.reference, "", ""))
    with pytest.raises(payouts.NotApproved):
        take(here)
    assert not AuditRow.objects.exists()
