"""Registers this app with Django."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NoticesConfig(AppConfig):
    name = "qiaoshou.notices"
    label = "notices"
    verbose_name = _("Notices")
