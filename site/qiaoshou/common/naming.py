"""Which of the two names of a thing its reader sees."""

from typing import Any

from django.utils.translation import get_language


def name_column(language: str = "") -> str:
    """The column of names in a language, else in the reader's; Chinese if none is."""
    spoken = language or get_language() or ""
    return "name_en" if spoken.startswith("en") else "name_zh"


def named(thing: Any, language: str = "") -> str:
    """The name of an area, base, craft or maker in a language, else in the reader's."""
    return str(getattr(thing, name_column(language)))
