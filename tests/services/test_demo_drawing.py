"""The women, homes and numbers of the demo: believable, lawful, nobody's."""

import datetime as dt
import random

from producers.domain.identity import read_identity
from producers.services.numbers import passes_luhn, read_phone
from qiaoshou.common.today import ZONE
from qiaoshou.demo import names
from qiaoshou.demo.sizes import FULL, SMALL
from qiaoshou.demo.women import draw_homes, draw_women
from qiaoshou.demo.year import Year

START, END = dt.date(2025, 11, 25), dt.date(2026, 11, 25)


def drawn(seed=1, size=FULL):
    women = draw_women(random.Random(seed), size, START, END)
    villages = {row["key"]: ["a", "b", "c"] for row in size.base_rows()}
    return women, draw_homes(random.Random(seed), women, villages, START, END)


def test_the_full_demo_has_150_women_at_12_bases_each_name_once():
    women, homes = drawn()

    assert len(women) == len({woman.name_zh for woman in women}) == 150
    assert len({woman.base for woman in women}) == 12
    assert sum(len(home.women) for home in homes) == 150
    assert len({slug for woman in women for slug in woman.crafts}) == 13
    assert sum(woman.leads for woman in women) == 12


def test_the_same_seed_draws_the_same_women_and_another_seed_others():
    assert drawn(3, SMALL) == drawn(3, SMALL)
    assert drawn(3, SMALL) != drawn(4, SMALL)


def test_every_day_of_a_woman_lies_between_her_joining_and_today():
    women, _homes = drawn()

    for woman in women:
        days = [since for since, _minutes in woman.hours]
        days += [day for row in woman.away for day in row[:2]]
        assert all(woman.joined <= day <= END for day in days)
        assert woman.birth.year <= END.year - 26


def test_one_home_moves_one_loses_and_some_are_monitored_or_silent():
    _women, homes = drawn()

    assert sum(home.moves_on is not None for home in homes) == 1
    assert min(home.trend for home in homes) == 55
    assert sum(home.monitored for home in homes) == 11
    assert {home.tells for home in homes} == {"all", "some", "none"}


def test_an_identity_number_is_lawful_female_and_of_no_place():
    number = names.identity_number(dt.date(1968, 3, 12), 7)
    read = read_identity(number, on=END)

    assert (read.area_code, read.birth, read.female) == (
        "999999",
        dt.date(1968, 3, 12),
        True,
    )


def test_telephones_and_cards_are_well_formed():
    assert read_phone(names.telephone(12)) == "+8615400000012"
    assert len(names.card(12)) == 19
    assert passes_luhn(names.card(12))


def test_deeds_happen_in_the_order_of_time_and_never_after_the_end():
    moments = [dt.datetime(2026, 1, day, tzinfo=ZONE) for day in (1, 2, 3)]
    year, seen = Year(moments[1]), []
    year.at(moments[2], seen.append, "too late")
    year.at(moments[1], seen.append, "second")
    year.at(moments[0], lambda: year.at(moments[0], seen.append, "first"))

    assert year.run(lambda moment: None) == 3
    assert seen == ["first", "second"]
