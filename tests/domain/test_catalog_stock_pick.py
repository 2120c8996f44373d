"""From which places pieces are taken, as in docs/rules/stock.md."""

import pytest

from catalog.domain.stock import Shelf, pick


@pytest.mark.parametrize(
    ("shelves", "pieces", "picks"),
    [
        # one place that holds all, the smallest such
        ([Shelf(1, 9), Shelf(2, 3), Shelf(3, 2)], 2, [(3, 2)]),
        # no place holds all: the largest first
        ([Shelf(1, 2), Shelf(2, 4), Shelf(3, 3)], 6, [(2, 4), (1, 2)]),
        # the preferred place first, though it holds less
        ([Shelf(1, 9), Shelf(2, 1, preferred=True)], 3, [(2, 1), (1, 2)]),
        # ties to the lower id
        ([Shelf(2, 3), Shelf(1, 3)], 3, [(1, 3)]),
        # an empty place, or an overdrawn one, gives nothing
        ([Shelf(1, 0), Shelf(2, -4), Shelf(3, 1)], 1, [(3, 1)]),
        ([Shelf(1, 5), Shelf(2, 5)], 10, [(1, 5), (2, 5)]),
    ],
)
def test_as_few_places_as_can_be(shelves, pieces, picks):
    assert pick(shelves, pieces) == picks


@pytest.mark.parametrize("shelves", [[], [Shelf(1, 2), Shelf(2, -9)]])
def test_too_few_pieces_give_nothing_at_all(shelves):
    assert pick(shelves, 3) is None
