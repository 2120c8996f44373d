"""Fields of every app's forms: what makes a form act once, and sums of money."""

import uuid
from decimal import Decimal
from typing import Any

from django import forms
from django.core.validators import RegexValidator

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
