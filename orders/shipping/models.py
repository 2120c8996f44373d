"""Oscar's shipping models, unchanged: no field of ours stands here."""

from oscar.apps.shipping.models import *  # noqa: F403
