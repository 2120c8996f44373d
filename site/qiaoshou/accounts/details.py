"""/account/details/: a person's own name, language, contacts, devices, second step."""

from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from qiaoshou.accounts.forms import DetailsForm
from qiaoshou.accounts.roles import roles_of
from qiaoshou.common.phones import last_digits


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def details(request: HttpRequest) -> HttpResponse:
    """Her own data; a new language is that of the page from now on."""
    user = request.user
    form = DetailsForm(request.POST or None, instance=user)
    if request.method == "POST" and form.is_valid():
        form.save()
        with translation.override(user.language):
            messages.success(request, _("Your details are saved."))
            return redirect(reverse("account_details"))
    if form.errors:
        # The form has put what was typed into the object that the frame shows.
        user.refresh_from_db()
    return render(
        request,
        "accounts/details.html",
        {
            "form": form,
            "email": user.email,
            "phone": last_digits(user.phone),
            "staff": bool(roles_of(user)) or user.is_superuser,
            "two_step": is_mfa_enabled(user, [Authenticator.Type.TOTP]),
            "part": "details",
        },
    )
