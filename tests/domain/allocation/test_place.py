"""A rest smaller than a lot finds hands."""

import pytest

from orders.domain.allocation import Base, Job, Maker, Problem
from orders.domain.allocation.columns import columns
from orders.domain.allocation.place import mend
from orders.domain.allocation.planning import opened
from tests.domain.allocation.villages import weeks


@pytest.mark.parametrize(("hours", "shares"), [(6, [0, 6]), (5, [4, 0])])
def test_a_colleague_takes_the_rest_with_a_whole_share_if_their_base_has_room_for_it(
    hours, shares
):
    """Two of six pieces are open, and lots are of four: a base keeps what it made."""
    makers = tuple(
        Maker(row, 1, {"weaving": 1}, 1_000, 0, (most * 60,), 0)
        for row, most in ((1, 4), (2, 6))
    )
    job = Job(1, "weaving", 1, 0, 60, 2_000, 6, 4, None)
    base = Base(1, "A", (hours * 60,))
    problem = Problem(weeks(1), makers, (base,), (job,), frozenset(), ())
    book = opened(columns(problem), problem)
    rows = book.columns.maker_row
    book.give(0, rows[1], 4)

    mend(book, 0)

    assert [book.new[0].get(rows[row], 0) for row in (1, 2)] == shares
    assert book.open[0] == 6 - sum(shares)
