"""The office's first page: every place of her menu at a glance."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from wagtail.admin.menu import MenuItem, SubmenuMenuItem, admin_menu
from wagtail.admin.ui.components import Component
from wagtail.permissions import page_permission_policy

# What is in the menu for the sake of the menu alone.
NOT_WORK = frozenset({"help", "own-account", "search"})


@dataclass(frozen=True, slots=True)
class Group:
    """One entry of the menu with the places that it leads to."""

    label: str
    icon: str
    links: tuple[MenuItem, ...]


def writes_pages(request: HttpRequest) -> bool:
    return bool(
        page_permission_policy.user_has_any_permission(
            request.user, ["add", "change", "publish"]
        )
    )


class OfficePlaces(Component):
    """A panel with the places that this person may go to, as her menu has them."""

    name = "office_places"
    template_name = "cms/office_places.html"
    order = 10

    def __init__(self, request: HttpRequest) -> None:
        self.request = request

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        items = admin_menu.menu_items_for_request(self.request)
        return {
            "pages": writes_pages(self.request),
            "groups": [
                group
                for item in sorted(items, key=lambda item: item.order)
                if item.name not in NOT_WORK and (group := self._group(item)).links
            ],
        }

    def _group(self, item: MenuItem) -> Group:
        links = [item]
        if isinstance(item, SubmenuMenuItem):
            links = sorted(
                item.menu.menu_items_for_request(self.request),
                key=lambda one: one.order,
            )
        return Group(str(item.label), item.icon_name, tuple(links))
