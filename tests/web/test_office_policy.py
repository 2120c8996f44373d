"""Who may see and do what in the registry, and who may not."""

import datetime as dt

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied

from producers import policy
from producers.models import Base, Household, Maker
from producers.services.makers import change_status, link_account
from producers.services.memberships import join_base, leave_base
from qiaoshou.accounts.models import User
from qiaoshou.common.today import ZONE, clock_at
from tests.services.registry_world import (
    DAY,
    County,
    active_maker,
    base,
    household,
    later,
    maker,
    officer,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _a_day_in_march():
    with clock_at(dt.datetime(2026, 3, 4, 9, tzinfo=ZONE)):
        yield


class World:
    def __init__(self) -> None:
        self.county = County()
        self.base = base(self.county.village)
        self.foreign = base(self.county.foreign_village, "邻村基地")
        self.woman = active_maker("王桂兰", at=self.base)
        self.stranger = active_maker("赵外人", at=self.foreign)
        self.home = household(self.county.village, self.woman)
        household(self.county.foreign_village, self.stranger)
        leader = maker("刘带头")
        join_base(maker=leader, base=self.base, since=DAY, role="leader")
        self.users = {
            "officer": officer(self.county.county),
            "village officer": officer(self.county.village, "v@example.org"),
            "foreign officer": officer(self.county.foreign_county, "f@example.org"),
            "leader": User.objects.create_user(email="leader@example.org"),
            "herself": User.objects.create_user(email="she@example.org"),
            "buyer": User.objects.create_user(email="buyer@example.org"),
            "nobody": AnonymousUser(),
        }
        link_account(maker=leader, user=self.users["leader"])
        self.woman = link_account(maker=self.woman, user=self.users["herself"])


@pytest.fixture
def world():
    return World()


OFFICERS = {"officer", "village officer"}


@pytest.mark.parametrize(
    ("action", "row", "may"),
    [
        ("see_base", "base", OFFICERS | {"leader"}),
        ("change_base", "base", OFFICERS),
        ("lower_offer", "base", OFFICERS | {"leader"}),
        ("see_maker", "woman", OFFICERS | {"leader", "herself"}),
        ("change_maker", "woman", OFFICERS),
        ("change_hours", "woman", OFFICERS | {"leader", "herself"}),
        ("reveal_maker", "woman", OFFICERS | {"herself"}),
        ("withdraw_consent", "woman", OFFICERS | {"herself"}),
        ("see_household", "home", OFFICERS),
        ("change_household", "home", OFFICERS),
        ("see_base", "foreign", {"foreign officer"}),
        ("see_maker", "stranger", {"foreign officer"}),
        ("reveal_maker", "stranger", {"foreign officer"}),
    ],
)
def test_who_may(world, action, row, may):
    allowed = set()
    for name, user in world.users.items():
        try:
            policy.check(user, action, getattr(world, row))
        except PermissionDenied:
            continue
        allowed.add(name)

    assert allowed == may


def seen(world, rows) -> dict[str, list[str]]:
    return {
        name: sorted(str(row) for row in rows(user))
        for name, user in world.users.items()
        if rows(user).exists()
    }


def test_lists_hold_what_each_may_see(world):
    assert seen(world, policy.bases_for) == {
        "officer": ["柳村基地"],
        "village officer": ["柳村基地"],
        "foreign officer": ["邻村基地"],
        "leader": ["柳村基地"],
    }
    assert seen(world, policy.makers_for) == {
        "officer": ["刘带头", "王桂兰"],
        "village officer": ["刘带头", "王桂兰"],
        "foreign officer": ["赵外人"],
        "leader": ["刘带头", "王桂兰"],
        "herself": ["王桂兰"],
    }
    assert list(seen(world, policy.households_for)) == [
        "officer",
        "village officer",
        "foreign officer",
    ]


def test_a_leader_sees_no_office_list(world):
    leader = world.users["leader"]

    assert not any(
        policy.office_may(leader, action, model)
        for action in ("view", "add", "change", "delete")
        for model in (Base, Maker, Household)
    )


def test_a_leader_whose_time_is_over_sees_nobody(world):
    row = world.base.memberships.get(role="leader")
    leave_base(membership=row, on=later(1))

    assert list(policy.bases_for(world.users["leader"])) == []


def test_an_officer_still_sees_who_left_from_her_area(world):
    change_status(maker=world.woman, status="left", by=None, on=later(1))
    leave_base(membership=world.woman.memberships.get(), on=later(1))
    member = world.woman.household_memberships.get()
    member.valid_to = later(1)
    member.save()

    assert world.woman in policy.makers_for(world.users["officer"])
    assert world.woman not in policy.makers_for(world.users["foreign officer"])
    assert world.woman not in policy.makers_for(world.users["leader"])


def test_the_top_of_the_federation_sees_makers_without_base_and_village(world):
    top = officer(world.county.city, "city@example.org")
    lonely = maker("孤身人")

    assert lonely in policy.makers_for(top)
    assert lonely not in policy.makers_for(world.users["officer"])
    assert policy.standing(top).top
    assert not policy.standing(world.users["officer"]).top
