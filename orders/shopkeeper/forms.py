"""What the shopkeeper fills in at an order: money in, money back, a word."""

from django import forms
from django.utils.translation import gettext_lazy as _

from orders.models import Payment, Refund
from qiaoshou.common.form_fields import Once, YuanField


class TakeForm(forms.Form):
    """Money that came in at the counter or by bank transfer."""

    method = forms.ChoiceField(
        label=_("How it was paid"),
        choices=[
            (Payment.Method.COUNTER, Payment.Method.COUNTER.label),
            (Payment.Method.TRANSFER, Payment.Method.TRANSFER.label),
        ],
    )
    received = YuanField(label=_("Received, in yuan"))
    bank_reference = forms.CharField(
        label=_("Reference on the bank statement"),
        required=False,
        max_length=80,
        help_text=_("Needed for a transfer"),
    )
    client_reference = Once()


class RefundForm(forms.Form):
    """Money that goes back to the buyer."""

    payment = forms.CharField(widget=forms.HiddenInput)
    amount = YuanField(label=_("Refund, in yuan"))
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
    client_reference = Once()


class PaidBackForm(forms.Form):
    """A refund that was given by hand; one by transfer has its line of the bank's."""

    bank_reference = forms.CharField(
        label=_("Reference on the bank statement"),
        required=False,
        max_length=80,
        empty_value=None,
    )


class WordForm(forms.Form):
    """A word on the order, or on what was done about an alarm."""

    note = forms.CharField(label=_("Note"), max_length=200)
