"""Oscar's registration of partner models with Django's admin, unchanged."""

from oscar.apps.partner.admin import *  # noqa: F403
