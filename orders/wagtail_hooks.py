"""Registers the office lists of orders and work with Wagtail."""

from wagtail import hooks

from orders.office import AllocationSettings, viewset


@hooks.register("register_admin_viewset")
def sharing_out() -> AllocationSettings:
    return viewset()
