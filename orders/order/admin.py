"""Oscar's registration of order models with Django's admin, unchanged."""

from oscar.apps.order.admin import *  # noqa: F403
