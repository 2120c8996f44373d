"""What the steps of loading hand on to each other: clock, dice, areas, people."""

import datetime as dt
import random
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field

from producers.models import Base, Craft, Household, Maker, PickupPoint
from qiaoshou.accounts.models import User
from qiaoshou.common.models import Area
from qiaoshou.common.today import ZONE
from qiaoshou.demo.sizes import Size
from qiaoshou.demo.women import Home, Woman

# The county of the demo's officer; the others are kept by the city's.
OFFICERS_COUNTY = "211282"


@dataclass(slots=True)
class World:
    """The demo while it is being made; `end` is the moment at which it stops."""

    seed: int
    size: Size
    end: dt.datetime
    say: Callable[[str], None]
    areas: dict[str, Area] = field(default_factory=dict)
    crafts: dict[str, Craft] = field(default_factory=dict)
    bases: dict[str, Base] = field(default_factory=dict)
    points: dict[str, PickupPoint] = field(default_factory=dict)
    people: dict[str, User] = field(default_factory=dict)
    leaders: dict[int, User] = field(default_factory=dict)
    women: list[Woman] = field(default_factory=list)
    homes: list[Home] = field(default_factory=list)
    makers: dict[int, Maker] = field(default_factory=dict)
    households: dict[int, Household] = field(default_factory=dict)

    @property
    def today(self) -> dt.date:
        return self.end.date()

    @property
    def start(self) -> dt.date:
        return self.today - dt.timedelta(days=self.size.days)

    def dice(self, name: str) -> random.Random:
        """Chance of its own for each part, so that one part does not move another."""
        return random.Random(f"{self.seed}:{name}")

    def officer(self, base: str) -> User:
        """Who keeps the registry there: the county's officer, else the city's."""
        own = self.bases[base].area.code.startswith(OFFICERS_COUNTY)
        return self.people["officer-county" if own else "officer-city"]

    def leader(self, base: Base) -> User:
        return self.leaders[base.pk]

    def named(self, key: str) -> Maker:
        """A woman with a story, by the key of data/women.json."""
        woman = next(one for one in self.women if one.key == key)
        return self.makers[woman.number]


def at(day: dt.date, hour: int, minute: int = 0) -> dt.datetime:
    """A moment of a business day."""
    return dt.datetime.combine(day, dt.time(hour, minute), tzinfo=ZONE)


def reference(rng: random.Random) -> uuid.UUID:
    """A client reference as a browser would make it, the same for the same seed."""
    return uuid.UUID(int=rng.getrandbits(128), version=4)
