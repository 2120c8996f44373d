"""Registers the office lists of work, and the way to the desk, with Wagtail."""

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from orders import policy
from orders.office import AllocationSettings, viewset


@hooks.register("register_admin_viewset")
def sharing_out() -> AllocationSettings:
    return viewset()


class DeskItem(MenuItem):
    """Shown to those who keep the shop or record money."""

    def is_shown(self, request: HttpRequest) -> bool:
        return policy.takes_money(request.user)


@hooks.register("register_admin_menu_item")
def desk() -> MenuItem:
    return DeskItem(
        _("Shop desk"),
        reverse("dashboard:index"),
        name="shop-desk",
        icon_name="list-ul",
        order=150,
    )
