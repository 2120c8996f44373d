"""How sealed values are shown: enough to recognise one's own, too little to misuse."""

DOT = "•"


def mask_identity(number: str) -> str:
    """The first and the last two characters; "" stays ""."""
    return number and number[:2] + DOT * (len(number) - 4) + number[-2:]


def mask_phone(number: str) -> str:
    """The last four digits, and the country with the first three where there is one."""
    if not number:
        return ""
    head = number[:6] if number.startswith("+86") else number[:3]
    hidden = len(number) - len(head) - 4
    return head + DOT * hidden + number[-4:] if hidden > 0 else DOT * len(number)


def mask_account(number: str) -> str:
    """The last four characters; of a very short name only the last one."""
    if not number:
        return ""
    shown = 4 if len(number) > 8 else 1
    return DOT * (len(number) - shown) + number[-shown:]
