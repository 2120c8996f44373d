"""The gain of households: the worked tables of docs/rules/gain.md, and its sums."""

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from producers.domain import gain as rule
from producers.domain import tallying
from producers.domain.gain import Baseline, FollowUp, Household, Pay, Stay

LIUCUN, XINGCUN = "liucun", "xingcun"
W, Z, N, V = 1, 2, 3, 4
OCTOBER = dt.date(2026, 10, 1)
JANUARY = dt.date(2026, 1, 1)
LONG_AGO = dt.date(2020, 1, 1)


def day(number: int, month: int = 10) -> dt.date:
    return dt.date(2026, month, number)


def lives(*stays) -> tuple[Stay, ...]:
    return tuple(Stay(first, until, place) for first, until, place in stays)


def at(place) -> tuple[Stay, ...]:
    return (Stay(LONG_AGO, None, place),)


def no_prices(place, year, month):
    return None


def same_prices(place, year, month):
    return (1, 1)


def told(*, first=OCTOBER, until=dt.date(2026, 11, 1), fen) -> FollowUp:
    return FollowUp(first, until, fen)


HOUSEHOLDS = [
    Household(
        W,
        lives(
            (LONG_AGO, day(20), LIUCUN),
            (day(20), None, XINGCUN),
        ),
        at(None),
        Baseline(2025, 2_400_005),
        [told(first=day(1, 8), fen=500_000)],
    ),
    Household(Z, at(XINGCUN), at(None), Baseline(2025, 1_200_000), [told(fen=70_000)]),
    Household(N, at(LIUCUN), at(None), None, [told(fen=90_000)]),
    Household(V, at(LIUCUN), at(None), Baseline(2025, 1_800_000)),
]
PAYS = [
    Pay(day(10), 11, W, LIUCUN, 60_000),
    Pay(day(25), 11, W, XINGCUN, 25_000),
    Pay(day(10), 13, N, LIUCUN, 12_345),
    Pay(day(10), 14, V, LIUCUN, 40_000),
]


def counted(months=(OCTOBER,), row_of=str, prices=same_prices, pays=PAYS):
    return tallying.tally(HOUSEHOLDS, pays, months, row_of=row_of, prices=prices)


@pytest.mark.parametrize(
    ("fen", "over", "shares"),
    [
        (2_400_000, 12, [200_000] * 12),
        (2_400_005, 12, [200_001] * 5 + [200_000] * 7),
        (7, 12, [1] * 7 + [0] * 5),
        (0, 12, [0] * 12),
        (-5, 12, [0] * 7 + [-1] * 5),
        (500_000, 3, [166_667, 166_667, 166_666]),
        (-100_000, 3, [-33_333, -33_333, -33_334]),
    ],
)
def test_shares_are_those_of_the_table(fen, over, shares):
    assert [rule.share(fen, over, index) for index in range(over)] == shares


@settings(deadline=None)
@given(st.integers(-(10**12), 10**12), st.integers(1, 60))
def test_shares_sum_to_what_is_shared_and_differ_by_one_fen_at_most(fen, parts):
    shares = [rule.share(fen, parts, index) for index in range(parts)]

    assert sum(shares) == fen
    assert shares == sorted(shares, reverse=True)
    assert shares[0] - shares[-1] in (0, 1)


def test_there_is_no_thirteenth_month():
    with pytest.raises(ValueError, match="no part 12 of 12"):
        rule.share(100, 12, 12)


@pytest.mark.parametrize(
    ("row", "figures"),
    [
        (LIUCUN, (2, 1, 1, 0, 112_345, 60_000, 0, 0)),
        (XINGCUN, (2, 2, 2, 2, 25_000, -38_334, 1, -30_000)),
        ("township", (4, 3, 3, 2, 137_345, 21_666, 1, -30_000)),
    ],
)
def test_the_worked_example(row, figures):
    def row_of(place):
        return "township" if row == "township" else place

    one = counted(row_of=row_of).rows()[row]

    assert (
        one.households,
        one.with_baseline,
        one.with_follow_up,
        one.known,
        one.pay_fen,
        one.gain,
        one.losses,
        one.loss_fen,
    ) == figures


def test_each_household_of_the_worked_example():
    assert counted().own == {W: (51_666, 1), Z: (-30_000, 1)}


def test_the_average_is_per_household_and_known_month():
    assert counted(row_of=lambda place: "township").rows()["township"].average == 10_833


def test_an_area_sees_the_same_figures_by_itself_as_within_the_township():
    alone = counted(row_of=lambda place: place if place == XINGCUN else None)

    assert alone.rows() == {XINGCUN: counted().rows()[XINGCUN]}
    assert alone.own == {W: (51_666, 1), Z: (-30_000, 1)}


def test_a_woman_paid_in_two_villages_is_counted_where_she_was_paid_last():
    rows = counted().rows()

    assert (rows[LIUCUN].women_paid, rows[XINGCUN].women_paid) == (2, 1)
    assert counted().paid_women == {LIUCUN: {11, 13, 14}, XINGCUN: {11}}
    assert (rows[LIUCUN].households_paid, rows[XINGCUN].households_paid) == (2, 1)


def test_pay_of_a_woman_without_household_is_shown_and_never_a_gain():
    stray = Pay(day(12), 99, None, LIUCUN, 7_700)
    rows = counted(pays=[*PAYS, stray]).rows()

    assert rows[LIUCUN].pay_fen == 112_345 + 7_700
    assert rows[LIUCUN].homeless_pay_fen == 7_700
    assert rows[LIUCUN].gain == 60_000


def test_a_month_without_a_village_is_not_known_and_its_pay_is_shown_alone():
    gone = Household(
        W,
        lives((LONG_AGO, day(20), LIUCUN)),
        baseline=Baseline(2025, 1200),
        follow_ups=[told(fen=100)],
    )
    found = tallying.tally(
        [gone],
        [Pay(day(10), 11, W, LIUCUN, 500)],
        [OCTOBER],
        row_of=str,
        prices=same_prices,
    )
    row = found.rows()[LIUCUN]

    assert (row.pay_fen, row.gain, row.average, row.households) == (500, None, None, 0)
    assert row.households_paid == 1


def test_a_reversed_payout_counts_against_the_month_of_its_reversal():
    back = Pay(day(28), 11, W, XINGCUN, -25_000)
    rows = counted(pays=[*PAYS, back]).rows()

    assert (rows[XINGCUN].pay_fen, rows[XINGCUN].gain) == (0, -63_334)


def test_twelve_months_sum_to_the_year():
    year = rule.months_between(JANUARY, dt.date(2027, 1, 1))
    home = Household(
        1,
        at(LIUCUN),
        baseline=Baseline(2025, 2_400_005),
        follow_ups=[
            FollowUp(JANUARY, day(1, 5), 1_000_003),
            FollowUp(day(1, 5), dt.date(2027, 1, 1), 1_700_001),
        ],
    )

    def gain(months):
        found = tallying.tally([home], [], months, row_of=str, prices=same_prices)
        return found.rows()[LIUCUN].gain

    assert len(year) == 12
    assert gain(year) == 1_000_003 + 1_700_001 - 2_400_005
    assert sum(gain([month]) for month in year) == gain(year)


def test_a_range_sums_what_is_known_and_says_how_many_months_are_not():
    months = rule.months_between(day(1, 9), day(1, 11))
    rows = counted(months, row_of=lambda place: "township").rows()
    both = rows["township"]

    # September: W's share of her follow-up is known, and nobody else's.
    assert (both.months, both.known_months) == (8, 3)
    assert both.gain == 21_666 + 166_667 - 200_000
    assert (both.known, both.with_follow_up) == (2, 1)


INDEX = {dt.date(2025, 10, 1): 1005, dt.date(2026, 10, 1): 1012}


@pytest.mark.parametrize(
    ("fen", "year", "index", "carried"),
    [
        (200_000, 2025, INDEX, 202_400),
        (200_000, 2024, INDEX, 203_412),
        (200_001, 2024, INDEX, 203_413),
        (200_000, 2026, INDEX, 200_000),
        (-100, 2025, {OCTOBER: 1005}, -100),
        (200_000, 2024, {OCTOBER: 1012}, None),
    ],
)
def test_a_baseline_is_carried_to_the_prices_of_the_month(fen, year, index, carried):
    home = Household(
        1, at(LIUCUN), baseline=Baseline(year, fen * 12), follow_ups=[told(fen=0)]
    )
    known = rule.known_month(
        home, OCTOBER, lambda _place, y, month: rule.chained(y, month, index.get)
    )

    assert known.carried_fen == carried


def test_prices_chain_backwards_too():
    assert rule.chained(2026, dt.date(2025, 10, 1), INDEX.get) == (1000, 1012)


def test_one_missing_price_makes_the_deflated_gain_unknown_there_alone():
    def prices(place, year, month):
        return None if place == XINGCUN else (1, 1)

    pays = [*PAYS, Pay(day(11), 15, 5, LIUCUN, 10)]
    fifth = Household(
        5, at(LIUCUN), baseline=Baseline(2025, 1_200), follow_ups=[told(fen=95)]
    )
    rows = tallying.tally(
        [*HOUSEHOLDS[1:], fifth], pays[2:], [OCTOBER], row_of=str, prices=prices
    ).rows()

    assert (rows[LIUCUN].gain, rows[LIUCUN].deflated) == (5, 5)
    assert (rows[XINGCUN].gain, rows[XINGCUN].deflated) == (-30_000, None)


def test_the_deflated_gain_takes_the_carried_baseline_off():
    rows = counted(prices=lambda place, year, month: (1012, 1000)).rows()

    # 25,000 + 166,666 - 202,400 and 70,000 - 101,200.
    assert rows[XINGCUN].deflated == -10_734 - 31_200


sums = st.integers(-1_000_000, 1_000_000)


@st.composite
def villages(draw):
    households, pays = [], []
    for number in range(draw(st.integers(0, 6))):
        move = day(draw(st.integers(2, 28)), draw(st.integers(1, 12)))
        first, then = draw(st.sampled_from("abc")), draw(st.sampled_from("abc"))
        baseline = draw(st.none() | sums)
        follow_up = draw(st.none() | sums)
        households.append(
            Household(
                number,
                lives((LONG_AGO, move, first), (move, None, then)),
                at(None),
                None if baseline is None else Baseline(2025, baseline),
                [] if follow_up is None else [told(first=JANUARY, fen=follow_up)],
            )
        )
        for _one in range(draw(st.integers(0, 3))):
            when = day(draw(st.integers(1, 28)), draw(st.integers(1, 12)))
            place = first if when < move else then
            pays.append(Pay(when, number, number, place, draw(st.integers(1, 9_999))))
    return households, pays


@settings(deadline=None)
@given(villages())
def test_villages_sum_to_the_whole_and_months_to_the_year(world):
    households, pays = world
    year = rule.months_between(JANUARY, dt.date(2027, 1, 1))
    months = set(year)

    def figures(row_of, months=year):
        found = tallying.tally(
            households,
            [pay for pay in pays if pay.day.replace(day=1) in months],
            months,
            row_of=row_of,
            prices=lambda place, y, month: (1012, 1000),
        )
        return found

    whole = tallying.total(figures(lambda place: "all").rows().values())
    by_village = figures(str).rows()
    summed = tallying.total(by_village.values())
    alone = [
        figures(lambda place, only=only: place if place == only else None)
        .rows()
        .get(only)
        for only in by_village
    ]

    for name in tallying.FIGURES:
        if name != "behind_gain":
            assert getattr(whole, name) == getattr(summed, name), name
    assert alone == list(by_village.values())
    assert whole.gain_fen == sum(
        tallying.total(figures(lambda place: "all", [month]).rows().values()).gain_fen
        for month in months
    )
    assert sum(gain for gain, _months in figures(str).own.values()) == whole.gain_fen
