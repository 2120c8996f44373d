"""/bases/<ref>/, /crafts/<slug>/ and /places/<slug>/: pieces by where and how made."""

from typing import Any

from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from catalog.models import CraftSpec
from catalog.shop import selectors
from catalog.shop.makers import entries
from catalog.shop.words import place_slug
from producers.models import Base, Craft, Membership, Status
from producers.selectors import skills_on, with_public_story
from producers.working_time import on_day
from qiaoshou.common.models import Area
from qiaoshou.common.naming import named
from qiaoshou.common.today import today

PIECES_SHOWN = 12
MAKERS_SHOWN = 12


@require_safe
def base(request: HttpRequest, reference: str) -> HttpResponse:
    language = get_language() or ""
    found = get_object_or_404(
        Base.objects.select_related("area"), reference=reference.upper()
    )
    able = CraftSpec.objects.filter(bases=found)
    members = on_day(
        Membership.objects.filter(base=found, role=Membership.Role.MAKER), today()
    )
    people = with_public_story().filter(pk__in=members.values("maker"))
    context = {
        "active": "makers",
        "base": found,
        "name": named(found, language),
        "place": named(found.area, language),
        "place_slug": place_slug(found.area),
        "about": found.about_en if language == "en" else found.about_zh,
        "entries": entries(people.exclude(status=Status.LEFT)[:MAKERS_SHOWN], language),
        "cards": selectors.cards(
            language,
            of=Q(product__in=able.values("product"))
            | Q(product__in=able.values("product__parent")),
            limit=PIECES_SHOWN,
        ),
    }
    return render(request, "shop/base.html", context)


@require_safe
def craft(request: HttpRequest, slug: str) -> HttpResponse:
    language = get_language() or ""
    found = get_object_or_404(Craft, slug=slug)
    below = Q(craft__path__startswith=found.path)
    people = with_public_story().filter(pk__in=_certified_in(found))
    context = {
        "active": "shop",
        "craft": found,
        "name": named(found, language),
        "entries": entries(people.exclude(status=Status.LEFT)[:MAKERS_SHOWN], language),
        "cards": selectors.cards(language, of=below, limit=PIECES_SHOWN),
    }
    return render(request, "shop/craft.html", context)


def _certified_in(craft: Craft) -> Any:
    return skills_on(today()).filter(craft__path__startswith=craft.path).values("maker")


@require_safe
def place(request: HttpRequest, slug: str) -> HttpResponse:
    """An area by its code; its name in the address is only for readers."""
    language = get_language() or ""
    code = slug.rpartition("-")[2]
    found = Area.objects.filter(code=code, closed_on=None).order_by("-vintage").first()
    if found is None:
        raise Http404
    if slug != place_slug(found):
        return redirect("shop:place", slug=place_slug(found), permanent=True)
    bases = Base.objects.filter(area__path__startswith=found.path, closed=None)
    context = {
        "active": "shop",
        "area": found,
        "name": named(found, language),
        "bases": [
            {"ref": one.reference, "name": named(one, language)}
            for one in bases.order_by("sort_key", "pk")[:MAKERS_SHOWN]
        ],
        "cards": selectors.cards(
            language, of=Q(origin__path__startswith=found.path), limit=PIECES_SHOWN
        ),
    }
    return render(request, "shop/place.html", context)
