"""Registers the catalogue's office screens with Wagtail."""

from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from catalog import policy
from catalog.office import rates


class RatesMenuItem(MenuItem):
    """Shown to those who may see piece rates."""

    def is_shown(self, request: HttpRequest) -> bool:
        return policy.sees_rates(request.user)


@hooks.register("register_admin_urls")
def rate_addresses() -> list[URLPattern]:
    return [
        path("rates/", rates.index, name="catalog_rates"),
        path("rates/<int:pk>/", rates.one, name="catalog_rate"),
    ]


@hooks.register("register_admin_menu_item")
def rates_menu_item() -> MenuItem:
    return RatesMenuItem(
        _("Piece rates"),
        reverse("catalog_rates"),
        name="rates",
        icon_name="clipboard-list",
        order=320,
    )
