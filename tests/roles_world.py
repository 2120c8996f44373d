"""One person of each role in a tiny county, for tests of who may open what."""

from producers.services.makers import link_account
from producers.services.memberships import join_base
from qiaoshou.accounts.models import User
from qiaoshou.accounts.office_groups import mirror
from qiaoshou.common.today import today
from tests import accounts_builders as build
from tests.services import registry_world as world

OFFICERS = {
    "officer-city": "city",
    "officer-county": "county",
    "officer-township": "town",
    "officer-village": "village",
}
ROLES = ("shopkeeper", "finance", "editor", "administrator")


def people() -> dict[str, User]:
    """Role → its person; groups hold what the grants say."""
    county = world.County()
    base = world.base(county.village)
    leader = world.maker("刘带头")
    join_base(maker=leader, base=base, since=world.DAY, role="leader")
    woman = world.active_maker("王桂兰", at=base)
    found = {
        name: build.person(f"{name}@example.org", full_name=name)
        for name in ("buyer", "leader", "maker", *OFFICERS, *ROLES)
    }
    link_account(maker=leader, user=found["leader"])
    link_account(maker=woman, user=found["maker"])
    for name, level in OFFICERS.items():
        build.grant(found[name], "officer", getattr(county, level))
    for role in ROLES:
        build.grant(found[role], role)
    found["technician"] = User.objects.create_superuser("technician@example.org")
    mirror(today())
    return found
