"""Small named things for tests of incomes: households that told, and pay received."""

import datetime as dt
import itertools
import uuid

from producers.income import services
from producers.income.models import Baseline, FollowUp
from producers.ledger.journal import Move, enter
from producers.ledger.models import Account, Entry
from producers.models import Base, Household, Maker
from producers.services.households import move_household
from qiaoshou.common.models import Area, ReferenceValue
from qiaoshou.common.today import ZONE
from tests.services import registry_world as world

NOW = dt.datetime(2026, 11, 25, 9, 0, tzinfo=ZONE)
SEPTEMBER, OCTOBER = dt.date(2026, 9, 1), dt.date(2026, 10, 1)
NOVEMBER = dt.date(2026, 11, 1)
_numbers = itertools.count(1)


def sources(fen: int) -> dict[str, int]:
    """The sum as wages."""
    return {
        "wages_fen": fen,
        "business_fen": 0,
        "property_fen": 0,
        "transfers_fen": 0,
    }


def agreeing(village: Area, *names: str) -> tuple[Household, list[Maker]]:
    """A household whose makers agree that its income is recorded."""
    women = [world.maker(name) for name in names]
    home = world.household(village, *women)
    for woman in women:
        world.agrees(woman, "household_income")
    return home, women


def baseline(home: Household, fen: int, year: int = 2025) -> Baseline:
    return services.record_baseline(
        household=home,
        year=year,
        client_reference=uuid.uuid4(),
        by=None,
        **sources(fen),
    )


def follow_up(
    home: Household, fen: int, first: dt.date = OCTOBER, until: dt.date = NOVEMBER
) -> FollowUp:
    return services.record_follow_up(
        household=home,
        valid_from=first,
        valid_to=until,
        client_reference=uuid.uuid4(),
        by=None,
        **sources(fen),
    )


def pay(maker: Maker, base: Base, fen: int, on: dt.date, area: Area | None) -> Entry:
    """The maker has received this pay on this day, posted to this area."""
    number = next(_numbers)
    hers = {"maker": maker, "base": base, "area": area}
    way = Account.Kind.PAY_ON_ITS_WAY
    enter(
        what=Entry.What.PAYOUT_SENT,
        reference=f"test-sent:{number}",
        source_kind="test",
        source=str(number),
        moves=[Move(Account.Kind.OPENING, fen), Move(way, -fen, **hers)],
        on=on,
    )
    return enter(
        what=Entry.What.PAYOUT_PAID,
        reference=f"test-paid:{number}",
        source_kind="test",
        source=str(number),
        moves=[Move(way, fen, **hers), Move(Account.Kind.BANK, -fen)],
        on=on,
    )


def cpi(area: Area, value: int, first: dt.date, until: dt.date | None = None) -> None:
    """The same month of the year before is 1,000."""
    ReferenceValue.objects.create(
        kind="cpi",
        area=area,
        value=value,
        unit="index_milli",
        valid_from=first,
        valid_to=until,
        source="invented",
        invented=True,
    )


class Example(world.County):
    """The worked example of docs/rules/gain.md: four households in two villages."""

    def __init__(self) -> None:
        super().__init__()
        self.base = world.base(self.village)
        self.w, [self.wang] = agreeing(self.village, "王桂兰")
        self.z, [self.zhao] = agreeing(self.other_village, "赵玉梅")
        self.n, [self.ning] = agreeing(self.village, "宁小满")
        self.v, [self.wei] = agreeing(self.village, "魏秀英")
        baseline(self.w, 2_400_005)
        baseline(self.z, 1_200_000)
        baseline(self.v, 1_800_000)
        follow_up(self.w, 500_000, dt.date(2026, 8, 1))
        follow_up(self.z, 70_000)
        follow_up(self.n, 90_000)
        tenth = OCTOBER.replace(day=10)
        self.paid(self.wang, 60_000, tenth, self.village)
        self.moves(self.w, OCTOBER.replace(day=20), self.other_village)
        self.paid(self.wang, 25_000, OCTOBER.replace(day=25), self.other_village)
        self.paid(self.ning, 12_345, tenth, self.village)
        self.paid(self.wei, 40_000, tenth, self.village)

    def paid(self, maker: Maker, fen: int, on: dt.date, area: Area | None) -> None:
        pay(maker, self.base, fen, on, area)

    @staticmethod
    def moves(home: Household, on: dt.date, village: Area) -> None:
        move_household(household=home, village=village, on=on)
