"""Names of areas: the worked table of docs/rules/areas.md, row by row."""

import re
from pathlib import Path

import pytest

from qiaoshou.common.domain import place_names

RULES = Path(__file__).parents[2] / "docs" / "rules" / "areas.md"


def worked_table() -> list[list[str]]:
    text = RULES.read_text(encoding="utf-8")
    table = text.split("| list | kind in the list |")[1].split("\n\n")[0]
    rows = [line.strip("|").split("|") for line in table.splitlines()[2:]]
    return [[cell.strip() for cell in row] for row in rows]


@pytest.mark.parametrize(
    ("official", "kind", "shown", "short", "english"), worked_table()
)
def test_the_worked_table_holds(official, kind, shown, short, english):
    name = place_names.shown_name(official)

    assert name == shown
    assert place_names.shown_kind(kind, name) == short
    assert place_names.draft_english(name) == english


@pytest.mark.parametrize(
    ("shown", "english"),
    [
        ("清河区工业园区社区", "Qinghe District Industrial Park Community"),
        ("清河银河工业园区社区", "Qinghe Yinhe Industrial Park Community"),
        ("杨镇社区", "Yang Town Community"),
        # Only a whole name above it, or one before a generic word, is a word apart.
        ("清河村", "Qinghe Village"),
    ],
)
def test_a_name_that_begins_with_an_area_above_is_two_words(shown, english):
    above = [("杨镇", "Yang Town"), ("清河区", "Qinghe District")]

    assert place_names.draft_english(shown, above) == english


def test_names_are_tidied_before_they_are_compared():
    assert place_names.shown_name(" 八 三　社区ＡＢ ") == "八三社区AB"


def test_a_committee_alone_is_no_place():
    assert place_names.shown_name("村民委员会") == "村民委员会"


def test_the_sort_key_reads_place_names_as_places():
    assert place_names.sort_key("调兵山") == "diao4 bing1 shan1"
    assert place_names.sort_key("六安村") == "liu4 an1 cun1"


def test_every_reading_has_one_syllable_a_character():
    for characters, reading in place_names.READINGS.items():
        assert len(characters) == len(reading)
        assert all(re.fullmatch("[a-z]+[1-4]", syllable) for syllable in reading)
