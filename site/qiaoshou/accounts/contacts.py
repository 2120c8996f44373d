"""One field that takes an e-mail address or a telephone number, as people type them."""

import unicodedata
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from qiaoshou.common.phones import gets_text_messages, whole_phone
from qiaoshou.notices import sms


@dataclass(frozen=True, slots=True)
class Contact:
    """Where a code can be sent: exactly one of the two is filled."""

    email: str = ""
    phone: str = ""

    def __str__(self) -> str:
        return self.email or self.phone


def read_contact(text: str) -> Contact:
    """The address in lower case, or the number as +8613800000000.

    Full-width letters and digits are read as plain ones. Raises ValidationError in
    words, the same whether an account has the contact or not.
    """
    typed = unicodedata.normalize("NFKC", text).strip()
    if "@" in typed:
        email = typed.lower()
        try:
            validate_email(email)
        except ValidationError as error:
            raise ValidationError(
                _("This is no e-mail address; it looks like name@example.com")
            ) from error
        return Contact(email=email)
    if not any(character.isdigit() for character in typed):
        raise ValidationError(_("Type an e-mail address or a mobile number"))
    return Contact(phone=read_mobile(typed))


def read_mobile(text: str) -> str:
    """The number as +8613800000000 if a text message can reach it."""
    number = whole_phone(unicodedata.normalize("NFKC", text).strip())
    if not gets_text_messages(number):
        raise ValidationError(
            _("Only a mobile number can get a text message; this is none")
        )
    if not sms.can_send():
        raise ValidationError(
            _("We can’t send text messages here yet; please use an e-mail address")
        )
    return number
