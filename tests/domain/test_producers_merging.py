"""Small groups are merged before figures are carried away (docs/rules/gain.md)."""

import pytest

from producers.domain.merging import Carried, Group, merged
from producers.domain.tallying import Figures


def groups(*counts: tuple[int, int]) -> list[Group]:
    """Groups with so many known households and paid women, nobody in two of them."""
    return [
        Group(
            Figures(households=10 + known, pay_fen=paid),
            frozenset(range(100 * number, 100 * number + known)),
            frozenset(range(100 * number, 100 * number + paid)),
        )
        for number, (known, paid) in enumerate(counts)
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
    found = merged(groups(*counts))

    assert [one.rows for one in found] == lines
    assert all(one.money for one in found)


def test_where_everything_together_is_small_no_money_is_carried():
    [group] = groups((3, 3))

    assert merged([group]) == [Carried((0,), group.figures, money=False)]


def test_who_stands_behind_two_rows_counts_once():
    one, other = groups((3, 5), (2, 5))
    other = Group(other.figures, frozenset({0, 200}), other.paid)

    [line] = merged([one, other])
    assert (line.rows, line.money) == ((0, 1), False)


def test_lines_sum_to_the_rows():
    found = merged(groups((9, 9), (1, 1), (6, 2), (0, 0)))

    assert sum(one.figures.pay_fen for one in found) == 12
    assert sum(one.figures.households for one in found) == 56
