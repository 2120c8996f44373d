"""Registers the lists of people and grants; hides Wagtail's own of users and groups."""

from django.http import HttpRequest
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.viewsets.base import ViewSet, ViewSetGroup

from qiaoshou.accounts.office import ground, menu

OURS_INSTEAD = {"users", "groups"}


@hooks.register("register_admin_viewset")
def people_and_rights() -> list[ViewSet | ViewSetGroup]:
    return menu.viewsets()


@hooks.register("register_admin_viewset")
def areas_values_and_trail() -> list[ViewSet | ViewSetGroup]:
    return ground.viewsets()


@hooks.register("construct_settings_menu")
def without_users_and_groups(request: HttpRequest, items: list[MenuItem]) -> None:
    items[:] = [item for item in items if item.name not in OURS_INSTEAD]


@hooks.register("register_admin_menu_item")
def own_account() -> MenuItem:
    return MenuItem(
        gettext_lazy("My details"),
        reverse_lazy("own_account"),
        name="own-account",
        icon_name="user",
        order=10_000,
    )
