"""Cells of exported tables that no spreadsheet program takes for a formula."""

from typing import Any

# What Excel, LibreOffice and WPS read as the start of a formula or of a field break.
BEGINS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def inert(value: Any) -> Any:
    """The value, with an apostrophe before a text that would begin a formula.

    Numbers and dates pass unchanged: a negative number is no text.
    """
    if isinstance(value, str) and value.startswith(BEGINS_A_FORMULA):
        return f"'{value}"
    return value
