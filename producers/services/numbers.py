"""Numbers as people type them, checked, with the reason for a refusal in words."""

import datetime as dt

import phonenumbers
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from producers.domain.identity import BadIdentity, Identity, read_identity
from qiaoshou.common.today import today

HOME_COUNTRY = "CN"
HOME_CODE = 86
MOBILE_DIGITS = 11
BANK_DIGITS = range(12, 20)


def identity_words(error: BadIdentity) -> str:
    """Why an identity number was refused, in the reader's language."""
    if error.code == "LENGTH":
        words = _("An identity number has 18 characters; this has %(found)d.")
        return words % {"found": error.facts["found"]}
    return {
        "CHARACTERS": _(
            "An identity number is 17 digits, then a digit or X. Look for a letter."
        ),
        "AREA": _("The first six digits are not those of a place."),
        "DATE": _("Digits 7 to 14 are no date of birth."),
        "FUTURE": _("Digits 7 to 14 say a day that is still to come."),
        "TOO_OLD": _("Digits 7 to 14 say a birth more than 120 years ago."),
        "CHECK": _("The last character does not fit: one of the others is wrong."),
    }[error.code]


def check_identity(text: str, *, on: dt.date | None = None) -> Identity:
    """What the number says; raises ValidationError with the reason in words."""
    try:
        return read_identity(text, on=on or today())
    except BadIdentity as error:
        raise ValidationError({"identity": identity_words(error)}) from error


def _fits(number: phonenumbers.PhoneNumber) -> bool:
    """Whether the number has the length that its country uses."""
    if number.country_code != HOME_CODE:
        return phonenumbers.is_possible_number(number)
    digits = str(number.national_number)
    mobile = len(digits) == MOBILE_DIGITS and digits.startswith("1")
    return mobile or phonenumbers.is_valid_number(number)


def read_phone(text: str) -> str:
    """The number as +8613800000000; "" stays "". A bare number is taken as Chinese."""
    if not text.strip():
        return ""
    try:
        number = phonenumbers.parse(text, HOME_COUNTRY)
    except phonenumbers.NumberParseException as error:
        raise ValidationError({"phone": _("This is no telephone number.")}) from error
    if not _fits(number):
        found = sum(char.isdigit() for char in text)
        raise ValidationError(
            {
                "phone": _("The number needs %(needed)d digits; this has %(found)d.")
                % {"needed": MOBILE_DIGITS, "found": found}
            }
        )
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def passes_luhn(digits: str) -> bool:
    """Whether the last digit of a card number fits the others (ISO/IEC 7812-1)."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if place % 2 else 1)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def read_bank_number(text: str) -> str:
    """A bank account number without spaces; a card's check digit must fit.

    Passbook numbers have no common check digit, so that only 16 and 19 digits, the
    lengths of cards, are checked.
    """
    number = "".join(text.split()).replace("-", "")
    if not (number.isascii() and number.isdigit()):
        raise ValidationError({"number": _("A bank account number is only digits.")})
    if len(number) not in BANK_DIGITS:
        raise ValidationError(
            {
                "number": _("A bank account has 12 to 19 digits; this has %(found)d.")
                % {"found": len(number)}
            }
        )
    if len(number) in (16, 19) and not passes_luhn(number):
        raise ValidationError(
            {"number": _("The last digit does not fit: one of the others is wrong.")}
        )
    return number
