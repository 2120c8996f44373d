"""Form fields of the office: dates, and picking a row by typing a few letters.

A pick is a text field with a list of suggestions that the browser itself filters: it
needs no script, works on an old telephone, and knows only what its user may see.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import Model, QuerySet
from django.utils import translation
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from qiaoshou.common.models import Area
from qiaoshou.common.naming import name_column
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
        rows: Callable[[Any], QuerySet],
        labels: Callable[[QuerySet], dict[str, Model]],
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.rows, self.labels = rows, labels
        self.user: Any = None
        self.choices: dict[str, Model] = {}

    def offer_to(self, user: Any) -> None:
        """Suggestions and answers are what this user may see."""
        self.user = user
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
        known = self.choices
        if not any(typed in label for label in known):
            known = self._by_chinese_names()
        row = known.get(typed)
        if row is not None:
            return row
        near = [label for label in known if typed in label]
        if len(near) == 1:
            return known[near[0]]
        if near:
            raise ValidationError(
                _("%(count)d entries contain “%(typed)s”. Pick one of the list.")
                % {"count": len(near), "typed": typed}
            )
        raise ValidationError(
            _("“%(typed)s” is not on the list. Pick an entry of the list.")
            % {"typed": typed}
        )

    def _by_chinese_names(self) -> dict[str, Model]:
        """The same rows as Chinese papers call them; nothing of those is forbidden."""
        if name_column() == "name_zh":
            return self.choices
        with translation.override(settings.LANGUAGE_CODE):
            return self.labels(self.rows(self.user))


def area_labels(rows: QuerySet[Area]) -> dict[str, Model]:
    """Areas by the names from the top down: 西丰县 › 柏榆镇 › 柳村.

    Two that read alike, as in pinyin, are told apart by their codes.
    """
    found = list(rows.order_by("path"))
    names = {area.path: str(area) for area in found}
    labelled: list[tuple[str, Area]] = []
    for area in found:
        parts = [
            names[area.path[:end]]
            for end in range(Area.steplen, len(area.path) + 1, Area.steplen)
            if area.path[:end] in names
        ]
        labelled.append((BETWEEN.join(parts), area))
    return told_apart(labelled)


def told_apart(labelled: Iterable[tuple[str, Area]]) -> dict[str, Model]:
    """Every label that repeats gets its code, the first one too: the plain label would
    be taken for that one without a question."""
    found = list(labelled)
    times = Counter(label for label, _area in found)
    return {
        label if times[label] == 1 else f"{label} ({area.code})": area
        for label, area in found
    }


class DayField(forms.DateField):
    """A date with the browser's own calendar; today unless told otherwise."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("initial", today)
        super().__init__(
            widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}), **kwargs
        )


def optional_day(**kwargs: Any) -> DayField:
    return DayField(required=False, initial=None, **kwargs)
