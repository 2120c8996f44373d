"""Registers this app with Django."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CommonConfig(AppConfig):
    name = "qiaoshou.common"
    label = "common"
    verbose_name = _("Areas and reference values")
