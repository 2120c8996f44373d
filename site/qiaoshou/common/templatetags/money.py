"""Template filter of money: whole fen as yuan."""

from django import template

register = template.Library()


@register.filter
def yuan(fen: int | None) -> str:
    """12345600 as 123,456 and 16850 as 168.50; nothing for a sum that is not known."""
    if fen is None or fen == "":
        return ""
    sign = "-" if fen < 0 else ""
    whole, rest = divmod(abs(int(fen)), 100)
    return f"{sign}{whole:,}" + (f".{rest:02}" if rest else "")
