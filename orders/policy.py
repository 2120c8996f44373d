"""Who may do what with orders and money; Oscar's dashboard asks here too."""

from typing import Any

import rules
from django.core.exceptions import PermissionDenied
from django.db.models import Q

from orders.models import Assignment, Shipment, WorkOrder
from producers.models import Base
from producers.policy import standing
from producers.selectors import bases_led_by, maker_of
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


def works_for_base(user: Any, base: Base) -> bool:
    """She leads this base today: she sends work, inspects, hands out parcels."""
    return bool(bases_led_by(user).filter(pk=base.pk).exists())


def leads(user: Any) -> bool:
    """She leads some base today; the workshop is hers to open."""
    return bool(bases_led_by(user).exists())


def runs_work_order(user: Any, work_order: WorkOrder) -> bool:
    """She leads the base whose work order it is."""
    return works_for_base(user, work_order.base)


def answers_for(user: Any, assignment: Assignment) -> bool:
    """She may record the answer: the maker herself, or the leader of her base."""
    return is_hers(user, assignment) or works_for_base(user, assignment.work_order.base)


def is_hers(user: Any, assignment: Assignment) -> bool:
    """The assignment is her own."""
    maker = maker_of(user)
    return maker is not None and maker.pk in {
        assignment.maker_id,
        assignment.maker.merged_into_id,
    }


def handles_shipment(user: Any, shipment: Shipment) -> bool:
    """She sends or hands over this parcel: its base's leader, or the shopkeeper."""
    return keeps_shop(user) or (
        Shipment.objects.of_leader(user).filter(pk=shipment.pk).exists()
    )


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
