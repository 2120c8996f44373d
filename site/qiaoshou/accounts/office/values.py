"""The office list of published values: recorded with a source, corrected by reason."""

from decimal import Decimal
from typing import Any

import django_filters
from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.filters import WagtailFilterSet

from qiaoshou.accounts import places_policy as policy
from qiaoshou.accounts.office.areas import above_villages
from qiaoshou.common.models import ReferenceValue
from qiaoshou.common.office_fields import (
    DayField,
    PickField,
    area_labels,
    optional_day,
)
from qiaoshou.common.office_lists import (
    EditView,
    KeptForm,
    ListPolicy,
    ListView,
    ListViewSet,
    computed,
)
from qiaoshou.common.reference_values import (
    correct_reference_value,
    record_reference_value,
)
from qiaoshou.common.templatetags.money import yuan

# How many stored units one typed unit is: fen in a yuan, thousandths in a percent.
TYPED = {"fen_per_hour": 100, "fen_per_year": 100, "index_milli": 10}
LARGEST = Decimal(10**9)


class ValuesPolicy(ListPolicy):
    """All staff see them; who answers for the whole federation records and corrects."""

    def may(self, user: Any, action: str) -> bool:
        if action == "view":
            return policy.sees_places(user)
        return action in ("add", "change") and policy.answers_for_all(user)

    def seen(self, user: Any) -> QuerySet[ReferenceValue]:
        rows = ReferenceValue.objects.select_related("area")
        return rows if policy.sees_places(user) else rows.none()


def shown(row: ReferenceValue) -> str:
    """The value with its unit: 19.50 yuan an hour; 101.2."""
    if row.unit == ReferenceValue.Unit.FEN_PER_HOUR:
        return _("%(yuan)s yuan an hour") % {"yuan": yuan(row.value)}
    if row.unit == ReferenceValue.Unit.FEN_PER_YEAR:
        return _("%(yuan)s yuan a year") % {"yuan": yuan(row.value)}
    whole, rest = divmod(row.value, 10)
    return f"{whole}.{rest}"


class AsTyped(forms.DecimalField):
    """Yuan with two decimals, or an index where the year before is 100."""

    def __init__(self) -> None:
        super().__init__(
            label=gettext_lazy("value"),
            help_text=gettext_lazy(
                "Wages and incomes in yuan, such as 19.50. An index with one decimal, "
                "where the same month of the year before is 100, such as 101.2."
            ),
            min_value=Decimal("0.01"),
            max_value=LARGEST,
            max_digits=12,
            decimal_places=2,
        )


def stored(typed: Decimal, kind: str) -> int:
    """The whole fen or thousandths that are kept; raises ValidationError in words."""
    times = TYPED[ReferenceValue.UNITS[kind]]
    found = typed * times
    if found != found.to_integral_value():
        raise forms.ValidationError({"typed": _("An index has one decimal.")})
    return int(found)


class ValueFields(KeptForm):
    area = PickField(
        rows=above_villages, labels=area_labels, label=gettext_lazy("area")
    )
    typed = AsTyped()
    valid_from = DayField(label=gettext_lazy("valid from"))
    valid_to = optional_day(
        label=gettext_lazy("valid until before"),
        help_text=gettext_lazy("Left empty, it holds until the next one on record."),
    )

    field_order = (
        "kind",
        "area",
        "typed",
        "valid_from",
        "valid_to",
        "source",
        "document",
        "invented",
    )

    class Meta:
        model = ReferenceValue
        fields = ("kind", "area", "valid_from", "valid_to", "source", "document")
        fields += ("invented",)

    def keep(self) -> ReferenceValue:
        values = dict(self.cleaned_data)
        typed = values.pop("typed")
        return record_reference_value(
            value=stored(typed, values["kind"]), by=self.user, **values
        )


class ValueCorrection(KeptForm):
    typed = AsTyped()
    valid_from = DayField(label=gettext_lazy("valid from"))
    valid_to = optional_day(label=gettext_lazy("valid until before"))
    reason = forms.CharField(
        label=gettext_lazy("reason for the correction"), max_length=200
    )

    field_order = ("typed", "valid_from", "valid_to", "source", "document", "invented")

    class Meta:
        model = ReferenceValue
        fields = ("valid_from", "valid_to", "source", "document", "invented")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        times = TYPED[self.instance.unit]
        self.initial["typed"] = Decimal(self.instance.value) / times

    def keep(self) -> ReferenceValue:
        values = dict(self.cleaned_data)
        typed, reason = values.pop("typed"), values.pop("reason")
        return correct_reference_value(
            row=self.instance,
            reason=reason,
            by=self.user,
            value=stored(typed, self.instance.kind),
            **values,
        )


class ValueFilters(WagtailFilterSet):
    current = django_filters.BooleanFilter(
        field_name="valid_to", lookup_expr="isnull", label=gettext_lazy("Without end")
    )

    class Meta:
        model = ReferenceValue
        fields = ("kind", "current", "invented")


class ValueList(ListView):
    def get_base_queryset(self) -> QuerySet[ReferenceValue]:
        return self.permission_policy.seen(self.request.user)


class ValueEdit(EditView):
    def facts(self, row: ReferenceValue) -> list[tuple[str, list[str]]]:
        lines = [f"{row.get_kind_display()} · {row.area}", shown(row)]
        if row.invented:
            lines.append(_("Invented for demonstration."))
        return [(_("On record"), lines)]


class Values(ListViewSet):
    model = ReferenceValue
    name = "places_values"
    url_prefix = "places/values"
    icon = "calendar-check"
    menu_label = gettext_lazy("Published values")
    index_view_class, edit_view_class = ValueList, ValueEdit
    add_form, edit_form = ValueFields, ValueCorrection
    filterset_class = ValueFilters
    search_fields = ("area__name_zh", "area__name_en", "source", "document")
    ordering = ("kind", "area__path", "-valid_from")
    list_display = (
        computed("kind", gettext_lazy("kind"), read=lambda row: row.get_kind_display()),
        computed("shown", gettext_lazy("value"), read=shown),
        "area",
        "valid_from",
        "valid_to",
        "source",
        computed(
            "invented",
            gettext_lazy("invented"),
            read=lambda row: _("invented") if row.invented else "",
        ),
    )
    list_export = (
        "kind",
        "area",
        "value",
        "unit",
        "valid_from",
        "valid_to",
        "source",
        "document",
        "invented",
    )
