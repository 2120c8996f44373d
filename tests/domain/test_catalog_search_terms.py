"""Search terms: any Chinese substring, its pinyin, and English words are found."""

import pytest

from catalog.domain import search_terms
from catalog.domain.search_terms import Field

READ = {"满": "mǎn", "族": "zú", "刺": "cì", "绣": "xiù", "香": "xiāng", "囊": "náng"}


def readings(run):
    return [READ[character] for character in run]


def found(asked, text, *, read=True):
    """Whether a query's terms are all met, as PostgreSQL meets them."""
    have = set(search_terms.terms(text, readings=readings if read else None))

    def met(clause):
        for part in clause.strip("()").split(" | "):
            term = part.strip("':*")
            hit = (
                any(word.startswith(term) for word in have)
                if part.endswith("*")
                else term in have
            )
            if hit:
                return True
        return False

    clauses = search_terms.query(asked).split(" & ")
    return clauses != [""] and all(met(clause) for clause in clauses)


@pytest.mark.parametrize(
    "asked",
    [
        "香囊",
        "满族刺绣香囊",
        "刺绣",
        "族刺",
        "囊",
        "xiangnang",
        "xiangn",
        "cixiu xiangnang",
        "xiāngnáng",
        "ＸＩＡＮＧ",
        "manzucixiuxiangnang",
    ],
)
def test_every_substring_and_its_pinyin_find_the_sachet(asked):
    assert found(asked, "满族刺绣香囊")


@pytest.mark.parametrize("asked", ["香袋", "囊香", "iangnang", "nangxiang", "", "？"])
def test_what_is_not_in_the_title_finds_nothing(asked):
    assert not found(asked, "满族刺绣香囊")


@pytest.mark.parametrize("asked", ["tiger", "tigers", "Cloth TIGER", "tig"])
def test_english_words_are_found_in_any_case_number_and_by_their_beginning(asked):
    assert found(asked, "Cloth tiger, large", read=False)


def test_words_that_end_in_double_s_keep_it():
    assert search_terms.query("cross stitches") == (
        "'cross':* & ('stitches':* | 'stitche':*)"
    )


def test_a_query_can_not_hold_operators_of_the_database():
    assert search_terms.query("a' | 'b & !c:* (") == "'a':* & 'b':* & 'c':*"


def test_a_query_longer_than_the_limit_is_cut():
    assert search_terms.query("a" * 100) == "'" + "a" * 60 + "':*"


def test_the_vector_holds_positions_and_weights_in_term_order():
    fields = [Field("香囊", "A", read=True), Field("red", "C"), Field("Red", "C")]

    assert search_terms.vector(fields, readings) == (
        "'nang':5A 'red':6C,7C 'xiangnang':4A '囊':2A '香':1A '香囊':3A"
    )


def test_a_weight_that_the_database_does_not_know_is_refused():
    with pytest.raises(ValueError, match="no such weight: D"):
        search_terms.vector([Field("x", "D")], readings)
