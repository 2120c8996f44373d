"""Registers this app with Django."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LedgerConfig(AppConfig):
    name = "producers.ledger"
    label = "ledger"
    verbose_name = _("Journal")
