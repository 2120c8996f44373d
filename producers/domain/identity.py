"""The Chinese identity number (GB 11643-1999): 17 digits and a check character."""

import datetime as dt
from dataclasses import dataclass

LENGTH = 18
# ISO/IEC 7064 MOD 11-2: the weights of the 17 digits, and what each remainder gives.
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECKS = "10X98765432"
OLDEST_YEARS = 120


@dataclass(frozen=True, slots=True)
class Identity:
    """What an identity number says of its holder."""

    number: str
    area_code: str
    birth: dt.date
    female: bool


class BadIdentity(ValueError):
    """The number cannot be right; `code` says why, `facts` the numbers of the sentence.

    Codes: LENGTH (needed, found), CHARACTERS, AREA, DATE, FUTURE, TOO_OLD, CHECK. The
    number itself and the right check character are never part of it.
    """

    def __init__(self, code: str, **facts: int) -> None:
        super().__init__(code)
        self.code = code
        self.facts = facts


def check_character(digits: str) -> str:
    """The 18th character that belongs to 17 digits."""
    total = sum(
        int(digit) * weight for digit, weight in zip(digits, WEIGHTS, strict=True)
    )
    return CHECKS[total % 11]


def read_identity(text: str, *, on: dt.date) -> Identity:
    """The number without spaces, its last letter large, with what it says.

    Raises BadIdentity. `on` is the day of the check: nobody is born after it.
    """
    number = "".join(text.split()).upper()
    if len(number) != LENGTH:
        raise BadIdentity("LENGTH", needed=LENGTH, found=len(number))
    digits, last = number[:17], number[17]
    if not (digits.isascii() and digits.isdigit()) or last not in CHECKS:
        raise BadIdentity("CHARACTERS")
    if digits[0] == "0":
        raise BadIdentity("AREA")
    try:
        birth = dt.date(int(digits[6:10]), int(digits[10:12]), int(digits[12:14]))
    except ValueError as error:
        raise BadIdentity("DATE") from error
    if birth > on:
        raise BadIdentity("FUTURE")
    if birth.year < on.year - OLDEST_YEARS:
        raise BadIdentity("TOO_OLD", years=OLDEST_YEARS)
    if check_character(digits) != last:
        raise BadIdentity("CHECK")
    return Identity(number, digits[:6], birth, int(digits[16]) % 2 == 0)
