"""Loads the demo in one transaction: it is there as a whole, or not at all."""

import datetime as dt
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import StrEnum

from django.db import transaction

from orders.models import Sale
from producers import capacity
from producers.models import Base, Maker
from qiaoshou.accounts.models import User
from qiaoshou.common import audit
from qiaoshou.common.models import AuditRow
from qiaoshou.common.today import clock_at, now
from qiaoshou.demo import figures, ground, registry, staff, women
from qiaoshou.demo.bringing import Bringing
from qiaoshou.demo.buying import Buying
from qiaoshou.demo.haste import in_haste, learn_sizes
from qiaoshou.demo.incomes import Incomes
from qiaoshou.demo.jobs import Jobs, in_memory
from qiaoshou.demo.making import Making
from qiaoshou.demo.paying_out import PayingOut
from qiaoshou.demo.present import Present
from qiaoshou.demo.products import load_products
from qiaoshou.demo.sending import Sending
from qiaoshou.demo.sizes import FULL, Size
from qiaoshou.demo.world import World, at
from qiaoshou.demo.year import Year

MARK = "load_demo"
OFFER_EVERY_WEEKS, OFFERED_WEEKS = 4, 17


class State(StrEnum):
    """What a database holds, as far as the demo is concerned."""

    EMPTY = "empty"
    LOADED = "loaded"
    IN_USE = "in_use"


def state() -> State:
    """The mark is the last row of a load; people or bases without it are not ours."""
    if AuditRow.objects.filter(deed=MARK).exists():
        return State.LOADED
    rows = (User, Base, Maker, Sale)
    return State.IN_USE if any(row.objects.exists() for row in rows) else State.EMPTY


class NotEmpty(Exception):
    """The database holds a demo or somebody's data; `state` says which."""

    def __init__(self, found: State) -> None:
        super().__init__(found)
        self.state = found


def load(
    *, seed: int, size: Size = FULL, say: Callable[[str], None]
) -> dict[str, int | str]:
    """The demo is in the database; returns its figures.

    Ends at the present moment, with everything before it made by the services of real
    use. Killed in between it leaves nothing behind. Raises NotEmpty.
    """
    found = state()
    if found != State.EMPTY:
        raise NotEmpty(found)
    world = World(seed=seed, size=size, end=now(), say=say)
    with transaction.atomic():
        with in_memory() as jobs, in_haste():
            _people_and_places(world)
            learn_sizes()
            _pieces(world)
            learn_sizes()
            _twelve_months(world, jobs)
        jobs.hand_over()
        with step(world, "Adding up"):
            found_figures = figures.figures()
        audit.record(
            deed=MARK,
            subject=f"demo:{seed}",
            by=None,
            facts={"size": size.name, **found_figures},
        )
    return found_figures


@contextmanager
def step(world: World, title: str) -> Iterator[None]:
    """Says what is being done, and how long it took."""
    started = time.monotonic()
    world.say(f"{title} …")
    yield
    world.say(f"{title}: {time.monotonic() - started:.1f} s")


def _people_and_places(world: World) -> None:
    with step(world, "Areas, crafts and first pages"):
        ground.lay_ground(world)
        staff.let_in(world)
        ground.open_places(world)
    with step(world, "Households and makers"):
        villages = ground.villages_of_bases(world)
        world.women = women.draw_women(
            world.dice("women"), world.size, world.start, world.today
        )
        world.homes = women.draw_homes(
            world.dice("homes"), world.women, villages, world.start, world.today
        )
        for home in world.homes:
            for woman in home.women:
                registry.register(world, woman)
                staff.give_account(world, woman)
            registry.settle(world, home)
            for woman in home.women:
                registry.join_home(world, home, woman)


def _pieces(world: World) -> None:
    with (
        step(world, "Products, pictures, time studies, rates and stock"),
        clock_at(at(world.start, 9)),
    ):
        load_products(
            crafts=world.crafts,
            bases=list(world.bases.values()),
            day=world.start,
            seed=world.seed,
            by=world.people["shopkeeper"],
            slugs=world.size.slugs,
        )


def _twelve_months(world: World, jobs: Jobs) -> None:
    year = Year(world.end)
    sending = Sending(world, year)
    bringing = Bringing(world, year, sending.look)
    making = Making(world, year, bringing.taken)
    buying = Buying(world, year, lambda sale: sending.look(sale.reference))
    present = Present(world, year, buying, making, bringing, sending)
    incomes = Incomes(world, year)
    buying.plan(world.size.orders - present.orders)
    present.plan()
    incomes.plan()
    PayingOut(world, year).plan()
    _plan_registry(world, year)
    batched = {"allocate_order": making.work_came, "place_again": making.work_came}
    month = dt.date.min

    def after(moment: dt.datetime) -> None:
        nonlocal month
        jobs.queue(year, moment, batched)
        if moment.date().replace(day=1) != month:
            month = moment.date().replace(day=1)
            learn_sizes()
            world.say(f"  {month:%Y-%m}")

    with step(world, f"{world.size.days} days of orders, work, pay and parcels"):
        year.run(after)


def _offer() -> None:
    capacity.propose_offers(weeks=OFFERED_WEEKS)


def _plan_registry(world: World, year: Year) -> None:
    """What changes in the registry during the year, each on its day."""
    day = world.start
    while day <= world.today:
        year.at(at(day, 2, 30), _offer)
        day += dt.timedelta(weeks=OFFER_EVERY_WEEKS)
    for woman in world.women:
        for since, minutes in woman.hours[1:]:
            told = at(since - dt.timedelta(days=2), 12)
            year.at(told, registry.ask, world, woman, since, minutes)
        for since, until, reason in woman.away:
            told = at(since - dt.timedelta(days=3), 12)
            year.at(told, registry.leave_for, world, woman, since, until, reason)
        if woman.learns is not None:
            year.at(at(woman.learns, 14), registry.learn, world, woman, woman.learns)
    for home in world.homes:
        if home.moves_on is not None:
            year.at(at(home.moves_on, 9), registry.move, world, home)
