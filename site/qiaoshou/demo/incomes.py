"""What the households of the demo tell: a baseline once, then every three months."""

import datetime as dt
from collections.abc import Mapping

from producers.income.services import record_baseline, record_follow_up
from qiaoshou.demo.women import Home
from qiaoshou.demo.world import World, at, reference
from qiaoshou.demo.year import Year

MONTHS_TOLD = 3
# Thousandths of a household's own course by which one season differs from another.
SPREAD = 80


def months_after(month: dt.date, months: int) -> dt.date:
    number = month.year * 12 + month.month - 1 + months
    return dt.date(number // 12, number % 12 + 1, 1)


class Incomes:
    """Officers write down what they are told at home; some are not asked, some refuse.

    Who did not agree has no baseline. Of the others most tell every month of the year,
    some leave out a season, a few tell nothing: their gain is not known.
    """

    def __init__(self, world: World, year: Year) -> None:
        self.world, self.year = world, year

    def plan(self) -> None:
        for home in self.world.homes:
            women = home.women
            if all("household_income" in woman.consents for woman in women):
                joined = max(woman.joined for woman in women)
                told = max(joined, self.world.start) + dt.timedelta(days=1)
                self.year.at(at(told, 15), self.baseline, home)
                if home.tells != "none":
                    self._plan_follow_ups(home, joined)

    def _plan_follow_ups(self, home: Home, joined: dt.date) -> None:
        """Whole months up to the one that ended last, three at a time."""
        last = self.world.today.replace(day=1)
        first = max(joined, self.world.start).replace(day=1)
        first = months_after(first, 1)
        number = 0
        while first < last:
            until = min(months_after(first, MONTHS_TOLD), last)
            if home.tells == "all" or number % 2 == 0:
                visit = until + dt.timedelta(days=home.number % 5)
                visit = min(visit, self.world.today - dt.timedelta(days=1))
                moment = at(max(visit, until), 8, 30)
                self.year.at(moment, self.follow_up, home, first, until)
            first, number = until, number + 1

    def baseline(self, home: Home) -> None:
        """The whole year before she joined, or the last that is over."""
        joined = max(woman.joined for woman in home.women)
        record_baseline(
            household=self.world.households[home.number],
            year=joined.year - 1,
            client_reference=reference(self.world.dice(f"baseline {home.number}")),
            by=self.world.officer(home.women[0].base),
            document="演示：入户登记表",
            **(home.income or {}),
        )

    def follow_up(self, home: Home, first: dt.date, until: dt.date) -> None:
        """Her household's own course, with the luck of the season."""
        dice = self.world.dice(f"follow-up {home.number} {first}")
        months = (until.year - first.year) * 12 + until.month - first.month
        course = home.trend * 10 + dice.randint(-SPREAD, SPREAD)
        record_follow_up(
            household=self.world.households[home.number],
            valid_from=first,
            valid_to=until,
            client_reference=reference(dice),
            by=self.world.officer(home.women[0].base),
            document="演示：入户走访",
            **_share(home.income or {}, months, course),
        )


def _share(year: Mapping[str, int], months: int, course: int) -> dict[str, int]:
    """So many months of a year's income, at `course` thousandths, in whole yuan."""
    return {
        source: fen * months * course // (12 * 1_000) // 100 * 100
        for source, fen in year.items()
    }
