"""Facets: what is chosen, counted under the others, and what stands in the way."""

import pytest

from catalog.domain.facets import (
    Obstacle,
    Row,
    Wanted,
    chosen,
    count,
    in_order,
    obstacles,
)

BOTH = frozenset({"ready", "made_to_order"})
READY = frozenset({"ready"})
ORDERED = frozenset({"made_to_order"})
ROWS = [
    Row(1, "cloth", "kaiyuan", READY, 16_800, published=10, rank=0.1),
    Row(2, "cloth", "xifeng", BOTH, 5_000, published=30, rank=0.9),
    Row(3, "knot", "kaiyuan", ORDERED, 2_000, published=20, rank=0.5),
    Row(4, "paper", "changtu", frozenset(), None, published=20, rank=0.5),
]


def ids(rows):
    return [row.id for row in rows]


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (Wanted(), [1, 2, 3, 4]),
        (Wanted(crafts=frozenset({"cloth"})), [1, 2]),
        (Wanted(crafts=frozenset({"cloth", "knot"})), [1, 2, 3]),
        (Wanted(crafts=frozenset({"cloth"}), counties=frozenset({"kaiyuan"})), [1]),
        (Wanted(kinds=READY), [1, 2]),
        (Wanted(kinds=BOTH), [1, 2, 3]),
        (Wanted(at_least=5_000), [1, 2]),
        (Wanted(at_most=5_000), [2, 3]),
        (Wanted(at_least=5_001, at_most=16_799), []),
    ],
)
def test_within_a_facet_any_choice_will_do_between_facets_all_must(wanted, found):
    assert ids(chosen(ROWS, wanted)) == found


def test_a_facet_is_counted_under_the_others_not_under_itself():
    counts = count(ROWS, Wanted(crafts=frozenset({"cloth"}), kinds=READY))

    assert counts.crafts == {"cloth": 2}
    assert counts.counties == {"kaiyuan": 1, "xifeng": 1}
    assert counts.kinds == {"ready": 2, "made_to_order": 1}


def test_nothing_chosen_counts_everything():
    counts = count(ROWS, Wanted())

    assert counts.crafts == {"cloth": 2, "knot": 1, "paper": 1}
    assert counts.kinds == {"ready": 2, "made_to_order": 2}


def test_an_empty_list_names_the_filters_that_alone_stand_in_the_way():
    wanted = Wanted(crafts=frozenset({"knot"}), kinds=READY, at_most=6_000)

    assert chosen(ROWS, wanted) == []
    assert obstacles(ROWS, wanted) == [Obstacle("craft", 1), Obstacle("kind", 1)]


def test_no_single_filter_is_to_blame_where_two_stand_in_the_way():
    wanted = Wanted(crafts=frozenset({"knot"}), counties=frozenset({"changtu"}))

    assert obstacles(ROWS[:1], wanted) == []


@pytest.mark.parametrize(
    ("order", "found"),
    [
        ("newest", [2, 4, 3, 1]),
        ("best", [2, 4, 3, 1]),
        ("price", [3, 2, 1, 4]),
        ("-price", [1, 2, 3, 4]),
        ("anything else", [2, 4, 3, 1]),
    ],
)
def test_orders_are_total(order, found):
    assert ids(in_order(ROWS, order)) == found


def test_whether_anything_is_chosen():
    assert not Wanted().any
    assert Wanted(at_most=1).any
