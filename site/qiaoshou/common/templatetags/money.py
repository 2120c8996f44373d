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


# Digits behind the point, two where none are named: zero- and three-decimal currencies
# of https://docs.stripe.com/currencies. By its special cases UGX comes in hundredths.
DECIMALS = {
    **dict.fromkeys(
        (
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
            "vnd",
            "vuv",
            "xaf",
            "xof",
            "xpf",
        ),
        0,
    ),
    **dict.fromkeys(("bhd", "jod", "kwd", "omr", "tnd"), 3),
}


@register.filter
def in_currency(smallest: int, currency: str) -> str:
    """89400 of its smallest unit as USD 894.00, as JPY 89,400 and as KWD 89.400."""
    decimals = DECIMALS.get(currency.lower(), 2)
    whole, rest = divmod(smallest, 10**decimals)
    point = f".{rest:0{decimals}}" if decimals else ""
    return f"{currency.upper()} {whole:,}{point}"
