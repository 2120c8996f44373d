"""Template filters of the shop: working time in words."""

from django import template
from django.utils.translation import ngettext

register = template.Library()

MINUTES_OF_AN_HOUR = 60
HOURS_FROM = 90


@register.filter
def hours(minutes: int) -> str:
    """Minutes as a reader says them: 45 minutes, 4 hours, 2.5 hours."""
    if minutes < HOURS_FROM:
        return ngettext("%(count)s minute", "%(count)s minutes", minutes) % {
            "count": minutes
        }
    halves = (minutes * 2 + MINUTES_OF_AN_HOUR // 2) // MINUTES_OF_AN_HOUR
    text = str(halves // 2) if halves % 2 == 0 else f"{halves // 2}.5"
    return ngettext("%(count)s hour", "%(count)s hours", halves // 2) % {"count": text}
