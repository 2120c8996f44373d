"""The identity number: which are right, and why the others are not."""

import datetime as dt

import pytest

from producers.domain.identity import BadIdentity, check_character, read_identity
from producers.domain.masks import mask_account, mask_identity, mask_phone

DAY = dt.date(2026, 11, 24)


@pytest.mark.parametrize(
    ("text", "number", "birth", "female"),
    [
        # The first worked example of GB 11643-1999; the others are invented.
        ("11010519491231002X", "11010519491231002X", dt.date(1949, 12, 31), True),
        ("211282196803120026", "211282196803120026", dt.date(1968, 3, 12), True),
        ("211224195502283413", "211224195502283413", dt.date(1955, 2, 28), False),
        ("110105 19491231 002x", "11010519491231002X", dt.date(1949, 12, 31), True),
        ("211202190601010022", "211202190601010022", dt.date(1906, 1, 1), True),
    ],
)
def test_a_right_number_says_birth_and_sex(text, number, birth, female):
    read = read_identity(text, on=DAY)

    assert (read.number, read.birth, read.female) == (number, birth, female)
    assert read.area_code == number[:6]


@pytest.mark.parametrize(
    ("text", "code", "facts"),
    [
        ("", "LENGTH", {"needed": 18, "found": 0}),
        ("21128219680312002", "LENGTH", {"needed": 18, "found": 17}),
        # Numbers of 15 digits ended with 2012.
        ("211282680312002", "LENGTH", {"needed": 18, "found": 15}),
        ("2112821968031200261", "LENGTH", {"needed": 18, "found": 19}),
        ("21128219680312O026", "CHARACTERS", {}),
        ("21128219680312002A", "CHARACTERS", {}),
        ("２11282196803120026", "CHARACTERS", {}),
        ("X11282196803120026", "CHARACTERS", {}),
        ("011202200002290068", "AREA", {}),
        ("211202200102290064", "DATE", {}),
        ("211202196813120026", "DATE", {}),
        ("21120220261125002X", "FUTURE", {}),
        # The second example of the standard: its check character fits.
        ("440524188001010014", "TOO_OLD", {"years": 120}),
        ("211202190501010025", "TOO_OLD", {"years": 120}),
        ("211282196803120020", "CHECK", {}),
        ("211282196803120062", "CHECK", {}),
    ],
)
def test_a_wrong_number_is_refused_with_its_reason(text, code, facts):
    with pytest.raises(BadIdentity) as refused:
        read_identity(text, on=DAY)

    assert (refused.value.code, refused.value.facts) == (code, facts)


def test_a_refusal_never_repeats_the_number():
    with pytest.raises(BadIdentity) as refused:
        read_identity("211282196803120020", on=DAY)

    assert "2112821968" not in str(refused.value) + repr(refused.value)


def test_every_single_wrong_digit_is_found():
    right = "211282196803120026"
    slipped = [
        right[:place] + digit + right[place + 1 : 17]
        for place in range(17)
        for digit in "0123456789"
        if digit != right[place]
    ]

    assert len(slipped) == 153
    assert [check_character(digits) for digits in slipped].count("6") == 0


@pytest.mark.parametrize(
    ("mask", "text", "shown"),
    [
        (mask_identity, "211282196803120026", "21••••••••••••••26"),
        (mask_identity, "", ""),
        (mask_phone, "+8613841012345", "+86138••••2345"),
        (mask_phone, "+4915112345678", "+49•••••••5678"),
        (mask_phone, "12345", "•••••"),
        (mask_phone, "", ""),
        (mask_account, "6222021234567890", "••••••••••••7890"),
        (mask_account, "wxlan", "••••n"),
        (mask_account, "", ""),
    ],
)
def test_a_mask_shows_enough_to_recognise_and_no_more(mask, text, shown):
    assert mask(text) == shown
