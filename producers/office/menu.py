"""The office lists of the registry, in the order of the menu."""

from django.utils.translation import gettext_lazy
from wagtail.admin.viewsets.base import ViewSet, ViewSetGroup
from wagtail.permissions import register_permission_policy

from producers.office.crafts import Crafts
from producers.office.frame import RegistryPolicy
from producers.office.households import Households
from producers.office.makers import Makers
from producers.office.papers import Consents, PayAccounts, Skills
from producers.office.places import Bases, PickupPoints
from producers.office.reveal import Reveal
from producers.office.weeks import CapacityWeeks, Caution

LISTS = (
    Makers,
    Households,
    Bases,
    Skills,
    Consents,
    PayAccounts,
    PickupPoints,
    CapacityWeeks,
    Crafts,
    Caution,
)


class Registry(ViewSetGroup):
    """One entry of the menu with every list below it."""

    menu_label = gettext_lazy("Registry")
    menu_icon = "group"
    menu_order = 200
    items = LISTS


def viewsets() -> list[ViewSet | ViewSetGroup]:
    """What Wagtail registers; the rights of each table are ours from here on."""
    for one in LISTS:
        register_permission_policy(one.model, RegistryPolicy(one.model))
    return [Registry(), Reveal()]
