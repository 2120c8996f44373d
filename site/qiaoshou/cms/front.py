"""/ and /en/: the front page, found in one query instead of Wagtail's seven.

Whatever is out of the ordinary (no site yet, a restricted page) is left to Wagtail.
"""

from django.db.models import Exists, OuterRef, Q
from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language
from django.views.decorators.http import require_safe
from wagtail.models import PageViewRestriction
from wagtail.views import serve

from qiaoshou.cms.models import HomePage


@require_safe
def front(request: HttpRequest) -> HttpResponse:
    pages = {
        page.locale.language_code: page
        for page in HomePage.objects.live()
        .filter(depth=2)
        .select_related("locale")
        .annotate(
            restricted=Exists(
                PageViewRestriction.objects.filter(
                    Q(page=OuterRef("pk")) | Q(page__depth=1)
                )
            )
        )
        .order_by("-pk")
    }
    page = pages.get(get_language() or "")
    if page is None or page.restricted:
        return serve(request, "")
    page.front_languages = list(pages)
    return page.serve(request)
