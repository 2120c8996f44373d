"""The worked tables of docs/rules/orders.md."""

import pytest

from orders.domain.sale import (
    PARTS,
    PieceCosts,
    Rate,
    parcel_fee,
    shares_at_sale,
)

TIGER = PieceCosts(maker=8600, material=2400, base=1500, tax_shipping=1300)


@pytest.mark.parametrize(
    ("pieces", "sold", "shares"),
    [
        (1, 16800, [8600, 2400, 1500, 3000, 1300]),
        (3, 50400, [25800, 7200, 4500, 9000, 3900]),
        # 10 % off three: the whole 5,040 fen come out of the chamber's part.
        (3, 45360, [25800, 7200, 4500, 3960, 3900]),
        # A discount larger than the chamber's part takes it below zero.
        (1, 13000, [8600, 2400, 1500, -800, 1300]),
        (1, 0, [8600, 2400, 1500, -13800, 1300]),
    ],
)
def test_a_discount_is_the_chambers_alone(pieces, sold, shares):
    found = shares_at_sale(
        sold=sold, list_price=16800 * pieces, pieces=pieces, costs=TIGER
    )
    assert found == dict(zip(PARTS, shares, strict=True))
    assert sum(found.values()) == sold


@pytest.mark.parametrize(
    ("sold", "list_price", "pieces", "message"),
    [
        (16801, 16800, 1, "a line is sold for its list price or less"),
        (-1, 16800, 1, "a line is sold for its list price or less"),
        (0, 0, 0, "a line has at least one piece"),
    ],
)
def test_impossible_amounts_are_refused(sold, list_price, pieces, message):
    with pytest.raises(ValueError, match=message):
        shares_at_sale(sold=sold, list_price=list_price, pieces=pieces, costs=TIGER)


def test_a_negative_cost_is_refused():
    costs = PieceCosts(maker=8600, material=-1, base=0, tax_shipping=0)
    with pytest.raises(ValueError, match="no cost is negative"):
        shares_at_sale(sold=16800, list_price=16800, pieces=1, costs=costs)


@pytest.mark.parametrize(
    ("goods", "free_from", "fee"),
    [(29899, 29900, 1200), (29900, 29900, 0), (50000, None, 1200)],
)
def test_a_parcel_is_free_from_the_sum_on(goods, free_from, fee):
    assert parcel_fee(goods, Rate(fee=1200, free_from=free_from)) == fee
