"""Standard minutes and the lowest lawful piece rate, as in docs/rules/piece-rate.md."""

import pytest

from catalog.domain.piece_rate import (
    BaseWage,
    NoBases,
    NoMinimumWage,
    Verdict,
    highest_minimum,
    hourly_pay,
    judge,
    lowest_rate,
)
from catalog.domain.time_study import TooFewMakers, median_minutes


@pytest.mark.parametrize(
    ("samples", "minutes"),
    [
        ([240], None),
        ([200, 240], None),
        ([200, 260, 240], 240),
        ([200, 240, 241, 600], 241),
        ([200, 240, 240, 600], 240),
        ([1, 1, 1], 1),
        ([5, 3, 9, 7, 600], 7),
    ],
)
def test_standard_minutes_are_the_median_of_at_least_three_makers(samples, minutes):
    if minutes is None:
        with pytest.raises(TooFewMakers):
            median_minutes(samples)
    else:
        assert median_minutes(samples) == minutes


def test_a_sample_of_no_minutes_is_refused():
    with pytest.raises(ValueError, match="at least one minute"):
        median_minutes([0, 10, 20])


@pytest.mark.parametrize(
    ("minimum_hourly", "minutes", "lowest"),
    [
        (1_900, 240, 7_600),
        (1_900, 60, 1_900),
        (1_900, 1, 32),
        (1_901, 7, 222),
        (1_700, 45, 1_275),
        (1, 1, 1),
    ],
)
def test_the_lowest_rate_is_the_minimum_wage_rounded_up(
    minimum_hourly, minutes, lowest
):
    assert lowest_rate(minimum_hourly, minutes) == lowest
    assert judge(lowest, minutes, minimum_hourly).lawful
    assert not judge(lowest - 1, minutes, minimum_hourly).lawful


@pytest.mark.parametrize(("wage", "minutes"), [(0, 60), (1_900, 0)])
def test_no_wage_or_no_minutes_give_no_rate(wage, minutes):
    with pytest.raises(ValueError, match="are positive"):
        lowest_rate(wage, minutes)


def test_a_verdict_holds_every_number_of_its_sentence():
    verdict = judge(7_500, 240, 1_900)

    assert verdict == Verdict(7_500, 240, 1_900, lowest=7_600, hourly=1_875)
    assert verdict.short_by == 100
    assert judge(8_600, 240, 1_900).short_by == 0


def test_hourly_pay_is_rounded_down():
    assert hourly_pay(8_600, 240) == 2_150
    assert hourly_pay(100, 7) == 857


def test_the_highest_minimum_among_the_bases_binds():
    wages = [
        BaseWage("杏花沟", 1_700),
        BaseWage("银州", 1_900),
        BaseWage("莲花", 1_700),
    ]

    assert highest_minimum(wages) == 1_900


def test_a_base_without_a_minimum_wage_on_record_stops_the_rate_and_is_named():
    wages = [BaseWage("杏花沟", None), BaseWage("银州", 1_900), BaseWage("莲花", None)]

    with pytest.raises(NoMinimumWage) as refusal:
        highest_minimum(wages)
    assert refusal.value.bases == ("杏花沟", "莲花")


def test_a_product_that_no_base_may_make_has_no_rate():
    with pytest.raises(NoBases):
        highest_minimum([])
