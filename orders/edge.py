"""Where our whole fen meet Oscar's Decimal yuan; nothing else converts between them."""

from decimal import Decimal

CURRENCY = "CNY"


def fen(yuan: Decimal) -> int:
    """Whole fen of an amount in yuan. Raises ValueError for parts of a fen."""
    whole = yuan * 100
    if whole != whole.to_integral_value():
        raise ValueError(f"{yuan} yuan is no whole number of fen")
    return int(whole)


def yuan(amount: int) -> Decimal:
    """An amount of whole fen as Oscar writes it, with two places."""
    return (Decimal(amount) / 100).quantize(Decimal("0.01"))
