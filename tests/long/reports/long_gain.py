"""The report of gains at 1,471 villages and 20,000 households, beside a plain loop.

    ./test --long reports

The plain loop reads one household after another, as its own page does, measured on a
sample and scaled. Both run in one process: the ratio says more than the seconds.
"""

import datetime as dt
import random
import sys
import time

import pytest
from django.db import connection

from producers.income.models import Baseline, FollowUp
from producers.income.selectors import gains_of, gains_within
from producers.ledger.models import Account, Entry, Posting
from producers.models import Household, HouseholdMember, Maker, Residence
from qiaoshou.common.models import Area
from qiaoshou.common.today import clock_at
from qiaoshou.reports import gain
from tests import income_builders as build
from tests.services import registry_world as world

pytestmark = pytest.mark.django_db
COUNTIES, TOWNSHIPS, VILLAGES = 7, 106, 1_471
HOUSEHOLDS, SAMPLE, RUNS = 20_000, 100, 5
SINCE = dt.date(2025, 1, 1)


def areas() -> tuple[Area, list[Area]]:
    """The city, and its villages under townships and counties of even size."""
    city = world.area(None, "city", "试城", "1")
    above = [city]
    for tier, count in (
        ("county", COUNTIES),
        ("township", TOWNSHIPS),
        ("village", VILLAGES),
    ):
        rows, children = [], dict.fromkeys((one.path for one in above), 0)
        for number in range(count):
            over = above[number % len(above)]
            children[over.path] += 1
            name = f"{tier}{number}"
            rows.append(
                Area(
                    path=Area._get_path(over.path, over.depth + 1, children[over.path]),
                    depth=over.depth + 1,
                    tier=tier,
                    name_zh=name,
                    name_en=name,
                    sort_key=name,
                    scheme="test",
                    code=name,
                    vintage="1",
                )
            )
        rows = Area.objects.bulk_create(rows)
        for over in above:
            Area.objects.filter(pk=over.pk).update(numchild=children[over.path])
        above = rows
    return Area.objects.get(pk=city.pk), above


def money(draw: random.Random, most: int) -> dict[str, int]:
    return build.sources(draw.randint(0, most))


def people(villages: list[Area], draw: random.Random) -> list[Maker]:
    """Households of one maker each, all with baseline, nine of ten with a follow-up."""
    numbers = range(HOUSEHOLDS)
    makers = Maker.objects.bulk_create(
        Maker(name_zh=f"人{n}", name_en=f"P{n}", sort_key=f"p{n}") for n in numbers
    )
    homes = Household.objects.bulk_create(
        Household(labour_force=2, opened=SINCE) for _one in numbers
    )
    Residence.objects.bulk_create(
        Residence(household=home, village=villages[n % VILLAGES], valid_from=SINCE)
        for n, home in enumerate(homes)
    )
    HouseholdMember.objects.bulk_create(
        HouseholdMember(household=home, maker=maker, relation="head", valid_from=SINCE)
        for home, maker in zip(homes, makers, strict=True)
    )
    Baseline.objects.bulk_create(
        Baseline(household=home, year=2024, **money(draw, 4_000_000)) for home in homes
    )
    FollowUp.objects.bulk_create(
        FollowUp(
            household=home,
            valid_from=build.OCTOBER,
            valid_to=build.NOVEMBER,
            **money(draw, 300_000),
        )
        for n, home in enumerate(homes)
        if n % 10
    )
    return makers


def payments(makers: list[Maker], villages: list[Area], draw: random.Random) -> None:
    """Every maker was paid once in October, in one great entry."""
    way = Account.objects.bulk_create(
        Account(kind="pay_on_its_way", maker=maker) for maker in makers
    )
    opening, bank = (Account.objects.get(kind=kind) for kind in ("opening", "bank"))
    sums = [draw.randint(1, 90_000) for _one in makers]
    for what, other, sign in (("payout_sent", opening, -1), ("payout_paid", bank, 1)):
        entry = Entry.objects.create(
            what=what,
            reference=what,
            on=build.OCTOBER.replace(day=15),
            source_kind="test",
            source=what,
            size=len(way) + 1,
        )
        Posting.objects.bulk_create(
            [
                *(
                    Posting(
                        entry=entry,
                        account=account,
                        fen=sign * fen,
                        area=villages[n % VILLAGES],
                    )
                    for n, (account, fen) in enumerate(zip(way, sums, strict=True))
                ),
                Posting(entry=entry, account=other, fen=-sign * sum(sums)),
            ],
            batch_size=5_000,
        )


def fastest(deed) -> float:
    times = []
    for _run in range(RUNS):
        began = time.perf_counter()
        deed()
        times.append(time.perf_counter() - began)
    return min(times)


def test_the_report_of_a_whole_city_beside_one_household_after_another(capsys):
    draw = random.Random(1)
    with clock_at(build.NOW):
        city, villages = areas()
        payments(people(villages, draw), villages, draw)
        for year in (2025, 2026):
            build.cpi(city, 1_010, dt.date(year, 1, 1), dt.date(year + 1, 1, 1))
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
        month = (build.OCTOBER, build.NOVEMBER)
        everybody = Household.objects.all()
        sample = list(everybody.order_by("pk")[1 : SAMPLE * 10 : 10])
        report = gain.read(city, *month, visible=everybody)
        of_city = fastest(lambda: gain.read(city, *month, visible=everybody))
        county = city.get_children().first()
        of_county = fastest(lambda: gain.read(county, *month, visible=everybody))
        alone = [gains_of(home, *month)[0].gain_fen for home in sample]
        plain = fastest(lambda: [gains_of(home, *month) for home in sample])
    own = gains_within(city, *month, row_of=lambda path: path).tally.own
    plain = plain * HOUSEHOLDS / SAMPLE

    assert report.total.households == HOUSEHOLDS
    assert report.total.known == HOUSEHOLDS * 9 // 10
    assert [own[home.pk][0] for home in sample] == alone
    assert report.total.gain_fen == sum(fen for fen, _months in own.values())
    assert plain > of_city
    with capsys.disabled():
        text = (
            f"\n{VILLAGES:,} villages, {HOUSEHOLDS:,} households, one month\n"
            f"report of the city        {of_city:8.2f} s\n"
            f"report of one county      {of_county:8.2f} s\n"
            f"one household after another {plain:6.1f} s"
            f" (from {SAMPLE} households)\n"
            f"ratio                     {plain / of_city:8.0f}\n"
        )
        sys.stdout.write(text)
