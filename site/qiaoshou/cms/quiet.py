"""Wagtail's choosers without a script in the page: the content policy refuses those.

Wagtail 8 writes `<script>new ImageChooser(…)</script>` beside each chooser of a form.
Here a mark takes its place, which `static/js/office.js` reads; nothing else changes.
"""

import json

from django.utils.html import format_html
from django.utils.safestring import SafeString
from wagtail.admin.widgets import BaseChooser

_loud = BaseChooser.render


def _render(
    self: BaseChooser,
    name: str,
    value: object,
    attrs: dict | None = None,
    renderer: object = None,
) -> SafeString:
    """The chooser with a mark for its constructor, its id and its options."""
    writes_its_own = type(self).render_js_init is not BaseChooser.render_js_init
    if writes_its_own or not attrs or "id" not in attrs:
        return _loud(self, name, value, attrs, renderer)
    data = self.get_value_data(value)
    return format_html(
        '{}<span hidden data-q-init="{}" data-q-id="{}" data-q-config="{}"></span>',
        self.render_html(name, data, attrs),
        self.js_constructor,
        attrs["id"],
        json.dumps(self.get_js_init_options(attrs["id"], name, data)),
    )


def quieten_choosers() -> None:
    """Every chooser of the office is drawn by `_render`; safe to repeat."""
    BaseChooser.render = _render
