"""Telephone numbers as people type them, made into one form: E.164."""

import re

import phonenumbers
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

MOBILE_DIGITS = 11
HOME = "CN"
# ITU-T E.164: a plus, a country that does not begin with zero, 15 digits at most.
E164 = re.compile(r"\+[1-9][0-9]{5,14}")
HOME_MOBILE = re.compile(r"\+861[3-9][0-9]{9}")


def whole_phone(text: str) -> str:
    """The number with its country, as +8613800000000. Raises ValidationError."""
    digits = "".join(character for character in text if character.isdigit())
    typed = re.sub(r"^00", "+", text.strip())
    abroad = typed.startswith("+")
    if not abroad and digits.startswith("1") and len(digits) != MOBILE_DIGITS:
        raise ValidationError(
            ngettext(
                "The number needs 11 digits; this has %(count)s",
                "The number needs 11 digits; this has %(count)s",
                len(digits),
            )
            % {"count": len(digits)}
        )
    try:
        number = phonenumbers.parse(typed, None if abroad else HOME)
    except phonenumbers.NumberParseException as error:
        raise ValidationError(_("This is no telephone number")) from error
    if not phonenumbers.is_possible_number(number):
        raise ValidationError(_("This is no telephone number"))
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def is_e164(number: str) -> bool:
    return E164.fullmatch(number) is not None


def gets_text_messages(number: str) -> bool:
    """Whether a text message can arrive: at home only mobile numbers get one."""
    return not number.startswith("+86") or HOME_MOBILE.fullmatch(number) is not None


def last_digits(number: str) -> str:
    """Enough to recognise one's own number: its last four digits; "" stays ""."""
    return f"•••• {number[-4:]}" if number else ""
