"""Form fields of the office: dates, and picking a row by typing a few letters.

A pick is a text field with a list of suggestions that the browser itself filters: it
needs no script, works on an old telephone, and knows only what its user may see.
"""

import datetime as dt
from collections.abc import Callable, Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Model, QuerySet
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from producers import policy
from producers.models import Base, Craft, Household, HouseholdMember, Maker
from producers.working_time import on_day
from qiaoshou.accounts.models import User
from qiaoshou.common.models import Area
from qiaoshou.common.today import today

SUGGESTIONS = 2000
BETWEEN = " › "


class PickInput(forms.TextInput):
    """A text input with its own `<datalist>`."""

    suggestions: Iterable[str] = ()

    def render(
        self,
        name: str,
        value: Any,
        attrs: dict[str, Any] | None = None,
        renderer: Any = None,
    ) -> SafeString:
        list_id = f"{(attrs or {}).get('id', name)}-list"
        own = {**(attrs or {}), "list": list_id, "autocomplete": "off"}
        options = format_html_join(
            "", '<option value="{}"></option>', ((one,) for one in self.suggestions)
        )
        return format_html(
            '{}<datalist id="{}">{}</datalist>',
            super().render(name, value, own, renderer),
            list_id,
            options,
        )


class PickField(forms.CharField):
    """The row whose label was typed or picked, out of those that its user may see."""

    widget = PickInput

    def __init__(
        self,
        *,
        rows: Callable[[User], QuerySet],
        labels: Callable[[QuerySet], dict[str, Model]],
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.rows, self.labels = rows, labels
        self.choices: dict[str, Model] = {}

    def offer_to(self, user: User) -> None:
        """Suggestions and answers are what this user may see."""
        self.choices = self.labels(self.rows(user))
        self.widget.suggestions = list(self.choices)[:SUGGESTIONS]

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, int):
            return next((k for k, row in self.choices.items() if row.pk == value), "")
        return value

    def clean(self, value: Any) -> Model | None:
        typed = super().clean(value)
        if not typed:
            return None
        row = self.choices.get(typed)
        if row is not None:
            return row
        near = [label for label in self.choices if typed in label]
        if len(near) == 1:
            return self.choices[near[0]]
        if near:
            raise ValidationError(
                _("%(count)d entries contain “%(typed)s”. Pick one of the list.")
                % {"count": len(near), "typed": typed}
            )
        raise ValidationError(
            _("“%(typed)s” is not on the list. Pick an entry of the list.")
            % {"typed": typed}
        )


def area_labels(rows: QuerySet[Area]) -> dict[str, Model]:
    """Areas by the names from the top down: 西丰县 › 柏榆镇 › 柳村."""
    found = list(rows.order_by("path"))
    names = {area.path: area.name_zh for area in found}
    labels = {}
    for area in found:
        parts = [
            names[area.path[:end]]
            for end in range(Area.steplen, len(area.path) + 1, Area.steplen)
            if area.path[:end] in names
        ]
        labels[BETWEEN.join(parts)] = area
    return labels


def villages(user: User) -> QuerySet[Area]:
    return policy.areas_for(user).filter(tier=Area.Tier.VILLAGE)


def _with_parents(rows: QuerySet[Area]) -> dict[str, Model]:
    """Villages by township and name: 柏榆镇 › 柳村; two of one name stay apart."""
    towns = {
        area.path: area.name_zh for area in Area.objects.filter(tier=Area.Tier.TOWNSHIP)
    }
    labels: dict[str, Model] = {}
    for area in rows.order_by("path"):
        town = towns.get(area.path[: -Area.steplen], "")
        label = BETWEEN.join(part for part in (town, area.name_zh) if part)
        labels[label if label not in labels else f"{label} ({area.code})"] = area
    return labels


def _named(rows: QuerySet) -> dict[str, Model]:
    """Rows by name and reference, since names repeat."""
    return {f"{row.name_zh} · {row.reference}": row for row in rows}


def _households(rows: QuerySet[Household]) -> dict[str, Model]:
    """Households by who belongs to them today, and the reference."""
    found = list(rows.order_by("pk"))
    people: dict[int, list[str]] = {}
    members = on_day(
        HouseholdMember.objects.filter(household__in=rows), today()
    ).select_related("maker")
    for member in members.order_by("household", "pk"):
        people.setdefault(member.household_id, []).append(str(member))
    return {
        " · ".join([*people.get(row.pk, [])[:2], row.reference]): row for row in found
    }


def pick_area(**kwargs: Any) -> PickField:
    return PickField(rows=policy.areas_for, labels=area_labels, **kwargs)


def pick_village(**kwargs: Any) -> PickField:
    return PickField(rows=villages, labels=_with_parents, **kwargs)


def pick_base(**kwargs: Any) -> PickField:
    return PickField(
        rows=lambda user: policy.visible(user, Base).filter(closed=None),
        labels=_named,
        **kwargs,
    )


def pick_maker(**kwargs: Any) -> PickField:
    return PickField(
        rows=lambda user: policy.visible(user, Maker).filter(merged_into=None),
        labels=_named,
        **kwargs,
    )


def pick_household(**kwargs: Any) -> PickField:
    return PickField(
        rows=lambda user: policy.visible(user, Household),
        labels=_households,
        **kwargs,
    )


class CraftField(forms.ModelChoiceField):
    """One craft that is in use, families left out."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            queryset=Craft.objects.filter(numchild=0, closed=None),
            label=gettext_lazy("craft"),
            **kwargs,
        )


class DayField(forms.DateField):
    """A date with the browser's own calendar; today unless told otherwise."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("initial", today)
        super().__init__(
            widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}), **kwargs
        )


def optional_day(**kwargs: Any) -> DayField:
    return DayField(required=False, initial=None, **kwargs)


def says(day: dt.date | None) -> str:
    """A date as people write it here, or a dash."""
    return day.isoformat() if day else "–"
