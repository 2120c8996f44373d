"""Small random networks by seed: every rule of the problem bites in some of them."""

import random
from datetime import date, timedelta

from orders.domain.allocation import Base, Job, Maker, Problem, Reason, Share

START = date(2026, 3, 2)
CRAFTS = ("embroidery", "paper-cut", "straw")


def weeks(count: int) -> tuple[date, ...]:
    return tuple(START + timedelta(weeks=at) for at in range(1, count + 1))


def village(seed: int, *, load: float = 1.0, kept: bool = True) -> Problem:
    """3 to 7 makers, 1 to 3 bases, 2 to 5 jobs; `load` scales what is ordered."""
    dice = random.Random(seed)
    days = dice.randint(1, 3)
    bases = tuple(
        Base(
            id=at,
            county=dice.choice("AB"),
            capacity=rising(dice, days, 600, 3000),
        )
        for at in range(1, dice.randint(1, 3) + 1)
    )
    makers = tuple(
        Maker(
            id=100 + at,
            base=dice.choice(bases).id,
            grades={
                craft: dice.randint(1, 3)
                for craft in dice.sample(CRAFTS, dice.randint(1, 2))
            },
            need=dice.choice((100, 150)) * 60 * dice.randint(5, 30),
            earned=0 if dice.random() < 0.25 else dice.randint(0, 90_000),
            free=rising(dice, days, 120, 1200),
            idle_days=dice.randint(0, 90),
        )
        for at in range(dice.randint(3, 7))
    )
    jobs = tuple(job(dice, at, days, bases, load) for at in range(dice.randint(2, 5)))
    declined = frozenset(
        (one.id, who.id) for one in jobs for who in makers if dice.random() < 0.05
    )
    return Problem(
        weeks(days), makers, bases, jobs, declined, held_over(dice, makers, jobs, kept)
    )


def rising(dice: random.Random, days: int, least: int, most: int) -> tuple[int, ...]:
    total, row = 0, []
    for _ in range(days):
        total += dice.randint(least, most)
        row.append(total)
    return tuple(row)


def job(dice: random.Random, at: int, days: int, bases, load: float) -> Job:
    minutes = dice.choice((15, 30, 45, 60, 90, 150))
    pieces = max(1, int(dice.choice((60, 240, 600, 900)) * load) // minutes)
    limited = dice.random() < 0.2
    allowed = frozenset({dice.choice(bases).id}) if limited else None
    return Job(
        id=at + 1,
        craft=dice.choice(CRAFTS),
        grade=dice.choice((1, 1, 1, 2)),
        deadline=dice.randrange(days),
        minutes=minutes,
        rate=minutes * dice.randint(20, 50),
        pieces=pieces,
        min_lot=max(1, 120 // minutes),
        bases=allowed,
    )


def held_over(dice: random.Random, makers, jobs, kept: bool) -> tuple[Share, ...]:
    """Now and then somebody already works on a part of a job."""
    shares = []
    for one in jobs:
        if kept and dice.random() < 0.2:
            who = dice.choice(makers)
            reason = Reason("KEPT", {"pieces": 1})
            shares.append(
                Share(one.id, who.id, dice.randint(1, one.pieces), reason, who.base)
            )
    return tuple(shares)
