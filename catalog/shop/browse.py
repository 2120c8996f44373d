"""/shop/: every piece in the shop, by craft, origin, kind, price and words."""

from collections import Counter
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.core.paginator import Paginator
from django.db.models import FloatField, OuterRef, Subquery, Value
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import get_language, gettext_lazy, pgettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from catalog import search
from catalog.domain import facets
from catalog.domain.facets import Row, Wanted
from catalog.domain.search_terms import LONGEST_QUERY
from catalog.models import SearchEntry
from catalog.selectors import light_choices
from catalog.shop import selectors
from catalog.shop.words import ENGLISH

PIECES_A_PAGE = 24
COUNTIES_SHOWN = 4
KINDS = {
    facets.READY: gettext_lazy("In stock, sent within 48 hours"),
    facets.MADE_TO_ORDER: gettext_lazy("Made to order"),
}
ORDERS = {
    facets.NEWEST: pgettext_lazy("shop", "Newest"),
    facets.CHEAPEST: gettext_lazy("Price, low to high"),
    facets.DEAREST: gettext_lazy("Price, high to low"),
}
BLAMED = {
    "craft": gettext_lazy("craft"),
    "county": gettext_lazy("origin"),
    "kind": gettext_lazy("delivery time"),
    "price": gettext_lazy("price"),
}
KEYS = {
    "craft": ("craft",),
    "county": ("county",),
    "kind": ("kind",),
    "price": ("from", "to"),
}


class PriceForm(forms.Form):
    """The range of prices, in whole yuan."""

    prefix = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, label in (("from", _("Lowest price")), ("to", _("Highest price"))):
            self.fields[name] = forms.IntegerField(
                label=label, required=False, min_value=0, max_value=1_000_000
            )


@dataclass(frozen=True, slots=True)
class Option:
    """One choice of a facet."""

    key: str
    value: str
    label: str
    count: int
    on: bool


@dataclass(frozen=True, slots=True)
class Chip:
    """An active filter, and the address without it."""

    text: str
    url: str


@dataclass(frozen=True, slots=True)
class Facts:
    """The light rows of a list, with the names of what they are filtered by."""

    rows: list[Row]
    crafts: dict[str, str]
    counties: dict[str, str]


def light_rows(asked: str, language: str) -> Facts:
    """What facets need of every published product that answers a query: two queries."""
    suffix = "en" if language == ENGLISH else "zh"
    listings = selectors.published().annotate(
        rank=Value(0.0, output_field=FloatField())
    )
    if asked:
        hits = search.matching(SearchEntry.Kind.PRODUCT, asked)
        listings = listings.filter(reference__in=hits.values("reference")).annotate(
            rank=Subquery(hits.filter(reference=OuterRef("reference")).values("rank"))
        )
    choices = light_choices()
    crafts: dict[str, str] = {}
    counties: dict[str, str] = {}
    rows = []
    for pk, product, craft, craft_name, county, county_name, day, rank in (
        listings.values_list(
            "pk", "product", "craft__slug", f"craft__name_{suffix}", "county__code",
            f"county__name_{suffix}", "published_on", "rank",
        )
    ):  # fmt: skip
        crafts[craft], counties[county] = craft_name, county_name
        kinds, price = _kinds_and_price(choices[product])
        rows.append(Row(pk, craft, county, kinds, price, day.toordinal(), rank))
    return Facts(rows, crafts, counties)


def _kinds_and_price(
    choices: list[tuple[str, int | None, int]],
) -> tuple[frozenset[str], int | None]:
    """In stock now, made to order, or both; and the lowest price."""
    kinds = {
        kind for kind, _fen, free in choices if kind == facets.MADE_TO_ORDER or free > 0
    }
    prices = [fen for _kind, fen, _free in choices if fen is not None]
    return frozenset(kinds), min(prices, default=None)


@require_safe
def browse(request: HttpRequest) -> HttpResponse:
    language = get_language() or ""
    asked = " ".join(request.GET.get("q", "").split())[:LONGEST_QUERY]
    facts = light_rows(asked, language)
    prices = PriceForm(request.GET)
    wanted = _wanted(request.GET, prices, facts)
    order = _order(request.GET, asked)
    found = facets.in_order(facets.chosen(facts.rows, wanted), order)
    page = Paginator(found, PIECES_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "active": "shop",
        "asked": asked,
        "cards": selectors.cards(language, listings=[row.id for row in page]),
        "page": page,
        "options": _options(facts, wanted),
        "chips": _chips(request.GET, facts, wanted),
        "orders": _orders(request.GET, order, asked),
        "order": order,
        "prices": prices,
        "others": _others(asked, language),
        "obstacles": [] if found else _obstacles(request.GET, facts, wanted),
        "nothing_answers": bool(asked) and not facts.rows,
        "here": request.path,
        "cleared": f"?{urlencode({'q': asked})}" if asked else request.path,
        "sort": request.GET.get("sort", "") if order in ORDERS else "",
    }
    return render(request, "shop/browse.html", context)


def _wanted(query: QueryDict, prices: PriceForm, facts: Facts) -> Wanted:
    """What was chosen; what this shop does not have is not asked for."""
    prices.is_valid()
    lowest, highest = (prices.cleaned_data.get(name) for name in ("from", "to"))
    return Wanted(
        crafts=frozenset(query.getlist("craft")) & facts.crafts.keys(),
        counties=frozenset(query.getlist("county")) & facts.counties.keys(),
        kinds=frozenset(query.getlist("kind")) & KINDS.keys(),
        at_least=None if lowest is None else lowest * 100,
        at_most=None if highest is None else highest * 100,
    )


def _order(query: QueryDict, asked: str) -> str:
    chosen = query.get("sort", "")
    if chosen in ORDERS:
        return chosen
    return facets.BEST if asked else facets.NEWEST


def _options(facts: Facts, wanted: Wanted) -> dict[str, list[Option]]:
    """Every facet's choices, those with most pieces first."""
    counts = facets.count(facts.rows, wanted)

    def of(key: str, names: Any, found: Counter[str], on: Any) -> list[Option]:
        options = [
            Option(key, value, str(name), found[value], value in on)
            for value, name in names.items()
        ]
        return sorted(options, key=lambda one: (-one.count, one.label))

    return {
        "craft": of("craft", facts.crafts, counts.crafts, wanted.crafts),
        "county": of("county", facts.counties, counts.counties, wanted.counties),
        "kind": [
            Option("kind", kind, str(name), counts.kinds[kind], kind in wanted.kinds)
            for kind, name in KINDS.items()
        ],
    }


def without(query: QueryDict, key: str, value: str | None = None) -> str:
    """The query string less one value of a key, or all of them; back on page one."""
    left = query.copy()
    left.pop("page", None)
    values = [] if value is None else [v for v in left.getlist(key) if v != value]
    if values:
        left.setlist(key, values)
    else:
        left.pop(key, None)
    return f"?{left.urlencode()}"


def _chips(query: QueryDict, facts: Facts, wanted: Wanted) -> list[Chip]:
    chips = [
        Chip(facts.crafts[craft], without(query, "craft", craft))
        for craft in sorted(wanted.crafts)
    ]
    chips += [
        Chip(facts.counties[county], without(query, "county", county))
        for county in sorted(wanted.counties)
    ]
    chips += [
        Chip(str(KINDS[kind]), without(query, "kind", kind))
        for kind in sorted(wanted.kinds)
    ]
    if wanted.at_least is not None:
        text = _("from ¥%(price)s") % {"price": wanted.at_least // 100}
        chips.append(Chip(text, without(query, "from")))
    if wanted.at_most is not None:
        text = _("up to ¥%(price)s") % {"price": wanted.at_most // 100}
        chips.append(Chip(text, without(query, "to")))
    return chips


def _orders(query: QueryDict, order: str, asked: str) -> list[dict[str, Any]]:
    names = {facets.BEST: _("Best match")} | ORDERS if asked else ORDERS
    links = []
    for key, name in names.items():
        changed = query.copy()
        changed.pop("page", None)
        changed["sort"] = key
        links.append(
            {"text": name, "url": f"?{changed.urlencode()}", "current": key == order}
        )
    return links


def _others(asked: str, language: str) -> list[search.Found]:
    """Makers and pages that answer the query."""
    return search.people_and_pages(asked, language) if asked else []


def _obstacles(query: QueryDict, facts: Facts, wanted: Wanted) -> list[dict[str, Any]]:
    """The filters that alone leave the list empty, with what there is without them."""
    links = []
    for one in facets.obstacles(facts.rows, wanted):
        left = query.copy()
        for key in (*KEYS[one.facet], "page"):
            left.pop(key, None)
        links.append(
            {
                "name": BLAMED[one.facet],
                "found": one.found,
                "url": f"?{left.urlencode()}",
            }
        )
    return links
