"""Small groups are merged before figures are carried away (docs/rules/gain.md)."""

import pytest

from producers.domain.gain import Figures
from producers.domain.merging import Carried, merged


def rows(*counts: tuple[int, int]) -> list[Figures]:
    return [
        Figures(households=10 + gain, behind_gain=gain, behind_pay=pay, pay_fen=pay)
        for gain, pay in counts
    ]


@pytest.mark.parametrize(
    ("counts", "lines"),
    [
        ([(9, 9), (5, 6)], [(0,), (1,)]),
        ([(9, 9), (0, 0)], [(0,), (1,)]),
        ([(9, 9), (3, 2), (2, 3)], [(0,), (1, 2)]),
        ([(9, 9), (6, 6), (2, 2)], [(0,), (1, 2)]),
        ([(9, 9), (0, 0), (4, 9)], [(1,), (0, 2)]),
    ],
)
def test_small_rows_are_carried_together(counts, lines):
    found = merged(rows(*counts))

    assert [one.rows for one in found] == lines
    assert all(one.money for one in found)


def test_where_everything_together_is_small_no_money_is_carried():
    assert merged(rows((3, 3))) == [Carried((0,), rows((3, 3))[0], money=False)]


def test_lines_sum_to_the_rows():
    found = merged(rows((9, 9), (1, 1), (6, 2), (0, 0)))

    assert sum(one.figures.pay_fen for one in found) == 12
    assert sum(one.figures.households for one in found) == 56
