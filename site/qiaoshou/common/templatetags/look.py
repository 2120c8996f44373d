"""Template tags of the visual language: icons, fixed addresses, the language switch."""

import re
from collections.abc import Iterable, Mapping, Sequence

import segno
from django import forms, template
from django.conf import settings
from django.core.paginator import Page
from django.forms import BoundField
from django.template import Context
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language

register = template.Library()

# The addresses that others rely on. A name that is not here is a mistake in a template.
PLACES = {
    "front": "/",
    "shop": "/shop/",
    "product": "/p/{}/",
    "makers": "/makers/",
    "maker": "/makers/{}/",
    "base": "/bases/{}/",
    "craft": "/crafts/{}/",
    "origin": "/places/{}/",
    "tag": "/t/{}/",
    "stories": "/stories/",
    "trade": "/trade/",
    "accounts": "/open-accounts/",
    "returns": "/returns/",
    "terms": "/terms/",
    "privacy": "/privacy/",
    "basket": "/basket/",
    "checkout": "/checkout/",
    "orders": "/orders/",
    "order": "/orders/{}/",
    "account": "/account/",
    "join": "/join/",
    "workshop": "/workshop/",
    "my_work": "/my-work/",
    "reports": "/reports/",
    "sign_in": "/sign-in/",
    "home": "/home/",
}
PLACES_WITHOUT_LANGUAGE = {
    "office": "/office/",
    "dashboard": "/shop/dashboard/",
}
HTML_LANGUAGE = {"zh-hans": "zh-Hans", "en": "en"}
OWN_NAME = {"zh-hans": "中文", "en": "English"}
_PREFIX = re.compile(r"^/(en)(?=/|$)")


def prefix(language: str) -> str:
    """What stands before an address in this language: nothing for Chinese, `/en`."""
    return "" if language == settings.LANGUAGE_CODE else f"/{language}"


def in_language(path: str, language: str) -> str:
    """The same address in another language; a query string stays."""
    bare = _PREFIX.sub("", path) or "/"
    return prefix(language) + (bare if bare.startswith("/") else f"/{bare}")


@register.simple_tag
def place(name: str, *parts: object) -> str:
    """The address of a fixed place in the reader's language.

    Raises KeyError for a name that is not in `PLACES`.
    """
    if name in PLACES_WITHOUT_LANGUAGE:
        return PLACES_WITHOUT_LANGUAGE[name]
    path = PLACES[name].format(*parts)
    return in_language(path, get_language() or settings.LANGUAGE_CODE)


@register.simple_tag
def icon(name: str, size: str = "", label: str = "") -> SafeString:
    """One icon of the sprite; `size="s"` is small; without a label it is decoration."""
    css = "icon icon--s" if size == "s" else "icon"
    href = f"{static('icons.svg')}#{name}"
    if label:
        return format_html(
            '<svg class="{}" role="img" aria-label="{}"><use href="{}"></use></svg>',
            css,
            label,
            href,
        )
    return format_html(
        '<svg class="{}" aria-hidden="true" focusable="false">'
        '<use href="{}"></use></svg>',
        css,
        href,
    )


@register.simple_tag
def html_language() -> str:
    """The value of `<html lang>` for the language of this page."""
    language = get_language() or settings.LANGUAGE_CODE
    return HTML_LANGUAGE.get(language, language)


@register.simple_tag(takes_context=True)
def language_links(context: Context) -> list[dict[str, object]]:
    """This page in each language: `code`, `lang`, `name`, `url`, `absolute`, `current`.

    A page whose address differs between languages puts `page_translations`, a mapping
    from language to path, into its context; a language that is missing there leads to
    the front page of that language. An address of staff is the same in each language:
    there `post` says that the person's own language has to be changed.
    """
    request = context.get("request")
    path = request.get_full_path() if request else "/"
    own: Mapping[str, str] | None = context.get("page_translations")
    post = path.startswith(tuple(PLACES_WITHOUT_LANGUAGE.values()))
    if post:
        own = {}
    now = get_language() or settings.LANGUAGE_CODE
    links = []
    for code, _name in settings.LANGUAGES:
        if own is None:
            url, exists = in_language(path, code), True
        else:
            url, exists = own.get(code, in_language("/", code)), code in own
        links.append(
            {
                "code": code,
                "lang": HTML_LANGUAGE.get(code, code),
                "name": OWN_NAME.get(code, code),
                "url": url,
                "absolute": request.build_absolute_uri(url) if request else url,
                "exists": exists,
                "current": code == now,
                "post": post and request.user.is_authenticated,
            }
        )
    return links


@register.filter
def share_sentence(parts: Iterable[Mapping[str, object]]) -> str:
    """The price share as one line of text, for readers who can't see the bar."""
    comma = ", " if get_language() == "en" else "，"
    return comma.join(f"{part['name']} {part['percent']}%" for part in parts)


@register.filter
def initial(name: object) -> str:
    """The character that stands in for the missing portrait of somebody so named."""
    return str(name).strip()[:1]


@register.filter
def percent_of(value: int, whole: int) -> int:
    """`value` in whole percent of `whole`, between 0 and 100."""
    return max(0, min(100, value * 100 // whole)) if whole else 0


@register.filter
def beside(head: Sequence[object], row: Sequence[object]) -> list[tuple]:
    """Each column of a table with its cell; a row of another length is a mistake."""
    return list(zip(head, row, strict=True))


@register.filter
def page_numbers(page: Page) -> list[int | None]:
    """The pages to offer: the ends and the neighbours; None stands for a gap."""
    last = page.paginator.num_pages
    near = {1, last, page.number - 1, page.number, page.number + 1}
    shown = sorted(number for number in near if 1 <= number <= last)
    numbers: list[int | None] = []
    for number in shown:
        if numbers and number - (numbers[-1] or 0) > 1:
            numbers.append(None)
        numbers.append(number)
    return numbers


@register.filter
def control_kind(field: BoundField) -> str:
    """How a form field is laid out: hidden, check, picks, checks or line."""
    widget = field.field.widget
    if field.is_hidden:
        return "hidden"
    if isinstance(widget, forms.CheckboxSelectMultiple):
        return "checks"
    if isinstance(widget, forms.RadioSelect):
        return "picks"
    return "check" if isinstance(widget, forms.CheckboxInput) else "line"


@register.filter
def control(field: BoundField) -> SafeString:
    """The form field's own input with the class that gives it its look."""
    if control_kind(field) == "check":
        return field.as_widget()
    own = field.field.widget.attrs.get("class", "")
    return field.as_widget(attrs={"class": f"input {own}".strip()})


@register.simple_tag
def qr(text: str, label: str) -> SafeString:
    """A QR code (level M, two modules of margin) drawn as one path."""
    matrix = segno.make(text, error="m", micro=False).matrix
    side = len(matrix) + 4
    path = "".join(
        f"M{x + 2} {y + 2}h1v1h-1z"
        for y, row in enumerate(matrix)
        for x, dark in enumerate(row)
        if dark
    )
    return format_html(
        '<svg class="qr" viewBox="0 0 {} {}" role="img" aria-label="{}"'
        ' shape-rendering="crispEdges"><rect width="{}" height="{}" fill="#fff"/>'
        '<path fill="#1d1713" d="{}"/></svg>',
        side,
        side,
        label,
        side,
        side,
        path,
    )
