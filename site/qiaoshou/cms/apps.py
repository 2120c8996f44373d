"""Registers this app with Django."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CmsConfig(AppConfig):
    name = "qiaoshou.cms"
    label = "cms"
    verbose_name = _("Pages")

    def ready(self) -> None:
        from qiaoshou.cms.quiet import quieten_choosers

        quieten_choosers()
