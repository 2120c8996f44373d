"""Oscar's partner models, unchanged: no field of ours stands here."""

from oscar.apps.partner.models import *  # noqa: F403
