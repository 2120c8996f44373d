"""Registers the registry's office lists with Wagtail."""

from wagtail import hooks
from wagtail.admin.viewsets.base import ViewSet, ViewSetGroup

from producers.office import menu


@hooks.register("register_admin_viewset")
def registry() -> list[ViewSet | ViewSetGroup]:
    return menu.viewsets()
