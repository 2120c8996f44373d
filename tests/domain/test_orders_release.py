"""What pieces earn when they leave: the tables of docs/rules/shipping.md."""

import pytest

from orders.domain.release import Leaving, SoldLine, owed_part, release

TIGERS = SoldLine(
    pieces=3, sold=45_360, maker=25_800, material=7_200, base=4_500, tax_shipping=3_900
)
PLAIN = SoldLine(
    pieces=3, sold=10_000, maker=6_000, material=0, base=900, tax_shipping=0
)


def parts(found):
    return (
        found.sold,
        sum(found.pay.values()),
        found.material,
        sum(found.bases.values()),
        found.tax_shipping,
        found.chamber,
    )


def test_tigers_that_were_paid_more_than_planned():
    first = release(TIGERS, 0, [Leaving(1, 8_800, 7)])
    second = release(TIGERS, 1, [Leaving(2, 8_800, 7)])

    assert parts(first) == (15_120, 8_800, 2_400, 1_500, 1_300, 1_120)
    assert parts(second) == (30_240, 17_600, 4_800, 3_000, 2_600, 2_240)
    assert first.pay == {7: 8_800}
    assert first.bases == {7: 1_500}


def test_what_does_not_divide_is_released_whole_by_the_last_piece():
    parcels = [release(PLAIN, before, [Leaving(1, None, 7)]) for before in range(3)]

    assert [parts(one) for one in parcels] == [
        (3_333, 2_000, 0, 300, 0, 1_033),
        (3_333, 2_000, 0, 300, 0, 1_033),
        (3_334, 2_000, 0, 300, 0, 1_034),
    ]


@pytest.mark.parametrize("sizes", [(7,), (1, 6), (3, 4), (2, 2, 3), (1,) * 7])
@pytest.mark.parametrize("sold", [0, 1, 99_999, 70_001])
def test_however_it_is_parcelled_the_parts_sum_to_the_line(sizes, sold):
    line = SoldLine(7, sold, 6_000, 701, 350, 13)
    before, sums = 0, [0] * 6
    for size in sizes:
        found = release(line, before, [Leaving(size, 900, 1)])
        assert found.sold == sum(parts(found)[1:])
        sums = [a + b for a, b in zip(sums, parts(found), strict=True)]
        before += size

    assert sums == [sold, 6_300, 701, 350, 13, sold - 7_364]


def test_given_away_the_chamber_bears_what_was_paid():
    free = SoldLine(2, 0, 17_200, 0, 0, 0)

    assert parts(release(free, 0, [Leaving(2, 8_600, 7)]))[-1] == -17_200


def test_lots_of_two_bases_share_the_bases_part_by_pieces():
    found = release(TIGERS, 0, [Leaving(2, 8_800, 7), Leaving(1, None, 8)])

    assert found.pay == {7: 17_600, 8: 8_600}
    assert found.bases == {7: 3_000, 8: 1_500}


def test_where_no_base_is_known_its_part_stays_with_the_chamber():
    found = release(PLAIN, 0, [Leaving(3, None, None)])

    assert (found.bases, found.chamber) == ({}, 4_000)


@pytest.mark.parametrize(("before", "pieces"), [(0, 4), (3, 1), (-1, 1)])
def test_more_pieces_than_were_sold_are_refused(before, pieces):
    with pytest.raises(ValueError, match="of 3 pieces"):
        release(PLAIN, before, [Leaving(pieces, None, 1)])


def test_money_given_back_meanwhile_can_not_be_earned():
    assert owed_part(15_120, 20_000) == 15_120
    assert owed_part(15_120, 14_000) == 14_000
    assert owed_part(15_120, -1) == 0
