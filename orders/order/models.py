"""Oscar's order models, unchanged: no field of ours stands here."""

from oscar.apps.order.models import *  # noqa: F403
