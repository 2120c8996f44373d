"""/demo/: signs a visitor in as an invented person of each role, with one click."""

from allauth.account.internal.flows.logout import logout
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from qiaoshou.accounts.models import User
from qiaoshou.demo.people import BY_SLUG, PEOPLE

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def _only_here() -> None:
    if not settings.DEMO_DOOR:
        raise Http404


@never_cache
@require_safe
def door(request: HttpRequest) -> HttpResponse:
    """Who can be visited, and what she can do; one query for all of them."""
    _only_here()
    made = set(
        User.objects.filter(
            email__in=[person.email for person in PEOPLE], is_active=True
        ).values_list("email", flat=True)
    )
    chinese = (get_language() or "").startswith("zh")
    people = [
        {
            "slug": person.slug,
            "name": person.name_zh if chinese else person.name_en,
            "role": person.role,
            "can": person.can,
            "made": person.email in made,
        }
        for person in PEOPLE
    ]
    return render(request, "demo/door.html", {"people": people, "loaded": bool(made)})


@never_cache
@require_POST
def enter(request: HttpRequest, slug: str) -> HttpResponse:
    """The visitor is this person from now on; who she was before is signed out."""
    _only_here()
    person = BY_SLUG.get(slug)
    if person is None:
        raise Http404
    user = User.objects.filter(email=person.email, is_active=True).first()
    if user is None:
        messages.error(
            request,
            _("This person is not there: the demo has not been loaded."),
        )
        return redirect("demo:door")
    if request.user.is_authenticated:
        logout(request, show_message=False)
    login(request, user, backend=BACKEND)
    UserSession.objects.create_from_request(request)
    return redirect("home")
