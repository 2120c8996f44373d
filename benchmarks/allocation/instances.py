"""Invented networks by seed: district (S), city (M), province (L), region (XL)."""

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from orders.domain.allocation import Base, Job, Maker, Problem

WEEKS = (1, 2, 3, 4, 6, 8)
START = date(2026, 3, 2)
DEADLINES = tuple(START + timedelta(weeks=week) for week in WEEKS)
SIZES = {
    "S": (2, 10, 200, 100),
    "M": (6, 100, 4_000, 1_000),
    "L": (12, 500, 20_000, 5_000),
    "XL": (20, 1_500, 60_000, 15_000),
}
CRAFTS = 20
QUARTER = 15


@dataclass(frozen=True, slots=True)
class Crafts:
    """Twenty crafts: how many hold them, how much is asked for, pay and time."""

    skill: np.ndarray
    demand: np.ndarray
    hourly: np.ndarray
    median: np.ndarray


def network(
    size: str, seed: int, *, util: float = 0.25, second: bool = False
) -> Problem:
    """One instance of the family; the same seed gives the same problem everywhere."""
    dice = np.random.Generator(np.random.PCG64(seed))
    counties, base_count, maker_count, line_count = SIZES[size]
    crafts = _crafts(dice)
    grades = 5 if second else 3
    places = _bases(dice, counties, base_count, crafts)
    makers, offered = _makers(dice, maker_count, places, crafts, grades, second)
    bases = tuple(
        Base(
            id=at + 1,
            county=f"county {places['county'][at] + 1:02d}",
            capacity=_capacity(dice, at, makers, offered),
        )
        for at in range(base_count)
    )
    jobs = _jobs(dice, line_count, crafts, makers, util, grades, second, base_count)
    return Problem(DEADLINES, makers, bases, jobs, frozenset(), ())


def _zipf(count: int, power: float) -> np.ndarray:
    weight = 1.0 / np.arange(1, count + 1) ** power
    return weight / weight.sum()


def _crafts(dice: np.random.Generator) -> Crafts:
    skill = _zipf(CRAFTS, 0.9)
    order = np.argsort(np.arange(CRAFTS) + dice.normal(0, 4, CRAFTS))
    demand = np.empty(CRAFTS)
    demand[order] = _zipf(CRAFTS, 0.9)
    return Crafts(
        skill, demand, dice.uniform(14, 32, CRAFTS), dice.uniform(0.5, 2.5, CRAFTS)
    )


def _bases(dice, counties: int, count: int, crafts: Crafts) -> dict[str, np.ndarray]:
    """County, level, transit weeks, main crafts and size of every base."""
    favours = []
    for _ in range(counties):
        weight = crafts.skill.copy()
        liked = dice.choice(CRAFTS, dice.integers(3, 7), replace=False)
        weight[liked] *= 6
        favours.append(weight / weight.sum())
    county = dice.choice(counties, count, p=_zipf(counties, 0.8))
    level = dice.choice(3, count, p=(0.1, 0.3, 0.6))
    main = [
        dice.choice(CRAFTS, dice.integers(1, 5), replace=False, p=favours[at])
        for at in county
    ]
    return {
        "county": county,
        "level": level,
        "transit": 0.1 + 0.15 * level + 0.1 * dice.random(count),
        "size": dice.lognormal(0, 0.6, count),
        "main": np.array(main, dtype=object),
    }


def _makers(dice, count, places, crafts, grades, second):
    """The makers, and per maker the minutes she offers a week."""
    size = places["size"] / places["size"].sum()
    homes = dice.choice(len(size), count, p=size)
    found = []
    offered = np.zeros(count)
    for at in range(count):
        home = int(homes[at])
        known = min(4, 1 + int(dice.poisson(0.7)))
        skills: dict[str, int] = {}
        for _ in range(known):
            if dice.random() < 0.85:
                craft = int(dice.choice(places["main"][home]))
            else:
                craft = int(dice.choice(CRAFTS, p=crafts.skill))
            skills[f"craft {craft + 1:02d}"] = _grade(dice, grades)
        if dice.random() < 0.15:
            skills = dict.fromkeys(skills, 1)
        hours = 5 + 35 * dice.beta(1.3, 2.2)
        week = max(1, round(hours * 60 / QUARTER)) * QUARTER
        offered[at] = week
        priority = dice.random() < (0.08, 0.13, 0.21)[places["level"][home]]
        earned = 0.0
        if dice.random() >= 0.25:
            earned = dice.lognormal(6.2, 0.7) * hours / 18 * (0.7 if priority else 1)
        busy = dice.random() * week if dice.random() < 0.3 else 0.0
        away = places["transit"][home] * week + busy
        start = dice.random() * 1.5 if second else 0.0
        free = tuple(
            max(0, int((max(0.0, weeks - start) * week - away) / QUARTER) * QUARTER)
            for weeks in WEEKS
        )
        if second and dice.random() < 0.2:
            free = _falling(dice, free)
        found.append(
            Maker(
                id=at + 1,
                base=home + 1,
                grades=skills,
                need=(150 if priority else 100) * week,
                earned=round(earned * 100),
                free=free,
                idle_days=int(dice.integers(0, 120)),
            )
        )
    return tuple(found), offered


def _falling(dice, free: tuple[int, ...]) -> tuple[int, ...]:
    """Work promised by one deadline takes more than the hours gained since the last."""
    at = int(dice.integers(1, len(free)))
    promised = free[at] - int(free[at - 1] * dice.uniform(0.5, 1) / QUARTER) * QUARTER
    return free[:at] + tuple(max(0, hours - promised) for hours in free[at:])


def _grade(dice, grades: int) -> int:
    if grades == 3:
        return int(dice.choice(3, p=(0.5, 0.35, 0.15))) + 1
    return int(dice.choice(5, p=(0.35, 0.25, 0.2, 0.12, 0.08))) + 1


def _capacity(dice, base: int, makers, offered) -> tuple[int, ...]:
    mine = [at for at, maker in enumerate(makers) if maker.base == base + 1]
    share = dice.uniform(0.15, 1)
    week = sum(offered[at] for at in mine) * share
    return tuple(int(week * weeks / QUARTER) * QUARTER for weeks in WEEKS)


def _jobs(dice, count, crafts, makers, util, grades, second, base_count):
    """The lines that stock did not serve, scaled to the hours offered."""
    products = max(20, count // 5)
    craft_of = dice.choice(CRAFTS, products, p=crafts.demand)
    hours = np.clip(crafts.median[craft_of] * dice.lognormal(0, 0.5, products), 0.25, 6)
    minutes = np.maximum(1, np.round(hours * 60 / QUARTER)).astype(int) * QUARTER
    popular = _zipf(products, 0.7)
    rows = []
    for at in range(count):
        product = int(dice.choice(products, p=popular))
        kind = dice.choice(3, p=(0.8, 0.15, 0.05))
        if kind == 0:
            pieces = min(20, int(dice.geometric(0.2)))
            due = int(dice.choice(3, p=(0.25, 0.45, 0.30)))
        elif kind == 1:
            pieces, due = int(dice.integers(20, 201)), int(dice.integers(1, 5))
        else:
            pieces, due = int(dice.integers(500, 5001)), int(dice.integers(2, 5))
        shares = (0.6, 0.3, 0.1) if grades == 3 else (0.45, 0.25, 0.15, 0.1, 0.05)
        grade = int(dice.choice(grades, p=shares)) + 1
        piece_rate = crafts.hourly[craft_of[product]] * minutes[product] / 60
        piece_rate *= dice.uniform(0.7, 1.3) if second else 1
        limited = second and dice.random() < 0.2
        third = dice.choice(base_count, max(1, base_count // 3), replace=False)
        from_stock = dice.random() < 0.2
        if not from_stock:
            allowed = frozenset((third + 1).tolist()) if limited else None
            rows.append(
                (
                    *(
                        at + 1,
                        int(craft_of[product]),
                        grade,
                        due,
                        int(minutes[product]),
                    ),
                    *(max(1, round(piece_rate * 100)), pieces, int(kind), allowed),
                )
            )
    return _scaled(rows, makers, util)


def _scaled(rows, makers, util) -> tuple[Job, ...]:
    """Trade lines are scaled to `util`; no pool is asked for more than 70 %."""
    held = np.zeros((CRAFTS, len(makers)), dtype=np.int64)
    for at, maker in enumerate(makers):
        for craft, grade in maker.grades.items():
            held[int(craft[-2:]) - 1, at] = grade
    free = np.array([maker.free for maker in makers], dtype=np.float64)
    table = np.array([row[:8] for row in rows], dtype=np.int64)
    _, craft, grade, due, minutes, _, wanted, kind = table.T
    pieces = wanted.astype(float)
    for _ in range(1):
        work = pieces * minutes
        factor = max(0.0, util * free[:, -1].sum() - work[kind == 0].sum())
        pieces[kind > 0] *= factor / max(1.0, work[kind > 0].sum())
        for one in range(CRAFTS):
            for least in range(1, 6):
                room = 0.7 * free[held[one] >= least].sum(axis=0)
                for by in range(len(WEEKS)):
                    mine = (craft == one) & (grade >= least) & (due <= by)
                    _trim(pieces, minutes, mine, kind > 0, room[by])
    counts = [int(count + 1e-9) for count in pieces]
    return tuple(_job(row, n) for row, n in zip(rows, counts, strict=True) if n)


def _trim(pieces, minutes, mine, trade, room: float) -> None:
    """Cut the pool's trade lines first, then its retail lines, down to its room."""
    for part in (mine & trade, mine):
        asked = (pieces[mine] * minutes[mine]).sum()
        cut = (pieces[part] * minutes[part]).sum()
        if asked > room and cut:
            pieces[part] *= max(0.0, 1 - (asked - room) / cut)


def _job(row, pieces: int) -> Job:
    name, craft, grade, due, minutes, rate, _, kind, allowed = row
    lot_minutes = 240 if kind == 2 else 120
    return Job(
        id=name,
        craft=f"craft {craft + 1:02d}",
        grade=grade,
        deadline=due,
        minutes=minutes,
        rate=rate,
        pieces=pieces,
        min_lot=max(1, -(-lot_minutes // minutes)),
        bases=allowed,
    )
