"""The words of a notice: one template per event and channel, named after both."""

from collections.abc import Mapping

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation


def words(event: str, channel: str, language: str, facts: Mapping[str, object]) -> str:
    """`notices/<event>.<channel>.txt` in this language, without blank ends."""
    with translation.override(language):
        text = render_to_string(
            f"notices/{event}.{channel}.txt",
            {**facts, "house": settings.OSCAR_SHOP_NAME},
        )
    return text.strip()
