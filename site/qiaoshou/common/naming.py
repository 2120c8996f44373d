"""Which of the two names of a thing its reader sees."""

from django.db import models
from django.utils.translation import get_language


def name_column() -> str:
    """The column of names in the reader's language; Chinese where none is active."""
    return "name_en" if (get_language() or "").startswith("en") else "name_zh"


def named(row: models.Model) -> str:
    """The row's name in the reader's language."""
    name: str = getattr(row, name_column())
    return name
