"""/makers/: everybody who agreed to be shown, with her base and crafts."""

from dataclasses import dataclass

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from catalog.shop.people import Person, person
from producers.models import Maker, Status
from producers.selectors import bases_of, skills_on, with_public_story
from qiaoshou.common.naming import named
from qiaoshou.common.today import today

MAKERS_A_PAGE = 24


@dataclass(frozen=True, slots=True)
class Entry:
    """One maker in the list."""

    person: Person
    place: str
    crafts: list[str]


@require_safe
def makers(request: HttpRequest) -> HttpResponse:
    shown = with_public_story().exclude(status=Status.LEFT)
    page = Paginator(shown.order_by("sort_key", "pk"), MAKERS_A_PAGE).get_page(
        request.GET.get("page")
    )
    context = {
        "active": "makers",
        "page": page,
        "entries": entries(page.object_list, get_language() or ""),
    }
    return render(request, "shop/makers.html", context)


def entries(shown: QuerySet[Maker], language: str) -> list[Entry]:
    """Four queries: the makers, their texts, bases and certificates."""
    people = list(shown)
    ids = [maker.pk for maker in people]
    bases = bases_of(ids)
    crafts: dict[int, list[str]] = {pk: [] for pk in ids}
    certificates = skills_on(today()).filter(maker__in=ids).select_related("craft")
    for skill in certificates.order_by("-grade", "pk"):
        crafts[skill.maker_id].append(named(skill.craft, language))
    return [
        Entry(
            person(maker, language),
            named(bases[maker.pk], language) if maker.pk in bases else "",
            crafts[maker.pk],
        )
        for maker in people
    ]
