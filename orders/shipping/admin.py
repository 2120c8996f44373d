"""Oscar's registration of shipping models with Django's admin, unchanged."""

from oscar.apps.shipping.admin import *  # noqa: F403
