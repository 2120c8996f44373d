"""The bank's answer, read row by row: which rows are lines, and which is a heading."""

import pytest

from producers.ledger.bank_answer import read_answer


@pytest.mark.parametrize("first", ["ABCDEFGHJK", "abcdefghjk", "0123456789"])
def test_a_line_number_of_letters_alone_is_no_heading(first):
    rows = read_answer(f"{first},B1\nMNPQRSTVWX,B2")

    assert [row.number for row in rows] == [first.upper(), "MNPQRSTVWX"]


def test_a_row_of_headings_is_left_out():
    rows = read_answer("line number,bank reference\nMNPQRSTVWX,B2")

    assert [(row.number, row.bank_reference) for row in rows] == [("MNPQRSTVWX", "B2")]
