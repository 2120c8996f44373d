"""Registers the choosers and the office's own script with Wagtail."""

from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy
from wagtail import hooks
from wagtail.admin.menu import DismissibleMenuItem, MenuItem
from wagtail.admin.ui.components import Component

from qiaoshou.cms import choosers, office_front


@hooks.register("register_admin_viewset")
def product_chooser() -> choosers.ProductChooserViewSet:
    return choosers.products


@hooks.register("register_admin_viewset")
def maker_chooser() -> choosers.MakerChooserViewSet:
    return choosers.makers


@hooks.register("register_admin_viewset")
def craft_chooser() -> choosers.CraftChooserViewSet:
    return choosers.crafts


@hooks.register("insert_global_admin_js")
def office_script() -> SafeString:
    return format_html('<script src="{}"></script>', static("js/office.js"))


@hooks.register("insert_global_admin_css")
def office_look() -> SafeString:
    return format_html('<link rel="stylesheet" href="{}">', static("css/office.css"))


@hooks.register("construct_homepage_panels")
def office_places(request: HttpRequest, panels: list[Component]) -> None:
    panels.append(office_front.OfficePlaces(request))


@hooks.register("construct_help_menu")
def without_news_of_wagtail(request: HttpRequest, items: list[MenuItem]) -> None:
    """News and a guide in English, each with a badge until it was looked at."""
    items[:] = [item for item in items if not isinstance(item, DismissibleMenuItem)]


@hooks.register("construct_reports_menu")
def translations_for_editors(request: HttpRequest, items: list[MenuItem]) -> None:
    """The state of translated pages says nothing to those who write no pages.

    The package fixes its label in the language of whoever opens the office first.
    """
    theirs = reverse("wagtail_localize:translations_report")
    for item in items:
        if item.url == theirs:
            item.label = gettext_lazy("Translations")
    if not office_front.writes_pages(request):
        items[:] = [item for item in items if item.url != theirs]
