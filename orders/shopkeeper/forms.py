"""What the shopkeeper fills in at an order: money in, money back, a word."""

import uuid
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from orders import edge
from orders.models import Payment, Refund

MOST_YUAN = Decimal("9999999.99")


class Yuan(forms.DecimalField):
    """An amount as people write it; a whole number of fen comes out."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            min_value=Decimal("0.01"),
            max_value=MOST_YUAN,
            decimal_places=2,
            **kwargs,
        )

    def clean(self, value: Any) -> int:
        return edge.fen(super().clean(value))

    def prepare_value(self, value: Any) -> Any:
        return edge.yuan(value) if isinstance(value, int) else value


class TakeForm(forms.Form):
    """Money that came in at the counter or by bank transfer."""

    method = forms.ChoiceField(
        label=_("How it was paid"),
        choices=[
            (Payment.Method.COUNTER, Payment.Method.COUNTER.label),
            (Payment.Method.TRANSFER, Payment.Method.TRANSFER.label),
        ],
    )
    received = Yuan(label=_("Received, in yuan"))
    bank_reference = forms.CharField(
        label=_("Reference on the bank statement"),
        required=False,
        max_length=80,
        help_text=_("Needed for a transfer"),
    )
    client_reference = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)


class RefundForm(forms.Form):
    """Money that goes back to the buyer."""

    payment = forms.CharField(widget=forms.HiddenInput)
    amount = Yuan(label=_("Refund, in yuan"))
    cause = forms.ChoiceField(
        label=_("Cause"),
        choices=[
            (cause.value, cause.label)
            for cause in (
                Refund.Cause.RETURNED,
                Refund.Cause.CANCELLED,
                Refund.Cause.WRONG_AMOUNT,
                Refund.Cause.GOODWILL,
            )
        ],
    )
    note = forms.CharField(label=_("Note"), required=False, max_length=200)
    client_reference = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)


class WordForm(forms.Form):
    """A word on the order, or on what was done about an alarm."""

    note = forms.CharField(label=_("Note"), max_length=200)
