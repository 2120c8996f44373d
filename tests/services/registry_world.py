"""A tiny county with two bases and a few women, for tests of the registry."""

import datetime as dt
from contextlib import contextmanager

import pytest
from django.db import IntegrityError, transaction

from producers.models import Base, Craft, Household, Maker
from producers.services import makers as making
from producers.services.consents import give_consent
from producers.services.households import add_member, register_household
from producers.services.memberships import join_base
from producers.services.places import open_base
from producers.services.skills import certify
from qiaoshou.accounts.models import Grant, User
from qiaoshou.common.models import Area

DAY = dt.date(2026, 3, 2)
NUMBERS = ("211282196803120026", "11010519491231002X", "211224195502283413")


def later(days: int) -> dt.date:
    return DAY + dt.timedelta(days=days)


def area(above: Area | None, tier: str, name: str, code: str) -> Area:
    values = {
        "tier": tier,
        "name_zh": name,
        "name_en": name,
        "sort_key": name,
        "kind": "",
        "scheme": "test",
        "code": code,
        "vintage": "1",
    }
    return Area.add_root(**values) if above is None else above.add_child(**values)


class County:
    """City › county › township › two villages, and a second county beside it."""

    def __init__(self) -> None:
        self.city = area(None, "city", "试城", "21")
        self.county = area(self.city, "county", "试县", "2101")
        self.town = area(self.county, "township", "试乡", "210101")
        self.village = area(self.town, "village", "柳村", "21010101")
        self.other_village = area(self.town, "village", "杏村", "21010102")
        self.foreign_county = area(self.city, "county", "邻县", "2102")
        self.foreign_town = area(self.foreign_county, "township", "邻乡", "210201")
        self.foreign_village = area(self.foreign_town, "village", "邻村", "21020101")


def base(place: Area, name: str = "柳村基地", tier: str = "village", **rest) -> Base:
    return open_base(
        tier=tier, area=place, name_zh=name, name_en=name, opened=DAY, **rest
    )


def maker(name: str = "王桂兰", **rest) -> Maker:
    return making.register_maker(name_zh=name, by=None, on=DAY, **rest)


def active_maker(
    name: str = "王桂兰", *, at: Base | None = None, minutes: int = 1200, **rest
) -> Maker:
    woman = maker(name, **rest)
    for status in ("verified", "active"):
        woman = making.change_status(maker=woman, status=status, by=None, on=DAY)
    making.ask_for_minutes(maker=woman, minutes=minutes, since=DAY)
    if at is not None:
        join_base(maker=woman, base=at, since=DAY)
    return woman


def household(village: Area, *women: Maker) -> Household:
    home = register_household(village=village, labour_force=2, since=DAY)
    for woman in women:
        add_member(household=home, maker=woman, relation="spouse", since=DAY)
    return home


def craft(slug: str = "paper-cut", name: str = "剪纸") -> Craft:
    return Craft.add_root(slug=slug, name_zh=name, name_en=slug, sort_key=slug)


def skilled(woman: Maker, in_craft: Craft, grade: int = 3) -> None:
    certify(maker=woman, craft=in_craft, grade=grade, on=DAY, by=None, evidence="seen")


def agrees(woman: Maker, *purposes: str) -> None:
    for purpose in purposes:
        give_consent(maker=woman, purpose=purpose, how="paper", by=None)


def officer(place: Area, email: str = "officer@example.org") -> User:
    user = User.objects.create_user(email=email, full_name="李经办")
    Grant.objects.create(user=user, role="officer", area=place, valid_from=DAY)
    return user


@contextmanager
def refused(constraint: str):
    """The database refuses what happens inside by this constraint."""
    with pytest.raises(IntegrityError) as error, transaction.atomic():
        yield
    assert error.value.__cause__.diag.constraint_name == constraint
