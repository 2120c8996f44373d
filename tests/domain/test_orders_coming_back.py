"""What comes back good is worth what its parcels released; docs/rules/returns.md."""

import pytest

from orders.domain.coming_back import Back, NotWhole, check_whole, worth
from orders.domain.release import Leaving, SoldLine, release

TIGERS = SoldLine(3, 45_360, 25_800, 7_200, 4_500, 3_900)
OPENING = SoldLine(3, 20_000, 10_000, 1_000, 900, 0)
BASE = 7


def back(sent, before, pieces, paid_each=None):
    return Back(sent, before, pieces, paid_each, BASE)


@pytest.mark.parametrize(
    ("line", "before", "row", "pay", "material"),
    [
        (TIGERS, 0, back(3, 0, 1, 8_800), 8_800, 2_400),
        (TIGERS, 1, back(3, 1, 2, 8_800), 17_600, 4_800),
        (OPENING, 0, back(3, 0, 1), 3_333, 333),
        (OPENING, 1, back(3, 1, 1), 3_333, 333),
        (OPENING, 2, back(3, 2, 1), 3_334, 334),
    ],
)
def test_the_tables_of_the_page(line, before, row, pay, material):
    found = worth(line, before, [row])

    assert (found.pay, found.material) == ({BASE: pay}, material)


def test_all_of_two_parcels_is_worth_what_they_released():
    gone = [Leaving(1, None, BASE), Leaving(1, 3_500, None)]
    sent = [release(OPENING, 0, gone), release(OPENING, 2, [Leaving(1, None, BASE)])]

    came = [
        worth(OPENING, 0, [back(1, 0, 1)]),
        worth(OPENING, 1, [Back(1, 0, 1, 3_500, None), back(1, 0, 1)]),
    ]

    def total(rows, base):
        return sum(row.pay.get(base, 0) for row in rows)

    assert [total(came, one) for one in (BASE, None)] == [6_666, 3_500]
    assert [total(sent, one) for one in (BASE, None)] == [6_666, 3_500]
    assert sum(row.material for row in came) == sum(row.material for row in sent)


@pytest.mark.parametrize(
    ("before", "row"),
    [(0, back(3, 0, 0)), (-1, back(3, 0, 1)), (3, back(3, 0, 1)), (1, back(1, 1, 1))],
)
def test_more_than_was_sent_is_worth_nothing_but_an_error(before, row):
    with pytest.raises(ValueError, match="pieces"):
        worth(TIGERS, before, [row])


@pytest.mark.parametrize(
    ("sent", "before", "now", "reached", "refused"),
    [
        (3, 0, 3, False, None),
        (3, 0, 1, True, None),
        (3, 2, 1, True, None),
        (3, 0, 2, False, NotWhole),
        (3, 0, 0, True, ValueError),
        (3, 2, 2, True, ValueError),
    ],
)
def test_what_has_not_reached_the_buyer_comes_back_whole(
    sent, before, now, reached, refused
):
    facts = {"sent": sent, "before": before, "now": now, "reached": reached}
    if refused is None:
        check_whole(**facts)
    else:
        with pytest.raises(refused):
            check_whole(**facts)
