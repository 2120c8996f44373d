"""Registers this app with Django."""

from django.apps import AppConfig
from django.utils.translation import pgettext_lazy


class CmsConfig(AppConfig):
    name = "qiaoshou.cms"
    label = "cms"
    verbose_name = pgettext_lazy("of the site", "Pages")

    def ready(self) -> None:
        from qiaoshou.cms.quiet import quieten_choosers

        quieten_choosers()
