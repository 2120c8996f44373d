"""Draws the women of the demo and their homes; pure, the same for the same seed."""

import datetime as dt
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from qiaoshou.demo import names
from qiaoshou.demo.sizes import Size

YEAR = 365
# The texts of consents are published since the first of January 2025.
EARLIEST = 300
GRADES = (2, 2, 3, 3, 3, 4, 4, 5)
HOURS = (600, 900, 1200, 1200, 1500, 1800, 2100)
PURPOSES = ("identity_check", "pay_account", "household_income", "public_story")
AGREE = {
    "identity_check": 0.93,
    "pay_account": 0.85,
    "household_income": 0.9,
    "public_story": 0.3,
}


@dataclass(slots=True)
class Woman:
    """One maker as she will be registered; all days are known beforehand."""

    number: int
    name_zh: str
    base: str
    birth: dt.date
    joined: dt.date
    crafts: Mapping[str, int]
    hours: Sequence[tuple[dt.date, int]]
    away: Sequence[tuple[dt.date, dt.date, str]]
    consents: Sequence[str]
    account: str
    confirmed: bool
    leads: bool = False
    name_en: str = ""
    key: str = ""
    told: Mapping[str, Any] = field(default_factory=dict)
    learns: dt.date | None = None


@dataclass(slots=True)
class Home:
    """One household: its village by code, its people, and how its year goes."""

    number: int
    village: str
    women: list[Woman]
    others: Sequence[tuple[str, str, int]]
    labour: int
    monitored: bool
    moves_on: dt.date | None = None
    moves_to: str = ""
    income: Mapping[str, int] | None = None
    tells: str = "all"
    trend: int = 100


def draw_women(
    rng: random.Random, size: Size, start: dt.date, end: dt.date
) -> list[Woman]:
    """As many women as `size` says; those with a story first at their bases."""
    drawn = names.women_names(rng)
    known: dict[str, list[dict[str, Any]]] = {}
    for row in names.words()["known"]:
        known.setdefault(row["base"], []).append(row)
    women: list[Woman] = []
    for base in size.base_rows():
        told = known.get(base["key"], [])
        for place in range(base["makers"]):
            row = told[place] if place < len(told) else {"name_zh": next(drawn)}
            number = len(women) + 1
            women.append(_woman(rng, number, row, base, place, start, end))
    return women


def _woman(
    rng: random.Random,
    number: int,
    row: Mapping[str, Any],
    base: Mapping[str, Any],
    place: int,
    start: dt.date,
    end: dt.date,
) -> Woman:
    first = place == 0
    early = first or "key" in row or place < 6 or rng.random() < 0.6
    joined = (
        start - dt.timedelta(days=rng.randint(40, EARLIEST))
        if early
        else start + dt.timedelta(days=rng.randint(10, (end - start).days - 40))
    )
    birth = dt.date(row.get("born") or end.year - rng.randint(26, 66), 1, 1)
    asks = row.get("minutes") or rng.choice(HOURS)
    consents = [
        purpose
        for purpose in PURPOSES
        if "key" in row or first or rng.random() < AGREE[purpose]
    ]
    kinds = ("bank", "bank", "bank", "wechat", "wechat", "cash")
    account = rng.choice(kinds) if "pay_account" in consents else "cash"
    return Woman(
        number=number,
        name_zh=row["name_zh"],
        name_en=row.get("name_en", ""),
        key=row.get("key", ""),
        base=base["key"],
        birth=birth + dt.timedelta(days=rng.randint(0, YEAR - 1)),
        joined=joined,
        crafts=row.get("crafts") or _crafts(rng, base["crafts"], place),
        hours=_hours(rng, asks, joined, start, end),
        away=_away(rng, max(joined, start), end),
        consents=consents,
        account="bank" if "key" in row else account,
        confirmed="key" in row or rng.random() < 0.85,
        leads=first,
        told=row if "key" in row else {},
        learns=_learns(rng, max(joined, start), end),
    )


def _crafts(
    rng: random.Random, lowest: Mapping[str, int], place: int
) -> dict[str, int]:
    """Her first craft turns with her place, so that no craft of a base is left out."""
    slugs = list(lowest)
    mine = [slugs[place % len(slugs)]]
    mine += rng.sample([s for s in slugs if s not in mine], rng.choice((0, 1, 1)))
    return {slug: max(lowest[slug], rng.choice(GRADES)) for slug in mine}


def _hours(
    rng: random.Random, asks: int, joined: dt.date, start: dt.date, end: dt.date
) -> list[tuple[dt.date, int]]:
    """Minutes a week from her first day; many ask for more when the fields rest."""
    hours = [(joined, asks)]
    if rng.random() < 0.5:
        day = max(joined, start) + dt.timedelta(days=rng.randint(20, 60))
        for share in (130, 80, 150):
            if day < end - dt.timedelta(days=20):
                hours.append((day, asks * share // 100))
            day += dt.timedelta(days=rng.randint(80, 120))
    return hours


def _away(
    rng: random.Random, since: dt.date, end: dt.date
) -> list[tuple[dt.date, dt.date, str]]:
    """Two weeks of harvest for some, a few days for others; never in the last weeks."""
    away = []
    harvest = dt.date(end.year if end.month > 10 else end.year - 1, 9, 20)
    first = harvest + dt.timedelta(days=rng.randint(0, 6))
    last = end - dt.timedelta(days=21)
    if rng.random() < 0.4 and since < first and first < last:
        away.append((first, first + dt.timedelta(days=rng.randint(8, 16)), "fields"))
    elif rng.random() < 0.3 and (last - since).days > 30:
        day = since + dt.timedelta(days=rng.randint(10, (last - since).days - 10))
        reason = rng.choice(("family", "travel", "health"))
        away.append((day, day + dt.timedelta(days=rng.randint(3, 10)), reason))
    return away


def _learns(rng: random.Random, since: dt.date, end: dt.date) -> dt.date | None:
    """The day of her next certificate, for one in eight."""
    days = (end - since).days - 60
    if rng.random() >= 0.125 or days < 1:
        return None
    return since + dt.timedelta(days=50 + rng.randint(0, days))


def draw_homes(
    rng: random.Random,
    women: Sequence[Woman],
    villages: Mapping[str, Sequence[str]],
    start: dt.date,
    end: dt.date,
) -> list[Home]:
    """A home for each woman; one in ten lives with the woman registered before her."""
    homes: list[Home] = []
    for woman in women:
        last = homes[-1] if homes else None
        if (
            last is not None
            and last.women[0].base == woman.base
            and len(last.women) == 1
            and not woman.key
            and rng.random() < 0.1
        ):
            last.women.append(woman)
            continue
        homes.append(_home(rng, len(homes) + 1, woman, villages[woman.base]))
    mover = next(home for home in homes[len(homes) // 3 :] if len(home.women) == 1)
    mover.moves_on = start + (end - start) // 2
    mover.moves_to = next(
        code for code in villages[mover.women[0].base] if code != mover.village
    )
    loser = next(home for home in homes if home.women[0].base == women[-1].base)
    loser.trend, loser.tells = 55, "all"
    return homes


def _home(
    rng: random.Random, number: int, woman: Woman, villages: Sequence[str]
) -> Home:
    lists = names.words()
    others = []
    family = rng.choice(lists["families"])
    if rng.random() < 0.8:
        husband = family + rng.choice(lists["men"])
        others.append((husband, "head", woman.birth.year - rng.randint(-2, 5)))
    if rng.random() < 0.7:
        child = family + rng.choice(lists["children"])
        others.append((child, "child", woman.birth.year + rng.randint(22, 30)))
    at_home = woman.key or rng.random() < 0.35
    return Home(
        number=number,
        village=villages[0] if at_home else rng.choice(villages),
        women=[woman],
        others=others,
        labour=1 + min(2, len(others)),
        monitored=number % 13 == 5,
        income=_income(rng) if "household_income" in woman.consents else None,
        tells=rng.choices(("all", "some", "none"), (82, 10, 8))[0],
        trend=rng.randint(96, 112),
    )


def _income(rng: random.Random) -> dict[str, int]:
    """Fen of a whole year by source."""
    return {
        "wages_fen": rng.randint(60, 300) * 10_000,
        "business_fen": rng.randint(40, 350) * 10_000,
        "property_fen": rng.choice((0, 0, 0, 80_000, 150_000)),
        "transfers_fen": rng.randint(10, 60) * 10_000,
    }
