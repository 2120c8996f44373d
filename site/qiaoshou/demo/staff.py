"""The people who sign in to the demo: one of each role, and a leader at every base."""

import datetime as dt

from producers.services.makers import link_account
from qiaoshou.accounts.grants import give_grant
from qiaoshou.accounts.models import Grant, User
from qiaoshou.demo.people import PEOPLE
from qiaoshou.demo.women import Woman
from qiaoshou.demo.world import OFFICERS_COUNTY, World

ROLES = {
    "officer-village": Grant.Role.OFFICER,
    "officer-township": Grant.Role.OFFICER,
    "officer-county": Grant.Role.OFFICER,
    "officer-city": Grant.Role.OFFICER,
    "shopkeeper": Grant.Role.SHOPKEEPER,
    "finance": Grant.Role.FINANCE,
    "approver": Grant.Role.FINANCE,
    "editor": Grant.Role.EDITOR,
    "administrator": Grant.Role.ADMINISTRATOR,
}
# The village, township and county of the demo leader's base.
AREAS = {
    "officer-village": "211282111210",
    "officer-township": "211282111",
    "officer-county": OFFICERS_COUNTY,
    "officer-city": "211200",
}
# One woman in so many has an account of her own and answers on her phone.
ONE_IN = 9


def let_in(world: World) -> None:
    """Every person of the door has an account, and the rights of her role."""
    since = world.start - dt.timedelta(days=400)
    for person in PEOPLE:
        world.people[person.slug] = User.objects.create_user(
            email=person.email, full_name=person.name_zh, language="zh-hans"
        )
    for slug, role in ROLES.items():
        area = AREAS.get(slug)
        give_grant(
            user=world.people[slug],
            role=role,
            area=world.areas[area] if area else None,
            by=None,
            valid_from=since,
        )


def give_account(world: World, woman: Woman) -> None:
    """Leaders and some makers sign in; the others have paper slips."""
    if woman.key in ("leader", "maker"):
        user = world.people[woman.key]
    elif woman.leads:
        user = _account(f"leader-{woman.base}", woman)
    elif woman.number % ONE_IN == 0:
        user = _account(f"maker-{woman.number}", woman)
    else:
        return
    link_account(maker=world.makers[woman.number], user=user)
    if woman.leads:
        world.leaders[world.bases[woman.base].pk] = user


def _account(name: str, woman: Woman) -> User:
    return User.objects.create_user(
        email=f"{name}@demo.example", full_name=woman.name_zh
    )
