"""The price share: five parts in order, fen sum to the price, percents to 100."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.domain.price_share import (
    Costs,
    CostsAbovePrice,
    percents,
    price_share,
    still_checked,
)

# The worked table of docs/rules/price-share.md.
TABLE = [
    # price, pay, material, base, tax and shipping → fen and percents in order
    (
        16_800,
        Costs(8_600, 2_600, 1_400, 1_200),
        (8_600, 2_600, 1_400, 3_000, 1_200),
        (51, 16, 8, 18, 7),
    ),
    (
        10_000,
        Costs(3_333, 3_333, 3_333, 0),
        (3_333, 3_333, 3_333, 1, 0),
        (34, 33, 33, 0, 0),
    ),
    (300, Costs(100, 100, 100, 0), (100, 100, 100, 0, 0), (34, 33, 33, 0, 0)),
    (1, Costs(0, 0, 0, 0), (0, 0, 0, 1, 0), (0, 0, 0, 100, 0)),
]


@pytest.mark.parametrize(("price", "costs", "fen", "whole"), TABLE)
def test_parts_are_those_of_the_worked_table(price, costs, fen, whole):
    shares = price_share(price, costs)

    assert tuple(share.fen for share in shares) == fen
    assert tuple(share.percent for share in shares) == whole
    assert [share.part.value for share in shares] == [
        "maker",
        "material",
        "base",
        "chamber",
        "tax_shipping",
    ]


@given(
    st.lists(st.integers(0, 10**7), min_size=5, max_size=5).filter(lambda p: sum(p) > 0)
)
def test_percents_sum_to_100_and_each_is_within_one_of_its_true_value(amounts):
    whole = percents(amounts)

    assert sum(whole) == 100
    assert all(
        abs(percent * sum(amounts) - amount * 100) < sum(amounts)
        for amount, percent in zip(amounts, whole, strict=True)
    )


def test_costs_above_the_price_are_refused_with_what_is_missing():
    with pytest.raises(CostsAbovePrice) as refusal:
        price_share(1_000, Costs(900, 100, 50, 1))

    assert refusal.value.missing == 51


@pytest.mark.parametrize(
    ("price", "costs"), [(0, Costs(0, 0, 0, 0)), (100, Costs(-1, 0, 0, 0))]
)
def test_a_price_of_nothing_or_a_negative_cost_is_refused(price, costs):
    with pytest.raises(ValueError, match="a price is positive"):
        price_share(price, costs)


def test_nothing_can_not_be_shared():
    with pytest.raises(ValueError, match="nothing to share"):
        percents([0, 0])


@pytest.mark.parametrize(
    ("checked_price", "checked_pay", "price", "pay", "shown"),
    [
        (16_800, 8_600, 16_800, 8_600, True),
        (None, None, 16_800, 8_600, False),
        (16_800, 8_600, 17_800, 8_600, False),
        (16_800, 8_600, 16_800, 8_700, False),
        (16_800, 8_600, 16_800, None, False),
    ],
)
def test_a_share_is_shown_only_while_price_and_pay_are_those_that_were_checked(
    checked_price, checked_pay, price, pay, shown
):
    assert still_checked(checked_price, checked_pay, price, pay) is shown
