"""Fields of every app's forms: what makes a form act once, sums of money, pictures."""

import uuid
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.core.validators import RegexValidator
from django.utils.translation import gettext as _

from qiaoshou.common import pictures
from qiaoshou.common.reference import ALPHABET, LENGTH, new_reference

FEN = 100
MOST_YUAN = Decimal("99999999.99")


class Once(forms.UUIDField):
    """Comes with the empty form: sent twice, it acts once."""

    def __init__(self) -> None:
        super().__init__(widget=forms.HiddenInput, initial=uuid.uuid4)


class OnceByReference(forms.CharField):
    """The same, where the row that is made keeps it as its public reference."""

    def __init__(self) -> None:
        super().__init__(
            widget=forms.HiddenInput,
            initial=new_reference,
            validators=[RegexValidator(f"^[{ALPHABET}]{{{LENGTH}}}$")],
        )


class YuanField(forms.DecimalField):
    """A sum as people write it, in yuan and fen; `cleaned_data` holds whole fen."""

    def __init__(
        self,
        *,
        least: Decimal = Decimal("0.01"),
        most: Decimal = MOST_YUAN,
        **kwargs: Any,
    ) -> None:
        super().__init__(
            max_digits=10,
            decimal_places=2,
            min_value=least,
            max_value=most,
            widget=forms.NumberInput(attrs={"step": "0.01", "inputmode": "decimal"}),
            **kwargs,
        )

    def clean(self, value: Any) -> int | None:
        yuan = super().clean(value)
        return None if yuan is None else int(yuan * FEN)

    def prepare_value(self, value: Any) -> Any:
        return Decimal(value).scaleb(-2) if isinstance(value, int) else value


def plain_picture(upload: UploadedFile) -> bytes:
    """The picture alone, as `pictures.plain_webp`.

    Raises ValidationError, which names the file, where it is none or too large.
    """
    name = upload.name or ""
    try:
        return pictures.plain_webp(upload)
    except pictures.PictureTooLarge as error:
        raise ValidationError(
            _("%(name)s is too large. Take it again smaller.") % {"name": name}
        ) from error
    except pictures.NotAPicture as error:
        raise ValidationError(
            _("%(name)s is not a picture that can be opened.") % {"name": name}
        ) from error
