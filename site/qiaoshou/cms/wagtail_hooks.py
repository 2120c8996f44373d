"""Registers the choosers and the office's own script with Wagtail."""

from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString
from wagtail import hooks

from qiaoshou.cms import choosers


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
