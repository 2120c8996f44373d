"""Words of Oscar's own screens that it fixes in the language of the start."""

from django.utils.translation import gettext_lazy as _
from oscar.core.loading import get_classes
from oscar.forms.widgets import NullBooleanSelect

ANSWERS = (("unknown", "---------"), ("true", _("Yes")), ("false", _("No")))


def answer_in_her_language() -> None:
    """Yes and no of the search for offers and vouchers are in the reader's language."""
    for form in (
        *get_classes("dashboard.offers.forms", ["OfferSearchForm"]),
        *get_classes("dashboard.vouchers.forms", ["VoucherSearchForm"]),
    ):
        for field in form.base_fields.values():
            if isinstance(field.widget, NullBooleanSelect):
                field.widget.choices = ANSWERS
