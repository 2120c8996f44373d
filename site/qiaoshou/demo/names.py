"""Invented people: their names, and numbers that can belong to nobody.

- Identity numbers pass the check of GB 11643 but begin with 999999: GB/T 2260 has no
  province 99, and cards of foreigners have a province in digits two and three.
- Telephones begin with 154, a prefix that is assigned to no operator.
- Card numbers begin with 9999, which ISO/IEC 7812 leaves to a country 999 that does
  not exist; their check digit is right. WeChat names say that they are of the demo.
"""

import datetime as dt
import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from producers.domain.identity import check_character

WOMEN = Path(__file__).with_name("data") / "women.json"
NO_PLACE = "999999"
NO_OPERATOR = "+86154"
NO_COUNTRY = "9999"
BANK = "示例农商银行"
MOST_NUMBERS = 499


def words() -> dict[str, Any]:
    """The lists from which names are drawn, and the women with a story."""
    loaded: dict[str, Any] = json.loads(WOMEN.read_text(encoding="utf-8"))
    return loaded


def women_names(rng: random.Random) -> Iterator[str]:
    """Names of women, each once, in an order that the seed decides."""
    lists = words()
    known = {row["name_zh"] for row in lists["known"]}
    names = [family + given for family in lists["families"] for given in lists["given"]]
    rng.shuffle(names)
    return (name for name in names if name not in known)


def identity_number(birth: dt.date, number: int) -> str:
    """A woman's identity number; `number` from 1 on makes it one of its own."""
    if not 1 <= number <= MOST_NUMBERS:
        raise ValueError("one of 499 numbers of women on a day")
    digits = f"{NO_PLACE}{birth:%Y%m%d}{number * 2:03d}"
    return digits + check_character(digits)


def telephone(number: int) -> str:
    """A mobile number of eleven digits, with the country's code."""
    return f"{NO_OPERATOR}{number:08d}"


def card(number: int) -> str:
    """A card number of nineteen digits whose last one fits (ISO/IEC 7812-1)."""
    body = f"{NO_COUNTRY}{number:014d}"
    total = 0
    for place, digit in enumerate(reversed(body)):
        value = int(digit) * (1 if place % 2 else 2)
        total += value - 9 if value > 9 else value
    return body + str(-total % 10)


def wechat(number: int) -> str:
    return f"qiaoshou-demo-{number:04d}"
