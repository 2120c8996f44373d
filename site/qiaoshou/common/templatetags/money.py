"""Template filters of money: whole fen as yuan, and sums of other currencies."""

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


# ISO 4217 has no smaller unit for these.
WHOLE_ONLY = frozenset(
    {
        "bif",
        "clp",
        "djf",
        "gnf",
        "jpy",
        "kmf",
        "krw",
        "mga",
        "pyg",
        "rwf",
        "ugx",
        "vnd",
        "vuv",
        "xaf",
        "xof",
        "xpf",
    }
)


@register.filter
def in_currency(smallest: int, currency: str) -> str:
    """89400 of its smallest unit as USD 894.00, and as JPY 89,400."""
    if currency.lower() in WHOLE_ONLY:
        return f"{currency.upper()} {smallest:,}"
    return f"{currency.upper()} {smallest // 100:,}.{smallest % 100:02}"
