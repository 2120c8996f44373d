"""Who may do what with orders and money; Oscar's dashboard asks here too."""

from typing import Any

import rules
from django.core.exceptions import PermissionDenied
from django.db.models import Q

from producers.policy import standing
from qiaoshou.accounts.models import Grant, User
from qiaoshou.accounts.roles import roles_of
from qiaoshou.common.today import today

SHOPKEEPER = Grant.Role.SHOPKEEPER
FINANCE = Grant.Role.FINANCE
ADMINISTRATOR = Grant.Role.ADMINISTRATOR

# What the chamber's shopkeeper may see and change on Oscar's own screens. Products and
# stock are kept by our services, so nothing that writes them is here.
DASHBOARD = (
    "partner.dashboard_access",
    "catalogue.view_product",
    "catalogue.view_category",
    "order.view_order",
    "offer.view_conditionaloffer",
    "offer.add_conditionaloffer",
    "offer.change_conditionaloffer",
    "offer.view_range",
    "offer.add_range",
    "offer.change_range",
    "voucher.view_voucher",
    "voucher.add_voucher",
    "voucher.change_voucher",
    "voucher.view_voucherset",
    "voucher.add_voucherset",
    "voucher.change_voucherset",
    "reviews.view_productreview",
    "reviews.change_productreview",
)


def keeps_shop(user: Any) -> bool:
    """She runs the chamber's shop: orders, refunds, offers."""
    return bool(roles_of(user) & {SHOPKEEPER, ADMINISTRATOR})


def takes_money(user: Any) -> bool:
    """She may record money that came in by hand: the shopkeeper, or finance."""
    return bool(roles_of(user) & {SHOPKEEPER, FINANCE, ADMINISTRATOR})


def sets_allocation(user: Any) -> bool:
    """She may change how allocation weighs households: who answers for the whole."""
    return standing(user).top


def check(allowed: bool) -> None:
    """Raises PermissionDenied unless allowed."""
    if not allowed:
        raise PermissionDenied


def shopkeepers() -> list[User]:
    """The people who hear of alarms about payments."""
    day = today()
    return list(
        User.objects.filter(
            Q(grants__valid_to=None) | Q(grants__valid_to__gt=day),
            grants__role__in=[SHOPKEEPER, ADMINISTRATOR],
            grants__valid_from__lte=day,
            is_active=True,
        )
        .distinct()
        .order_by("pk")
    )


runs_the_shop = rules.predicate(keeps_shop)
rules.add_perm("orders.keep_shop", runs_the_shop)
rules.add_perm("orders.take_money", rules.predicate(takes_money))
for name in DASHBOARD:
    rules.add_perm(name, runs_the_shop)
