"""Registers this app with Django."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _
from wagtail.users.apps import WagtailUsersAppConfig


class AccountsConfig(AppConfig):
    name = "qiaoshou.accounts"
    label = "accounts"
    verbose_name = _("People and rights")


class OfficeUsersConfig(WagtailUsersAppConfig):
    """Wagtail's user app, kept for its account page; its lists give way to ours."""
