"""The one door as staff pages use it, and the way back to its first page."""

from allauth.account.internal.flows.logout import logout
from allauth.account.internal.stagekit import clear_login
from allauth.account.utils import passthrough_next_redirect_url
from django.conf import settings
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)

from qiaoshou.common.templatetags.look import in_language


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def staff_door(request: HttpRequest) -> HttpResponse:
    """To the sign-in page; whoever is signed in already has no right here: 403.

    Sending her to sign in once more would bring her back here for ever.
    """
    if request.user.is_authenticated:
        # What Wagtail wanted to say stands on the 403 page in our words.
        raise PermissionDenied
    return redirect(_with_next(request, reverse("account_login")))


@require_http_methods(["GET", "HEAD", "POST"])
def staff_sign_out(request: HttpRequest) -> HttpResponse:
    """A POST signs out; a link leads to the page that asks."""
    if request.method != "POST":
        return redirect("account_logout")
    logout(request)
    return redirect("front")


@never_cache
@login_required
@require_POST
def own_language(request: HttpRequest) -> HttpResponse:
    """Staff pages speak this language to her from now on; back to where she was."""
    language, back = request.POST.get("language"), request.POST.get("next", "")
    if language in dict(settings.LANGUAGES):
        request.user.language = language
        request.user.save(update_fields=["language"])
    if not url_has_allowed_host_and_scheme(back, {request.get_host()}):
        back = reverse("home")
    return redirect(back)


@never_cache
@require_POST
def start_again(request: HttpRequest) -> HttpResponse:
    """The code that was waited for is given up; the door asks from the beginning."""
    clear_login(request)
    request.session.pop("account_email_verification_code", None)
    return redirect(_with_next(request, reverse("account_login")))


@require_safe
def to_sign_in(request: HttpRequest) -> HttpResponse:
    """Other pages where allauth asks for a contact: there is one door only."""
    return redirect(_with_next(request, reverse("account_login")))


@require_safe
def to_two_step(request: HttpRequest) -> HttpResponse:
    """Who she is can be asked once more only by the second step."""
    return redirect(_with_next(request, reverse("mfa_reauthenticate")))


def _with_next(request: HttpRequest, path: str) -> str:
    """The address with a safe `next`, or without."""
    led: str = passthrough_next_redirect_url(request, path, REDIRECT_FIELD_NAME)
    return led


def to_office_people(request: HttpRequest, rest: str = "") -> HttpResponseRedirect:
    """Wagtail's own lists of people and groups give way to ours."""
    return HttpResponseRedirect(reverse("office_people:index"))


def to_details(request: HttpRequest, rest: str = "") -> HttpResponse:
    """Nobody has a password; how she signs in stands among her details."""
    return redirect("account_details")


@login_required
def to_own_account(request: HttpRequest) -> HttpResponse:
    """From the office, whose addresses carry no language, to her page in hers."""
    return redirect(in_language("/account/details/", request.user.language))
